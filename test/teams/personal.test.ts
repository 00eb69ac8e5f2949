import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../bot/ports.ts";
import { textsOf, titlesOf } from "../card-text.ts";
import { toActivity } from "../fakes/teams-activity.ts";
import { alarms, alice, bob, type Started, start } from "./start.ts";

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

const never = () => new Promise<never>(() => undefined);
const broken = () => Promise.reject(new Error("disk full"));

async function click(verb: string, data: Record<string, unknown> = { incident: "i-1" }) {
  const answer = await bot.fake.invoke(alice, bot.fake.chatOf(alice), verb, data);
  const card = (answer.body as { value?: unknown } | null)?.value;
  return { ...answer, text: textsOf(card).join("\n"), buttons: titlesOf(card) };
}

describe("a click for oneself", () => {
  it.each([
    ["alarm", "We weten niet of je alarm binnen is", ["Alarm"]],
    ["oops", "Je alarm blijft staan.", ["Oeps"]],
    ["visit-done", "Dat is niet gelukt", ["Ik ben klaar", "15 minuten langer", "Alarm"]],
    ["visit-longer", "Dat is niet gelukt", ["Ik ben klaar", "15 minuten langer", "Alarm"]],
  ])("%s that fails is a card that can be clicked again, not an error", async (verb, text, buttons) => {
    bot.personal = { ...bot.personal, press: broken, oops: broken, endVisit: broken, extendVisit: broken };
    const answer = await click(verb);
    expect(answer).toMatchObject({
      status: 200,
      body: { statusCode: 200, type: "application/vnd.microsoft.card.adaptive" },
      buttons,
    });
    expect(answer.text).toContain(text);
    expect(JSON.stringify(answer.body)).not.toContain("disk full");
    expect(bot.lines.some(({ event }) => event === "wish-failed")).toBe(true);
  });

  it("that takes too long is a card within 5 s", async () => {
    let asked = 0;
    bot.personal = {
      ...bot.personal,
      press() {
        asked += 1;
        return never();
      },
    };
    const clicking = click("alarm");
    await expect.poll(() => asked).toBe(1);
    bot.clock.to(bot.clock.now() + 4_999);
    expect((await clicking).text).toContain("We weten niet of je alarm binnen is");
  });

  it.each([[undefined], [null], ["x"], [{ incident: 7 }]])("an alarm needs nothing of its data: %j", async (data) => {
    const places: (string | null)[] = [];
    bot.personal = {
      ...bot.personal,
      async press(_person, place) {
        places.push(place);
        return { kind: "unrecorded" };
      },
    };
    const value = { action: { type: "Action.Execute", verb: "alarm", data } };
    await bot.fake.send(toActivity(bot.fake, alice, alarms, { type: "invoke", name: "adaptiveCard/action", value }));
    expect(places).toEqual([null]);
  });

  it("oops without an incident does nothing, and is answered", async () => {
    expect(await click("oops", {})).toMatchObject({ status: 200, body: { statusCode: 400 } });
  });
});

describe("an alarm that is typed", () => {
  it("has one identity however often Teams delivers it, and another one each time it is typed", async () => {
    const ids: (string | null)[] = [];
    bot.personal = {
      ...bot.personal,
      async press(_person, _place, id) {
        ids.push(id);
        return { kind: "unrecorded" };
      },
    };
    const message = toActivity(bot.fake, alice, bot.fake.chatOf(alice), { type: "message", text: "alarm" });
    for (const activity of [message, message, { ...message, id: "other" }, { ...message, id: undefined }])
      await bot.fake.send(activity);
    const [first, again, other, none] = ids;
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(none).toBeNull();
  });

  it("does not wait for what an activity teaches: that write may hang", async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const hanging: Store = {
      write: (work) => released.then(() => bot.store.write(work)),
      read: (work) => bot.store.read(work),
      probe: () => bot.store.probe(),
      [Symbol.asyncDispose]: async () => undefined,
    };
    await using slow = await start({ teamsChannel: "frontdesk", store: hanging });
    await slow.fake.say(alice, slow.fake.chatOf(alice), "alarm");
    expect(slow.fake.direct).toHaveLength(1);
    release();
  });

  it("is pressed while the store is down, and answered", async () => {
    bot.personal = { ...bot.personal, press: async () => ({ kind: "pressed", incident: "i-1", outcome: "opened" }) };
    const chat = bot.fake.chatOf(alice);
    await bot.store[Symbol.asyncDispose]();
    await bot.fake.say(alice, chat, "alarm");
    const text = textsOf(bot.fake.direct[0]?.body.attachments?.[0]?.content).join("\n");
    expect(text).toContain("Je alarm is binnen");
    // Nobody could look up what the card says.
    expect(text).not.toContain("We weten niet waar je bent");
  });
});

