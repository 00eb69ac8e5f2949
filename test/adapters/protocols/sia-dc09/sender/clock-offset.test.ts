import { expect, it } from "vitest";
import { ClockOffset } from "../../../../../adapters/protocols/sia-dc09/sender/clock-offset.ts";
import { FakeClock } from "../../../../fakes/clock.ts";
import { createPagerHost } from "../../../../fakes/pager-host.ts";

const now = Date.UTC(2026, 10, 24, 9, 30, 0);
const hour = 3_600_000;

function start() {
  const host = createPagerHost(new FakeClock(now));
  return { host, offset: new ClockOffset(host, "primary") };
}

it("asking whether a sealed answer is timely teaches nothing, however often", () => {
  const { host, offset } = start();
  for (const sealedAt of [now - hour, now - hour, now - hour + 1, now + 2 * hour]) {
    expect(offset.isTimely(sealedAt)).toBe(false);
  }
  expect(offset.isTimely(now)).toBe(true);
  expect(offset.isTimely(null)).toBe(true);
  expect([host.notes, host.remembered.size, offset.now()]).toEqual([[], 0, now]);
});

it("a sealed answer that taught proves nothing itself; a later one does, an earlier one doesn't", () => {
  const { host, offset } = start();
  offset.learnFromSeal(now - hour);
  offset.learnFromSeal(now - hour);
  expect(host.notes).toHaveLength(1);
  expect([0, -1, 1].map((ms) => offset.isTimely(now - hour + ms))).toEqual([false, false, true]);
  // What the receiver wants to see in our frames is another matter.
  expect(offset.now()).toBe(now);
});

it("an answer without a seal teaches nothing", () => {
  const { host, offset } = start();
  offset.learnFromSeal(null);
  expect([host.notes, host.remembered.size]).toEqual([[], 0]);
});
