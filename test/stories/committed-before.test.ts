import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import { alice, type Bot, bob, frontdesk, minute, type Settings, second, startBot } from "../harness.ts";
import { countDirect } from "../in-chats.ts";
import { mentions } from "../rings-of.ts";
import { PostgresStorage } from "../storage/postgres/postgres-storage.ts";

/** A server starts, and every statement goes to and fro. */
const patience = { timeout: 240_000 };

interface Held extends AsyncDisposable {
  readonly bot: Bot;
  readonly goAway: () => Disposable;
}

async function startOnPostgres(policy: Settings, how: "hang" | "refuse"): Promise<Held> {
  const storage = await PostgresStorage.start("18");
  const bot = await startBot({ storage, policy });
  return { bot, goAway: () => storage.proxy[how](), [Symbol.asyncDispose]: () => bot[Symbol.asyncDispose]() };
}

async function startOnFile(policy: Settings): Promise<Held> {
  const bot = await startBot({ policy });
  return { bot, goAway: () => bot.holdDisk(), [Symbol.asyncDispose]: () => bot[Symbol.asyncDispose]() };
}

const faults: [string, (policy: Settings) => Promise<Held>][] = [
  ["hangs", (policy) => startOnPostgres(policy, "hang")],
  ["refuses", (policy) => startOnPostgres(policy, "refuse")],
  ["takes no writes", startOnFile],
];

const tellAtOnce = { after: "0s", tell: "frontdesk" };
const rarely = { repeatEvery: "30m", steps: [tellAtOnce, { after: "20m", page: "desk" }] };
const busy = { kind: "status", status: 503 } as const;

/** How often a new card in the channel mentions them, and how often they are messaged 1:1. */
function countRings(bot: Bot, who: Colleague): readonly number[] {
  return [bot.teams.cards.filter((card) => mentions(who, card)).length, countDirect(bot, who)];
}

/** Presses, and what was sent for it in vain is tried again by the time that somebody looks. */
async function pressInVain(bot: Bot): Promise<void> {
  for (const route of ["card", "text"] as const) bot.teams.fail(route, busy);
  await bot.press("0042");
  await bot.fastForward(200);
  for (const route of ["card", "text"] as const) bot.teams.fail(route, null);
  expect(bot.teams.cards).toEqual([]);
}

describe.each(faults)("rule 1: what was committed and not sent when the database %s", (_, start) => {
  it("a page that its provider did not take: it is tried on from memory, and is out once", patience, async () => {
    await using held = await start({ repeatEvery: "30m", steps: [tellAtOnce, { after: "10s", page: "desk" }] });
    const { bot, goAway } = held;
    await bot.open();
    const { incident } = bot.card;
    bot.desk.answerWith({ kind: "refuse", status: 503 });
    await bot.fastForward(10 * second);
    await bot.desk.expectPage("unclaimed");
    bot.desk.answerWith({ kind: "ok" });
    {
      using _away = goAway();
      await bot.fastForward(10 * second);
      const page = await bot.desk.expectPage("unclaimed");
      expect(page.acceptUrl).not.toBeNull();
      await bot.fastForward(10 * minute);
    }
    await bot.fastForward(2 * minute);
    const events = (await bot.events(incident)).filter((kind) => kind.startsWith("page"));
    expect(events).toEqual(["page-queued", "page-failed", "page-accepted"]);
    await bot.restartAndExpectNothingElse();
  });

  it("a card and messages that Teams did not take: all are rung once, and the card goes on", patience, async () => {
    await using held = await start(rarely);
    const { bot, goAway } = held;
    await pressInVain(bot);
    {
      using _away = goAway();
      await bot.fastForward(9 * second);
      for (const who of [alice, bob]) expect(countRings(bot, who)).toEqual([1, 1]);
      await bot.fastForward(5 * minute);
    }
    await bot.fastForward(2 * minute);
    const card = await bot.expectCard("Spreekkamer 3");
    // The card that follows a message.
    for (const who of [alice, bob]) expect(countRings(bot, who)).toEqual([1, 2]);
    await bot.click(alice, card, "claim");
    expect(bot.look(card).text).toContain(nl.card.headline.coming(1));
    // What was refused at first was refused.
    const events = (await bot.events(card.incident)).filter((kind) => kind !== "not-delivered");
    expect(events).toEqual(["opened", "rung", "card-posted", "claimed"]);
    await bot.restartAndExpectNothingElse();
  });

  it("what had been sent and not recorded counts: nobody says that Teams can't be reached", patience, async () => {
    await using held = await start(rarely);
    const { bot, goAway } = held;
    using away = new DisposableStack();
    // Teams has the card, and the database is gone before it is known.
    bot.teams.onActivity = (route) => {
      if (route === "card") bot.teams.onActivity = () => undefined;
      if (route === "card") away.use(goAway());
    };
    await bot.press("0042");
    await bot.fastForward(minute);
    bot.desk.expectNothing();
    expect(countRings(bot, alice)).toEqual([1, 1]);
    away.dispose();
    await bot.fastForward(2 * minute);
    const card = await bot.expectCard("Spreekkamer 3");
    expect(await bot.events(card.incident)).toEqual(["opened", "rung", "card-posted"]);
    expect(countRings(bot, alice)).toEqual([1, 2]);
    await bot.restartAndExpectNothingElse();
  });
});

it("rule 1: a card that waits while nothing can be written is followed by that of the next round", async () => {
  await using bot = await startBot({
    policy: { repeatEvery: "3m", steps: [tellAtOnce, { after: "30s", page: "desk" }] },
  });
  await pressInVain(bot);
  using _away = bot.holdDisk();
  await bot.fastForward(5 * minute);
  expect(countRings(bot, alice)[0]).toBe(2);
  expect(bot.teams.cards.every(({ conversation }) => conversation === frontdesk)).toBe(true);
  bot.desk.ignoreRest();
  await bot.expectCard("Spreekkamer 3");
});
