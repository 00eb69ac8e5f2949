import { describe, expect, it } from "vitest";
import { nl, shown } from "../dutch.ts";
import type { TeamsRoute } from "../fakes/teams.ts";
import { alice, type Bot, bob, carol, frontdesk, minute, second, startBot, startWithAlarm } from "../harness.ts";

/** What is told under its cards, as the record has it: the time, and what happened then. */
function toldOf(bot: Bot): string[] {
  const lines = bot.card.thread.filter((text) => !text.includes("<at>"));
  return lines.map((text) => shown(text).replace(/^(?:\W+ )?(.*) \((\d\d:\d\d:\d\d)\)$/u, "$2 $1"));
}

/** All of the record that is told: who is rung and that the card stands show elsewhere. */
async function toTell(bot: Bot): Promise<string[]> {
  const kinds = await bot.events(bot.card.incident);
  const lines = await bot.history(bot.card.incident);
  return lines.filter((_, at) => !["opened", "rung", "card-posted"].includes(kinds[at] ?? ""));
}

/** The calls to Teams that are about the alarm's channel. */
function callsOf(bot: Bot, ...routes: readonly TeamsRoute[]): number {
  return bot.teams.calls.filter(({ route, path }) => routes.includes(route) && path.includes(frontdesk)).length;
}

/** Four minutes in which much happens: clicks, pages, a guard, help, and two presses of which one begins a round. */
async function playBusily(bot: Bot): Promise<void> {
  const { card } = bot;
  for (const by of [alice, bob, carol]) {
    await bot.click(by, card, "decline");
    await bot.fastForward(second / 4);
    await bot.click(by, card, "claim");
    await bot.fastForward(5 * second);
  }
  await bot.press("0042");
  await bot.fastForward(20 * second);
  for (const by of [alice, bob, carol]) await bot.click(by, card, "decline");
  await bot.fastForward(minute);
  const page = bot.desk.pages.at(-1);
  if (page === undefined) throw new Error("security was not paged");
  await bot.answer(page, "accept");
  await bot.fastForward(10 * second);
  await bot.click(alice, card, "arrive");
  await bot.click(alice, card, "witness");
  await bot.fastForward(minute);
  // A press after an arrival begins a round.
  await bot.press("0042");
  await bot.fastForward(10 * second);
  for (const by of [alice, bob]) await bot.click(by, card, "claim");
  await bot.fastForward(30 * second);
  await bot.click(alice, card, "arrive");
  await bot.click(alice, card, "help");
  await bot.fastForward(30 * second);
}

it("of forty alarms at once all is told a minute after security was paged", async () => {
  const steps = [
    { after: "0s", tell: "frontdesk" },
    { after: "60s", page: "desk" },
  ];
  await using bot = await startBot({ policy: { steps } });
  for (let number = 1; number <= 40; number += 1) await bot.press(`field-${number}`, { place: `Kamer ${number}z` });
  await bot.fastForward(2 * minute + 5 * second);
  expect(bot.desk.pages).toHaveLength(40);
  for (const card of bot.teams.cards) {
    const told = bot.look(card).thread.filter((text) => text.includes(nl.thread.pageAccepted("Desk")));
    expect(told).toHaveLength(1);
  }
  bot.desk.ignoreRest();
});

describe("a busy alarm", () => {
  it("is told line by line, all of it and in its order, in two replies at most for each round", async () => {
    await using bot = await startWithAlarm();
    await playBusily(bot);
    const told = await toTell(bot);
    expect(told.length).toBeGreaterThan(20);
    expect(toldOf(bot)).toEqual(told);
    const rounds = (await bot.events(bot.card.incident)).filter((kind) => kind === "round-started").length + 1;
    // Teams leaves the id of every second one out, which can't be edited then.
    const telling = bot.teams.replies.filter(({ body }) => body.entities === undefined);
    expect(telling.length).toBeLessThanOrEqual(2 * rounds);
    expect(callsOf(bot, "card", "reply", "update")).toBeLessThanOrEqual(40);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    await bot.restartAndExpectNothingElse();
  });
});
