import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { Zigbee2mqttOptions, Zigbee2mqttReader } from "../../../../adapters/protocols/mqtt/zigbee2mqtt.ts";

const startedAt = Date.UTC(2026, 10, 24, 9, 0, 0);
const on = { name: null, run: null, isOn: true };
const off = { ...on, isOn: false };
/** What a reader noted. */
const notes: object[] = [];
afterEach(() => notes.splice(0));

function createRead(topic = "zigbee2mqtt/#") {
  const reader = new Zigbee2mqttReader({ ...Zigbee2mqttOptions.parse({}), topic }, (event, facts) =>
    notes.push({ event, ...facts }),
  );
  return (name: string, content: unknown, parts: { retain?: boolean; at?: number } = {}) => {
    const payload = Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
    return reader.read({ topic: `zigbee2mqtt/${name}`, payload, retain: false, at: startedAt, id: "d-1", ...parts });
  };
}

// https://www.zigbee2mqtt.io/devices/SEB01ZB.html
describe("an SOS button without an action", () => {
  const read = createRead();

  it("is pressed while it says so, and says whether it is", () => {
    const report = { sos: true, battery_low: false, battery: 96, tamper: false, linkquality: 80 };
    expect(read("balie", report)).toMatchObject([
      { kind: "pressed", button: "balie", battery: 0.96, id: "d-1", state: on },
    ]);
    expect(read("balie", { ...report, sos: false })).toMatchObject([{ kind: "heartbeat", state: off }]);
    expect(read("balie", { ...report, sos: null })).toMatchObject([{ kind: "heartbeat", state: null }]);
    expect(read("balie", { ...report, sos: false, battery_low: true })).toMatchObject([
      { kind: "battery-low", state: off },
    ]);
    expect(read("balie", { ...report, sos: true, battery_low: true })).toMatchObject([{ kind: "pressed" }]);
  });

  it.each([true, "true", "ON", " on ", 1, "1", "pressed"])("is pressed by %j", (sos) => {
    expect(read("balie", { sos })).toMatchObject([{ kind: "pressed", state: on }]);
  });

  it.each([false, "false", "OFF", 0, "0"])("is let go by %j", (sos) => {
    expect(read("balie", { sos })).toMatchObject([{ kind: "heartbeat", state: off }]);
  });

  it.each([2, "maybe", {}, [true], -1])("may be pressed by %j, which can't be read", (sos) => {
    expect(read("balie", { sos })).toMatchObject([{ kind: "unreadable", button: "balie", state: null }]);
  });

  it("is a press without a doubt by an action beside it", () => {
    expect(read("balie", { action: "emergency", sos: true })).toMatchObject([{ kind: "press", state: on }]);
    expect(read("balie", { action: "", sos: true })).toMatchObject([{ kind: "pressed", state: on }]);
    expect(read("balie", { action: 7, sos: true })).toMatchObject([{ kind: "unreadable" }]);
  });

  it("says the same again with the same moment, and something new with another", () => {
    const idOf = (last_seen: string) => read("balie", { sos: true, last_seen })[0]?.id;
    expect(idOf("2026-11-24T09:00:00.001Z")).toBe(idOf("2026-11-24T10:00:00.001+01:00"));
    expect(idOf("2026-11-24T09:00:00.001Z")).not.toBe(idOf("2026-11-24T09:00:00.002Z"));
    expect(idOf("2026-11-24T09:00:00.001Z")).not.toBe(
      read("kelder", { sos: true, last_seen: "2026-11-24T09:00:00.001Z" })[0]?.id,
    );
  });

  it("is still pressed where the broker kept that, and nothing else that it kept counts", () => {
    expect(read("balie", { sos: true }, { retain: true })).toMatchObject([{ kind: "still-pressed", state: on }]);
    expect(read("balie", { sos: false }, { retain: true })).toEqual([]);
    expect(read("balie", { sos: true, action: "emergency" }, { retain: true })).toMatchObject([
      { kind: "still-pressed" },
    ]);
  });

  it("is a press of `ring`, which leaves the state as it is", () => {
    expect(read("balie", { sos: true, rugdekking: "ring" })).toMatchObject([{ kind: "press", state: null }]);
  });

  it("is no sensor from then on: its signs of life count", () => {
    const fresh = createRead();
    expect(fresh("balie", { battery: 50 })).toEqual([]);
    fresh("balie", { sos: false });
    expect(fresh("balie", { battery: 50 })).toMatchObject([{ kind: "heartbeat", battery: 0.5 }]);
    expect(fresh("balie/availability", "offline")).toMatchObject([{ kind: "trouble" }]);
  });
});

