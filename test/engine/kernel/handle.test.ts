import { expect, it } from "vitest";
import type { Incident } from "../../../bot/domain/incident/incident.ts";
import type { Commit } from "../../../bot/engine/kernel/handle.ts";
import { StaleIncident } from "../../../bot/errors.ts";
import { newIncident } from "../../store/new-incident.ts";
import { begunAt, openKernel, second, turn } from "../open-kernel.ts";

const alice = { id: "00000000-0000-0000-0000-00000000000c", name: "Alice" };

it("tries again on what is on disk by then when somebody was faster", async () => {
  await using held = await openKernel();
  await held.press();
  const old = await held.load();
  await held.handler.handle("i-1", { kind: "claim", by: alice });
  let tries = 0;
  await held.handler.write(async (tx) => {
    tries += 1;
    const incident = (tries === 1 ? old : await tx.loadIncident("i-1")) as Incident;
    await tx.updateIncident({ ...incident, version: incident.version + 1, place: "Buiten" });
    return { value: null, commits: [] };
  });
  expect(tries).toBe(2);
  expect(await held.load()).toMatchObject({ place: "Buiten", responders: [{ person: alice }] });
});

const stale = new StaleIncident("somebody was faster");
const broken = new Error("the work failed");

it.each([
  ["ten times", [...Array(9).fill(stale)], 10, "written"],
  ["no eleventh time", Array(11).fill(stale), 10, stale],
  ["only when somebody was faster", [broken], 1, broken],
] as const)("tries %s", async (_what, failures: readonly Error[], tried, outcome) => {
  await using held = await openKernel();
  let tries = 0;
  const writing = held.handler.write(async () => {
    const failure = failures[tries];
    tries += 1;
    if (failure !== undefined) throw failure;
    return { value: "written", commits: [] };
  });
  expect(await writing.catch((error: unknown) => error)).toBe(outcome);
  expect(tries).toBe(tried);
  expect(held.kernel.inFlight.count).toBe(0);
});

/** A handler, and a write that the disk keeps waiting. */
async function openHanging(write: "write" | "writeLate") {
  const held = await openKernel();
  const received: Commit[] = [];
  held.handler.subscribe((commit) => received.push(commit));
  const { promise: disk, resolve: goOn } = Promise.withResolvers<void>();
  const written: unknown[] = [];
  const writing = held.handler[write](async () => {
    await disk;
    return { value: "written", commits: [{ rows: [], nextAt: 7 }] };
  });
  writing.then(
    (value) => written.push(value),
    (error: Error) => written.push(error.message),
  );
  return { ...held, received, written, goOn };
}

it("rejects a write that takes 5 s, and what came of it later is reported all the same", async () => {
  await using held = await openHanging("write");
  await held.pass(5 * second - 1, 1);
  expect(held.written).toEqual([]);
  held.kernel.clock.to(begunAt + 5 * second);
  await held.settle();
  expect([held.written, held.received]).toEqual([["the storage did not answer in time"], []]);
  held.goOn();
  while (held.received.length === 0) await turn();
  expect(held.received).toEqual([{ rows: [], nextAt: 7 }]);
});

it("does not begin a write any more that was given up while another one held the disk", async () => {
  await using held = await openHanging("write");
  let begun = 0;
  const waiting = held.handler.write(async () => {
    begun += 1;
    return { value: null, commits: [] };
  });
  const failed = waiting.catch((error: Error) => error.message);
  await held.pass(5 * second - 1, 2);
  held.kernel.clock.to(begunAt + 5 * second);
  expect(await failed).toBe("the storage did not answer in time");
  held.goOn();
  // In one group with it, or behind it.
  await held.handler.write(async () => ({ value: null, commits: [] }));
  expect(begun).toBe(0);
});

it("waits as long as it takes where a late write is as good", async () => {
  await using held = await openHanging("writeLate");
  await held.pass(60 * second, 1);
  expect(held.written).toEqual([]);
  held.goOn();
  await held.settle();
  expect([held.written, held.received]).toEqual([["written"], [{ rows: [], nextAt: 7 }]]);
});

it("gives every subscriber every commit, in order and once it is on disk", async () => {
  await using held = await openKernel();
  const received: string[] = [];
  const onDisk: Promise<Incident | null>[] = [];
  for (const name of ["outbox", "timekeeper"]) {
    held.handler.subscribe(({ nextAt }) => {
      received.push(`${name} ${nextAt}`);
      onDisk.push(held.load());
    });
  }
  await held.handler.write(async (tx) => {
    await tx.insertIncident(newIncident("i-1"));
    return { value: null, commits: [7, 8].map((nextAt) => ({ rows: [], nextAt })) };
  });
  expect(received).toEqual(["outbox 7", "timekeeper 7", "outbox 8", "timekeeper 8"]);
  expect((await Promise.all(onDisk)).map((incident) => incident?.id)).toEqual(Array(4).fill("i-1"));
});

it("answers null of an incident that is not there, and has nothing to be done", async () => {
  await using held = await openKernel();
  const received: Commit[] = [];
  held.handler.subscribe((commit) => received.push(commit));
  expect(await held.handler.handle("i-1", { kind: "claim", by: alice })).toBeNull();
  expect(received).toEqual([{ rows: [], nextAt: null }]);
});
