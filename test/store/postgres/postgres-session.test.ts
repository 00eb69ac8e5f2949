import { describe, expect, it, onTestFinished } from "vitest";
import { PostgresSession } from "../../../bot/store/postgres/postgres-session.ts";
import { FailedBefore } from "../../../bot/store/sql/connection.ts";
import { connectNoting, connectTo, newPostgres } from "../../storage/postgres/new-postgres.ts";

/** A session on a database with a table `seats` of three rows, and how many statements it sent in each go. */
async function openSession() {
  const url = await newPostgres("18", "empty");
  const sent: number[] = [];
  const open = async () => connectNoting(url, sent);
  const beside = connectTo(url);
  await beside.script(`create table seats (number bigint unique deferrable initially deferred, name text);
    insert into seats values (1, 'a'), (2, 'b'), (3, 'c')`);
  const session = new PostgresSession({ open, begin: ["begin"] });
  onTestFinished(async () => {
    await session[Symbol.asyncDispose]();
    await beside.close();
  });
  const list = async () => (await beside.query<{ name: string }>("select name from seats order by name", [])).rows;
  return {
    session,
    sent,
    rename: session.prepare("update seats set name = $2 where number = $1"),
    move: session.prepare("update seats set number = $2 where number = $1"),
    names: async () => (await list()).map(({ name }) => name).join(""),
  };
}

/** What became of each, in a word. */
async function toWords(all: readonly Promise<unknown>[]): Promise<readonly string[]> {
  const settled = await Promise.allSettled(all);
  return settled.map((each) => {
    if (each.status === "fulfilled") return "done";
    return each.reason instanceof FailedBefore ? "failed before" : "failed";
  });
}

describe("what a session is asked at once", () => {
  it("goes in one go, in that order, and the commit once all of it was answered", async () => {
    const { session, sent, rename, names } = await openSession();
    const asked = [session.begin(), rename([1, "x"]), rename([1, "y"]), session.commit()];
    expect(await toWords([...asked, session.begin(), rename([2, "z"]), session.commit()])).toEqual(
      Array(7).fill("done"),
    );
    expect(sent).toEqual([3, 2]);
    expect(await names()).toBe("cyz");
  });

  it("is not committed where a statement changed fewer rows than it must, nor is anything after it", async () => {
    const { session, rename, names } = await openSession();
    const asked = [session.begin(), rename([1, "x"], 1), rename([7, "y"], 1), rename([2, "z"], 1), session.commit()];
    expect(await toWords([...asked, session.begin(), rename([3, "z"]), session.commit()])).toEqual([
      ...["done", "done", "failed", "failed before", "failed before"],
      ...["failed before", "failed before", "failed before"],
    ]);
    await session.rollback();
    expect(await names()).toBe("abc");
    expect(await toWords([session.begin(), rename([3, "z"], 1), session.commit()])).toEqual(["done", "done", "done"]);
  });

  it("is refused after a commit that failed, the next transaction too, until that is rolled back", async () => {
    const { session, move, rename, names } = await openSession();
    const asked = [session.begin(), move([1, 2]), session.commit()];
    expect(await toWords([...asked, session.begin(), rename([3, "z"]), session.commit()])).toEqual([
      ...["done", "done", "failed"],
      ...["failed before", "failed before", "failed before"],
    ]);
    expect(await toWords([session.begin()])).toEqual(["failed before"]);
    await session.rollback();
    expect(await toWords([session.begin(), rename([3, "z"]), session.commit()])).toEqual(["done", "done", "done"]);
    expect(await names()).toBe("abz");
  });

  it("undoes to its own savepoint, and not to one that was refused", async () => {
    const { session, rename, names } = await openSession();
    await session.begin();
    await session.savepoint();
    const asked = [rename([1, "x"], 1), rename([7, "y"], 1), session.savepoint(), rename([2, "z"])];
    expect(await toWords(asked)).toEqual(["done", "failed", "failed before", "failed before"]);
    expect(await toWords([session.undoSavepoint(), rename([3, "z"], 1), session.commit()])).toEqual(
      Array(3).fill("done"),
    );
    expect(await names()).toBe("abz");
  });

  it("keeps its savepoint where the release was refused", async () => {
    const { session, rename, names } = await openSession();
    await session.begin();
    await session.savepoint();
    expect(await toWords([rename([1, "x"], 1), rename([7, "y"], 1), session.release()])).toEqual([
      ...["done", "failed", "failed before"],
    ]);
    expect(await toWords([session.undoSavepoint(), session.commit()])).toEqual(["done", "done"]);
    expect(await names()).toBe("abc");
  });
});
