import { describe, expect, it } from "vitest";
import { listeners, sources } from "../../adapters/index.ts";
import { mqtt } from "../../adapters/listeners/mqtt.ts";
import { againContract, type Reports } from "../contracts/again-contract.ts";
import { startAedes } from "../fakes/broker.ts";
import { until } from "../fakes/listener-host.ts";
import { endAll, listenNow, never, publish, start, toOptions } from "./protocols/mqtt/listen.ts";

/** A source that is missing here fails below. */
const reports: Readonly<Record<string, Reports>> = {
  alertmanager: "a state",
  chirpstack: "events",
  cloudevents: "events",
  "kpn-things": "events",
  "pagerduty-events": "events",
  shelly: "events",
  "the-things-stack": "events",
  thingpark: "events",
  webhook: "events",
};

it("knows of every source whether it reports events or a state", () => {
  expect(Object.keys(reports)).toEqual(Object.keys(sources));
  expect(Object.keys(listeners)).toEqual(["mqtt", "sia-dc09"]);
});

for (const [name, source] of Object.entries(sources)) againContract(name, source, reports[name] ?? "events");

describe("listener mqtt, which reports both", () => {
  it("takes an action after 25 h for a new press, and a state for what was said of it before", async () => {
    const { port } = await start(startAedes);
    const { host } = await listenNow(toOptions(port));
    const kindsOf = () => host.alarms.filter(({ button }) => button !== "").map(({ kind }) => kind);
    for (const times of [1, 2]) {
      await mqtt.press(toOptions(port), "balie", host.clock.now(), never);
      await publish(port, [["zigbee2mqtt/kelder", '{"sos":true}']]);
      await until(() => kindsOf().length === 2 * times);
      host.clock.to(host.clock.now() + 25 * 3_600_000);
    }
    expect(kindsOf()).toEqual(["press", "pressed", "press", "pressed"]);
    const presses = host.alarms.filter(({ kind }) => kind === "press");
    expect(new Set(presses.map(({ id }) => id)).size).toBe(2);
    await endAll();
  });
});
