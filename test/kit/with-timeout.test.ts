import { describe, expect, it } from "vitest";
import { late, SharedWait, withTimeout } from "../../bot/kit/with-timeout.ts";
import { FakeClock } from "../fakes/clock.ts";

describe("withTimeout", () => {
  it("gives what the work comes to, and leaves no timer behind", async () => {
    const clock = new FakeClock(0);
    expect(await withTimeout(clock, 1_000, Promise.resolve("done"))).toBe("done");
    expect(clock.nextAt).toBe(Number.POSITIVE_INFINITY);
  });

  it("rejects as the work does", async () => {
    const failing = withTimeout(new FakeClock(0), 1_000, Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
  });

  it("is late when its time is up, and not before", async () => {
    const clock = new FakeClock(0);
    const { promise, resolve } = Promise.withResolvers<string>();
    const answer = withTimeout(clock, 1_000, promise);
    clock.to(999);
    clock.to(1_000);
    expect(await answer).toBe(late);
    resolve("too late");
    expect(await withTimeout(clock, 1_000, promise)).toBe("too late");
  });
});

it("waits once for what hangs, not at all after that, and asks again once it has ended", async () => {
  const clock = new FakeClock(0);
  const asked: PromiseWithResolvers<string>[] = [];
  const shared = new SharedWait(clock, 5_000, () => {
    const each = Promise.withResolvers<string>();
    asked.push(each);
    return each.promise;
  });
  const first = shared.wait();
  clock.to(5_000);
  expect(await first).toBe(late);
  expect(await shared.wait()).toBe(late);
  expect(asked).toHaveLength(1);
  const over = shared[Symbol.asyncDispose]();
  asked[0]?.reject(new Error("cut off"));
  await over;
  const next = shared.wait();
  asked[1]?.resolve("an answer");
  expect(await next).toBe("an answer");
  const refused = shared.wait();
  asked[2]?.reject(new Error("I/O error"));
  await expect(refused).rejects.toThrow("I/O error");
});
