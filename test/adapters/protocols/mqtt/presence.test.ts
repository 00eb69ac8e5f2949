import { expect, it } from "vitest";
import { Presence } from "../../../../adapters/protocols/mqtt/presence.ts";
import { FakeHost } from "../../../fakes/listener-host.ts";

const minute = 60_000;

async function pass(host: FakeHost, ms: number): Promise<void> {
  host.clock.to(host.clock.now() + ms);
  await new Promise(setImmediate);
}

it("tells again at the next look what could not be recorded", async () => {
  const host = new FakeHost();
  using presence = new Presence(host, "broker.example.nl");
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
  presence.markFound();
  await pass(host, 1);
  isFull = false;
  await pass(host, minute);
  expect(host.ofSource).toEqual(["trouble", "heartbeat"]);
});

it("says once a minute at most that it is there, however often the connection breaks", async () => {
  const host = new FakeHost();
  using presence = new Presence(host, "broker.example.nl");
  for (let turn = 0; turn < 120; turn += 1) {
    presence.markFound();
    await pass(host, 500);
    presence.markLost("thrown out");
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
  expect(host.notes[1]).toEqual({ event: "mqtt-lost", facts: { broker: "broker.example.nl", reason: "thrown out" } });
});

/** Half a second there, so long away. */
async function flap(host: FakeHost, presence: Presence, turns: number, awayMs: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    presence.markFound();
    await pass(host, 500);
    presence.markLost("thrown out");
    await pass(host, awayMs);
  }
}

it("is in trouble, once, while it comes and goes and is mostly gone", async () => {
  const host = new FakeHost();
  using presence = new Presence(host, "broker.example.nl");
  await flap(host, presence, 130, 2_000);
  expect(host.ofSource).not.toContain("trouble");
  await flap(host, presence, 600, 2_000);
  const sinceTrouble = () => host.ofSource.slice(host.ofSource.indexOf("trouble"));
  expect(sinceTrouble()).toEqual(["trouble"]);
  presence.markFound();
  await pass(host, minute);
  expect(sinceTrouble()).toEqual(["trouble"]);
  for (let turn = 0; turn < 5; turn += 1) await pass(host, minute);
  expect(sinceTrouble().slice(0, 2)).toEqual(["trouble", "heartbeat"]);
  expect(host.ofSource.filter((kind) => kind === "trouble")).toHaveLength(1);
});

it("is no trouble while it is mostly there, and at once back after a long absence", async () => {
  const host = new FakeHost();
  using presence = new Presence(host, "broker.example.nl");
  await flap(host, presence, 1_000, 400);
  expect(host.ofSource).not.toContain("trouble");
  await pass(host, 20 * minute);
  presence.markFound();
  await pass(host, 1);
  expect(host.ofSource.slice(-2)).toEqual(["trouble", "heartbeat"]);
});

it("says nothing any more after its end, whatever is still under way", async () => {
  const host = new FakeHost();
  const presence = new Presence(host, "broker.example.nl");
  presence[Symbol.dispose]();
  presence.markFound();
  presence.markLost("too late");
  presence.markFound();
  await pass(host, 5 * minute);
  expect(host.alarms).toEqual([]);
  expect(host.notes).toEqual([]);
  expect(host.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
});
