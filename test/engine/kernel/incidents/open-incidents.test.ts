import { expect, it } from "vitest";
import { createDirectory } from "../../../../bot/config/directory.ts";
import { followOpen } from "../../../../bot/engine/kernel/incidents/follow-open.ts";
import { OpenIncidents } from "../../../../bot/engine/kernel/incidents/open-incidents.ts";
import { load } from "../../../config/small.ts";
import { buildIncident } from "../../../fixtures/incident.ts";
import { buildPolicy } from "../../../fixtures/policy.ts";
import { buildPress } from "../../../fixtures/press.ts";
import { newIncident } from "../../../store/new-incident.ts";
import { openNoted, openNotedServer } from "../../../store/sql/group/open-noted.ts";
import { openKernel, second } from "../../open-kernel.ts";

const policy = buildPolicy();

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
  expect(open.all().map(({ incident }) => incident.id)).toEqual(["i-2"]);
});

it("knows by its number and place what is open, and what was closed lately", () => {
  const open = new OpenIncidents({ now: () => 0 });
  open.note({ incident: buildIncident({ number: 17, place: "Balie", version: 1 }), policy });
  open.note({ incident: buildIncident({ number: 17, place: "Hal", version: 2, closedAt: 35 }), policy });
  expect(open.nameOf("i-1")).toEqual({ number: 17, place: "Hal" });
  expect(open.nameOf("i-2")).toBeNull();
});

it("keeps so many at most, with the nearest deadlines", () => {
  const open = new OpenIncidents({ now: () => 0 });
  // The first one is the farthest, and among those that come after it are the nearest.
  for (let number = 0; number <= 4_400; number += 1) {
    open.note({
      incident: buildIncident({ id: `i-${number}`, nextAt: number === 0 ? 9_000 : 5_000 - number }),
      policy,
    });
    expect(open.all().length).toBeLessThanOrEqual(2_200);
  }
  expect(open.listDue(2_000)).toHaveLength(1_401);
  expect([open.of("i-0"), open.of("i-1")]).toEqual([null, null]);
});

it("reads the nearest deadlines of what is open", async () => {
  await using bot = await openKernel();
  const { store } = bot.kernel;
  const far = Array.from({ length: 2_000 }, (_, index) =>
    newIncident(`far-${index}`, { policy: bot.hash, nextAt: 9_000 }),
  );
  await store.write(async (tx) => {
    for (const each of [newIncident("near", { policy: bot.hash, nextAt: 10 }), ...far]) await tx.insertIncident(each);
  });
  const open = new OpenIncidents({ now: () => 0 });
  await open.fill({ store }, bot.directory);
  expect([open.all().length, open.of("near")?.incident.id]).toEqual([2_000, "near"]);
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
  await expect(open.fill({ store }, directory)).rejects.toThrow();
  expect(open.all().map(({ incident }) => incident.id)).toEqual(["i-1", "i-3"]);
  await run("alter table hidden rename to policies");
  await store.write((tx) => tx.savePolicy("policy-of-before", policy));
  await open.fill({ store }, directory);
  expect(open.all().map(({ incident }) => incident.id)).toEqual(["i-1", "i-3", "i-2"]);
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
  expect(open.all()).toEqual([]);
  isAway = false;
  await bot.pass(second);
  expect(open.all().map(({ incident }) => incident.id)).toEqual(["i-1"]);
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
