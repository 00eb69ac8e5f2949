import { setImmediate } from "node:timers/promises";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { PostgresFault } from "../../../../bot/store/postgres/fault.ts";
import { PostgresSession } from "../../../../bot/store/postgres/postgres-session.ts";
import { builderOn } from "../../../../bot/store/postgres/prepare-tables.ts";
import { type Connection, FailedBefore } from "../../../../bot/store/sql/connection.ts";
import { GroupCommit } from "../../../../bot/store/sql/group/group-commit.ts";
import type { Session } from "../../../../bot/store/sql/group/transactions.ts";
import type { Unit } from "../../../../bot/store/sql/group/work.ts";
import type { Tables } from "../../../../bot/store/sql/tables.ts";
import { transactionOn } from "../../../../bot/store/sql/transaction.ts";
import { toError } from "../../../../bot/store/sqlite/thread/ask.ts";
import { AskedConnection } from "../../../../bot/store/sqlite/thread/asked-connection.ts";
import { SqliteSession } from "../../../../bot/store/sqlite/thread/sqlite-session.ts";
import { connectTo, newPostgres } from "../../../storage/postgres/new-postgres.ts";

const table = "create table presses (name text unique)";
/** There is no room for what is called so. */
const large = /^large/;
/** What is longer than this does not fit. */
const room = 10_000;

interface Full {
  readonly session: Connection & Session;
  readonly insert: string;
  list(): Promise<readonly string[]>;
  /** What it says. */
  readonly code: string;
}

/** A database that has no room for a page more than it has. */
async function fullFile(): Promise<Full> {
  const database = new Database(":memory:");
  database.exec(table);
  database.pragma(`max_page_count = ${database.pragma("page_count", { simple: true })}`);
  const asked = new AskedConnection(database, () => undefined);
  const session = new SqliteSession({
    async ask(ask) {
      const [answer] = asked.answer([ask]);
      if (answer !== undefined && "result" in answer) return answer.result;
      throw answer === undefined ? new Error("no answer") : toError(answer.fault);
    },
  });
  const names = database.prepare<[], string>("select name from presses order by name").pluck();
  return { session, insert: "insert into presses values (?)", list: async () => names.all(), code: "SQLITE_FULL" };
}

/** A server that says of what is long what it says where its disk is full. */
async function fullServer(): Promise<Full> {
  const url = await newPostgres("18", "empty");
  const beside = connectTo(url);
  await beside.script(`${table};
    create function refuse() returns trigger language plpgsql as $$
      begin
        if length(new.name) > ${room} then raise 'could not extend file' using errcode = '53100'; end if;
        return new;
      end $$;
    create trigger refuse before insert on presses for each row execute function refuse()`);
  const session = new PostgresSession({ open: async () => connectTo(url), begin: ["begin"] });
  onTestFinished(async () => {
    await session[Symbol.asyncDispose]();
    await beside.close();
  });
  const list = () => beside.query<{ name: string }>("select name from presses order by name", []);
  return {
    session,
    insert: "insert into presses values ($1)",
    list: async () => (await list()).rows.map(({ name }) => name),
    code: "53100",
  };
}

/** Groups of presses, none of which is foreseen. */
function toGroups({ session, insert, code }: Full) {
  const run = session.prepare(insert);
  const tried: string[] = [];
  const save = (name: string) => {
    tried.push(name);
    return run([large.test(name) ? name.padEnd(2 * room) : name]);
  };
  const unit: Unit<typeof save> = {
    alone: save,
    isKnowing: false,
    forget() {},
    runTogether: () => Promise.reject(new Error("nothing is foreseen")),
  };
  const lines: string[] = [];
  const note = (_: unknown, event: string) => void lines.push(event);
  const groups = new GroupCommit(session, unit, { info: note, warn: note, error: note }, () => {});
  const said = (name: string, { message, cause }: Error) => {
    const isRefused = message === "the storage did not take it";
    // What is told is what was refused, and not what came of that.
    if (isRefused) expect(cause).toMatchObject({ code });
    return `${name} ${isRefused ? "refused" : "failed"}`;
  };
  const press = (name: string) => groups.write((write) => write(name));
  return {
    groups,
    lines,
    /** What was to be written, whatever came of it. */
    tried,
    press,
    /** What came of presses that are written at once, once that is noted. */
    async pressAll(...names: readonly string[]) {
      const writing = names.map((name) =>
        press(name).then(
          () => `${name} done`,
          (error: Error) => said(name, error),
        ),
      );
      const came = await Promise.all(writing);
      await setImmediate();
      return came;
    },
  };
}

