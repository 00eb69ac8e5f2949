import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Visit } from "../../../bot/domain/visit/visit.ts";
import type { SendOutcome } from "../../../bot/ports/send-outcome.ts";
import type { TeamsSender } from "../../../bot/ports/teams-sender.ts";
import { textsOf, titlesOf } from "../../card-text.ts";
import { alarms, alice, bob, type Started, start } from "../start.ts";

const visit = {
  person: { id: bob.aadObjectId, name: bob.name },
  startedAt: 0,
  endsAt: 60_000,
  asked: 1,
  nextAt: 180_000,
};

let bot: Started;
beforeEach(async () => {
  bot = await start({ teamsChannel: "frontdesk" });
});
afterEach(() => bot[Symbol.asyncDispose]());

/** The question at the end of their visit. */
function ask(teams: TeamsSender, asked: Visit = visit): Promise<SendOutcome> {
  return teams.sendToPerson(asked.person, { kind: "visit-ask", visit: asked }, bot.signal);
}

const never = () => new Promise<never>(() => undefined);
const broken = () => Promise.reject(new Error("disk full"));

describe("the question at the end of a visit", () => {
  it("rings, alone in one activity, with what it is about on the locked phone", async () => {
    await ask(bot.teams);
    const [asked] = bot.fake.direct;
    expect(asked).toMatchObject({ to: bob.teamsId, body: { channelData: { notification: { alert: true } } } });
    expect(asked?.body.summary).toMatch(/^❓ Gaat het goed\? – Klik vóór/);
    expect(asked?.body.text).toBeUndefined();
    expect(bot.fake.split).toEqual([]);
  });

  it("needs no channel for who has spoken to the bot", async () => {
    await using other = await start({ teamsChannel: "frontdesk", channels: { frontdesk: { conversation: null } } });
    await expect(ask(other.teams)).rejects.toMatchObject({ reason: "misconfigured" });
    await other.fake.say(bob, other.fake.chatOf(bob), "hoi");
    await ask(other.teams);
    expect(other.fake.direct.at(-1)?.body.summary).toContain("Gaat het goed?");
  });

  it("of somebody Teams does not know is refused, and without a source of type teams misconfigured", async () => {
    const stranger = { ...visit, person: { id: "00000000-0000-4000-8000-0000000000ff", name: "Nobody" } };
    await expect(ask(bot.teams, stranger)).rejects.toMatchObject({ reason: "refused" });
    const without = bot.again({ teamsChannel: null });
    await expect(ask(without, stranger)).rejects.toMatchObject({ reason: "misconfigured" });
    await without[Symbol.asyncDispose]();
  });
});

describe("a visit that has become an alarm", () => {
  it("goes to who was out, and rings", async () => {
    await bot.teams.sendToPerson(visit.person, { kind: "visit-pressed" }, bot.signal);
    const [message] = bot.fake.direct;
    expect(message).toMatchObject({ to: bob.teamsId, body: { channelData: { notification: { alert: true } } } });
    expect(message?.body.summary).toContain("Ik heb alarm geslagen");
    expect(titlesOf(message?.body.attachments?.[0]?.content)).toEqual([]);
  });
});

describe("what is typed during a visit", () => {
  const running = async () => ({ ...visit, asked: 2 });

  it.each(["help", "hulp!"])("%s is a call for help, and gets the Alarm button first", async (text) => {
    bot.personal = { ...bot.personal, visitOf: running };
    await bot.fake.say(bob, bot.fake.chatOf(bob), text);
    const card = bot.fake.direct[0]?.body.attachments?.[0]?.content;
    expect(titlesOf(card)).toEqual(["Alarm", "Ik ben klaar", "15 minuten langer"]);
    expect(textsOf(card)[1]).toBe("Ik heb nog geen alarm geslagen. Heb je hulp nodig? Klik op Alarm.");
  });

  it.each(["ja", "ok", "nee", "ik ben terug", "koppel"])("%s is no answer, and gets the buttons", async (text) => {
    bot.personal = { ...bot.personal, visitOf: running };
    await bot.fake.say(bob, bot.fake.chatOf(bob), text);
    const card = bot.fake.direct[0]?.body.attachments?.[0]?.content;
    expect(titlesOf(card)).toEqual(["Ik ben klaar", "15 minuten langer", "Alarm"]);
    expect(textsOf(card).slice(0, 2)).toEqual([
      "❓ Laatste keer: gaat het goed?",
      "Dit kan ik niet als antwoord lezen. Klik op een knop, dan weet ik het zeker.",
    ]);
  });

  it("in a channel says nothing of it, and the greeting of a chat is the greeting", async () => {
    bot.personal = { ...bot.personal, visitOf: running };
    await bot.fake.say(bob, alarms, "help");
    await bot.fake.install(bob, bot.fake.chatOf(bob));
    expect(bot.fake.texts[0]?.body.text).toContain("**@Rugdekking alarm**");
    expect(titlesOf(bot.fake.direct[0]?.body.attachments?.[0]?.content)).toEqual(["Alarm"]);
  });

  it("gets the usual help when nobody knows of a visit, or the storage fails or hangs", async () => {
    const chat = bot.fake.chatOf(alice);
    await bot.fake.say(alice, chat, "ja");
    bot.personal = { ...bot.personal, visitOf: broken };
    await bot.fake.say(alice, chat, "ja");
    let asked = 0;
    bot.personal = {
      ...bot.personal,
      visitOf() {
        asked += 1;
        return never();
      },
    };
    const saying = bot.fake.say(alice, chat, "ja");
    await expect.poll(() => asked).toBe(1);
    bot.clock.to(bot.clock.now() + 2_000);
    await saying;
    expect(bot.fake.direct).toHaveLength(3);
    for (const { body } of bot.fake.direct) expect(titlesOf(body.attachments?.[0]?.content)).toEqual(["Alarm"]);
  });
});

describe("a visit outside a chat with the bot", () => {
  it.each(["bezoek 45m", "bezoek", "klaar"])("%s in a channel starts and ends nothing", async (text) => {
    bot.personal = { ...bot.personal, startVisit: broken, endVisit: broken };
    await bot.fake.say(alice, alarms, text);
    const card = bot.fake.cards[0]?.body.attachments?.[0]?.content;
    expect(textsOf(card).join("\n")).toContain("Typ dit daar. Ik heb niets veranderd.");
    expect(titlesOf(card)).toEqual([]);
    expect(bot.lines.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("delivered again after it was ended is not begun, and not called something that is not set up", async () => {
    await bot.fake.say(alice, bot.fake.chatOf(alice), "bezoek 45m");
    expect(bot.fake.direct[0]?.body.summary).toContain("Je hebt nu geen bezoek aangemeld");
  });
});
