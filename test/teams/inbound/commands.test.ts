import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nl } from "../../dutch.ts";
import { toActivity } from "../../fakes/teams-activity.ts";
import { buildIncident, pressedAt } from "../../fixtures/incident.ts";
import { alarms, alice, emptyStatus, type Started, start } from "../start.ts";

const other = "19:other@thread.tacv2";
const personal = "a:personal-29:alice";

let bot: Started;
beforeEach(async () => {
  bot = await start({ channels: { frontdesk: { conversation: null }, managers: { conversation: null } } });
});
afterEach(() => bot[Symbol.asyncDispose]());

/** The bot's answers, in order. */
const said = () => [...bot.fake.texts, ...bot.fake.direct].map(({ body }) => body.text);

describe("an answer", () => {
  it("that Teams has no time for is sent once it has, while somebody looks at the screen", async () => {
    bot.fake.fail("text", { kind: "status", status: 429, retryAfter: "1", times: 1 });
    const asking = bot.fake.say(alice, alarms, "help");
    // Until it was asked for patience, and waits for that second.
    while (bot.fake.calls.length === 0 || bot.clock.nextAt > pressedAt + 1_000) await setImmediate();
    bot.clock.to(pressedAt + 1_000);
    await asking;
    expect(said()).toHaveLength(1);
  });

  it("that Teams takes long for is all that is sent: that the bot types is said by no timer of the SDK", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    bot.fake.fail("text", { kind: "hang", times: 1 });
    const asking = bot.fake.say(alice, alarms, "help");
    while (bot.fake.hanging === 0) await setImmediate();
    const timers = vi.getTimerCount();
    vi.useRealTimers();
    bot.clock.to(bot.clock.nextAt);
    await asking;
    expect(timers).toBe(0);
  });
});

describe("link", () => {
  it.each(["koppel frontdesk", "link frontdesk", "Koppel  Frontdesk"])(
    "%s binds the channel it is typed in",
    async (text) => {
      await bot.fake.say(alice, `${alarms}`, text);
      expect(said().at(-1)).toContain("**frontdesk**");
      expect(bot.linked).toEqual(["frontdesk"]);
      await bot.open();
      await bot.teams.postCard("i-1", bot.signal);
      expect(bot.fake.cards).toMatchObject([{ conversation: alarms }]);
    },
  );

  it("typed in a thread binds the channel, not the thread", async () => {
    await bot.fake.say(alice, alarms, "help");
    await bot.fake.say(alice, `${alarms};messageid=${bot.fake.texts[0]?.id}`, "koppel frontdesk");
    expect(bot.fake.replies).toHaveLength(1);
    expect(await bot.store.read((reader) => reader.loadChannel("frontdesk"))).toMatchObject({ conversation: alarms });
  });

  it("is remembered over a restart", async () => {
    await bot.fake.say(alice, alarms, "koppel frontdesk");
    await bot.open();
    await bot.again().postCard("i-1", bot.signal);
    expect(bot.fake.cards).toHaveLength(1);
  });

  it("again in another channel moves it and says so; again in the same one changes nothing", async () => {
    await bot.fake.say(alice, alarms, "koppel frontdesk");
    await bot.fake.say(alice, alarms, "koppel frontdesk");
    await bot.fake.say(alice, other, "koppel frontdesk");
    expect(bot.linked).toEqual(["frontdesk", "frontdesk"]);
    expect(said()[1]).toMatch(/niets veranderd/);
    expect(said()[2]).toMatch(/niet meer/);
    expect(await bot.store.read((reader) => reader.loadChannel("frontdesk"))).toMatchObject({ conversation: other });
  });

  it("in another channel is refused to who may not take the alarms there", async () => {
    await bot.fake.say(alice, alarms, "koppel frontdesk");
    bot.roles = ["listed"];
    await bot.fake.say(alice, other, "koppel frontdesk");
    expect(said()[1]).toMatch(/teamleider/);
    expect(await bot.store.read((reader) => reader.loadChannel("frontdesk"))).toMatchObject({ conversation: alarms });
  });

  it("with an unknown name lists the names", async () => {
    await bot.fake.say(alice, alarms, "koppel voordeur");
    expect(said()[0]).toMatch(/voordeur.*frontdesk, managers/s);
    expect(bot.linked).toEqual([]);
  });

  it("without a name explains", async () => {
    await bot.fake.say(alice, alarms, "koppel");
    expect(said()[0]).toContain("koppel naam");
  });

  it("from a 1:1 chat says to do it in the channel", async () => {
    await talkOneToOne("link frontdesk");
    expect(said()[0]).toMatch(/kanaal/);
    expect(bot.linked).toEqual([]);
  });

  it("does not move a channel that the configuration fixes", async () => {
    await using fixed = await start({ channels: { frontdesk: { conversation: alarms } } });
    await fixed.fake.say(alice, other, "koppel frontdesk");
    expect(fixed.fake.texts[0]?.body.text).toMatch(/configuratie/);
  });
});

/** The fake knows a 1:1 conversation once the bot has made one. */
async function talkOneToOne(text: string): Promise<void> {
  await fetch(new URL("v3/conversations", bot.fake.serviceUrl), {
    method: "POST",
    body: JSON.stringify({ isGroup: false, members: [{ id: alice.teamsId }] }),
  });
  await bot.fake.say(alice, personal, text);
}

