import { expect, it } from "vitest";
import { createDirectory } from "../../../../bot/config/directory.ts";
import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import { followOpen, StoredOpen } from "../../../../bot/engine/kernel/open/follow-open.ts";
import { OpenIncidents } from "../../../../bot/engine/kernel/open/open-incidents.ts";
import { load } from "../../../config/small.ts";
import { buildIncident } from "../../../fixtures/incident.ts";
import { buildPolicy } from "../../../fixtures/policy.ts";
import { buildPress } from "../../../fixtures/press.ts";
import { newIncident } from "../../../store/new-incident.ts";
import { openNoted, openNotedServer } from "../../../store/sql/group/open-noted.ts";
import { openKernel, second } from "../../open-kernel.ts";

const policy = buildPolicy();
const hour = 3_600_000;

it("keeps the newest state of what is open, whatever the order in which it is told", () => {
  const open = new OpenIncidents({ now: () => 0 });
  open.note({ incident: buildIncident({ version: 3, nextAt: 30 }), policy });
  open.note({ incident: buildIncident({ version: 2, nextAt: 20 }), policy });
  open.note({ incident: buildIncident({ id: "i-2", version: 1, nextAt: 40 }), policy });
  expect(open.of("i-1")?.incident.nextAt).toBe(30);
  expect(open.listDue(29)).toEqual([]);
  expect(open.listDue(40)).toEqual(["i-1", "i-2"]);
  for (const [version, closedAt] of [
    [4, 35],
    [3, null],
  ] as const)
    open.note({ incident: buildIncident({ version, closedAt, nextAt: null }), policy });
  expect(open.listNearest().map(({ incident }) => incident.id)).toEqual(["i-2"]);
});

it("knows by its number and place what is open, and what was closed lately", () => {
  const open = new OpenIncidents({ now: () => 0 });
  open.note({ incident: buildIncident({ number: 17, place: "Balie", version: 1 }), policy });
  open.note({ incident: buildIncident({ number: 17, place: "Hal", version: 2, closedAt: 35 }), policy });
  expect(open.nameOf("i-1")).toEqual({ number: 17, place: "Hal" });
  expect(open.nameOf("i-2")).toBeNull();
});

it("has those with the nearest deadlines at hand, and knows the others as well", () => {
  const open = new OpenIncidents({ now: () => 0 });
  const build = (number: number, changes: Partial<Incident> = {}) =>
    buildIncident({ id: `i-${number}`, number, button: `${number}`, nextAt: 10_000 - number, ...changes });
  for (let number = 1; number <= 5_000; number += 1) open.note({ incident: build(number), policy });
  const near = open.listNearest();
  expect(near.length).toBeLessThanOrEqual(2_200);
  expect(near.length + open.count(null)).toBe(near.length + 5_000);
  expect(Math.max(...near.map(({ incident }) => incident.nextAt ?? 0))).toBeLessThanOrEqual(10_000 - 2_800);
  // The first ones are the farthest.
  expect(open.of("i-1")).toEqual({ incident: build(1), policy });
  expect([open.versionOf("i-1"), open.has("i-1"), open.nameOf("i-1")?.number]).toEqual([1, true, 1]);
  expect(open.listDue(9_999)).toHaveLength(5_000);
  expect([open.listIds().length, open.listIds()[0], open.listIds().at(-1)]).toEqual([5_000, "i-5000", "i-1"]);
  expect(open.listDue(5_002)).toEqual(["i-5000", "i-4999", "i-4998"]);
  expect(open.joinedBy(buildPress({ button: "1", fixedPlace: null }))?.incident.id).toBe("i-1");
  expect(open.recallPolicy(build(1), { policies: [] })).toBe(policy);
  // Older than what is known.
  open.note({ incident: build(2, { version: 0, nextAt: 1 }), policy });
  expect(open.of("i-2")?.incident.nextAt).toBe(9_998);
  open.note({ incident: build(3, { version: 2, nextAt: 1 }), policy });
  expect(open.listNearest().map(({ incident }) => incident.id)).toContain("i-3");
  open.note({ incident: build(4, { version: 2, closedAt: 35, nextAt: null }), policy });
  expect([open.of("i-4"), open.count(null), open.listDue(9_999).length]).toEqual([null, 4_999, 4_999]);
  open.noteInside("i-1", { id: "alice" }, -5, "arrive");
  expect(open.isInside({ id: "alice" })).toBe(true);
});

