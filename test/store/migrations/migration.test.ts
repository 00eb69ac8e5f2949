import { expect, it } from "vitest";
import type { Incident } from "../../../bot/domain/incident/incident.ts";
import { openLog } from "../../../bot/logging/open-log.ts";
import { openStore } from "../../../bot/store/store.ts";
import { buildIncident } from "../../fixtures/incident.ts";
import { newDatabase } from "../new-database.ts";
import { openOldDatabase } from "../old-database.ts";

const paged = { key: "old-1-1-1", reason: "unclaimed", state: "failed", at: 5, failure: "guard-declined" } as const;

/** The guard of a round, as it was remembered while there was one. */
const promise = { pageKey: "old-1-1-1", pager: "desk", acceptedAt: 7, signAt: null, silentAt: null } as const;
const oldGuards = [
  null,
  { ...promise, arrivedAt: null, lapsedAt: null },
  { ...promise, arrivedAt: null, lapsedAt: 900 },
  { ...promise, arrivedAt: 9, signAt: 10, silentAt: 11, lapsedAt: null },
];
const link = { pager: "desk", who: "link", since: 7, signAt: null, silentAt: null, lapsedAt: null, helpAt: null };
const guards = [
  [],
  [{ ...link, state: "coming" }],
  [{ ...link, state: "coming", lapsedAt: 900 }],
  [{ ...link, state: "there", since: 9, signAt: 10, silentAt: 11 }],
];

/** Without what later versions know, and with two pages. */
function toOld(incident: Incident, index: number) {
  const { deliveries: _, round: current, ...rest } = incident;
  const { calledOffAt: __, guards: ___, helpAskedBy: ____, ...round } = current;
  const helpAskedAt = index % 2 === 0 ? null : 12;
  return {
    ...rest,
    round: { ...round, helpAskedAt, guard: oldGuards[index % 4] },
    pagers: { desk: paged, 'büro\'s "2"': { ...paged, failure: null } },
  };
}

/** A database as the first version left it, with that many incidents in it. */
async function writeFirst(path: string, count: number): Promise<void> {
  const db = await openOldDatabase(path, 1);
  for (let index = 1; index <= count; index += 1) {
    const id = `old-${index}`;
    const incident = buildIncident({ id, button: String(index), version: 1 });
    const pressers = [{ source: "buttons", button: String(index), holder: null }];
    await db
      .insertInto("incidents")
      .values({
        id,
        shape: 1,
        version: 1,
        source: "buttons",
        button: String(index),
        channel: "frontdesk",
        fixed_place: null,
        opened_at: incident.openedAt,
        closed_at: index % 2 === 0 ? incident.openedAt + 1 : null,
        next_at: null,
        body: JSON.stringify({ ...toOld(incident, index), pressers }),
      })
      .execute();
  }
  await db.destroy();
}

it("what the first version stored is read by this one, all of it", async () => {
  const path = newDatabase();
  await writeFirst(path, 250);
  await using store = await openStore({ url: `sqlite:${path}`, log: openLog("silent") });
  for (const index of [1, 2, 3, 100, 101, 250]) {
    const incident = await store.read((reader) => reader.loadIncident(`old-${index}`));
    const expected = buildIncident({ id: `old-${index}`, button: String(index) });
    const at = expected.lastPressAt;
    expect(incident).toEqual({
      ...expected,
      number: index,
      pressers: [{ source: "buttons", button: String(index), via: "button", hears: false, holder: null, at }],
      deliveries: [],
      round: {
        ...expected.round,
        guards: guards[index % 4],
        ...(index % 2 === 0 ? {} : { helpAskedAt: 12, helpAskedBy: "colleague" }),
      },
      pagers: {
        desk: { ...paged, callOff: null, earlier: [] },
        'büro\'s "2"': { ...paged, failure: null, callOff: null, earlier: [] },
      },
    });
  }
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
});
