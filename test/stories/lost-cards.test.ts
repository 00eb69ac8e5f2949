import { describe, expect, it } from "vitest";
import { mentionedOn } from "../card-text.ts";
import { line, nl } from "../dutch.ts";
import type { TeamsMode, TeamsRoute } from "../fakes/teams.ts";
import { proxyPage } from "../fakes/teams-wire.ts";
import { alice, bob, frontdesk, lea, minute, second, startBot, startWithAlarm } from "../harness.ts";

const ofChannel: readonly TeamsRoute[] = ["card", "reply", "update"];
const mentioned = (card: {
  readonly shown: readonly { attachments?: readonly { content: unknown }[] | undefined }[];
}) => mentionedOn(card.shown[0]?.attachments?.[0]?.content);

describe("a card that somebody deletes", () => {
  it.each<[string, TeamsMode]>([
    ["404", { kind: "status", status: 404, code: "ActivityNotFoundInConversation" }],
    ["403", { kind: "status", status: 403, code: "ServiceError" }],
  ])("is followed by a new one after three tries, also when Teams says %s", async (_, refusal) => {
    await using bot = await startWithAlarm();
    bot.teams.remove(bot.card.posted.id);
    for (const route of ["update", "reply"] as const) bot.teams.fail(route, refusal);
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(2 * second);
    expect(bot.teams.cards).toHaveLength(0);
    await bot.fastForward(5 * second);
    expect(bot.teams.cards).toHaveLength(1);
    for (const route of ["update", "reply"] as const) bot.teams.fail(route, null);
    await bot.fastForward(5 * second);
    expect(bot.card.text).toContain(line("coming", alice));
    expect(bot.card.thread).toContainEqual(expect.stringContaining(nl.thread.claimed(alice.name)));
    expect(bot.card.buttons).not.toEqual([]);
    await bot.restartAndExpectNothingElse();
  });

  it("and that rings nobody by itself is found by the next ring", async () => {
    await using bot = await startWithAlarm();
    bot.teams.remove(bot.card.posted.id);
    await bot.press("0042");
    await bot.fastForward(5 * second);
    expect(bot.teams.cards.map(mentioned)).toEqual([[alice.teamsId, bob.teamsId]]);
  });
});

describe("a refusal that passes", () => {
  it.each<[string, TeamsMode]>([
    ["403", { kind: "status", status: 403, code: "BotDisabledByAdmin", times: 2 }],
    ["a redirect", { kind: "status", status: 302, times: 2 }],
  ])("does not keep the card from showing what is so: %s", async (_, refusal) => {
    await using bot = await startWithAlarm();
    bot.teams.fail("update", refusal);
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(10 * second);
    expect(bot.teams.cards).toHaveLength(1);
    expect(bot.card.text).toContain(line("coming", alice));
  });

  it("also when it lasts for a minute, and new cards are refused too", async () => {
    await using bot = await startWithAlarm();
    for (const route of ofChannel) bot.teams.fail(route, { kind: "status", status: 403, code: "BotDisabledByAdmin" });
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(minute);
    for (const route of ofChannel) bot.teams.fail(route, null);
    await bot.fastForward(35 * second);
    expect(bot.teams.cards).toHaveLength(1);
    expect(bot.card.text).toContain(line("coming", alice));
    expect(bot.card.thread).toContainEqual(expect.stringContaining(nl.thread.claimed(alice.name)));
  });
});

describe("after an outage", () => {
  it("the card is shown first, and the replies follow in their order", async () => {
    await using bot = await startWithAlarm();
    for (const route of ofChannel) bot.teams.fail(route, { kind: "status", status: 503 });
    for (let times = 0; times < 6; times += 1) {
      await bot.click(alice, bot.card, "decline");
      await bot.click(alice, bot.card, "claim");
    }
    await bot.fastForward(40 * second);
    const order: TeamsRoute[] = [];
    bot.teams.onActivity = (route, { conversation }) => {
      if (conversation === frontdesk) order.push(route);
    };
    for (const route of ofChannel) bot.teams.fail(route, null);
    await bot.fastForward(35 * second);
    expect(order[0]).toBe("update");
    expect(order.slice(1).every((route) => route === "reply")).toBe(true);
    expect(bot.card.text).toContain(line("coming", alice));
    const answers = bot.card.thread.map((reply) => reply.split(" (")[0]).filter((reply) => reply?.includes(alice.name));
    expect(answers).toHaveLength(12);
    expect(answers.filter((_, at) => at % 2 === 0)).toEqual(
      answers.slice(0, 6).map(() => nl.thread.declined(alice.name)),
    );
    expect(new Set(answers).size).toBe(2);
  });

  it("many cards are all shown before the first reply under any of them", async () => {
    await using bot = await startBot();
    const buttons = ["field-1", "field-2", "field-3", "field-4", "field-5", "field-6"];
    for (const button of buttons) await bot.press(button);
    for (const _ of buttons) await bot.expectCard("Plaats onbekend");
    // However often each is tried by now, all are tried again at the same moment.
    for (const route of ofChannel) bot.teams.fail(route, { kind: "status", status: 503, retryAfter: "50" });
    for (const card of bot.teams.cards) {
      for (let times = 0; times < 6; times += 1) {
        await bot.click(alice, bot.look(card), "decline");
        await bot.click(alice, bot.look(card), "claim");
      }
    }
    await bot.fastForward(40 * second);
    const order: { readonly route: TeamsRoute; readonly card: string }[] = [];
    bot.teams.onActivity = (route, { id, root, conversation }) => {
      if (conversation === frontdesk) order.push({ route, card: root ?? id });
    };
    for (const route of ofChannel) bot.teams.fail(route, null);
    await bot.fastForward(minute);
    const first = order.findIndex(({ route }) => route === "reply");
    expect(first).toBeGreaterThan(0);
    const shown = new Set(order.slice(0, first).map(({ card }) => card));
    expect(shown.size).toBe(buttons.length);
  });
});

describe("a card that Teams takes without saying its id", () => {
  it("is no card: security is paged as when Teams is down, and it rings once more at most", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", { kind: "no-id" });
    await bot.press("0042");
    await bot.fastForward(10 * second);
    await bot.desk.expectPage("teams-unreachable");
    await bot.fastForward(40 * second);
    bot.teams.fail("card", null);
    await bot.fastForward(minute);
    const ringing = bot.teams.cards.filter((card) => mentioned(card).length > 0);
    expect(ringing).toHaveLength(2);
    const alerting = bot.teams.cards.filter(({ body }) => body.channelData?.notification?.alert === true);
    expect(alerting).toHaveLength(2);
    const newest = bot.teams.cards.at(-1);
    await bot.click(lea, newest === undefined ? "" : bot.look(newest), "resolve", "test");
    await bot.fastForward(second);
    expect(newest?.shown.at(-1)?.summary).toContain(nl.card.headline.closed.test);
  });

  it("nor is the page of a proxy: it rings as soon as Teams has it", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", proxyPage);
    await bot.press("0042");
    await bot.fastForward(10 * second);
    await bot.desk.expectPage("teams-unreachable");
    bot.expectNoCard();
    bot.teams.fail("card", null);
    await bot.fastForward(30 * second);
    const card = await bot.expectCard("Spreekkamer 3");
    expect(mentioned(card.posted)).not.toEqual([]);
    expect(bot.teams.cards).toHaveLength(1);
  });
});
