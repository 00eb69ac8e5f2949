import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SystemClock } from "../../../../bot/engine/kernel/time/clock.ts";

const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** A machine whose three clocks the test pushes, and the bot's clock on it. */
function startMachine() {
  const at = { wall: Date.UTC(2026, 10, 24, 9), monotonic: 5 * minute, uptime: 9 * hour };
  const steps: Record<string, unknown>[] = [];
  const warn = (facts: Record<string, unknown>, event: string) => void steps.push({ ...facts, event });
  const told = { isBootKnown: true };
  const clock = new SystemClock(
    { info: () => {}, warn, error: () => {} },
    {
      wall: () => at.wall,
      monotonic: () => at.monotonic,
      uptime: () => {
        if (!told.isBootKnown) throw new Error("this machine does not tell");
        return at.uptime;
      },
    },
  );
  return {
    clock,
    steps,
    told,
    /** Time passes on the machine, and in the timers of this process. */
    pass(ms: number) {
      for (let left = ms; left > 0; left -= second) {
        for (const name of ["wall", "monotonic", "uptime"] as const) at[name] += Math.min(second, left);
        vi.advanceTimersByTime(Math.min(second, left));
      }
    },
    step(ms: number) {
      at.wall += ms;
    },
    /** What the system does for a suspended machine when it goes on: monotonic time stood still. */
    suspend(ms: number) {
      at.wall += ms;
      at.uptime += ms;
    },
    /** What a container takes for its boot is another moment now. */
    moveBoot(ms: number) {
      at.uptime += ms;
    },
    [Symbol.dispose]: () => clock[Symbol.dispose](),
  };
}

describe("the machine's clock", () => {
  const timers = ["setInterval", "clearInterval", "setTimeout", "clearTimeout"] as const;
  beforeEach(() => void vi.useFakeTimers({ toFake: [...timers] }));
  afterEach(() => void vi.useRealTimers());

  it.each([hour, -hour])("that is stepped is logged once, and moves no deadline: %i ms", (stepMs) => {
    using machine = startMachine();
    const { clock, steps } = machine;
    const [deadlines, wall] = [clock.now(), clock.wall()];
    machine.step(stepMs);
    machine.pass(minute);
    expect(clock.wall() - wall).toBe(stepMs + minute);
    expect(clock.now() - deadlines).toBe(minute);
    expect(steps).toEqual([{ event: "clock-stepped", steppedMs: stepMs }]);
  });

  it("that was suspended counts what it lost, once, and wakes at once who waited for a moment meanwhile", () => {
    using machine = startMachine();
    const { clock, steps } = machine;
    const begunAt = clock.now();
    const woken: string[] = [];
    const cancel = clock.wakeAt(begunAt + minute, () => woken.push("cancelled"));
    clock.wakeAt(begunAt + minute, () => woken.push("in a minute"));
    clock.wakeAt(begunAt + 2 * hour, () => woken.push("in two hours"));
    cancel();
    machine.pass(10 * second);
    machine.suspend(hour);
    machine.pass(2 * second);
    expect(woken).toEqual(["in a minute"]);
    expect(clock.now() - begunAt).toBe(hour + 12 * second);
    expect(clock.now()).toBe(clock.wall());
    expect(steps).toEqual([{ event: "machine-suspended", suspendedMs: hour }]);
    machine.pass(hour - 13 * second);
    expect(woken).toEqual(["in a minute"]);
    machine.pass(second);
    expect(woken).toEqual(["in a minute", "in two hours"]);
    expect(steps).toHaveLength(1);
  });

  it("that was suspended and stepped counts what it lost alone", () => {
    using machine = startMachine();
    const { clock, steps } = machine;
    const begunAt = clock.now();
    machine.suspend(minute);
    machine.step(hour);
    machine.pass(second);
    expect(clock.now() - begunAt).toBe(minute + second);
    expect(steps).toEqual([
      { event: "machine-suspended", suspendedMs: minute },
      { event: "clock-stepped", steppedMs: hour },
    ]);
  });

  it("that is suspended for a second again and again counts that too", () => {
    using machine = startMachine();
    const { clock, steps } = machine;
    const begunAt = clock.now();
    for (let times = 0; times < 10; times += 1) {
      machine.suspend(second);
      machine.pass(second);
    }
    expect(clock.now() - begunAt).toBe(20 * second);
    expect(steps.map(({ event }) => event)).not.toContain("clock-stepped");
  });

  it("of a container that takes another moment for its boot moves nothing, then or later", () => {
    using machine = startMachine();
    const { clock, steps } = machine;
    const begunAt = clock.now();
    machine.moveBoot(30 * 24 * hour);
    machine.pass(second);
    machine.step(hour);
    machine.pass(second);
    machine.moveBoot(-30 * 24 * hour);
    machine.pass(second);
    expect(clock.now() - begunAt).toBe(3 * second);
    expect(steps).toEqual([{ event: "clock-stepped", steppedMs: hour }]);
    machine.suspend(minute);
    machine.pass(second);
    expect(clock.now() - begunAt).toBe(minute + 4 * second);
  });

  it("that does not tell when it booted takes everything for a step", () => {
    using machine = startMachine();
    const { clock, steps, told } = machine;
    const begunAt = clock.now();
    told.isBootKnown = false;
    machine.suspend(hour);
    machine.pass(second);
    told.isBootKnown = true;
    machine.pass(second);
    expect(clock.now() - begunAt).toBe(2 * second);
    expect(steps).toEqual([{ event: "clock-stepped", steppedMs: hour }]);
  });

  it("is behind a clock that went ahead, which is no step", () => {
    using machine = startMachine();
    const { clock, steps } = machine;
    clock.goAhead(9 * minute);
    machine.pass(minute);
    expect(clock.now() - clock.wall()).toBe(9 * minute);
    expect(steps).toEqual([]);
  });

  it("lets a wait of days end at its moment, by timers that hold it in parts", () => {
    using machine = startMachine();
    const { clock } = machine;
    const woken: number[] = [];
    const at = clock.now() + 60 * hour;
    clock.wakeAt(at, () => woken.push(clock.now()));
    machine.pass(61 * hour);
    expect(woken).toEqual([at]);
  });
});
