import { expect, it } from "vitest";
import type { ReadyListener, RunningListener } from "../../../bot/contracts.ts";
import { Listeners } from "../../../bot/engine/kernel/listeners.ts";
import { Tally } from "../../../bot/engine/kernel/tally.ts";
import { Strangers } from "../../../bot/kit/strangers.ts";
import { FakeClock } from "../../fakes/clock.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };
const listening: RunningListener = { port: 4_000, [Symbol.asyncDispose]: async () => {} };

/** A source whose port is taken the first `times`. */
function takenFor(times: number) {
  const tried: number[] = [];
  const clock = new FakeClock(0);
  const ready: ReadyListener = {
    listen: async () => {
      tried.push(clock.now());
      if (tried.length <= times) throw new Error("the port is taken");
      return listening;
    },
    press: async () => {},
  };
  return { clock, ready, tried };
}

const noteSecret = () => undefined;

async function recordNothing(): Promise<never> {
  throw new Error("the storage is down");
}

it("a source that can't listen is tried again every 10 s, also when its trouble could not be recorded", async () => {
  const { clock, ready, tried } = takenFor(2);
  const listeners = await Listeners.start(
    { clock, log, noteSecret, strangers: new Strangers(clock) },
    { panel: ready },
    recordNothing,
    new Tally(),
  );
  for (const at of [9_999, 10_000, 20_000]) {
    clock.to(at);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(tried).toEqual([0, 10_000, 20_000]);
  expect(listeners.portOf("panel")).toBe(4_000);
});

it("a source whose trouble could not be recorded keeps none of the others from their alarms", async () => {
  const { clock, ready } = takenFor(1);
  const other: ReadyListener = { listen: async () => listening, press: async () => {} };
  const listeners = await Listeners.start(
    { clock, log, noteSecret, strangers: new Strangers(clock) },
    { panel: ready, other },
    recordNothing,
    new Tally(),
  );
  expect(listeners.portOf("other")).toBe(4_000);
  await listeners[Symbol.asyncDispose]();
});

it("what a source notes is a line of the log and a figure", async () => {
  const lines: object[] = [];
  const notes = new Tally();
  const noting: ReadyListener = {
    listen: async ({ note }) => {
      note("mqtt-lost", { reason: "closed" });
      note("mqtt-lost");
      return listening;
    },
    press: async () => {},
  };
  const warn = (facts: object, event: string) => lines.push({ event, ...facts });
  const clock = new FakeClock(0);
  const kernel = { clock, log: { ...log, warn }, noteSecret, strangers: new Strangers(clock) };
  await using _listeners = await Listeners.start(kernel, { zigbee: noting }, recordNothing, notes);
  expect(lines).toEqual([
    { event: "mqtt-lost", source: "zigbee", reason: "closed" },
    { event: "mqtt-lost", source: "zigbee" },
  ]);
  expect(notes.list()).toEqual([{ source: "zigbee", event: "mqtt-lost", count: 2 }]);
});
