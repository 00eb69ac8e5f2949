import { connectAsync } from "mqtt";
import { afterEach, describe, expect, it } from "vitest";
import { mqtt } from "../../adapters/listeners/mqtt.ts";
import {
  endAll,
  endWith,
  hold,
  listen,
  listenNow,
  never,
  pressOf,
  publish,
  start,
  toOptions,
  tryAgain,
} from "../adapters/protocols/mqtt/listen.ts";
import type { Broker } from "../fakes/broker.ts";
import { until } from "../fakes/listener-host.ts";

/** What the listener does with a broker, whoever made it. */
export function mqttContract(name: string, startBroker: () => Promise<Broker>): void {
  describe(`with ${name}`, () => {
    afterEach(endAll);

    it("receives a press", async () => {
      const { port } = await start(startBroker);
      const { host } = await listenNow(toOptions(port));
      await mqtt.press(toOptions(port), "kamer 3/knop", host.clock.now(), never);
      await until(() => host.pressed.length > 0);
      expect(host.pressed).toEqual(["kamer 3/knop"]);
    });

    it("takes the same payload twice for two presses", async () => {
      const { port } = await start(startBroker);
      const { host } = await listenNow(toOptions(port));
      await publish(port, [pressOf("balie"), pressOf("balie")]);
      await until(() => host.pressed.length === 2);
      const presses = host.alarms.filter(({ kind }) => kind === "press");
      expect(new Set(presses.map(({ id }) => id)).size).toBe(2);
    });

    it("receives after its start what was published while it was down", async () => {
      const { port } = await start(startBroker);
      await (await listenNow(toOptions(port))).stop();
      await publish(port, ["1", "2", "3"].map(pressOf));
      const { host } = await listen(toOptions(port));
      await until(() => host.pressed.length === 3);
      expect(host.pressed).toEqual(["1", "2", "3"]);
    });

    it("leaves a message with the broker until it is committed", async () => {
      const { port } = await start(startBroker);
      const first = await listenNow(toOptions(port));
      const open = hold(first.host, "balie");
      await publish(port, ["balie", "kelder"].map(pressOf));
      await until(() => first.host.pressed.includes("kelder"));
      const second = await listen(toOptions(port));
      await until(() => second.host.pressed.length === 2);
      open();
      await second.stop();
      const third = await listenNow(toOptions(port));
      await publish(port, [pressOf("last")]);
      await until(() => third.host.pressed.includes("last"));
      expect(third.host.pressed).toEqual(["last"]);
    });

    it("knows a message again that comes twice because the broker was killed before our word", async () => {
      const broker = await start(startBroker);
      const { host, stop } = await listenNow(toOptions(broker.port));
      const open = hold(host);
      await publish(broker.port, [pressOf("1"), pressOf("2")]);
      await until(() => host.accepting === 2);
      await broker.kill();
      await broker.restart();
      await tryAgain(host);
      await publish(broker.port, [pressOf("last")]);
      await until(() => host.accepting === 3);
      open();
      await until(() => host.pressed.length === 3);
      expect(host.pressed).toEqual(["1", "2", "last"]);
      await stop();
      const next = await listenNow(toOptions(broker.port));
      await publish(broker.port, [pressOf("after")]);
      await until(() => next.host.pressed.length > 0);
      expect(next.host.pressed).toEqual(["after"]);
    });

    it("receives what came before both were killed", async () => {
      const broker = await start(startBroker);
      const killed = await listenNow(toOptions(broker.port));
      hold(killed.host);
      await publish(broker.port, [pressOf("under way")]);
      await until(() => killed.host.accepting === 1);
      await broker.kill();
      await broker.restart();
      await publish(broker.port, [pressOf("meanwhile")]);
      await broker.kill();
      await broker.restart();
      const { host } = await listen(toOptions(broker.port));
      await until(() => host.pressed.length === 2);
      expect(host.pressed.toSorted()).toEqual(["meanwhile", "under way"]);
    });

    it("takes a thousand, many at once", async () => {
      const { port } = await start(startBroker);
      const { host } = await listenNow(toOptions(port));
      let most = 0;
      host.commit = async () => {
        most = Math.max(most, host.accepting);
        await new Promise(setImmediate);
      };
      const buttons = Array.from({ length: 1000 }, (_, index) => String(index));
      await publish(port, buttons.map(pressOf));
      await until(() => host.pressed.length >= 1000);
      expect(host.pressed.toSorted()).toEqual(buttons.toSorted());
      expect(most).toBeGreaterThan(10);
      expect(most).toBeLessThanOrEqual(64);
    });

    it("does not take for a press what the broker had retained", async () => {
      const { port } = await start(startBroker);
      await publish(port, [pressOf("knoppen/days ago"), ["zigbee2mqtt/knoppen/zolder/availability", "online"]], true);
      await publish(port, [["zigbee2mqtt/knoppen/kelder/availability", "offline"]], true);
      const topics = [{ format: "zigbee2mqtt", topic: "zigbee2mqtt/knoppen/#" }];
      const first = await listenNow(toOptions(port, { topics }));
      await publish(port, [pressOf("knoppen/now")], true);
      await until(() => first.host.pressed.length > 0);
      await first.stop();
      await publish(port, [pressOf("knoppen/meanwhile")], true);
      const second = await listenNow(toOptions(port, { topics }));
      await publish(port, [pressOf("knoppen/last")]);
      await until(() => second.host.pressed.includes("knoppen/last"));
      expect(first.host.pressed).toEqual(["knoppen/now"]);
      expect(second.host.pressed).toEqual(["knoppen/meanwhile", "knoppen/last"]);
      const ofButtons = first.host.alarms.filter(({ button }) => button !== "");
      expect(ofButtons).toMatchObject([{ kind: "trouble", button: "knoppen/kelder" }, { button: "knoppen/now" }]);
    });

    it("says where it is, and that it is gone", async () => {
      const broker = await start(startBroker);
      const watcher = await connectAsync({ host: "127.0.0.1", port: broker.port, protocol: "mqtt" });
      endWith(() => watcher.endAsync(true));
      const states: string[] = [];
      watcher.on("message", (_topic, payload) => states.push(payload.toString()));
      await watcher.subscribeAsync("rugdekking/rugdekking/state");
      const { stop } = await listenNow(toOptions(broker.port));
      await until(() => states.length === 1);
      await stop();
      await until(() => states.length === 2);
      expect(states).toEqual(["online", "offline"]);
    });
  });
}
