import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FailedBefore } from "../../../../bot/store/sql/connection.ts";
import { GroupCommit } from "../../../../bot/store/sql/group/group-commit.ts";
import type { Unit } from "../../../../bot/store/sql/group/work.ts";
import { type Ask, toError } from "../../../../bot/store/sqlite/thread/ask.ts";
import { AskedConnection } from "../../../../bot/store/sqlite/thread/asked-connection.ts";
import { SqliteSession } from "../../../../bot/store/sqlite/thread/sqlite-session.ts";

/** So many that a group is not held up until the one before it is on disk. */
const many = 16;
/** What a press is called that can't be run in memory ends like that. */
const alone = "!";
/** The same of one of which it is not known what it reads. */
const unforeseen = "?";

/**
 * A real database that does what it is asked in order, as its thread does; `before` is waited for before each thing,
 * and may reject instead of it. `reads`: works that are run in memory have something read first.
 */
function open(before: (ask: Ask) => Promise<void>, { reads = false } = {}) {
  const database = new Database(":memory:");
  database.exec("create table presses (name text unique)");
  const connection = new AskedConnection(database, () => undefined);
  const asked: string[] = [];
  const pressed: string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  /** As the connection does once something that it was asked has failed. */
  const refuse = () => connection.answer([{ kind: "run", text: "what is no statement", values: [] }]);
  const session = new SqliteSession({
    ask(ask) {
      if (ask.kind !== "run" && ask.kind !== "checkpoint") asked.push(ask.kind);
      const turn = last.then(async () => {
        const failure = await before(ask).then(
          () => null,
          (error: unknown) => error,
        );
        if (failure !== null) refuse();
        const [answer] = failure === null ? connection.answer([ask]) : [];
        if (failure !== null) throw failure;
        if (answer !== undefined && "result" in answer) return answer.result;
        throw answer === undefined ? new Error("no answer") : toError(answer.fault);
      });
      last = turn.catch(() => {});
      return turn;
    },
  });
  const read = session.prepare("select name from presses limit 1");
  const insert = session.prepare("insert into presses values (?)");
  const press = (name: string) => insert([name]);
  type Press = typeof press;
  const unit: Unit<Press> = {
    alone: press,
    isKnowing: false,
    forget() {},
    async runTogether(works) {
      if (reads) await read([]);
      const written: Promise<unknown>[] = [];
      const note: Press = async (name) => {
        if (name.endsWith(alone)) throw new Error("this one runs by itself");
        written.push(insert([name]));
        return { rows: [], changed: 1 };
      };
      const answers: (() => void)[] = [];
      for (const work of works) {
        const answer = await work.run(note).catch(() => null);
        if (answer === null) break;
        answers.push(answer);
      }
      return { answers, written: Promise.all(written).then(() => {}), hasAssumed: false };
    },
  };
  const lines: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (_: unknown, event: string) => void lines.push(event) };
  const checkpoints: Promise<unknown>[] = [];
  const onGroup = () => void checkpoints.push(session.checkpoint(1_000));
  const groups = new GroupCommit(session, unit, log, () => {}, onGroup);
  return {
    groups,
    lines,
    /** What was asked, beside statements. */
    asked,
    /** What came of the checkpoint after each group; null: a transaction was in its way. */
    checkpoints,
    /** The names of all presses, in their order. */
    pressed,
    /** What came of presses, each foreseen, by their names. */
    press: (names: readonly string[]) =>
      names.map(async (name) => {
        pressed.push(name);
        try {
          await groups.write((run) => run(name), name.endsWith(unforeseen) ? undefined : {});
          return `${name} done`;
        } catch (error) {
          return `${name} ${error instanceof Error ? error.message : error}`;
        }
      }),
    /** As after a power cut. */
    list() {
      if (database.inTransaction) database.exec("rollback");
      return database.prepare<[], string>("select name from presses order by rowid").pluck().all();
    },
  };
}

