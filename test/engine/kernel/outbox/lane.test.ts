import { expect, it } from "vitest";
import { Lane } from "../../../../bot/engine/kernel/outbox/lane.ts";
import { Presses } from "../../../../bot/engine/kernel/outbox/presses.ts";
import { Turns } from "../../../../bot/engine/kernel/outbox/turns.ts";
import { InFlight } from "../../../../bot/kit/in-flight.ts";
import type { OutboxRow } from "../../../../bot/ports/store/outbox.ts";
import { leaseMs, sendOverMs } from "../../../../bot/ports/timing.ts";
import { FakeClock } from "../../../fakes/clock.ts";
import { turn } from "../../open-kernel.ts";

function row(id: number, leasedUntil = leaseMs): OutboxRow {
  const fixed = {
    lane: "alarm",
    incident: "",
    outgoing: { kind: "card" },
    dueAt: 0,
    attempts: 0,
    revision: 1,
  } as const;
  return { ...fixed, id, key: `card-${id}`, leasedUntil };
}

/** A lane whose sendings end when the test says so. */
function open(maxAtOnce: number, fewAtOnce = 100) {
  const clock = new FakeClock(0);
  const inFlight = new InFlight();
  const presses = new Presses();
  const begun: number[] = [];
  const left: number[] = [];
  const ends = new Map<number, () => void>();
  const lane = new Lane({
    ...{ clock, inFlight, presses, maxAtOnce, fewAtOnce, turns: new Turns(), goesFirst: false },
    leave: ({ id }) => void left.push(id),
    async send({ id }) {
      begun.push(id);
      await new Promise<void>((resolve) => ends.set(id, resolve));
    },
  });
  return {
    clock,
    inFlight,
    presses,
    begun,
    left,
    lane,
    async offer(...rows: readonly OutboxRow[]) {
      for (const each of rows) lane.offer(each);
      await turn();
    },
    async end(id: number) {
      ends.get(id)?.();
      for (let turns = 0; turns < 2; turns += 1) await turn();
    },
  };
}

it("sends as many at once as it may, and the others in order as those end", async () => {
  const { offer, begun, end } = open(2);
  await offer(row(3), row(1), row(2), row(4));
  expect(begun).toEqual([3, 1]);
  await end(1);
  expect(begun).toEqual([3, 1, 2]);
  await end(3);
  expect(begun).toEqual([3, 1, 2, 4]);
});

it("begins a few in the next turn of the loop, and twice as many in each that follows", async () => {
  const { lane, begun } = open(100, 2);
  for (let id = 1; id <= 20; id += 1) lane.offer(row(id));
  const counts = [begun.length];
  for (let turns = 0; turns < 4; turns += 1) {
    await turn();
    counts.push(begun.length);
  }
  expect(counts).toEqual([0, 2, 6, 14, 20]);
});

it("beside presses that are being written begins a few for each group of them that ends, and then all others", async () => {
  const { presses, offer, begun } = open(100, 2);
  const [first, second, third, last] = [presses.enter(), presses.enter(), presses.enter(), presses.enter()];
  await offer(row(1), row(2), row(3), row(4), row(5), row(6), row(7), row(8), row(9));
  const counts: number[] = [];
  const count = async () => {
    for (let turns = 0; turns < 10; turns += 1) await turn();
    counts.push(begun.length);
  };
  await count();
  first[Symbol.dispose]();
  await count();
  for (const each of [second, third]) each[Symbol.dispose]();
  await count();
  last[Symbol.dispose]();
  await count();
  const again = presses.enter();
  await offer(row(10), row(11), row(12));
  again[Symbol.dispose]();
  expect([...counts, begun.length]).toEqual([2, 4, 6, 9, 11]);
});

it("lets none follow one that ends while a press is being written", async () => {
  const { presses, offer, begun, end } = open(1);
  const press = presses.enter();
  await offer(row(1), row(2));
  await end(1);
  expect(begun).toEqual([1]);
  press[Symbol.dispose]();
  await turn();
  expect(begun).toEqual([1, 2]);
});

it("counts as under way whatever waits or is being sent, each once", async () => {
  const { offer, inFlight, end } = open(1);
  await offer(row(1), row(2), row(3));
  const counts = [inFlight.count];
  for (const id of [1, 2, 3]) {
    await end(id);
    counts.push(inFlight.count);
  }
  expect(counts).toEqual([3, 2, 1, 0]);
});

it("has room for 2,000, and takes what a press has put there also above that", async () => {
  const { lane, begun, end } = open(1);
  const rooms = [lane.room];
  for (const [from, to] of [
    [1, 3],
    [4, 2_000],
    [2_001, 2_001],
  ] as const) {
    for (let id = from; id <= to; id += 1) lane.offer(row(id));
    await turn();
    rooms.push(lane.room);
  }
  for (const id of [1, 2]) await end(id);
  expect([...rooms, lane.room]).toEqual([2_000, 1_997, 0, 0, 1]);
  expect(begun).toEqual([1, 2, 3]);
});

it("leaves a row alone whose lease would end before its sending, also when that came so while it waited", async () => {
  const { offer, clock, begun, left, inFlight, lane, end } = open(1);
  await offer(row(1, sendOverMs - 1), row(2, sendOverMs), row(3, sendOverMs + 4), row(4, sendOverMs + 5));
  expect(begun).toEqual([2]);
  clock.to(5);
  await end(2);
  expect([begun, left]).toEqual([
    [2, 4],
    [1, 3],
  ]);
  await end(4);
  expect([inFlight.count, lane.room]).toEqual([0, 2_000]);
});