it("has others at hand once those with nearer deadlines are over", () => {
  const open = new OpenIncidents({ now: () => 0 });
  const build = (number: number) => buildIncident({ id: `i-${number}`, nextAt: number });
  for (let number = 1; number <= 3_000; number += 1) open.note({ incident: build(number), policy });
  for (let number = 1; number <= 1_500; number += 1)
    open.note({ incident: { ...build(number), version: 2, closedAt: 35, nextAt: null }, policy });
  const near = open.listNearest().map(({ incident }) => incident);
  expect([near.length > 1_000, open.count(null), open.count("elsewhere")]).toEqual([true, 1_500, 0]);
  expect(near.map(({ nextAt }) => nextAt ?? 0).sort((one, other) => one - other)[0]).toBe(1_501);
  expect(near.find(({ id }) => id === "i-2400")).toEqual(build(2_400));
});

it("has all at hand again as soon as these are few enough, because a process that ends raises those", () => {
  const open = new OpenIncidents({ now: () => 0 });
  const build = (number: number) => buildIncident({ id: `i-${number}`, nextAt: number });
  for (let number = 1; number <= 2_300; number += 1) open.note({ incident: build(number), policy });
  for (let number = 1; number <= 400; number += 1)
    open.note({ incident: { ...build(number), version: 2, closedAt: 35, nextAt: null }, policy });
  expect([open.listNearest().length, open.count(null)]).toEqual([1_900, 1_900]);
});

it("joins a press to the alarm of its button, though another one of its place comes before that", () => {
  const open = new OpenIncidents({ now: () => 0 });
  for (const [id, button] of [
    ["i-1", "other"],
    ["i-2", "own"],
  ] as const)
    open.note({ incident: buildIncident({ id, button, fixedPlace: "Balie" }), policy });
  expect(open.joinedBy(buildPress({ button: "own", fixedPlace: "Balie" }))?.incident.id).toBe("i-2");
  expect(open.joinedBy(buildPress({ button: "third", fixedPlace: "Balie" }))?.incident.id).toBe("i-1");
});

it("reads the nearest deadlines of what is open before anything else, and the rest bit by bit", async () => {
  await using bot = await openKernel();
  const { store, clock } = bot.kernel;
  const far = Array.from({ length: 2_700 }, (_, index) =>
    newIncident(`far-${index}`, { policy: bot.hash, nextAt: clock.now() + 9 * hour }),
  );
  await store.write(async (tx) => {
    for (const each of [...far, newIncident("near", { policy: bot.hash, nextAt: clock.now() + hour })])
      await tx.insertIncident(each);
  });
  const open = new OpenIncidents(clock);
  await using following = await followOpen(bot.kernel, bot.handler, open, bot.directory);
  const read: string[] = [];
  following.eachRead((ids) => read.push(...ids));
  expect([open.count(null), open.has("near"), open.has("far-2699"), read.length]).toEqual([2_000, true, false, 2_000]);
  await bot.pass(1);
  expect([open.count(null), read.length]).toEqual([2_100, 2_100]);
  await bot.pass(2 * second);
  expect([open.count(null), open.has("far-2699"), new Set(read).size]).toEqual([2_701, true, 2_701]);
});

it("reads last what is due already and not among the nearest, because that is handled from the disk", async () => {
  await using bot = await openKernel();
  const { store, clock } = bot.kernel;
  const toMany = (name: string, count: number, nextAt: number) =>
    Array.from({ length: count }, (_, index) => newIncident(`${name}-${index}`, { policy: bot.hash, nextAt }));
  await store.write(async (tx) => {
    for (const each of [...toMany("due", 2_050, clock.now()), ...toMany("later", 50, clock.now() + hour)])
      await tx.insertIncident(each);
  });
  const read: string[] = [];
  const stored = new StoredOpen(bot.kernel, new OpenIncidents(clock), bot.directory, (ids) => read.push(...ids));
  for (const count of [2_000, 50, 50]) await stored.read(count);
  expect(read.slice(2_000, 2_050).every((id) => id.startsWith("later"))).toBe(true);
  expect([new Set(read).size, stored.isRead]).toEqual([2_100, true]);
});

