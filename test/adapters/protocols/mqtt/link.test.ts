import { afterEach, describe, expect, it } from "vitest";
import { mqtt } from "../../../../adapters/listeners/mqtt.ts";
import { type AedesSettings, startAedes } from "../../../fakes/broker.ts";
import { until } from "../../../fakes/listener-host.ts";
import { endAll, isThere, listen, listenNow, never, pressOf, publish, start, toOptions, tryAgain } from "./listen.ts";

const minute = 60_000;

afterEach(endAll);

describe("a disk that refuses", () => {
  it("is asked again until it takes the message, which stays with the broker", async () => {
    const { port } = await start(startAedes);
    const { host } = await listenNow(toOptions(port));
    const asked: unknown[] = [];
    host.commit = async ([alarm]) => {
      asked.push(alarm?.id);
      if (asked.length <= 3) throw new Error("the disk is full");
    };
    await publish(port, [pressOf("balie")]);
    for (const [index, pauseMs] of [1_000, 2_000, 4_000].entries()) {
      await until(() => asked.length === index + 1);
      await new Promise(setImmediate);
      expect(host.pressed).toEqual([]);
      host.clock.to(host.clock.now() + pauseMs - 1);
      await new Promise(setImmediate);
      expect(asked.length).toBe(index + 1);
      host.clock.to(host.clock.now() + 1);
    }
    await until(() => host.pressed.length > 0);
    expect(host.pressed).toEqual(["balie"]);
    expect(new Set(asked).size).toBe(1);
    expect(host.notes.filter(({ event }) => event === "mqtt-message-waits")).toHaveLength(1);
  });

  it("holds back one message and none behind it", async () => {
    const { port } = await start(startAedes);
    const first = await listenNow(toOptions(port));
    first.host.commit = async ([alarm]) => {
      if (alarm?.button === "poison") throw new Error("this one never");
    };
    await publish(port, ["poison", "2", "3"].map(pressOf));
    await until(() => first.host.pressed.length === 2);
    await first.stop();
    const second = await listen(toOptions(port));
    await until(() => second.host.pressed.length > 0);
    await publish(port, [pressOf("last")]);
    await until(() => second.host.pressed.includes("last"));
    expect(first.host.pressed).toEqual(["2", "3"]);
    expect(second.host.pressed).toEqual(["poison", "last"]);
  });
});

describe("a broker that is away", () => {
  it("is a trouble after a minute, once, until it is back", async () => {
    const broker = await start(startAedes);
    const { host } = await listenNow(toOptions(broker.port));
    expect(host.ofSource).toEqual(["heartbeat"]);
    host.clock.to(host.clock.now() + minute);
    await until(() => host.ofSource.length === 2);
    host.clock.to(host.clock.now() + minute / 2);
    await broker.kill();
    await until(() => !isThere(host));
    const lostAt = host.clock.now();
    host.clock.to(lostAt + minute - 1);
    await new Promise(setImmediate);
    expect(host.ofSource).toEqual(["heartbeat", "heartbeat"]);
    host.clock.to(lostAt + minute);
    await until(() => host.ofSource.length === 3);
    for (let turn = 0; turn < 5; turn += 1) {
      await tryAgain(host);
      await until(() => host.clock.nextAt === host.clock.now() + 2_000);
      host.clock.to(host.clock.now() + minute);
    }
    await broker.restart();
    await tryAgain(host);
    await until(() => isThere(host));
    expect(host.ofSource).toEqual(["heartbeat", "heartbeat", "trouble", "heartbeat"]);
    expect(host.notes.map(({ event }) => event)).toEqual([
      "mqtt-connected",
      "mqtt-lost",
      "mqtt-lost",
      "mqtt-connected",
    ]);
    expect(host.notes[2]?.facts).toEqual({ broker: "127.0.0.1", reason: "ECONNREFUSED" });
  });

  it("is tried again from the start on", async () => {
    const broker = await start(startAedes);
    await broker.kill();
    const { host } = await listen(toOptions(broker.port));
    await tryAgain(host);
    host.clock.to(host.clock.now() + minute);
    await until(() => host.ofSource.length === 1);
    await broker.restart();
    await tryAgain(host);
    await until(() => isThere(host));
    expect(host.ofSource).toEqual(["trouble", "heartbeat"]);
  });

  it("is not whole while a bridge behind it is away", async () => {
    const { port } = await start(startAedes);
    const { host } = await listenNow(toOptions(port));
    const say = async (state: string, count: number): Promise<void> => {
      await publish(port, [["zigbee2mqtt/bridge/state", JSON.stringify({ state })]], true);
      await until(() => host.ofSource.length === count);
    };
    await say("offline", 2);
    for (let turn = 0; turn < 3; turn += 1) {
      host.clock.to(host.clock.now() + minute);
      await new Promise(setImmediate);
    }
    expect(host.ofSource).toEqual(["heartbeat", "trouble"]);
    await say("online", 3);
    host.clock.to(host.clock.now() + minute);
    await until(() => host.ofSource.length === 4);
    expect(host.ofSource).toEqual(["heartbeat", "trouble", "heartbeat", "heartbeat"]);
  });

  it("that lets us receive half of the topics is a trouble too", async () => {
    let isAllowed = false;
    const authorizeSubscribe: AedesSettings["authorizeSubscribe"] = (_client, subscription, done) =>
      done(null, isAllowed || subscription.topic !== "alarms/#" ? subscription : null);
    const { port } = await start(() => startAedes({ authorizeSubscribe }));
    const topics = [{ format: "message", topic: "alarms/#" }, ...mqtt.exampleOptions.topics];
    const { host } = await listen(toOptions(port, { topics }));
    await until(() => host.notes.length > 0);
    expect(host.notes).toMatchObject([{ event: "mqtt-subscription-refused", facts: { topic: "alarms/#" } }]);
    await publish(port, [pressOf("balie")]);
    await until(() => host.pressed.length === 1);
    host.clock.to(host.clock.now() + minute);
    await until(() => host.ofSource.length === 1);
    isAllowed = true;
    host.clock.to(host.clock.now() + minute);
    await until(() => isThere(host));
    expect(host.ofSource).toEqual(["trouble", "heartbeat"]);
  });

  it.each(["grants", "refuses"])("that %s a subscription while we end is not waited for afterwards", async (word) => {
    let answer = (): void => {};
    const authorizeSubscribe: AedesSettings["authorizeSubscribe"] = (_client, subscription, done) => {
      if (subscription.topic === "alarms/#") done(null, null);
      else answer = () => done(null, word === "grants" ? subscription : null);
    };
    const before = answer;
    const { port } = await start(() => startAedes({ authorizeSubscribe }));
    const topics = [{ format: "message", topic: "alarms/#" }, ...mqtt.exampleOptions.topics];
    const { host, stop } = await listen(toOptions(port, { topics }));
    await until(() => answer !== before);
    const stopped = stop();
    answer();
    await stopped;
    await new Promise(setImmediate);
    expect(host.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
    host.clock.to(host.clock.now() + 5 * minute);
    await new Promise(setImmediate);
    expect(host.alarms).toEqual([]);
    expect(host.notes.map(({ event }) => event)).toEqual(["mqtt-subscription-refused"]);
  });

  it("does not take our ring", async () => {
    const broker = await start(startAedes);
    await broker.kill();
    await expect(mqtt.press(toOptions(broker.port), "balie", 0, never)).rejects.toMatchObject({
      reason: "unreachable",
    });
    await expect(mqtt.press(toOptions(broker.port), "balie", 0, AbortSignal.abort())).rejects.toThrow("did not take");
  });
});