describe.each([
  ["a file", fullFile, "refused"],
  // It undoes what one wrote, and SQLite all that shared its transaction.
  ["a server", fullServer, "done"],
] as const)("what is refused at a statement by %s", (_where, open, ofTheOneBefore) => {
  it("is told as refused by the storage, which is known from then on until it takes something", async () => {
    const full = await open();
    const { groups, press, pressAll, lines } = toGroups(full);
    for (const _again of [1, 2])
      await expect(press("large")).rejects.toMatchObject({
        message: "the storage did not take it",
        cause: { code: full.code },
      });
    expect([groups.isFailing, lines]).toEqual([true, ["storage-fails"]]);
    expect(await pressAll("a")).toEqual(["a done"]);
    expect([groups.isFailing, lines, await full.list()]).toEqual([
      false,
      ["storage-fails", "storage-works-again"],
      ["a"],
    ]);
  });

  it("is not what a work has brought upon itself", async () => {
    const full = await open();
    const { groups, pressAll, lines } = toGroups(full);
    expect(await pressAll("a")).toEqual(["a done"]);
    expect(await pressAll("a")).toEqual(["a failed"]);
    expect(await pressAll("a", "b", "a")).toEqual(["a failed", "b done", "a failed"]);
    expect([groups.isFailing, lines]).toEqual([false, []]);
  });

  it("takes nothing with it that is behind it, and is known all the same", async () => {
    const full = await open();
    const { groups, pressAll, lines } = toGroups(full);
    const came = await pressAll("a", "large 1", "b", "c");
    expect(came).toEqual([`a ${ofTheOneBefore}`, "large 1 refused", "b done", "c done"]);
    expect(await full.list()).toEqual(ofTheOneBefore === "done" ? ["a", "b", "c"] : ["b", "c"]);
    expect([groups.isFailing, lines]).toEqual([true, ["storage-fails"]]);
  });

  it("is not tried on and on where the one behind it is refused too", async () => {
    const full = await open();
    const { pressAll, tried } = toGroups(full);
    expect(await pressAll("large 1", "large 2", "a", "large 3")).toEqual([
      ...["large 1 refused", "large 2 refused", "a refused", "large 3 refused"],
    ]);
    expect([tried, await full.list()]).toEqual([["large 1", "large 2"], []]);
  });

  it("costs what goes first its turn only where what is behind that is taken", async () => {
    const full = await open();
    const { groups, pressAll } = toGroups(full);
    const kept = new Set(["large", "kept"]);
    const failed: string[] = [];
    groups.writeFirst(() =>
      Array.from(kept, (name) => ({
        run: (write) => write(name).then(() => () => void kept.delete(name)),
        reject() {
          failed.push(name);
          kept.delete(name);
        },
      })),
    );
    expect(await pressAll("large 1")).toEqual(["large 1 refused"]);
    expect([[...kept], failed]).toEqual([["large", "kept"], []]);
    expect(await pressAll("a")).toEqual(["a done"]);
    expect([[...kept], failed]).toEqual([["kept"], ["large"]]);
    expect(await pressAll("b")).toEqual(["b done"]);
    expect([[...kept], await full.list()]).toEqual([[], ["a", "b", "kept"]]);
  });
});

it("is told as it was where a read that one can do without has ended the transaction", async () => {
  const { session, insert } = await fullFile();
  const { tryToRead } = transactionOn(builderOn<Tables>(null), session);
  const run = session.prepare(insert);
  await session.begin();
  await expect(tryToRead(() => run(["large".padEnd(2 * room)]))).rejects.toMatchObject({ code: "SQLITE_FULL" });
});

it.each([
  ...["SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_READONLY_DBMOVED", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED"],
  ...["SQLITE_NOMEM", "SQLITE_CANTOPEN", "SQLITE_PROTOCOL"],
])("is of the storage on a file: %s", (code) => {
  expect(toSqliteSession().isRefusal(new Database.SqliteError("said", code))).toBe(true);
});

it.each([
  ...["SQLITE_CONSTRAINT_UNIQUE", "SQLITE_TOOBIG", "SQLITE_ERROR", "SQLITE_MISMATCH"],
  // After damage nothing is taken any more.
  "SQLITE_CORRUPT",
])("is not of the storage on a file: %s", (code) => {
  expect(toSqliteSession().isRefusal(new Database.SqliteError("said", code))).toBe(false);
});

it.each([...["53100", "53200", "55P03", "57014", "58030", "XX000", "42501"]])(
  "is of the storage on a server: %s",
  (code) => {
    expect(toPostgresSession().isRefusal(new PostgresFault(code, "said", false))).toBe(true);
  },
);

it.each([...["23505", "22003", "22021", "54000", "40P01"]])(
  "is not of the storage on a server: %s, unless the connection broke",
  (code) => {
    const session = toPostgresSession();
    expect(session.isRefusal(new PostgresFault(code, "said", false))).toBe(false);
    expect(session.isRefusal(new PostgresFault(code, "said", true))).toBe(true);
  },
);

it("is not of the storage that something in the transaction has failed before", () => {
  expect(toPostgresSession().isRefusal(new FailedBefore())).toBe(false);
  expect(toSqliteSession().isRefusal(new FailedBefore())).toBe(false);
});

function toSqliteSession() {
  return new SqliteSession({ ask: () => Promise.reject(new Error("nothing is asked")) });
}

function toPostgresSession() {
  return new PostgresSession({ open: () => Promise.reject(new Error("nobody connects")), begin: [] });
}
