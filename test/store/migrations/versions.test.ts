import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { LogEvent } from "../../../bot/log-events/log-events.ts";
import { isBreaking, isKnown, newestMigration } from "../../../bot/store/migrations/migrate.ts";
import { readState } from "../../../bot/store/sqlite/database-version.ts";
import { openStore } from "../../../bot/store/store.ts";
import { changeDatabase } from "../../damage.ts";
import { newDatabase } from "../new-database.ts";
import { openOldDatabase } from "../old-database.ts";

/** The number of the newest migration that does more than add. */
const newestBreaking = 13;

async function open(path: string): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  const note = (_: unknown, event: LogEvent) => void events.push(event);
  const store = await openStore({ url: `sqlite:${path}`, log: { info: note, warn: note, error: note } });
  await store.probe();
  await store[Symbol.asyncDispose]();
  return events;
}

function stateOf(path: string) {
  using stack = new DisposableStack();
  return readState(stack.adopt(new Database(path, { readonly: true }), (each) => each.close()));
}

function copiesOf(path: string): string[] {
  return readdirSync(dirname(path)).filter((name) => name.includes(".before-"));
}

describe("a database of an older version", () => {
  it("is copied before it is changed in a way that the older one can't run beside, and once only", async () => {
    const path = newDatabase();
    await (await openOldDatabase(path, 3)).destroy();
    expect(await open(path)).toContain("copy-made");
    const copies = copiesOf(path);
    expect(copies).toEqual([expect.stringMatching(`^rugdekking\\.db\\.before-${newestMigration}-\\d{8}T\\d{6}Z$`)]);
    expect(stateOf(join(dirname(path), copies[0] ?? "")).done).toHaveLength(3);
    expect(stateOf(path).done).toContain(newestMigration);
    expect(await open(path)).not.toContain("copy-made");
    expect(copiesOf(path)).toEqual(copies);
  });

  it("is not copied where it is new, or nothing but additions are left", async () => {
    const path = newDatabase();
    expect(await open(path)).not.toContain("copy-made");
    expect(copiesOf(path)).toEqual([]);
    expect(isBreaking({ done: [], needs: 0 })).toBe(false);
    expect(isBreaking(stateOf(path))).toBe(false);
    const older = newDatabase();
    await open(older);
    changeDatabase(older, "drop table follow_ups; delete from kysely_migration where name >= '0014'");
    expect(await open(older)).not.toContain("copy-made");
    expect(stateOf(older).done).toContain(newestMigration);
  });

  it("is from then on for versions that upgrade what they read, where it holds what is not rewritten", async () => {
    const path = newDatabase();
    await (await openOldDatabase(path, 3)).destroy();
    await open(path);
    expect(stateOf(path).needs).toBe(15);
    await open(path);
    expect(stateOf(path).needs).toBe(15);
  });
});

describe("a database of a newer version", () => {
  const newer = "insert into kysely_migration (name, timestamp) values ('9999-later', '9999-01-01T00:00:00.000Z')";

  it("is refused where this one can't run beside it, or that was not noted, with what to do; nothing changes", async () => {
    for (const needs of [9_999, 0]) {
      const path = newDatabase();
      await open(path);
      changeDatabase(path, `${newer}; pragma user_version = ${needs}`);
      const before = stateOf(path);
      await expect(open(path)).rejects.toThrow(
        /newer version.*9999-later.*Start the newer version again.*npm run restore/s,
      );
      expect(stateOf(path)).toEqual(before);
    }
  });

  it("that has only added something goes on, and stays as it is", async () => {
    const path = newDatabase();
    await open(path);
    changeDatabase(path, newer);
    const before = stateOf(path);
    expect(before.needs).toBe(newestBreaking);
    expect(isKnown(before)).toBe(true);
    await open(path);
    expect(stateOf(path)).toEqual(before);
    expect(copiesOf(path)).toEqual([]);
  });
});
