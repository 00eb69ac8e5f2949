import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import {
  alice,
  type Bot,
  bob,
  carol,
  frontdesk,
  hour,
  lea,
  minute,
  paul,
  people,
  second,
  startBot,
} from "../harness.ts";
import { startWithNights } from "../in-chats.ts";

const zoe: Colleague = { teamsId: "29:7", aadObjectId: "00000000-0000-4000-8000-000000000007", name: "Zoë Nieuw" };
const withZoe = [...people, { name: zoe.name, id: zoe.aadObjectId, onDuty: "always" }];
const unlinked = { channels: { frontdesk: {}, "back-office": {} } };

/** Who can't be messaged, among all that is wrong. */
async function notReady(bot: Bot) {
  return (await bot.troubles()).filter(({ kind }) => kind === "person-not-ready");
}

/** The calls that stand before a message to somebody; each minute's look at Teams asks for no id of Entra. */
function lookUps(bot: Bot): string[] {
  const isLook = (path: string) => /pagedmembers$|members\/29:/.test(path);
  return bot.teams.calls.flatMap(({ route, path }) =>
    (route === "member" && !isLook(path)) || route === "converse" ? [path] : [],
  );
}

describe("before any alarm", () => {
  it("everybody is looked up in the team and has a chat with the bot, so that an alarm asks Teams nothing", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    expect(lookUps(bot)).toEqual([]);
    expect(bot.teams.told.map(({ to }) => to).sort()).toEqual([alice.teamsId, bob.teamsId]);
    expect(await notReady(bot)).toEqual([]);
    await bot.restart();
    await bot.fastForward(minute);
    expect(lookUps(bot)).toEqual([]);
  });

  it("that happens when a channel is linked, in its team", async () => {
    await using bot = await startBot({ settings: unlinked });
    await bot.fastForward(minute);
    expect(lookUps(bot)).toEqual([]);
    await bot.type(lea, "koppel frontdesk", frontdesk);
    await bot.fastForward(second);
    const { team } = bot.teams;
    const sought = [alice, bob, carol, paul].map(
      ({ aadObjectId }) => `/v3/conversations/${team.id}/members/${aadObjectId}`,
    );
    expect(lookUps(bot)).toEqual(expect.arrayContaining(sought));
    const before = lookUps(bot).length;
    await bot.press("0042");
    expect(lookUps(bot)).toHaveLength(before);
    expect([alice, bob].map(({ teamsId }) => bot.teams.rung(teamsId))).toEqual([3, 3]);
  });

  it("asks for at most five people a second", async () => {
    await using bot = await startBot();
    const crowd = Array.from({ length: 12 }, (_, index): Colleague => {
      const digits = String(index + 10);
      return {
        teamsId: `29:${digits}`,
        aadObjectId: `00000000-0000-4000-8000-0000000000${digits}`,
        name: `P. ${digits}`,
      };
    });
    for (const each of crowd) bot.teams.roster.join(each);
    await bot.restart({ people: crowd.map(({ name, aadObjectId }) => ({ name, id: aadObjectId, onDuty: "never" })) });
    await bot.fastForward(9 * second);
    const counts: number[] = [];
    for (let seconds = 0; seconds < 5; seconds += 1) {
      await bot.fastForward(second);
      counts.push(lookUps(bot).length / 2);
    }
    expect(counts).toEqual([5, 10, 12, 12, 12]);
  });
});

describe("somebody whom the bot can't message", () => {
  it("is a trouble by name, in the log and in status, until it works", async () => {
    const { bot: started, night } = await startWithNights({ settings: { people: withZoe } });
    await using bot = started;
    await bot.fastForward(second);
    expect(await notReady(bot)).toEqual([
      { kind: "person-not-ready", person: { id: zoe.aadObjectId, name: zoe.name }, since: bot.clock.now() },
    ]);
    expect(bot.lines).toContainEqual(expect.objectContaining({ level: "warn", event: "person-not-ready" }));
    await bot.fastForward(2 * hour);
    const { text } = await bot.type(alice, "status");
    expect(text).toContain(nl.trouble.line["person-not-ready"](zoe.name, "2 uur 0 min"));
    expect(await bot.app.reportTroubles()).toBe(1);
    await bot.settle();
    expect(bot.teams.texts.at(-1)?.body.text).toContain(nl.trouble.count["person-not-ready"](1));

    bot.teams.roster.join(zoe);
    await night();
    expect(await notReady(bot)).toEqual([]);
    expect((await bot.type(alice, "status")).text).not.toContain(nl.trouble.reachList(1));
    await bot.press("0042");
    expect(bot.teams.told.map(({ to }) => to)).toContain(zoe.teamsId);
  });

  it("because they blocked the app is known the next night, and after a restart", async () => {
    const { bot: started, night } = await startWithNights();
    await using bot = started;
    bot.teams.forbid("blocked", alice);
    await night();
    expect(await notReady(bot)).toMatchObject([{ kind: "person-not-ready", person: { name: alice.name } }]);
    await bot.restart();
    await bot.fastForward(minute);
    expect(await notReady(bot)).toMatchObject([{ kind: "person-not-ready", person: { name: alice.name } }]);
    expect(bot.lines.filter(({ event }) => event === "person-ready")).toEqual([]);
    bot.teams.allow(alice);
    await night();
    expect(await notReady(bot)).toEqual([]);
  });

  it("and left the team, but kept the chat with the bot, is still told there", async () => {
    const { bot: started, night } = await startWithNights();
    await using bot = started;
    bot.teams.roster.leave(alice);
    await night();
    expect(await notReady(bot)).toEqual([]);
    await bot.press("0042");
    expect(bot.teams.told.map(({ to }) => to)).toContain(alice.teamsId);
  });

  it("is asked for again within ten seconds once an alarm is open", async () => {
    await using bot = await startBot({ settings: { people: withZoe } });
    await bot.fastForward(minute);
    bot.teams.roster.join(zoe);
    await bot.press("0042");
    await bot.fastForward(second);
    expect(bot.teams.told.map(({ to }) => to)).toContain(zoe.teamsId);
  });

  it("because Teams does not find them for two seconds is asked for by each try of the same alarm", async () => {
    await using bot = await startBot({ settings: { people: withZoe } });
    await bot.fastForward(minute);
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(2 * second);
    bot.teams.roster.join(zoe);
    await bot.fastForward(10 * second);
    expect(bot.teams.told.map(({ to }) => to)).toContain(zoe.teamsId);
    expect(bot.look(card).text).not.toContain(nl.card.label.notMessaged);
  });
});

describe("what may go wrong with it", () => {
  it.each([
    ["hangs", { kind: "hang" }],
    ["breaks", { kind: "status", status: 500 }],
    ["answers no JSON", { kind: "answer", status: 200, body: "<html>" }],
    ["answers somebody else", { kind: "answer", status: 200, body: JSON.stringify({ id: "29:9", aadObjectId: "9" }) }],
  ] as const)("Teams %s at each look-up: a press finds its card and its page, and the stop ends", async (_, mode) => {
    await using bot = await startBot({ settings: unlinked });
    bot.teams.fail("member", mode);
    await bot.type(lea, "koppel frontdesk", frontdesk);
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
    // Lea wrote to it, and nobody else is known.
    expect(bot.teams.told.filter(({ to }) => to !== lea.teamsId)).toEqual([]);
    await bot.stop();
  });
});
