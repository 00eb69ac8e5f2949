import { describe, expect, it } from "vitest";
import type { ReadyPager } from "../../../bot/contracts.ts";
import { PagerHealth } from "../../../bot/engine/readiness/pager-health.ts";
import { FakeClock } from "../../fakes/clock.ts";

const at = Date.UTC(2026, 10, 24, 9, 0, 0);

function open() {
  const clock = new FakeClock(at);
  const lines: [event: string, facts: Record<string, unknown>][] = [];
  const write = (facts: Record<string, unknown>, event: string) => void lines.push([event, facts]);
  return { clock, lines, health: new PagerHealth(clock, { info: write, warn: write, error: write }) };
}

/** A pager as far as its supervision goes. */
function pagerWith(supervise?: ReadyPager["supervise"]): ReadyPager {
  return {
    timeoutMs: 1_000,
    page: async () => ({ acceptedAt: at }),
    ...(supervise === undefined ? {} : { supervise }),
    async [Symbol.asyncDispose]() {},
  };
}

describe("what pagers say of their routes", () => {
  it("counts part by part, from when it was said first, and is logged once for each change", () => {
    const { clock, lines, health } = open();
    health.report("centre", "primary", "there");
    health.report("centre", "primary", "lost");
    clock.to(at + 30_000);
    health.report("centre", "primary", "lost");
    health.report("centre", "backup", "lost");
    expect(health.lostOf("centre")).toEqual([
      { part: "primary", since: at },
      { part: "backup", since: at + 30_000 },
    ]);
    expect(health.lostOf("mail")).toEqual([]);
    health.report("centre", "primary", "there");
    health.report("centre", "primary", "there");
    expect(health.lostOf("centre")).toEqual([{ part: "backup", since: at + 30_000 }]);
    expect(lines).toEqual([
      ["pager-lost", { pager: "centre", part: "primary" }],
      ["pager-lost", { pager: "centre", part: "backup" }],
      ["pager-there", { pager: "centre", part: "primary" }],
    ]);
  });
});

describe("supervision", () => {
  it("of every pager that has one is ended and waited for", async () => {
    const { health } = open();
    const ended: string[] = [];
    const until = (name: string) => (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => {
          setImmediate(() => {
            ended.push(name);
            resolve();
          });
        });
      });
    health.supervise({
      a: pagerWith(until("a")),
      b: pagerWith(),
      c: pagerWith(until("c")),
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toEqual([]);
    await health[Symbol.asyncDispose]();
    expect(ended).toEqual(["a", "c"]);
  });

  it("that rejects all the same is logged, and takes nothing down", async () => {
    const { health, lines } = open();
    health.supervise({
      a: pagerWith(async () => {
        throw new Error("gone");
      }),
    });
    await health[Symbol.asyncDispose]();
    expect(lines).toEqual([["pager-supervision-ended", { pager: "a", err: new Error("gone") }]]);
  });

  it("that failed is a part that is lost, ends as a whole, and begins anew until it lasts", async () => {
    const { clock, lines, health } = open();
    let begun = 0;
    const signals: AbortSignal[] = [];
    health.supervise({
      a: pagerWith((signal) => {
        begun += 1;
        signals.push(signal);
        return begun < 3 ? Promise.reject(new Error("gone")) : new Promise(() => undefined);
      }),
    });
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    await settle();
    expect(health.lostOf("a")).toEqual([{ part: "supervision", since: at }]);
    for (const minutes of [1, 2]) {
      clock.to(at + minutes * 60_000);
      await settle();
    }
    expect([begun, health.lostOf("a").length]).toEqual([3, 1]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
    clock.to(at + 3 * 60_000);
    expect(health.lostOf("a")).toEqual([]);
    expect(lines.map(([event]) => event)).toEqual([
      "pager-supervision-ended",
      "pager-lost",
      "pager-supervision-ended",
      "pager-there",
    ]);
    const ending = health[Symbol.asyncDispose]();
    clock.to(at + 4 * 60_000);
    await ending;
  });

  it("that does not heed the stop is not waited for longer than two seconds", async () => {
    const { clock, health } = open();
    health.supervise({ a: pagerWith(() => new Promise(() => undefined)) });
    let isOver = false;
    const ending = health[Symbol.asyncDispose]().then(() => {
      isOver = true;
    });
    clock.to(at + 1_999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    clock.to(at + 2_000);
    await ending;
  });
});