describe("the question at the end of a visit", () => {
  it("rings, alone in one activity, with what it is about on the locked phone", async () => {
    expect(await bot.teams.askVisitor(visit, bot.signal)).toEqual({ kind: "done" });
    const [asked] = bot.fake.direct;
    expect(asked).toMatchObject({ to: bob.teamsId, body: { channelData: { notification: { alert: true } } } });
    expect(asked?.body.summary).toMatch(/^❓ Gaat het goed\? – Klik vóór/);
    expect(asked?.body.text).toBeUndefined();
    expect(bot.fake.split).toEqual([]);
  });

  it("needs no channel for who has spoken to the bot", async () => {
    await using other = await start({ teamsChannel: "frontdesk", channels: { frontdesk: { conversation: null } } });
    await expect(other.teams.askVisitor(visit, other.signal)).rejects.toMatchObject({ reason: "misconfigured" });
    await other.fake.say(bob, other.fake.chatOf(bob), "hoi");
    await other.teams.askVisitor(visit, other.signal);
    expect(other.fake.direct.at(-1)?.body.summary).toContain("Gaat het goed?");
  });

  it("is not asked of who has made it longer since", async () => {
    expect(await bot.teams.askVisitor({ ...visit, asked: 0 }, bot.signal)).toEqual({ kind: "done" });
    expect(bot.fake.calls).toEqual([]);
  });

  it("of somebody Teams does not know is refused, and without a source of type teams misconfigured", async () => {
    const stranger = { ...visit, person: { id: "00000000-0000-4000-8000-0000000000ff", name: "Nobody" } };
    await expect(bot.teams.askVisitor(stranger, bot.signal)).rejects.toMatchObject({ reason: "refused" });
    const without = bot.again({ teamsChannel: null });
    await expect(without.askVisitor(stranger, bot.signal)).rejects.toMatchObject({ reason: "misconfigured" });
    await without[Symbol.asyncDispose]();
  });
});

describe("the day's line", () => {
  const button = (place: string | null, at: number) =>
    ({ kind: "button-silent", source: "buttons", button: `b${at}`, place, lastAt: null }) as const;

  it("is one line, whatever the names hold and however many there are", async () => {
    const place = `**x** <at>Alice</at> [a](http://evil)\n${"y".repeat(300)}`;
    const many = Array.from({ length: 500 }, (_, at) => button(`${at} ${place}`, at));
    await bot.teams.sendTroubles("frontdesk", many, bot.signal);
    const text = bot.fake.texts[0]?.body.text ?? "";
    expect(text).toMatch(
      /^Let op: 500 knoppen zwijgen \(0 .*, 1 .*, 2 .*, …\)\. Typ \*\*@Rugdekking status\*\* voor de lijst\.$/,
    );
    expect(text.replaceAll("**@Rugdekking status**", "")).not.toMatch(/[*<>[\]\n]|:\/\//);
    expect(text.length).toBeLessThan(600);
  });

  it("names a button without a place by its id", async () => {
    await bot.teams.sendTroubles("frontdesk", [button(null, 7)], bot.signal);
    expect(bot.fake.texts[0]?.body.text).toContain("1 knop zwijgt (b7).");
  });

  it("of every kind reads in both languages", async () => {
    const facts = { source: "buttons", button: "b1", place: "Balie" };
    await using english = await start({ language: "en" });
    const every = [
      { kind: "source-silent", source: "panel", lastAt: 0 },
      { kind: "source-down", source: "panel", since: 0 },
      { kind: "button-silent", ...facts, lastAt: 0 },
      { kind: "battery-low", ...facts, battery: 0.1 },
      { kind: "button-error", ...facts, since: 0 },
      { kind: "button-unreadable", ...facts, at: 0 },
      { kind: "button-unknown", source: "buttons", button: "b9", at: 0 },
    ] as const;
    for (const each of [bot, english]) {
      each.status = async () => ({ open: [], onDuty: null, channels: [], pagers: [], troubles: every });
      await each.teams.sendTroubles("frontdesk", every, each.signal);
      await each.fake.say(alice, alarms, "status");
    }
    expect(bot.fake.texts[0]?.body.text).toMatch(/^Let op: 1 bron doet het niet \(panel\), 1 bron zwijgt/);
    expect(english.fake.texts[0]?.body.text).toMatch(/^Note: 1 source is down \(panel\), 1 source is silent/);
    expect(bot.fake.texts[1]?.body.text).toContain("- Balie (knop b1): de batterij is bijna leeg (10%)");
    expect(english.fake.texts[1]?.body.text).toContain("- Button b9 (buttons): is not in the configuration");
  });

  it("waits for a channel that is not linked", async () => {
    await using other = await start({ channels: { frontdesk: { conversation: null } } });
    const sending = other.teams.sendTroubles("frontdesk", [button("Balie", 1)], other.signal);
    await expect(sending).rejects.toMatchObject({ reason: "misconfigured" });
  });
});

describe("help", () => {
  it("in a channel says that an alarm can be typed; in a chat the button is right there", async () => {
    await bot.fake.say(alice, alarms, "help");
    expect(bot.fake.texts[0]?.body.text).toContain("**@Rugdekking alarm**");
    await bot.fake.say(alice, bot.fake.chatOf(alice), "HELP!!");
    expect(titlesOf(bot.fake.direct[0]?.body.attachments?.[0]?.content)).toEqual(["Alarm"]);
  });

  it("and greeting are without it where alarms can't be raised from Teams", async () => {
    await using other = await start();
    await other.fake.install(alice, other.fake.chatOf(alice));
    await other.fake.say(alice, other.fake.chatOf(alice), "help");
    for (const { body } of other.fake.direct) {
      expect(body.attachments).toBeUndefined();
      expect(body.text).not.toMatch(/\balarm\*\*/);
    }
  });
});
