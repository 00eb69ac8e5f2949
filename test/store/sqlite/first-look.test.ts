import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import { openStore } from "../../../bot/store/store.ts";
import { changeByte, countPages, pagesOf, zeroPage } from "../../damage.ts";
import { newDatabase } from "../new-database.ts";
import { close, newIncident } from "../new-incident.ts";

const log = openLog("silent");
const pageSize = 4_096;
/** Of the head of a page that holds the entries of an index, the last byte of how many there are. */
const countAt = 4;
const ids = Array.from({ length: 60 }, (_, index) => `019abcde-0000-7000-8000-${String(index).padStart(12, "0")}`);

const open = ids.slice(50, 56);

/** Many incidents that are over, then some that are open, and then some that are over. */
async function fill(path: string): Promise<void> {
  await using store = await openStore({ url: `sqlite:${path}`, log });
  for (const id of ids) {
    await store.write(async (tx) => {
      const inserted = await tx.insertIncident(newIncident(id, { nextAt: 1_000, fixedPlace: id }));
      await tx.appendHistory(id, [{ kind: "card-posted", at: 1_000 }]);
      if (!open.includes(id)) await tx.updateIncident(close(inserted));
    });
  }
}

/** As it opens one that is too large to be looked through as a whole. */
const openLarge = (path: string, onLost = () => {}) => openStore({ url: `sqlite:${path}`, log, lookUpTo: 0, onLost });

describe("a start on a large file", () => {
  it("finds damage in each page of a table that does not grow with the years, and in none that hides what is open", async () => {
    const path = newDatabase();
    await fill(path);
    const folder = dirname(path);
    const whole = `${folder}-whole`;
    cpSync(folder, whole, { recursive: true });
    const tables = ["history", "alarms", "alarms_received", "boards", "sqlite_autoindex_boards_1", "messages"];
    const growing = [...tables, "incidents", "incidents_closed", "sqlite_autoindex_incidents_1"];
    const mayBeLater = new Set(growing.flatMap((name) => pagesOf(path, name)));
    const later: number[] = [];
    for (let page = 1; page <= countPages(`${whole}/rugdekking.db`); page += 1) {
      rmSync(folder, { recursive: true });
      cpSync(whole, folder, { recursive: true });
      zeroPage(path, page);
      await using store = await openLarge(path);
      if ((await store.inspect()).length > 0) continue;
      later.push(page);
      expect(mayBeLater, `page ${page}`).toContain(page);
      for (const id of open) expect(await store.read((reader) => reader.loadIncident(id))).toMatchObject({ id });
    }
    // Most of what is over, and all of the history.
    expect(later.length).toBeGreaterThan(15);
  });

  it.each(["incidents_next", "incidents_open_button", "incidents_open_place"])(
    "finds that %s has lost what is open",
    async (index) => {
      const path = newDatabase();
      await fill(path);
      const [page = 0] = pagesOf(path, index);
      changeByte(path, (page - 1) * pageSize + countAt, 5);
      await using store = await openLarge(path);
      expect(await store.inspect()).toEqual(["storage-aside"]);
      expect(await store.read((reader) => reader.countOpen(null))).toBe(open.length);
    },
  );
});

describe("a file in which damage was met", () => {
  it("is noted beside it, so that the next start takes nothing before all of it was looked through", async () => {
    const path = newDatabase();
    await fill(path);
    for (const page of pagesOf(path, "history")) zeroPage(path, page);
    let isLost = false;
    {
      await using store = await openLarge(path, () => {
        isLost = true;
      });
      await store.probe();
      await expect(store.read((reader) => reader.loadHistory(ids[0] ?? "", 0))).rejects.toThrow("malformed");
      expect(isLost).toBe(true);
    }
    for (const _start of [1, 2]) {
      await using store = await openLarge(path);
      expect(await store.inspect()).toEqual(["storage-aside"]);
      expect(await store.read((reader) => reader.countOpen(null))).toBe(open.length);
      await expect(store.probe()).rejects.toThrow("can't be used");
    }
  });

  it("is used again by a start that looks through all of it and finds it whole", async () => {
    const path = newDatabase();
    await fill(path);
    writeFileSync(`${path}.doubted`, "");
    {
      await using store = await openStore({ url: `sqlite:${path}`, log });
      await store.probe();
    }
    expect(existsSync(`${path}.doubted`)).toBe(false);
    await using store = await openLarge(path);
    await store.probe();
  });

  it("ends the process also where that can't be noted, and the log says so", async () => {
    const path = newDatabase();
    await fill(path);
    for (const page of pagesOf(path, "history")) zeroPage(path, page);
    const events: string[] = [];
    const take = (_: unknown, event: string) => void events.push(event);
    const noting = { info: take, warn: take, error: take };
    {
      await using store = await openStore({ url: `sqlite:${path}`, log: noting, lookUpTo: 0 });
      mkdirSync(`${path}.doubted`);
      await expect(store.read((reader) => reader.loadHistory(ids[0] ?? "", 0))).rejects.toThrow("malformed");
    }
    expect(events).toEqual(["storage-damaged", "damage-not-noted"]);
  });
});
