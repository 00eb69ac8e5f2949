import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SystemClock } from "../../../bot/engine/kernel/time/clock.ts";
import { DatabaseClock } from "../../../bot/engine/readiness/database-clock.ts";
import { openKernel } from "../open-kernel.ts";

const [second, minute, hour] = [1_000, 60_000, 3_600_000];
const begun = Date.UTC(2026, 10, 24, 9);

/** The bot's clock on a machine, and a database's server whose clock is off by `offMs`. */
async function startPair(offMs: number | null) {
  const stack = new AsyncDisposableStack();
  const time = { passed: 0, offMs, takesMs: 0, asked: 0, fails: false };
  const machine = {
    wall: () => begun + time.passed,
    monotonic: () => time.passed,
    uptime: () => time.passed,
  };
  const lines: [string, Record<string, unknown>][] = [];
  const note = (facts: Record<string, unknown>, event: string) => void lines.push([event, facts]);
  const log = { info: note, warn: note, error: note };
  const clock = stack.use(new SystemClock(log, machine));
  const { kernel } = stack.use(await openKernel());
  async function read(): Promise<number | null> {
    time.asked += 1;
    if (time.fails) throw new Error("no answer");
    // Half of the time that it takes is the way there.
    time.passed += time.takesMs / 2;
    const at = time.offMs === null ? null : machine.wall() + time.offMs;
    time.passed += time.takesMs / 2;
    return at;
  }
  return {
    time,
    clock,
    machine,
    lines,
    /** It is asked once at the start and once right after that. */
    follow: async () => {
      const followed = stack.use(await DatabaseClock.follow({ ...kernel, clock, log }, clock, read));
      await vi.advanceTimersByTimeAsync(1);
      return followed;
    },
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= second) {
        time.passed += Math.min(second, left);
        await vi.advanceTimersByTimeAsync(Math.min(second, left));
      }
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const timers = ["setInterval", "clearInterval", "setTimeout", "clearTimeout"] as const;
beforeEach(() => void vi.useFakeTimers({ toFake: [...timers] }));
afterEach(() => void vi.useRealTimers());

describe("at a start", () => {
  it.each([-hour, -4 * minute, 0, 4 * minute, hour])(
    "it is the server's time: %i ms from the machine's",
    async (offMs) => {
      await using pair = await startPair(offMs);
      const followed = await pair.follow();
      expect(pair.clock.now() - pair.machine.wall()).toBe(offMs);
      const isFar = Math.abs(offMs) > 10 * minute;
      expect(followed.troubles).toMatchObject(isFar ? [{ kind: "clock-differs", apartMs: hour }] : []);
      expect(pair.lines.map(([event]) => event)).toEqual([
        ...(offMs === 0 ? [] : ["clock-set"]),
        ...(isFar ? ["clock-differs"] : []),
      ]);
    },
  );

  it.each([400, -400])("what the way to the server and back may be is no difference: %i ms", async (offMs) => {
    await using pair = await startPair(offMs);
    pair.time.takesMs = second;
    await pair.follow();
    expect(pair.clock.now()).toBe(pair.machine.wall());
  });

  it("a file has no clock, and is not asked again", async () => {
    await using pair = await startPair(null);
    const followed = await pair.follow();
    await pair.pass(3 * minute);
    expect([pair.clock.now(), pair.time.asked]).toEqual([pair.machine.wall(), 1]);
    expect(followed.troubles).toEqual([]);
  });

  it("a server that does not answer leaves the machine's, and is asked again", async () => {
    await using pair = await startPair(3 * second);
    pair.time.fails = true;
    await pair.follow();
    expect(pair.clock.now()).toBe(pair.machine.wall());
    expect(pair.lines.map(([event]) => event)).toEqual(["look-failed", "look-failed"]);
    pair.time.fails = false;
    await pair.pass(minute);
    expect(pair.clock.now() - pair.machine.wall()).toBe(3 * second);
  });
});

describe("each minute", () => {
  it("what the server is ahead has passed, and wakes who waited for it", async () => {
    await using pair = await startPair(0);
    await pair.follow();
    const wake = vi.fn();
    pair.clock.wakeAt(pair.clock.now() + 5 * minute, wake);
    pair.time.offMs = 4 * minute;
    await pair.pass(minute - second);
    expect(pair.clock.now()).toBe(pair.machine.wall());
    await pair.pass(second);
    expect(pair.clock.now() - pair.machine.wall()).toBe(4 * minute);
    await pair.pass(second);
    expect(wake).toHaveBeenCalledOnce();
    expect(pair.lines).toEqual([["clock-set", { aheadMs: 4 * minute }]]);
  });

  it("time stands still by a second at most where the server is behind, and never goes back", async () => {
    await using pair = await startPair(0);
    await pair.follow();
    const wake = vi.fn();
    pair.clock.wakeAt(pair.clock.now() + minute + 2 * second, wake);
    pair.time.offMs = -1_500;
    await pair.pass(minute);
    const stood = pair.clock.now();
    expect(stood).toBe(pair.machine.wall());
    await pair.pass(second);
    expect(pair.clock.now()).toBe(stood);
    await pair.pass(second);
    expect([pair.clock.now() - stood, wake.mock.calls.length]).toEqual([second, 0]);
    await pair.pass(second);
    expect([pair.clock.now() - stood, wake.mock.calls.length]).toEqual([2 * second, 1]);
    await pair.pass(2 * minute);
    expect(pair.clock.now() - pair.machine.wall()).toBe(-1_500);
  });

  it.each([11 * minute, -11 * minute])("%i ms is not followed, and told until it is over", async (offMs) => {
    await using pair = await startPair(0);
    const followed = await pair.follow();
    pair.time.offMs = offMs;
    await pair.pass(3 * minute);
    expect(pair.clock.now()).toBe(pair.machine.wall());
    expect(followed.troubles).toMatchObject([{ kind: "clock-differs", apartMs: 11 * minute, since: begun + minute }]);
    expect(pair.lines.map(([event]) => event)).toEqual(["clock-differs"]);
    pair.time.offMs = 0;
    await pair.pass(minute);
    expect(followed.troubles).toEqual([]);
  });
});
