import { expect, it } from "vitest";
import { startPresence } from "../../../adapters/mqtt/presence.ts";
import { FakeHost } from "../../fakes/listener-host.ts";

const minute = 60_000;

async function pass(host: FakeHost, ms: number): Promise<void> {
  host.clock.to(host.clock.now() + ms);
  await new Promise(setImmediate);
}

it("tells again at the next look what could not be recorded", async () => {
  const host = new FakeHost();
  using presence = startPresence(host);
  let isFull = true;
  host.commit = async () => {
    if (isFull) throw new Error("the disk is full");
  };
  await pass(host, minute);
  expect(host.notes.map(({ event }) => event)).toEqual(["mqtt-state-not-recorded"]);
  isFull = false;
  await pass(host, minute);
  expect(host.ofSource).toEqual(["trouble"]);
  isFull = true;
  presence.found();
  await pass(host, 1);
  isFull = false;
  await pass(host, minute);
  expect(host.ofSource).toEqual(["trouble", "heartbeat"]);
});

it("says once a minute at most that it is there, however often the connection breaks", async () => {
  const host = new FakeHost();
  using presence = startPresence(host);
  for (let turn = 0; turn < 120; turn += 1) {
    presence.found();
    await pass(host, 500);
    presence.lost("thrown out");
    await pass(host, 500);
  }
  expect(host.ofSource).toEqual(["heartbeat", "heartbeat"]);
  expect(host.notes.map(({ event }) => event)).toEqual([
    "mqtt-connected",
    "mqtt-lost",
    "mqtt-connected",
    "mqtt-lost",
    "mqtt-connected",
  ]);
});

it("says nothing any more after its end", async () => {
  const host = new FakeHost();
  startPresence(host)[Symbol.dispose]();
  await pass(host, 5 * minute);
  expect(host.alarms).toEqual([]);
});
