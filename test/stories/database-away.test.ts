import { describe, expect, it } from "vitest";
import { line, nl, upTo } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import { alice, type Bot, bob, minute, type Settings, second, startBot, startWithAlarm } from "../harness.ts";
import { countDirect } from "../in-chats.ts";
import { mentions } from "../rings-of.ts";
import { connectTo } from "../storage/postgres/new-postgres.ts";
import { PostgresStorage } from "../storage/postgres/postgres-storage.ts";

/** A server starts, and every statement goes to and fro. */
const patience = { timeout: 240_000 };

/** The server is there, and refuses by what was changed of it, until that is disposed of. */
async function change(storage: PostgresStorage, toChange: string, toEnd: string): Promise<AsyncDisposable> {
  // Open before, for it may be refused as well.
  const beside = connectTo(storage.url);
  const { rows } = await beside.query<{ name: string }>("select current_database() as name", []);
  const database = rows[0]?.name ?? "";
  const others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
  await beside.script(`alter database ${database} ${toChange}`);
  await beside.query(`select pg_terminate_backend(pid) ${others}`, []);
  return {
    async [Symbol.asyncDispose]() {
      await beside.script(`alter database ${database} ${toEnd}`);
      await beside.close();
    },
  };
}

function away(over: Disposable): AsyncDisposable {
  return { [Symbol.asyncDispose]: async () => over[Symbol.dispose]() };
}

const faults: [string, (storage: PostgresStorage) => Promise<AsyncDisposable>][] = [
  ["hangs", async ({ proxy }) => away(proxy.hang())],
  ["refuses", async ({ proxy }) => away(proxy.refuse())],
  ["may only be read", (storage) => change(storage, "set default_transaction_read_only = on", "reset all")],
  ["has no connection left", (storage) => change(storage, "connection limit 0", "connection limit -1")],
];

/** Waits for what somebody does while time goes on, because a database that hangs keeps them waiting. */
async function meanwhile<T>(bot: Bot, doing: Promise<T>): Promise<T> {
  let isDone = false;
  const done = doing.finally(() => {
    isDone = true;
  });
  while (!isDone) await bot.fastForward(second);
  return done;
}

/** How often the channel mentioned them. */
function countMentions({ teams }: Bot, who: Colleague): number {
  return [...teams.cards, ...teams.texts, ...teams.replies].filter((message) => mentions(who, message)).length;
}

const tellAtOnce = { after: "0s", tell: "frontdesk" };
const afterwards = { after: "35s", page: "phone" };

async function start(policy: Settings = {}): Promise<{ bot: Bot; storage: PostgresStorage }> {
  const storage = await PostgresStorage.start("18");
  return { bot: await startWithAlarm({ storage, policy }), storage };
}

