import { rmSync } from "node:fs";
import { expect, it } from "vitest";
import { openStore } from "../../../bot/store/store.ts";
import { newDatabase } from "../new-database.ts";

/** Opens the database once, and returns what the log was told. */
async function openOnce(path: string): Promise<[event: string, facts: object][]> {
  const lines: [string, object][] = [];
  const write = (facts: object, event: string) => void lines.push([event, facts]);
  await using _store = await openStore({ url: `sqlite:${path}`, log: { info: write, warn: write, error: write } });
  return lines;
}

it("that was made because there was none is told, and whether there was one before; one that is there is not", async () => {
  const path = newDatabase();
  expect(await openOnce(path)).toEqual([["database-made", { path, hadLock: false }]]);
  expect(await openOnce(path)).toEqual([]);
  rmSync(path);
  expect(await openOnce(path)).toEqual([["database-made", { path, hadLock: true }]]);
});
