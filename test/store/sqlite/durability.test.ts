import { statSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import type { Store } from "../../../bot/ports/store/store.ts";
import { openStore } from "../../../bot/store/store.ts";
import { newDatabase } from "../new-database.ts";
import { newIncident } from "../new-incident.ts";
import { startProcess } from "./start-process.ts";

const log = openLog("silent");

describe("what is on disk", () => {
  it("outlives a SIGKILL: everything that was answered is there, with its history", { timeout: 30_000 }, async () => {
    const path = newDatabase();
    const other = startProcess("fill", path, "unlimited");
    await other.expectLine((line) => line.startsWith("stored") && Number(line.split("-")[1]) >= 200);
    await other.kill();
    const stored = toIds(other.lines, "stored");
    expect(stored.length).toBeGreaterThan(190);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    for (const id of stored) {
      const [incident, history] = await load(store, id);
      expect(incident?.id).toBe(id);
      expect(history).toHaveLength(1);
    }
  });

  it("is what was answered and nothing else when the disk is full", { timeout: 30_000 }, async () => {
    const path = newDatabase();
    const other = startProcess("fill", path, 1_000);
    await other.ended;
    expect(other.lines.at(-1)).toBe("reads");
    const stored = toIds(other.lines, "stored");
    const refused = toIds(other.lines, "refused");
    expect(stored.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThanOrEqual(24);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    const open = await store.read((reader) => reader.listOpen(1_000_000));
    expect(open.map(({ id }) => id).toSorted()).toEqual(stored.toSorted());
    await store.write((tx) => tx.insertIncident(newIncident("after")));
  });

  it("knows no leases of a process that is gone", async () => {
    const url = `sqlite:${newDatabase()}`;
    const row = { key: "a", lane: "alarm", incident: "a", outgoing: { kind: "card" }, dueAt: 1_000 } as const;
    {
      await using store = await openStore({ url, log });
      await store.write((tx) => tx.enqueue([row], 60_000));
      expect(await store.read((reader) => reader.nextOutboxAt())).toBe(60_000);
    }
    await using store = await openStore({ url, log });
    expect(await store.read((reader) => reader.nextOutboxAt())).toBe(1_000);
    expect(await store.write((tx) => tx.lease("alarm", 1_000, 60_000, 10))).toMatchObject([{ key: "a", attempts: 0 }]);
  });

  it("is for its owner's eyes only", async () => {
    const path = newDatabase();
    await using store = await openStore({ url: `sqlite:${path}`, log });
    await store.probe();
    for (const suffix of ["", "-wal", "-shm", ".lock"]) expect(statSync(path + suffix).mode & 0o777).toBe(0o600);
    expect(statSync(path.slice(0, path.lastIndexOf("/"))).mode & 0o777).toBe(0o700);
  });

  it("is not read when it has the shape of another version", async () => {
    const path = newDatabase();
    await using store = await openStore({ url: `sqlite:${path}`, log });
    await store.write((tx) => tx.insertIncident(newIncident("a")));
    using other = openRaw(path);
    other.database.exec("update incidents set shape = 99");
    await expect(load(store, "a")).rejects.toThrow("shape 99");
  });
});

describe("a storage that fails", () => {
  it("refuses in bounded time while somebody else writes, and works again after", async () => {
    const path = newDatabase();
    await using store = await openStore({ url: `sqlite:${path}`, log });
    using other = openRaw(path);
    other.database.exec("begin immediate");
    const startedAt = performance.now();
    const results = await Promise.allSettled([
      store.probe(),
      store.write((tx) => tx.saveSetting("greeted", "name", "value")),
    ]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    for (const result of results) {
      expect(result).toMatchObject({ status: "rejected", reason: { cause: { code: "SQLITE_BUSY" } } });
    }
    expect(await store.read((reader) => reader.loadSetting("greeted", "name"))).toBeNull();
    other.database.exec("rollback");
    await store.probe();
    await store.write((tx) => tx.saveSetting("greeted", "name", "value"));
    expect(await store.read((reader) => reader.loadSetting("greeted", "name"))).toBe("value");
  });

  it("refuses the whole group when the commit fails, also who had done its work", async () => {
    const path = newDatabase();
    await using store = await openStore({ url: `sqlite:${path}`, log });
    const deferred =
      "create table child (subject text, setting text, foreign key (subject, setting) references settings(subject, name) deferrable initially deferred);";
    const trigger = "create trigger broken after insert on settings when new.name = 'bad' begin";
    using other = openRaw(path);
    other.database.exec(`${deferred} ${trigger} insert into child values ('greeted', 'nowhere'); end;`);
    const results = await Promise.allSettled(
      ["good", "bad", "better"].map((name) => store.write((tx) => tx.saveSetting("greeted", name, "value"))),
    );
    for (const result of results) {
      expect(result).toMatchObject({ status: "rejected", reason: { cause: { code: "SQLITE_CONSTRAINT_FOREIGNKEY" } } });
    }
    expect(await store.read((reader) => reader.loadSetting("greeted", "good"))).toBeNull();
    await store.write((tx) => tx.saveSetting("greeted", "good", "value"));
    expect(await store.read((reader) => reader.loadSetting("greeted", "good"))).toBe("value");
  });
});

function load(store: Store, id: string) {
  return store.read((reader) => Promise.all([reader.loadIncident(id), reader.loadHistory(id, 0)]));
}

function toIds(lines: readonly string[], word: string): string[] {
  return lines.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length + 1));
}

function openRaw(path: string) {
  const database = new Database(path);
  onTestFinished(() => {
    database.close();
  });
  return { database, [Symbol.dispose]: () => database.close() };
}
