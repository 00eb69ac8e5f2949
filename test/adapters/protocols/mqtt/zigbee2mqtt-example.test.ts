import { describe, expect, it } from "vitest";
import { toZigbee2mqttExample } from "../../../../adapters/protocols/mqtt/zigbee2mqtt-example.ts";

const action = { type: "enum", name: "action", property: "action", values: ["off", "single", "hold"] };
const sos = { type: "binary", name: "sos", property: "sos", value_on: true, value_off: false };
const battery = { type: "numeric", name: "battery", property: "battery" };

function example(exposes: unknown, settings: object = {}) {
  const devices = [
    { friendly_name: "Coordinator", definition: null },
    { friendly_name: "balie", definition: { model: "x", exposes } },
  ];
  const made = toZigbee2mqttExample("balie", { base: "zigbee2mqtt", ...settings }, devices);
  return made && { ...made, payload: JSON.parse(made.payload) };
}

describe("what `ring` publishes", () => {
  it("is the state of a device that has no action, marked as a ring", () => {
    expect(example([sos, battery])).toMatchObject({
      topic: "zigbee2mqtt/balie",
      payload: { sos: true, rugdekking: "ring" },
    });
  });

  it("is an action that the device has, and that counts as a press", () => {
    expect(example([action, sos])?.payload).toMatchObject({ action: "off" });
    expect(example([action], { ignore: ["off"] })?.payload).toMatchObject({ action: "single" });
    expect(example([{ ...action, values: undefined }])?.payload).toMatchObject({ action: "emergency" });
  });

  it("is nothing for a device that can't press", () => {
    expect(example([battery])).toBeNull();
    expect(example([])).toBeNull();
  });

  it.each([
    undefined,
    null,
    {},
    "[]",
    [],
    [7],
    [{ friendly_name: "balie" }],
    [{ friendly_name: "balie", definition: null }],
  ])("is a guess where the list of devices says nothing of it: %j", (devices) => {
    const made = toZigbee2mqttExample("balie", { base: "zigbee2mqtt", actions: ["hold"] }, devices);
    expect(JSON.parse(made?.payload ?? "")).toMatchObject({ action: "hold" });
  });
});
