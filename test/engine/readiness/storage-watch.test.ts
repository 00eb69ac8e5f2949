import { expect, it } from "vitest";
import type { Kernel } from "../../../bot/engine/kernel/kernel.ts";
import { StorageWatch } from "../../../bot/engine/readiness/storage-watch.ts";
import { InFlight } from "../../../bot/kit/in-flight.ts";
import { FakeClock } from "../../fakes/clock.ts";

it("knows of a reading that hangs, and what else is wrong with that storage", async () => {
  const clock = new FakeClock(1_000_000);
  const reading = Promise.withResolvers<readonly string[]>();
  const store = {
    read: () => reading.promise,
    inspect: async () => ["storage-behind"],
  } as unknown as Kernel["store"];
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const kernel = { store, clock, log, inFlight: new InFlight() } as unknown as Kernel;
  await using watch = new StorageWatch(kernel, { onGone() {}, onAside() {} });
  const kindsAfter = async (ms: number) => {
    clock.to(clock.now() + ms);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return watch.troubles.map(({ kind }) => kind);
  };
  await kindsAfter(0);
  expect(await kindsAfter(5_000)).toEqual(["storage-behind", "storage-unread"]);
  expect(await kindsAfter(5_000)).toEqual(["storage-behind", "storage-unread"]);
  reading.resolve([]);
  // The look that is under way is the last one that waits for it.
  await kindsAfter(5_000);
  expect(await kindsAfter(5_000)).toEqual(["storage-behind"]);
});
