import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SystemClock } from "../../../bot/engine/kernel/clock.ts";

const hour = 3_600_000;
const lookMs = 10_000;

describe("the machine's clock", () => {
  // The time on the wall and the looks at it are pushed; monotonic time is the machine's own.
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] }));
  afterEach(() => void vi.useRealTimers());

  it.each([hour, -hour])("that is stepped is logged once, and moves no deadline: %i ms", (stepMs) => {
    const steps: Record<string, unknown>[] = [];
    const warn = (facts: Record<string, unknown>, event: string) => void steps.push({ ...facts, event });
    using clock = new SystemClock({ info: () => {}, warn, error: () => {} });
    const [deadlines, wall] = [clock.now(), clock.wall()];

    // As the wall shows it when the clock is looked at next.
    const look = (wallThen: number) => {
      vi.setSystemTime(wallThen - lookMs);
      vi.advanceTimersByTime(lookMs);
    };
    look(wall + stepMs);
    expect(clock.wall() - wall).toBe(stepMs);
    expect(clock.now() - deadlines).toBeLessThan(hour / 2);
    expect(clock.now()).toBeGreaterThanOrEqual(deadlines);
    expect(steps).toEqual([{ event: "clock-stepped", steppedMs: expect.closeTo(stepMs, -4) }]);

    look(clock.now() + stepMs);
    expect(steps).toHaveLength(1);
  });
});
