import { describe, expect, it } from "vitest";
import { line, nl } from "../dutch.ts";
import type { TeamsMode } from "../fakes/teams.ts";
import { alice, bob, frontdesk, lea, minute, second, startBot, startWithAlarm } from "../harness.ts";

/** For more alarms at once than a channel takes, where a story is about something else. */
const routes = ["card", "text", "reply", "update", "converse", "member"] as const;

describe("the card can't be posted", () => {
  it.each<[string, TeamsMode, "teams-unreachable" | "teams-busy", string]>([
    ["hangs", { kind: "hang" }, "teams-unreachable", nl.thread.teamsUnreachable],
    ["is broken", { kind: "status", status: 503 }, "teams-unreachable", nl.thread.teamsUnreachable],
    ["is too busy", { kind: "status", status: 429, retryAfter: "7" }, "teams-busy", nl.thread.teamsBusy],
  ])(
    "rule 16: Teams %s: the first page step is due after ten seconds, and the card comes when it can",
    async (_, mode, reason, told) => {
      await using bot = await startBot();
      bot.teams.fail("card", mode);
      await bot.press("0042");
      await bot.fastForward(10 * second - 1);
      bot.desk.expectNothing();
      await bot.fastForward(1);
      await bot.desk.expectPage(reason);
      bot.expectNoCard();

      bot.teams.fail("card", null);
      await bot.fastForward(30 * second);
      const card = await bot.expectCard(nl.card.headline.delivered);
      expect(card.thread).toContainEqual(expect.stringContaining(told));
      await bot.click(alice, card, "claim");
      expect((await bot.desk.expectPage("update")).incident.onTheWay).toBe(1);
      await bot.click(alice, card, "arrive");
      await bot.fastForward(2 * minute);
      await bot.restartAndExpectNothingElse();
    },
  );

  it("rule 16: the other steps keep their own moments", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", { kind: "hang" });
    await bot.press("0042");
    await bot.fastForward(2 * minute - 1);
    await bot.desk.expectPage("teams-unreachable");
    bot.desk.expectNothing();
    bot.phone.expectNothing();
    await bot.fastForward(1);
    await bot.phone.expectPage("teams-unreachable");
    await bot.restartAndExpectNothingElse();
  });

  it("rule 16: once the card stands, a later page does not say any more that Teams can't be reached", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", { kind: "status", status: 503 });
    await bot.press("0042");
    await bot.fastForward(10 * second);
    await bot.desk.expectPage("teams-unreachable");
    bot.teams.fail("card", null);
    await bot.fastForward(110 * second);
    await bot.expectCard("Spreekkamer 3");
    await bot.phone.expectPage("unclaimed");
    await bot.restartAndExpectNothingElse();
  });

  it.each([403, 404])(
    "rule 16: Teams says %i: that won't get better by waiting, so it pages at once",
    async (status) => {
      await using bot = await startBot();
      bot.teams.fail("card", { kind: "status", status });
      await bot.press("0042");
      await bot.desk.expectPage("teams-unreachable");
      bot.teams.fail("card", null);
      await bot.fastForward(30 * second);
      await bot.expectCard("Spreekkamer 3");
      await bot.restartAndExpectNothingElse();
    },
  );

  it("rule 16: a fault that passes within ten seconds pages nobody", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", { kind: "status", status: 503, times: 3 });
    await bot.press("0042");
    await bot.fastForward(9 * second);
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.click(alice, card, "claim");
    await bot.fastForward(minute);
    await bot.restartAndExpectNothingElse();
  });

  it("rule 16: perhaps posted: rather two cards than none, and the second is the one that is updated", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", { kind: "reset", times: 1 });
    await bot.press("0042");
    const lost = await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(2 * second);
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.click(alice, lost, "claim");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain(nl.card.headline.coming(1));
    expect(bot.look(lost).updates).toBe(0);
    await bot.restartAndExpectNothingElse();
  });

  it("rule 16: ten cards that are taken and never answered for are posted 40 times in 40 s, and then stand", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", { kind: "reset" });
    for (let number = 1; number <= 10; number += 1) await bot.press(`field-${number}`);
    await bot.fastForward(40 * second);
    expect(bot.teams.cards).toHaveLength(40);
    bot.teams.fail("card", null);
    await bot.fastForward(minute);
    expect(bot.teams.cards).toHaveLength(50);
    await bot.fastForward(minute);
    expect(bot.teams.cards).toHaveLength(50);
    // Nobody waited for a card.
    expect(bot.desk.pages.filter(({ reason }) => reason === "teams-unreachable")).toHaveLength(10);
  });

  it("rule 16: a channel that is not linked yet pages at once; linked by a command, the card is still posted", async () => {
    await using bot = await startBot({ settings: { channels: { frontdesk: {}, "back-office": {} } } });
    expect(bot.lines).toContainEqual(expect.objectContaining({ event: "channel-not-linked", level: "warn" }));
    await bot.press("0042");
    await bot.desk.expectPage("teams-unreachable");
    await bot.fastForward(20 * second);
    bot.expectNoCard();

    await bot.teams.install(alice, frontdesk);
    await bot.teams.say(lea, frontdesk, "koppel frontdesk");
    await bot.settle();
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.click(alice, card, "claim");
    // So many lines in one second are more than a channel takes.
    await bot.fastForward(3 * second);
    expect(bot.look(card).text).toContain(line("coming", alice));
    // What waited for the channel goes out too: the people on duty are still messaged.
    expect(bot.teams.told.map(({ to }) => to).sort()).toEqual([alice.teamsId, bob.teamsId]);
    bot.desk.ignoreRest();
    await bot.restartAndExpectNothingElse();
  });
});

describe("Teams hangs while pages go", () => {
  it("rule 16: no page waits for it, and the card tells everything once it is back", async () => {
    await using bot = await startWithAlarm({ policy: { repeatEvery: "30m" } });
    for (const route of routes) bot.teams.fail(route, { kind: "hang" });
    // Enough incidents to fill what Teams may have under way at once.
    for (let number = 1; number <= 70; number += 1) await bot.press(`field-${number}`);
    await bot.fastForward(10 * second);
    expect(bot.desk.pages).toHaveLength(70);
    expect(new Set(bot.desk.pages.map(({ reason }) => reason))).toEqual(new Set(["teams-unreachable"]));
    await bot.fastForward(50 * second);
    expect(bot.desk.pages.at(-1)).toMatchObject({ reason: "unclaimed", incident: { id: bot.card.incident } });

    for (const route of routes) bot.teams.fail(route, null);
    // One that perhaps arrived waits for a minute; seventy cards, and those in chats, take what a channel takes.
    await bot.fastForward(100 * second);
    expect(bot.teams.cards).toHaveLength(71);
    expect(bot.card.text).toContain(nl.card.headline.delivered);
    // What there is to tell of seventy alarms takes its time.
    await bot.fastForward(10 * minute);
    expect(bot.card.thread.filter((reply) => reply.includes(nl.thread.pageAccepted("desk")))).toHaveLength(1);
  });

  it("a claim is taken while Teams takes nothing from us, and shown once it does", async () => {
    await using bot = await startWithAlarm();
    for (const route of routes) bot.teams.fail(route, { kind: "hang" });
    const { text } = await bot.click(alice, bot.card, "claim");
    expect(text).toContain(line("coming", alice));
    await bot.fastForward(minute);
    bot.desk.expectNothing();
    for (const route of routes) bot.teams.fail(route, null);
    await bot.fastForward(40 * second);
    expect(bot.card.text).toContain(line("coming", alice));
    await bot.restartAndExpectNothingElse();
  });
});
