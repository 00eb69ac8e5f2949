import { expect, it } from "vitest";
import { Lane } from "../../../../bot/engine/kernel/outbox/lane.ts";
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
function open(maxAtOnce: number) {
  const clock = new FakeClock(0);
  const inFlight = new InFlight();
  const begun: number[] = [];
  const ends = new Map<number, () => void>();
  const lane = new Lane(clock, inFlight, maxAtOnce, async ({ id }) => {
    begun.push(id);
    await new Promise<void>((resolve) => ends.set(id, resolve));
  });
  return {
    clock,
    inFlight,
    begun,
    lane,
    offer: (...rows: readonly OutboxRow[]) => rows.map((each) => lane.offer(each)),
    async end(id: number) {
      ends.get(id)?.();
      await turn();
    },
  };
}

it("sends as many at once as it may, and the others in order as those end", async () => {
  const { offer, begun, end } = open(2);
  offer(row(3), row(1), row(2), row(4));
  expect(begun).toEqual([3, 1]);
  await end(1);
  expect(begun).toEqual([3, 1, 2]);
  await end(3);
  expect(begun).toEqual([3, 1, 2, 4]);
});

it("counts as under way whatever waits or is being sent, each once", async () => {
  const { offer, inFlight, end } = open(1);
  offer(row(1), row(2), row(3));
  const counts = [inFlight.count];
  for (const id of [1, 2, 3]) {
    await end(id);
    counts.push(inFlight.count);
  }
  expect(counts).toEqual([3, 2, 1, 0]);
});

it("has room for 2,000, and takes what a press has put there also above that", async () => {
  const { offer, lane, begun, end } = open(1);
  const rooms = [lane.room];
  for (const [from, to] of [
    [1, 3],
    [4, 2_000],
    [2_001, 2_001],
  ] as const) {
    for (let id = from; id <= to; id += 1) offer(row(id));
    rooms.push(lane.room);
  }
  for (const id of [1, 2]) await end(id);
  expect([...rooms, lane.room]).toEqual([2_000, 1_997, 0, 0, 1]);
  expect(begun).toEqual([1, 2, 3]);
});

it("leaves a row alone whose lease would end before its sending, also when that came so while it waited", async () => {
  const { offer, clock, begun, inFlight, lane, end } = open(1);
  offer(row(1, sendOverMs - 1), row(2, sendOverMs), row(3, sendOverMs + 4), row(4, sendOverMs + 5));
  expect(begun).toEqual([2]);
  clock.to(5);
  await end(2);
  expect(begun).toEqual([2, 4]);
  await end(4);
  expect([inFlight.count, lane.room]).toEqual([0, 2_000]);
});
