import { expect, it } from "vitest";
import { Poller } from "../../../bot/engine/kernel/poller.ts";
import { InFlight } from "../../../bot/kit/in-flight.ts";
import { FakeClock } from "../../fakes/clock.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A poller whose looks end when the test says so. */
function start(clock: FakeClock, next: () => number | null = () => null) {
  const looks: { at: number; end: () => void }[] = [];
  const inFlight = new InFlight();
  const poller = new Poller({ clock, log, inFlight }, async () => {
    await new Promise<void>((resolve) => looks.push({ at: clock.now(), end: resolve }));
    return next();
  });
  return { poller, looks, inFlight };
}

async function to(clock: FakeClock, at: number): Promise<void> {
  clock.to(at);
  await turns();
}

it("looks at once, every second, and at an expected moment before that", async () => {
  const clock = new FakeClock(0);
  const { poller, looks } = start(clock);
  await turns();
  looks[0]?.end();
  await turns();
  poller.expect(300);
  poller.expect(400);
  for (const at of [299, 300]) await to(clock, at);
  looks[1]?.end();
  await turns();
  for (const at of [1_299, 1_300]) await to(clock, at);
  expect(looks.map(({ at }) => at)).toEqual([0, 300, 1_300]);
});

it("a moment that is expected and comes during a look is looked at right after it: nothing ever stands still", async () => {
  const clock = new FakeClock(0);
  const { poller, looks } = start(clock);
  await turns();
  poller.expect(5);
  await to(clock, 20);
  expect(looks).toHaveLength(1);
  looks[0]?.end();
  await turns();
  expect(looks.map(({ at }) => at)).toEqual([0, 20]);
});

it("goes on after a look that failed", async () => {
  const clock = new FakeClock(0);
  let looked = 0;
  new Poller({ clock, log, inFlight: new InFlight() }, async () => {
    looked += 1;
    throw new Error("the storage is down");
  });
  await turns();
  await to(clock, 1_000);
  await to(clock, 2_000);
  expect(looked).toBe(3);
});

it("sleeps until the next moment that a look knows of", async () => {
  const clock = new FakeClock(0);
  const { looks } = start(clock, () => 700);
  await turns();
  looks[0]?.end();
  await turns();
  await to(clock, 699);
  expect(looks).toHaveLength(1);
  await to(clock, 700);
  expect(looks).toHaveLength(2);
});

it("counts as under way while it looks, and not while it sleeps", async () => {
  const clock = new FakeClock(0);
  const { looks, inFlight } = start(clock);
  await turns();
  expect(inFlight.count).toBe(1);
  looks[0]?.end();
  await turns();
  expect(inFlight.count).toBe(0);
});

it("waits for the look that is under way when it stops, and looks no more", async () => {
  const clock = new FakeClock(0);
  const { poller, looks } = start(clock);
  await turns();
  let isStopped = false;
  const stopping = poller[Symbol.asyncDispose]().then(() => {
    isStopped = true;
  });
  await turns();
  expect(isStopped).toBe(false);
  looks[0]?.end();
  await stopping;
  poller.expect(5);
  expect(clock.nextAt).toBe(Number.POSITIVE_INFINITY);
  await to(clock, 5_000);
  expect(looks).toHaveLength(1);
});