describe("rule 1: the database goes while an alarm is open", () => {
  it.each(faults)(
    "and %s: its page goes out, the guard's answer holds the next one, and all of it is one alarm's afterwards",
    patience,
    async (_, goAway) => {
      const { bot, storage } = await start({ steps: [tellAtOnce, { after: "10s", page: "desk" }, afterwards] });
      await using _bot = bot;
      const { incident } = bot.card;
      {
        await using _away = await goAway(storage);
        await bot.fastForward(9 * second);
        bot.desk.expectNothing();
        // What hangs is waited for, as long as a press is.
        await bot.fastForward(6 * second);
        const page = await bot.desk.expectPage("unclaimed");
        expect(page.page.startsWith(`${incident}-1-1:`)).toBe(true);
        expect(await meanwhile(bot, bot.guardPage(page))).toContain("Spreekkamer 3");
        expect(await meanwhile(bot, bot.answer(page, "accept"))).toBe(202);
        await bot.fastForward(20 * second);
        bot.phone.expectNothing();
        bot.desk.expectNothing();
      }
      await bot.fastForward(10 * second);
      expect(bot.card.text).toContain(upTo(nl.card.headline.guardComing));
      const events = (await bot.events(incident)).filter((kind) => /page|guard/.test(kind));
      expect(events).toEqual(["page-queued", "page-accepted", "guard-accepted", "page-held"]);
      await bot.fastForward(minute);
      await bot.restartAndExpectNothingElse();
    },
  );

  it.each(faults)(
    "and %s: colleagues are rung for a new round on a card that can be clicked, and once only",
    patience,
    async (_, goAway) => {
      const { bot, storage } = await start({ repeatEvery: "1m", steps: [tellAtOnce, { after: "30s", page: "desk" }] });
      await using _bot = bot;
      await bot.fastForward(5 * second);
      const first = bot.card.posted.id;
      const [rungBefore, mentionedBefore] = [countDirect(bot, alice), countMentions(bot, alice)];
      {
        await using _away = await goAway(storage);
        await bot.fastForward(minute + 40 * second);
        expect(bot.card.posted.id).not.toBe(first);
        expect(countMentions(bot, alice) - mentionedBefore).toBe(1);
        expect(countDirect(bot, alice) - rungBefore).toBe(1);
        await meanwhile(bot, bot.click(alice, bot.card, "claim"));
      }
      await bot.fastForward(10 * second);
      expect(bot.card.text).toContain(nl.card.headline.coming(1));
      expect(countMentions(bot, alice) - mentionedBefore).toBe(1);
      // The card that follows a message.
      expect(countDirect(bot, alice) - rungBefore).toBe(2);
      bot.desk.ignoreRest();
      await bot.restartAndExpectNothingElse();
    },
  );

  it("and nobody answers: each step goes out once, at its moment, and the history says when", patience, async () => {
    const { bot, storage } = await start();
    await using _bot = bot;
    {
      using _away = storage.hold();
      await bot.fastForward(minute);
      await bot.desk.expectPage("unclaimed");
      await bot.fastForward(minute);
      await bot.phone.expectPage("unclaimed");
      await bot.fastForward(3 * minute);
      await bot.desk.expectPage("repeat");
      await bot.phone.expectPage("repeat");
    }
    await bot.fastForward(20 * second);
    const paged = (await bot.history(bot.card.incident)).filter((each) => /(via|Desk|Phone) /.test(each));
    expect(paged.map((each) => each.slice(0, 8))).toEqual([
      ...["10:01:00", "10:01:00", "10:02:00", "10:02:00"],
      ...["10:05:00", "10:05:00", "10:05:00", "10:05:00"],
    ]);
    await bot.restartAndExpectNothingElse();
  });

  it("and who had said before that they go is not paged for", patience, async () => {
    const { bot, storage } = await start();
    await using _bot = bot;
    await bot.click(alice, bot.card, "claim");
    using _away = storage.hold();
    await bot.fastForward(2 * minute - second);
    bot.desk.expectNothing();
    // Nobody arrived in time.
    await bot.fastForward(2 * second);
    await bot.desk.expectPage("lapsed");
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("and who says meanwhile that they go holds the page, as long as they may", patience, async () => {
    const { bot, storage } = await start();
    await using _bot = bot;
    {
      using _away = storage.hold();
      await bot.click(alice, bot.card, "claim");
      await bot.fastForward(minute + 30 * second);
      bot.desk.expectNothing();
    }
    await bot.fastForward(2 * second);
    expect(bot.card.text).toContain(nl.card.headline.coming(1));
    bot.desk.expectNothing();
  });

  it("and all of them say that they can't: security is paged at once", patience, async () => {
    const { bot, storage } = await start();
    await using _bot = bot;
    {
      using _away = storage.hold();
      for (const each of [alice, bob]) await bot.click(each, bot.card, "decline");
      await bot.fastForward(second);
      await bot.desk.expectPage("declined");
    }
    await bot.fastForward(5 * second);
    expect(bot.card.text).toContain(line("declined", alice));
    bot.desk.expectNothing();
  });

  it(
    "and the pager is down as well: the next one is paged at once, and this one as soon as it is up",
    patience,
    async () => {
      const { bot, storage } = await start();
      await using _bot = bot;
      {
        using _away = storage.hold();
        bot.desk.answerWith({ kind: "refuse", status: 503 });
        await bot.fastForward(minute + second);
        await bot.phone.expectPage("unclaimed");
        bot.desk.ignoreRest();
        bot.desk.answerWith({ kind: "ok" });
        await bot.fastForward(20 * second);
        await bot.desk.expectPage("unclaimed");
      }
      await bot.fastForward(minute);
      bot.desk.expectNothing();
      bot.phone.expectNothing();
    },
  );

  it("between two tries of a page: it is tried on from memory", patience, async () => {
    const { bot, storage } = await start();
    await using _bot = bot;
    bot.desk.answerWith({ kind: "refuse", status: 503 });
    await bot.fastForward(minute);
    bot.desk.ignoreRest();
    await bot.phone.expectPage("unclaimed");
    bot.desk.answerWith({ kind: "ok" });
    {
      using _away = storage.hold();
      await bot.fastForward(10 * second);
      await bot.desk.expectPage("unclaimed");
    }
    await bot.fastForward(minute);
    bot.desk.expectNothing();
    const accepted = (await bot.events(bot.card.incident)).filter((kind) => kind === "page-accepted");
    expect(accepted).toHaveLength(2);
  });
});

it(
  "rule 1: a press while the database is away, and it is back: one alarm, whose next page is in time",
  patience,
  async () => {
    const storage = await PostgresStorage.start("18");
    await using bot = await startBot({ storage });
    {
      using _away = storage.hold();
      expect((await bot.press("0042")).status).toBe(503);
      await bot.expectCard(nl.card.headline.unstored);
      expect((await bot.desk.expectPage("unclaimed")).acceptUrl).toBeNull();
      await bot.fastForward(30 * second);
    }
    await bot.fastForward(30 * second);
    expect((await bot.desk.expectPage("unclaimed")).acceptUrl).not.toBeNull();
  },
);