/** Holds up each sync until it is let through. */
function holdSyncs() {
  const held: (() => void)[] = [];
  return {
    before: async (ask: Ask) => (ask.kind === "sync" ? new Promise<void>((resolve) => held.push(resolve)) : undefined),
    /** Lets the oldest one through. */
    async release() {
      held.shift()?.();
      await turns();
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function toNames(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

describe("a group that is asked for before the one before it is on disk", () => {
  it("is so where many wait, and is answered after its own sync", async () => {
    const { before, release } = holdSyncs();
    const { press, asked } = open(before);
    const answered: string[] = [];
    const first = press(["first"]);
    await turns();
    const others = press(toNames("other", many));
    for (const each of [...first, ...others]) void each.then((said) => answered.push(said));
    await turns();
    expect(asked).toEqual(["begin", "commit", "sync", "begin", "commit", "sync"]);
    expect(answered).toEqual([]);
    await release();
    expect(answered).toEqual(["first done"]);
    await release();
    expect(answered).toHaveLength(1 + many);
  });

  it("is not so where few wait: they share the next sync with what comes until then", async () => {
    const { before, release } = holdSyncs();
    const { press, asked } = open(before);
    const first = press(["first"]);
    await turns();
    const others = press(toNames("other", many - 1));
    await turns();
    expect(asked).toEqual(["begin", "commit", "sync"]);
    await release();
    await release();
    expect(await Promise.all([...first, ...others])).toHaveLength(many);
  });

  it("is not so where something has to go first", async () => {
    const { before, release } = holdSyncs();
    const { groups, press, asked, list } = open(before);
    let isWaiting = false;
    groups.writeFirst(() =>
      isWaiting ? [{ run: async (run) => run("kept").then(() => () => (isWaiting = false)), reject: () => {} }] : [],
    );
    const first = press(["first"]);
    await turns();
    isWaiting = true;
    const others = press(toNames("other", many));
    await turns();
    expect(asked).toEqual(["begin", "commit", "sync"]);
    for (let sync = 0; sync < 3; sync += 1) await release();
    await Promise.all([...first, ...others]);
    expect(list().slice(0, 3)).toEqual(["first", "kept", "other0"]);
  });

  it("is done after all where the one before it was refused, and each work of it once", async () => {
    const { promise: full, reject: fill } = Promise.withResolvers<void>();
    let commits = 0;
    const { press, list, lines, asked } = open(async ({ kind }) => {
      if (kind === "commit") commits += 1;
      if (kind === "commit" && commits === 1) await full;
    });
    const first = press(["first"]);
    await turns();
    const others = press(toNames("other", many));
    await turns();
    expect(asked.filter((kind) => kind === "commit")).toHaveLength(2);
    fill(new Error("database or disk is full"));
    expect(await Promise.all(first)).toEqual(["first the storage did not take it"]);
    expect(await Promise.all(others)).toEqual(toNames("other", many).map((name) => `${name} done`));
    expect(list()).toEqual(toNames("other", many));
    expect(lines).toEqual(["storage-fails"]);
  });

  it("is run once more where it was refused after that one was taken, before all that came later", async () => {
    const commits = [1, 2].map(() => Promise.withResolvers<void>());
    let begun = 0;
    const { press, pressed, list, lines } = open(async ({ kind }) => {
      if (kind === "commit") await commits[begun++]?.promise;
    });
    const all = ["first", ...toNames("second", many), ...toNames("third", many)];
    const said: Promise<string>[] = [];
    for (const [from, to] of [
      [0, 1],
      [1, 1 + many],
      [1 + many, all.length],
    ] as const) {
      said.push(...press(all.slice(from, to)));
      await turns();
      if (from > 0) commits[0]?.resolve();
      await turns();
    }
    commits[1]?.reject(new Error("database or disk is full"));
    expect(await Promise.all(said)).toEqual(all.map((name) => `${name} done`));
    expect([list(), pressed, lines]).toEqual([all, all, []]);
  });

  it("is lost with the one before it where that may not be on disk, and nothing of it is there", async () => {
    let fail = () => {};
    const held = new Promise<void>((_, reject) => {
      fail = () => reject(new Error("EIO"));
    });
    const { press, list, lines } = open(async (ask) => (ask.kind === "sync" ? held : undefined));
    const first = press(["first"]);
    await turns();
    const others = press(toNames("other", many));
    await turns();
    fail();
    const said = await Promise.all([...first, ...others]);
    expect(said.every((each) => each.endsWith("the disk did not take it"))).toBe(true);
    expect([list(), lines]).toEqual([["first"], ["storage-lost-sync"]]);
  });

  it("keeps the disk watched for as long as the older one hangs", async () => {
    const { before, release } = holdSyncs();
    const { groups, press } = open(before);
    const first = press(["first"]);
    await turns();
    expect(groups.look()).toBe(false);
    const others = press(toNames("other", many));
    await turns();
    expect(groups.look()).toBe(true);
    await release();
    await Promise.all(first);
    expect(groups.look()).toBe(false);
    await release();
    await Promise.all(others);
    expect([groups.look(), groups.look()]).toEqual([false, false]);
  });

  it("leaves a moment for a checkpoint, however long many wait, after 16 groups at the latest", async () => {
    const { press, checkpoints } = open(
      async ({ kind }) => {
        if (kind === "commit" || kind === "sync") await new Promise((resolve) => setImmediate(resolve));
      },
      { reads: true },
    );
    const clients = toNames("client", 200).map(async (name) => {
      for (let time = 0; time < 20; time += 1) await Promise.all(press([`${name} ${time}`]));
    });
    await Promise.all(clients);
    const states = (await Promise.all(checkpoints)).map((state) => (state === null ? "-" : "checkpoint"));
    const waits = states
      .join("")
      .split("checkpoint")
      .map(({ length }) => length);
    expect(Math.max(...waits)).toBeGreaterThan(1);
    expect(Math.max(...waits)).toBeLessThanOrEqual(many);
  });

  it("has each press that was confirmed, once and in order, and no other one, whatever fails", async () => {
    const faults = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 12 });
    const press = fc.integer({ min: 0, max: 30 }).map((kind) => [alone, unforeseen][kind] ?? "");
    const bursts = fc.array(fc.array(press, { minLength: 1, maxLength: 40 }), { minLength: 3, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(faults, bursts, async (failing, endings) => {
        let asks = 0;
        const { press, pressed, list } = open(
          async ({ kind }) => {
            asks += 1;
            if (asks % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
            if (kind === "sync" || kind === "checkpoint" || !failing.includes(asks)) return;
            // The disk refuses it, or it is the fault of who asked.
            throw Object.assign(new Error("disk I/O error"), asks % 2 === 0 && { code: "SQLITE_IOERR" });
          },
          { reads: endings.length % 2 === 0 },
        );
        const answers = endings.map(async (each, burst) => {
          for (let turn = 0; turn < burst * 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          return Promise.all(press(each.map((ending, index) => `${burst}/${index}${ending}`)));
        });
        const said = new Set((await Promise.all(answers)).flat());
        expect(list()).toEqual(pressed.filter((name) => said.has(`${name} done`)));
        const refused = pressed.filter((name) => !said.has(`${name} done`));
        for (const name of refused)
          expect([`${name} the storage did not take it`, `${name} disk I/O error`].some((each) => said.has(each))).toBe(
            true,
          );
        expect(refused.length === 0 || failing.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a connection that does what it is asked", () => {
  it("does nothing more once something failed, also of the next transactions, until that is undone", () => {
    const connection = new AskedConnection(new Database(":memory:"), () => undefined);
    const said = (...asks: readonly Ask[]) =>
      connection.answer(asks).map((answer) => ("fault" in answer ? (answer.fault.isFailedBefore ?? "failed") : "done"));
    const [begin, run] = [{ kind: "begin", isKnowing: false } as const, { kind: "run", values: [] } as const];
    expect(said(begin, { ...run, text: "select nothing" }, { kind: "commit" }, begin, { kind: "commit" })).toEqual([
      ...["done", "failed", true, true, true],
    ]);
    expect(said({ kind: "rollback" }, begin, { ...run, text: "select 1" }, { kind: "commit" })).toEqual([
      ...["done", "done", "done", "done"],
    ]);
    expect(new FailedBefore().message).toBe("something in the transaction failed");
  });

  it("begins the next transaction where the one before could not be undone at once", () => {
    const database = new Database(":memory:");
    const prepare = database.prepare.bind(database);
    let failing = 1;
    database.prepare = ((text: string) => {
      const statement = prepare(text);
      const run = statement.run.bind(statement);
      statement.run = (...values: unknown[]) => {
        if (text === "rollback" && failing-- > 0) throw new Error("disk I/O error");
        return run(...values);
      };
      return statement;
    }) as typeof prepare;
    const connection = new AskedConnection(database, () => undefined);
    const begin = { kind: "begin", isKnowing: false } as const;
    const asks: readonly Ask[] = [begin, { kind: "rollback" }, begin, { kind: "commit" }];
    expect(connection.answer(asks).map((answer) => ("fault" in answer ? answer.fault.message : "done"))).toEqual([
      ...["done", "disk I/O error", "done", "done"],
    ]);
  });
});
