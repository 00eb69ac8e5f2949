import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import { openStore } from "../../../bot/store/store.ts";
import { changeDatabase } from "../../damage.ts";
import { newDatabase } from "../new-database.ts";
import { newIncident } from "../new-incident.ts";
import { openOldDatabase } from "../old-database.ts";
import { oldIdOf, toExpected, toOldBody } from "../old-incident.ts";

/** A database as the first version left it, with that many incidents in it. */
async function writeFirst(path: string, count: number): Promise<void> {
  const db = await openOldDatabase(path, 1);
  for (let index = 1; index <= count; index += 1) {
    const { id, source, button, channel, openedAt, closedAt } = toExpected(index);
    const moments = { opened_at: openedAt, closed_at: closedAt, next_at: null };
    const body = toOldBody(index, 1);
    await db
      .insertInto("incidents")
      .values({ id, shape: 1, version: 1, source, button, channel, fixed_place: null, ...moments, body })
      .execute();
  }
  const lines = [
    { kind: "opened", source: "buttons", button: "1", lateMs: null, at: 1 },
    { kind: "pressed-again", source: "buttons", button: "1", presses: 2, at: 2 },
    { kind: "cancelled", at: 3 },
  ];
  for (const [index, line] of lines.entries()) {
    const row = { incident: oldIdOf(1), seq: index + 1, at: line.at, body: JSON.stringify(line) };
    await db.insertInto("history").values(row).execute();
  }
  await db.destroy();
}

it("what the first version stored is read by this one, all of it, and no start rewrites it", async () => {
  const path = newDatabase();
  await writeFirst(path, 250);
  await using store = await openStore({ url: `sqlite:${path}`, log: openLog("silent") });
  for (const index of [1, 2, 3, 100, 101, 250]) {
    expect(await store.read((reader) => reader.loadIncident(oldIdOf(index)))).toEqual(toExpected(index));
  }
  expect(await store.read((reader) => reader.listClosed("buttons", 0, 200))).toHaveLength(125);
  expect(await store.read((reader) => reader.loadHistory(oldIdOf(1), 0))).toEqual([
    { seq: 1, kind: "opened", source: "buttons", button: "1", via: "button", lateMs: null, at: 1 },
    {
      seq: 2,
      kind: "pressed-again",
      source: "buttons",
      button: "1",
      via: "button",
      presses: 2,
      elsewhere: null,
      at: 2,
    },
    { seq: 3, kind: "cancelled", at: 3 },
  ]);
  using beside = new DisposableStack();
  const database = beside.adopt(new Database(path, { readonly: true }), (each) => each.close());
  const shapes = database.prepare("select shape, count(*) as count from incidents group by shape");
  expect(shapes.all()).toEqual([{ shape: 1, count: 250 }]);
  const cursor = () => store.read((reader) => reader.loadSetting("backfill", "incidents"));
  expect(await cursor()).toBe("0");
});

it("nothing has to be written anew in a database that is new, or has the bodies of now", async () => {
  const path = newDatabase();
  const url = `sqlite:${path}`;
  const cursor = async () => {
    await using store = await openStore({ url, log: openLog("silent") });
    return store.read((reader) => reader.loadSetting("backfill", "incidents"));
  };
  expect(await cursor()).toBeNull();
  {
    await using store = await openStore({ url, log: openLog("silent") });
    await store.write((tx) => tx.insertIncident(newIncident("i-1")));
  }
  changeDatabase(path, "delete from kysely_migration where name = '0015-backfill'");
  expect(await cursor()).toBeNull();
});

it("a device that said that its alarm goes on is known to go on with it, or to have ended it", async () => {
  const path = newDatabase();
  const db = await openOldDatabase(path, 3);
  const seen = (button: string, kind: string, at: number) => ({ source: "field", button, kind, at, battery: null });
  const rows = [
    ...[seen("Goes-on", "press", 10), seen("Goes-on", "heartbeat", 5), seen("Goes-on", "still-pressed", 20)],
    ...[seen("over", "still-pressed", 20), seen("over", "position", 30)],
    ...[seen("never-off", "still-pressed", 20), seen("an-event", "press", 10), seen("", "heartbeat", 40)],
  ];
  for (const row of rows) await db.insertInto("buttons").values(row).execute();
  await db.destroy();
  await using store = await openStore({ url: `sqlite:${path}`, log: openLog("silent") });
  const load = (name: string) => store.write((tx) => tx.loadButtonState("field", name));
  expect(await load("goes-on")).toMatchObject({ isOn: true, wasOff: true, at: 20 });
  expect(await load("over")).toMatchObject({ isOn: false, wasOff: true, at: 30 });
  expect(await load("never-off")).toMatchObject({ isOn: true, wasOff: false });
  for (const name of ["an-event", ""]) expect(await load(name)).toBeNull();
});

it("a card of before is one of the messages, and the next round begins a new one", async () => {
  const path = newDatabase();
  const db = await openOldDatabase(path, 3);
  const board = {
    conversation: "19:c",
    service_url: "https://teams.example",
    shown: "digest",
    shown_at: 7,
    replied_to: 4,
  };
  await db
    .insertInto("boards")
    .values({ incident: "a", activity: "17", ...board })
    .execute();
  await db
    .insertInto("boards")
    .values({ incident: "b", activity: "", ...board })
    .execute();
  await db.destroy();
  await using store = await openStore({ url: `sqlite:${path}`, log: openLog("silent") });
  await store.read(async (reader) => {
    const place = { incident: "a", conversation: "19:c", serviceUrl: "https://teams.example", activity: "17" };
    expect(await reader.listMessages("a")).toEqual([{ ...place, kind: "card", at: 7 }]);
    expect(await reader.listMessages("b")).toEqual([]);
    const state = { ...place, shown: "digest", shownAt: 7, repliedTo: 4 };
    expect(await reader.loadCard("a")).toEqual({ ...state, postedAt: 0, ring: 0, rung: [], isTagRung: false });
  });
  const next = { incident: "a", conversation: "19:c", serviceUrl: "https://teams.example", activity: "18" };
  await store.write(async (tx) => {
    const shown = { shown: "digest", shownAt: 9, repliedTo: 4 };
    await tx.saveCard({ ...next, ...shown, postedAt: 9, ring: 1, rung: [], isTagRung: false });
  });
  expect(await store.read((reader) => reader.listMessages("a"))).toEqual([
    { ...next, activity: "17", kind: "card", at: 7 },
    { ...next, kind: "card", at: 9 },
  ]);
});