it.each([
  ["a file", openNoted],
  ["a server", openNotedServer],
])("reads what is open from %s, and goes on with the others when one can't be read", async (_where, openStorage) => {
  const { store, run } = await openStorage();
  const directory = createDirectory(load(), new Set(), () => null);
  const { hash } = directory.policyOf(buildPress());
  for (const [id, named] of [
    ["i-1", hash],
    ["i-2", "policy-of-before"],
    ["i-3", hash],
  ] as const)
    await store.write((tx) => tx.insertIncident(newIncident(id, { policy: named })));
  await run("alter table policies rename to hidden");
  const open = new OpenIncidents({ now: () => 0 });
  const read: string[] = [];
  const stored = new StoredOpen({ store, clock: { now: () => 0 } }, open, directory, (ids) => read.push(...ids));
  await expect(stored.read(2)).rejects.toThrow();
  expect([stored.isRead, open.listNearest().map(({ incident }) => incident.id)]).toEqual([false, ["i-1"]]);
  await expect(stored.read(2)).rejects.toThrow();
  expect(open.listNearest().map(({ incident }) => incident.id)).toEqual(["i-1", "i-3"]);
  await run("alter table hidden rename to policies");
  await store.write((tx) => tx.savePolicy("policy-of-before", policy));
  await stored.read(2);
  expect(open.listNearest().map(({ incident }) => incident.id)).toEqual(["i-1", "i-3", "i-2"]);
  expect([stored.isRead, read]).toEqual([true, ["i-1", "i-3", "i-2"]]);
});

it("reads again each second what could not be read at a start", async () => {
  await using bot = await openKernel();
  await bot.press();
  const read = bot.kernel.store.read.bind(bot.kernel.store);
  let isAway = true;
  bot.kernel.store.read = (work) => (isAway ? Promise.reject(new Error("I/O error")) : read(work));
  const open = new OpenIncidents(bot.kernel.clock);
  await using _following = await followOpen(bot.kernel, bot.handler, open, bot.directory);
  await bot.pass(3 * second);
  expect(open.listNearest()).toEqual([]);
  isAway = false;
  await bot.pass(second);
  expect(open.listNearest().map(({ incident }) => incident.id)).toEqual(["i-1"]);
});

it("knows who is in what is open before that is on disk, and of nothing else", () => {
  const open = new OpenIncidents({ now: () => 0 });
  open.note({ incident: buildIncident({ version: 1 }), policy });
  open.noteInside("i-1", { id: "alice" }, -5, "arrive");
  open.noteInside("i-2", { id: "bob" }, -5, "arrive");
  expect(open.isOccupied({ id: "alice" }, "i-3")).toBe(true);
  expect(open.isOccupied({ id: "alice" }, "i-1")).toBe(false);
  expect(open.isOccupied({ id: "bob" }, "i-3")).toBe(false);
  expect(open.findElsewhere({ id: "alice" }, "i-3")).toEqual({ since: -5, thereSince: -5 });
  expect(open.findElsewhere({ id: "alice" }, "i-1")).toBeNull();
  open.noteInside("i-1", { id: "dave" }, -5, "help");
  expect(open.findElsewhere({ id: "dave" }, "i-3")).toEqual({ since: -5, thereSince: null, helpSince: -5 });
  // Who promises to come is occupied by nothing more, nor inside, also once something else of it is on disk.
  open.noteInside("i-1", { id: "carol" }, -4, "claim");
  open.noteInside("i-1", { id: "alice" }, -3, "claim");
  for (const version of [1, 2]) {
    open.note({ incident: buildIncident({ version }), policy });
    expect(open.isInside({ id: "carol" })).toBe(false);
    expect(open.isInside({ id: "alice" })).toBe(true);
    expect(open.findElsewhere({ id: "carol" }, "i-3")).toEqual({ since: null, thereSince: null, comingSince: -4 });
    expect(open.findElsewhere({ id: "alice" }, "i-3")).toEqual({ since: -5, thereSince: -5, comingSince: -3 });
  }
  open.note({ incident: buildIncident({ version: 2, closedAt: 35, nextAt: null }), policy });
  expect(open.isOccupied({ id: "alice" }, "i-3")).toBe(false);
  expect(open.findElsewhere({ id: "alice" }, "i-3")).toBeNull();
});