describe("a channel with a conversation in the configuration", () => {
  it("is usable from the first activity of our tenant on, because that brings the service URL", async () => {
    await using real = await start({ serviceUrl: null, channels: { frontdesk: { conversation: alarms } } });
    await real.open();
    await expect(real.teams.postCard("i-1", real.signal)).rejects.toMatchObject({ reason: "misconfigured" });
    await real.fake.install(alice, other);
    expect(real.linked).toEqual(["frontdesk"]);
    await real.teams.postCard("i-1", real.signal);
    expect(real.fake.cards).toHaveLength(1);
  });
});

describe("help and status", () => {
  it.each(["help", "hulp", "wat kun je?", "this is not helpful"])("%s gets the help text", async (text) => {
    await bot.fake.say(alice, alarms, text);
    expect(said()).toHaveLength(1);
    expect(said()[0]).toContain("@Rugdekking status");
  });

  it("anything in a 1:1 chat gets it too", async () => {
    await talkOneToOne("hoi");
    expect(said()[0]).toContain("@Rugdekking status");
  });

  it("status tells what is open, who is on duty, what is linked, and who can be paged", async () => {
    await bot.fake.say(alice, alarms, "koppel frontdesk");
    bot.status = async () => ({
      ...emptyStatus,
      open: [buildIncident({ number: 17, openedAt: pressedAt - 125_000 })],
      openCount: 1,
      onDuty: [{ id: "a", name: "A. Jansen" }],
      pagers: ["security-desk"],
    });
    await bot.fake.say(alice, alarms, "Status");
    expect(said()[1]).toBe(
      [
        "1 open alarm:",
        "- Alarm 17: Spreekkamer 3, 2 min geleden",
        "Nu dienst: A. Jansen.",
        "Gekoppeld: frontdesk.",
        "Nog niet gekoppeld: managers.",
        "Beveiliging via: security-desk.",
      ].join("\n\n"),
    );
  });

  it("status is about the channel it is asked in, and about all in a chat", async () => {
    await using linked = await start();
    const asked: (string | null)[] = [];
    linked.status = async (channel) => {
      asked.push(channel);
      const onDuty = [{ id: "a", name: "A. Jansen" }];
      return { ...emptyStatus, onDuty };
    };
    await linked.fake.say(alice, alarms, "status");
    await linked.fake.say(alice, other, "status");
    await linked.fake.say(alice, linked.fake.chatOf(alice), "status");
    expect(asked).toEqual(["frontdesk", null]);
    expect(linked.fake.texts[0]?.body.text).toContain("Geen open alarmen.");
    // Where no alarms come, "no open alarms" would be a lie, and anybody may read the rest.
    expect(linked.fake.texts[1]?.body.text).toBe(nl.channel.status.elsewhere);
    expect(linked.fake.direct[0]?.body.text).toContain("Geen open alarmen.");
  });

  it("status counts what it does not list", async () => {
    const many = Array.from({ length: 12 }, (_, at) => buildIncident({ number: at + 1 }));
    bot.status = async () => ({ ...emptyStatus, open: many, openCount: 30 });
    await bot.fake.say(alice, bot.fake.chatOf(alice), "status");
    const lines = (bot.fake.direct[0]?.body.text ?? "").split("\n\n");
    expect(lines[0]).toBe("30 open alarmen:");
    expect(lines[11]).toBe("- en nog 20");
  });

  it("in English too", async () => {
    await using english = await start({ language: "en" });
    await english.fake.say(alice, alarms, "status");
    expect(english.fake.texts[0]?.body.text).toContain("There is no roster");
  });

  it("that fails says so, and Teams need not deliver it again", async () => {
    await answerTo("koppel frontdesk");
    bot.status = () => Promise.reject(new Error("disk full"));
    expect(await answerTo("status")).toMatchObject({ status: 200 });
    expect(said()[1]).toMatch(/niet gelukt/);
  });

  const answerTo = (text: string) => bot.fake.say(alice, alarms, text);
});

describe("installing", () => {
  it("says what to do next, once per conversation, however many events come", async () => {
    await bot.fake.install(alice, alarms);
    await bot.fake.install(alice, alarms);
    expect(said()).toHaveLength(1);
    expect(said()[0]).toContain("@Rugdekking koppel frontdesk");
    await bot.fake.install(alice, other);
    expect(said()).toHaveLength(2);
  });

  it("in a channel that is linked says for what", async () => {
    await using linked = await start();
    await linked.fake.install(alice, alarms);
    expect(linked.fake.texts[0]?.body.text).toContain("**frontdesk**");
  });

  it("of somebody else is not ours", async () => {
    const added = { type: "conversationUpdate", membersAdded: [{ id: "29:carol" }] };
    expect(await bot.fake.send(toActivity(bot.fake, alice, alarms, added))).toMatchObject({ status: 200 });
    expect(said()).toEqual([]);
  });
});

it("learns who writes or clicks, so that they can be mentioned without a question to Teams", async () => {
  await bot.fake.say(alice, alarms, "help");
  expect(await bot.store.read((reader) => reader.loadMember(alice.aadObjectId))).toEqual({
    person: { id: alice.aadObjectId, name: alice.name },
    teamsId: alice.teamsId,
    conversation: null,
    serviceUrl: bot.fake.serviceUrl,
  });
});

it("lets an emulator's activities in from this machine only as far as its service URL is on it", async () => {
  const activity = toActivity(bot.fake, alice, alarms, { type: "message", text: "help" });
  expect(await bot.fake.send({ ...activity, serviceUrl: "https://smba.trafficmanager.net/emea/" })).toMatchObject({
    status: 401,
  });
});
