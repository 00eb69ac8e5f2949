import { expect, it } from "vitest";
import { Patience } from "../../bot/kit/patience.ts";
import { late } from "../../bot/kit/with-timeout.ts";
import { FakeClock } from "../fakes/clock.ts";

it("waits once for what hangs, not at all after that, and asks again once it has ended", async () => {
  const clock = new FakeClock(0);
  const asked: PromiseWithResolvers<string>[] = [];
  const patience = new Patience(clock, 5_000, () => {
    const each = Promise.withResolvers<string>();
    asked.push(each);
    return each.promise;
  });
  const first = patience.wait();
  clock.to(5_000);
  expect(await first).toBe(late);
  expect(await patience.wait()).toBe(late);
  expect(asked).toHaveLength(1);
  const over = patience[Symbol.asyncDispose]();
  asked[0]?.reject(new Error("cut off"));
  await over;
  const next = patience.wait();
  asked[1]?.resolve("an answer");
  expect(await next).toBe("an answer");
  const refused = patience.wait();
  asked[2]?.reject(new Error("I/O error"));
  await expect(refused).rejects.toThrow("I/O error");
});