describe("another state", () => {
  it.each(["alarm", "alarm_1", "alarm_2", "panic", "emergency", "pressed"])("%s counts of a button only", (field) => {
    expect(createRead()("sirene", { [field]: true, battery: 50 })).toEqual([]);
    const read = createRead("zigbee2mqtt/knoppen/#");
    expect(read("knoppen/balie", { [field]: true })).toMatchObject([{ kind: "pressed", state: on }]);
    expect(read("knoppen/balie", { [field]: false })).toMatchObject([{ kind: "heartbeat", state: off }]);
  });

  it("is on when one of several is, and can't be read when one of the others can't", () => {
    const read = createRead("zigbee2mqtt/knoppen/#");
    expect(read("knoppen/balie", { alarm_1: false, alarm_2: true })).toMatchObject([{ kind: "pressed" }]);
    expect(read("knoppen/balie", { alarm_1: false, alarm_2: {} })).toMatchObject([{ kind: "unreadable" }]);
  });

  it("of its cover is a trouble", () => {
    const read = createRead("zigbee2mqtt/knoppen/#");
    expect(read("knoppen/balie", { tamper: true })).toMatchObject([{ kind: "trouble", button: "knoppen/balie" }]);
    expect(read("knoppen/balie", { tamper: false })).toMatchObject([{ kind: "heartbeat" }]);
    expect(read("knoppen/balie", { tamper: true, sos: true })).toMatchObject([{ kind: "pressed" }]);
  });
});

describe("a state on a topic of its own", () => {
  it("counts where there is no JSON, and is passed over when the JSON has said it", () => {
    const read = createRead();
    expect(read("balie/sos", "true")).toMatchObject([{ kind: "pressed", button: "balie", state: on }]);
    expect(read("balie/sos", "false")).toMatchObject([{ kind: "heartbeat", state: off }]);
    read("balie", { sos: true });
    expect(read("balie/sos", "true")).toEqual([]);
    expect(read("balie/sos", "true")).toMatchObject([{ kind: "pressed" }]);
    expect(read("balie/sos", "true", { retain: true })).toEqual([]);
  });

  it("is not a device whose name ends so", () => {
    const read = createRead();
    expect(read("kamer/sos", { action: "single" })).toMatchObject([{ kind: "press", button: "kamer/sos" }]);
    expect(read("hal/sos", '{"action":')).toMatchObject([{ kind: "unreadable", button: "hal/sos" }]);
    expect(read("lamp/alarm", "true")).toEqual([]);
  });
});

describe("what is not known of a button", () => {
  it("is noted, each field of a button once", () => {
    const read = createRead("zigbee2mqtt/knoppen/#");
    for (const battery of [90, 89]) read("knoppen/balie", { battery, hulp: true, voltage: 3000, linkquality: 80 });
    expect(notes).toEqual([{ event: "zigbee-fields-not-read", button: "knoppen/balie", fields: "hulp" }]);
    createRead()("lamp", { state: "ON", brightness: 3 });
    expect(notes).toHaveLength(1);
    read("knoppen/balie", { battery: 90, hulp: true, nood: true });
    expect(notes.slice(1)).toEqual([{ event: "zigbee-fields-not-read", button: "knoppen/balie", fields: "nood" }]);
  });

  it.each([
    ["sos", { sos: false, panic_alarm: true, battery: 90 }, "panic_alarm"],
    ["sos", { sos: false, help: "pressed" }, "help"],
    ["an action", { action: "", button_1: "pressed" }, "button_1"],
    ["an action", { action: "", action_rate: 3, button_1: "pressed", button_2: "" }, "button_1 button_2"],
  ])("is noted beside %s that says nothing: %j", (_beside, content, fields) => {
    const read = createRead();
    for (let times = 0; times < 2; times += 1) {
      expect(read("balie", content)).toMatchObject([{ kind: "heartbeat", button: "balie" }]);
    }
    expect(notes).toEqual([{ event: "zigbee-fields-not-read", button: "balie", fields }]);
  });

  it("is noted on a topic of its own", () => {
    const read = createRead();
    read("lamp/help", "pressed");
    read("balie", { action: "" });
    for (const field of ["help", "help", "battery"]) expect(read(`balie/${field}`, "pressed")).toEqual([]);
    expect(notes).toEqual([{ event: "zigbee-fields-not-read", button: "balie", fields: "help" }]);
  });

  it("is nothing that is known, nor what `ring` adds", () => {
    const read = createRead();
    read("balie", { action: "single", click: "single", sos: true, panic: false, rugdekking: "ring", linkquality: 80 });
    expect(notes).toEqual([]);
  });
});

describe("the first message of a button that nobody knew", () => {
  it("counts with all its states, for what it says of one makes it a button", () => {
    expect(createRead()("balie", { sos: false, panic: true })).toMatchObject([{ kind: "pressed", state: on }]);
    expect(createRead()("balie", { action: "", alarm: true })).toMatchObject([{ kind: "pressed", state: on }]);
  });
});

it("never takes a state that is on for a sign of life, whatever stands beside it", () => {
  const read = createRead("zigbee2mqtt/knoppen/#");
  const mayBePress = ["press", "pressed", "unreadable"];
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (others) => {
      const [alarm] = read("knoppen/balie", { ...others, sos: true });
      expect(mayBePress).toContain(alarm?.kind);
      expect(alarm?.button).toBe("knoppen/balie");
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 500) },
  );
});
