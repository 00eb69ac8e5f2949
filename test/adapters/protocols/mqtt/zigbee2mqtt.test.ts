import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { Zigbee2mqttOptions, Zigbee2mqttReader } from "../../../../adapters/protocols/mqtt/zigbee2mqtt.ts";
import { Alarm } from "../../../../bot/domain/alarm.ts";

const runs = Number(process.env.FUZZ_RUNS ?? 500);
const fixtures = "test/fixtures/mqtt";

const startedAt = Date.UTC(2026, 10, 24, 9, 0, 0);

/** What the readers of a test noted. */
const notes: object[] = [];
afterEach(() => notes.splice(0));

function reader(settings: unknown = {}, topic = "zigbee2mqtt/#") {
  const reader = new Zigbee2mqttReader({ ...Zigbee2mqttOptions.parse(settings), topic }, (event, facts) =>
    notes.push({ event, ...facts }),
  );
  return (name: string, content: unknown, retain = false, at = startedAt) => {
    const payload = Buffer.isBuffer(content)
      ? content
      : Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
    return reader.read({ topic: `zigbee2mqtt/${name}`, payload, retain, at, id: "d-1" });
  };
}

const read = reader();

function fixture(name: string): Buffer {
  return readFileSync(`${fixtures}/${name}`);
}

describe("a device", () => {
  it("reads a press as Zigbee2MQTT publishes it", () => {
    expect(read("balie", fixture("sos-pressed.json"))).toEqual([
      {
        kind: "press",
        id: "d-1",
        button: "balie",
        at: Date.UTC(2026, 10, 24, 8, 59, 58),
        place: null,
        position: null,
        battery: 0.93,
        state: null,
        colleague: null,
      },
    ]);
  });

  it.each([
    ["sos-idle.json", { kind: "heartbeat", battery: 0.93 }],
    ["sos-battery-low.json", { kind: "battery-low", battery: 0.07 }],
  ])("reads %s", (name, expected) => {
    expect(read("balie", fixture(name))).toMatchObject([{ button: "balie", ...expected }]);
  });

  // All that it exposes, and what older versions send after it. https://www.zigbee2mqtt.io/devices/TS0215A_sos.html
  it.each([
    ["emergency", "press"],
    ["", "heartbeat"],
  ])("reads the action %j of an SOS button that says no more: %s", (action, kind) => {
    const sos = { action, battery: 100, linkquality: 84 };
    expect(read("sos", sos)).toMatchObject([{ kind, button: "sos", at: null, battery: 1 }]);
  });

  it.each(["single", "hold", "emergency", " "])("takes the action %j for a press", (action) => {
    expect(read("balie", { action })).toMatchObject([{ kind: "press" }]);
  });

  it.each([null, ""])("takes the action %j for a sign of life", (action) => {
    expect(read("balie", { action, battery: 50 })).toMatchObject([{ kind: "heartbeat", battery: 0.5 }]);
  });

  it.each([7, true, {}, ["single"]])("can't read the action %j", (action) => {
    expect(read("balie", { action })).toMatchObject([{ kind: "unreadable", button: "balie" }]);
  });

  it("is not pressed by the actions that are ignored, and by no others less", () => {
    const choosy = reader({ ignore: ["single", "off"] });
    expect(choosy("balie", { action: "hold" })).toMatchObject([{ kind: "press" }]);
    expect(choosy("balie", { action: "single" })).toMatchObject([{ kind: "heartbeat" }]);
    expect(choosy("balie", { action: "single", battery_low: true })).toMatchObject([{ kind: "battery-low" }]);
    expect(choosy("balie", { action: 7 })).toMatchObject([{ kind: "unreadable" }]);
    expect(notes).toEqual([]);
  });

  it("is pressed by an action that the list does not know, which is noted once", () => {
    const listed = reader({ actions: ["emergency", "hold"], ignore: ["off"] });
    expect(listed("balie", { action: "hold" })).toMatchObject([{ kind: "press" }]);
    for (const action of ["single", "sos", "panic", "single"])
      expect(listed("balie", { action })).toMatchObject([{ kind: "press" }]);
    expect(listed("balie", { action: "off" })).toMatchObject([{ kind: "heartbeat" }]);
    const event = "zigbee-action-not-listed";
    expect(notes).toEqual(["single", "sos", "panic"].map((action) => ({ event, button: "balie", action })));
  });

  // https://www.zigbee2mqtt.io/devices/HS1EB_HS1EB-E.html
  it("is pressed by what older versions call a click", () => {
    expect(read("balie", { click: "single" })).toMatchObject([{ kind: "press" }]);
    expect(read("balie", { click: "single", action: "single" })).toMatchObject([{ kind: "press" }]);
    expect(read("balie", { click: "", action: "" })).toMatchObject([{ kind: "heartbeat" }]);
  });

  it("leaves out a side field that is wrong and keeps the press", () => {
    for (const wrong of [
      { battery: 140, battery_low: "yes", last_seen: "yesterday" },
      { battery: -1, battery_low: 1, last_seen: -5 },
      { battery: "100", battery_low: null, last_seen: {} },
    ]) {
      expect(read("balie", { action: "single", ...wrong })).toMatchObject([{ kind: "press", battery: null, at: null }]);
    }
  });

  it("reads the time in milliseconds too", () => {
    expect(read("balie", { action: "single", last_seen: 1764000000123 })).toMatchObject([{ at: 1764000000123 }]);
  });

  it("keeps the slashes of a name, and its first 128 characters", () => {
    expect(read("begane grond/kamer 3/knop", { action: "single" })).toMatchObject([
      { button: "begane grond/kamer 3/knop" },
    ]);
    expect(read("x".repeat(300), { action: "single" })).toMatchObject([{ button: "x".repeat(128) }]);
  });

  it.each(["garbage", "{", '"emergency"', "[]", "7", "null", '{"action":'])("can't read %j", (payload) => {
    expect(read("balie", payload)).toMatchObject([{ kind: "unreadable", button: "balie" }]);
  });

  it("takes a lamp for nothing at all", () => {
    expect(read("lamp", { state: "ON", brightness: 254, linkquality: 120 })).toEqual([]);
  });

  it("takes a retained action for nothing: it may be days old", () => {
    expect(read("balie", { action: "emergency" }, true)).toEqual([]);
  });
});

describe("an action on a topic of its own", () => {
  it("is passed over when the JSON has said it", () => {
    const ofHomeAssistant = reader();
    expect(ofHomeAssistant("balie", { action: "emergency" })).toMatchObject([{ kind: "press" }]);
    expect(ofHomeAssistant("balie/action", "emergency")).toEqual([]);
    expect(ofHomeAssistant("kelder/action", "emergency")).toMatchObject([{ kind: "press", button: "kelder" }]);
  });

  it.each([
    ["later than two seconds", "emergency", 2_001],
    ["another one", "hold", 10],
  ])("is a press when the JSON has not said the same: %s", (_what, action, afterMs) => {
    const both = reader();
    both("balie", { action: "emergency" });
    expect(both("balie/action", action, false, startedAt + afterMs)).toMatchObject([{ kind: "press" }]);
  });

  it("is a press the second time", () => {
    const both = reader();
    both("balie", { action: "emergency" });
    expect(both("balie/action", "emergency", false, startedAt + 2_000)).toEqual([]);
    expect(both("balie/action", "emergency", false, startedAt + 2_000)).toMatchObject([{ kind: "press" }]);
  });

  it("is passed over when the JSON has taken it back meanwhile", () => {
    const both = reader();
    both("balie", { action: "emergency" });
    both("balie", { action: "" });
    expect(both("balie/action", "emergency")).toEqual([]);
  });

  it("is text, whatever it looks like", () => {
    expect(reader()("balie/action", "1")).toMatchObject([{ kind: "press" }]);
    const both = reader();
    both("balie", { action: "1" });
    expect(both("balie/action", "1")).toEqual([]);
  });

  it("is a press where there is no JSON", () => {
    const byAttribute = reader({ ignore: ["release"] });
    expect(byAttribute("balie/battery", "93")).toEqual([]);
    expect(byAttribute("balie/tamper", "false")).toEqual([]);
    expect(byAttribute("balie/action", "emergency")).toMatchObject([{ kind: "press", button: "balie" }]);
    expect(byAttribute("balie/action", "release")).toMatchObject([{ kind: "heartbeat", button: "balie" }]);
  });
});

describe("another attribute on a topic of its own", () => {
  it.each([
    ["lamp/state", "ON"],
    ["lamp/update/state", "idle"],
    ["lamp/update", '{"state":"idle"}'],
    ["lamp/color", '{"x":0.3}'],
    ["balie/last_seen", "2026-11-24T08:59:58+01:00"],
    ["balie/linkquality", "80"],
    ["balie/voltage", "null"],
    ["balie/power_outage", '"no"'],
    ["balie/endpoints", "[1,2]"],
  ])("is no press: %s %s", (name, payload) => {
    expect(read(name, payload)).toEqual([]);
    const knows = reader();
    knows("balie", { action: "" });
    expect(knows(name, payload)).toEqual([]);
  });

  it("is not a device whose name has slashes: what looks like its JSON or is a known one can't be read", () => {
    expect(reader()("kamer 3/knop", '{"action":')).toMatchObject([{ kind: "unreadable", button: "kamer 3/knop" }]);
    const knows = reader();
    knows("kamer 3/knop", { action: "" });
    expect(knows("kamer 3/knop", "garbage")).toMatchObject([{ kind: "unreadable", button: "kamer 3/knop" }]);
  });
});

describe("what is no button", () => {
  const reports = [
    ["availability", { state: "online" }, "heartbeat"],
    ["availability", { state: "offline" }, "trouble"],
    ["", { battery: 80 }, "heartbeat"],
    ["", { battery_low: true }, "battery-low"],
  ] as const;
  const say = (read: ReturnType<typeof reader>, name: string, below: string, content: unknown) =>
    read(below === "" ? name : `${name}/${below}`, content);

  it("makes no alarm, however available and charged it is", () => {
    for (const [below, content] of reports) expect(say(reader(), "sensor", below, content)).toEqual([]);
  });

  it.each([
    ["balie", { action: "" }],
    ["balie", { action: "single" }],
    ["balie/action", "single"],
  ])("is a button once it says %s %j", (name, content) => {
    for (const [below, report, kind] of reports) {
      const read = reader();
      read(name, content);
      expect(say(read, "balie", below, report)).toMatchObject([{ kind, button: "balie" }]);
    }
  });

  it("is not there where only buttons are subscribed to", () => {
    for (const [below, report, kind] of reports) {
      const read = reader({}, "zigbee2mqtt/knoppen/#");
      expect(say(read, "knoppen/balie", below, report)).toMatchObject([{ kind, button: "knoppen/balie" }]);
    }
  });

  it.each(["zigbee2mqtt/#", "zigbee2mqtt/+", "zigbee2mqtt/+/availability"])("may be on %s", (topic) => {
    expect(reader({}, topic)("lamp/availability", "online")).toEqual([]);
  });
});

describe("who is there", () => {
  const read = reader({}, "zigbee2mqtt/kamer 3/#");

  it.each([
    ["bridge/state", '{"state":"offline"}', "trouble", ""],
    ["bridge/state", "offline", "trouble", ""],
    ["bridge/state", '{"state":"online"}', "heartbeat", ""],
    ["kamer 3/knop/availability", '{"state":"offline"}', "trouble", "kamer 3/knop"],
    ["kamer 3/knop/availability", "offline", "trouble", "kamer 3/knop"],
  ])("%s %s is a %s of %j, retained or not", (name, payload, kind, button) => {
    for (const retain of [true, false]) expect(read(name, payload, retain)).toMatchObject([{ kind, button }]);
  });

  it.each(['{"state":"online"}', "online"])("a retained %s of a device says nothing of now", (payload) => {
    expect(read("kamer 3/knop/availability", payload)).toMatchObject([{ kind: "heartbeat", button: "kamer 3/knop" }]);
    expect(read("kamer 3/knop/availability", payload, true)).toEqual([]);
  });

  it.each([
    ["bridge/state", "confused"],
    ["bridge/state", ""],
    ["balie/availability", "{}"],
    ["bridge/logging", '{"level":"info","message":"emergency"}'],
    ["bridge/devices", "[]"],
    ["bridge/event", '{"type":"device_joined"}'],
    ["balie/set", '{"action":"emergency"}'],
    ["balie/set/state", "ON"],
    ["balie/get", '{"battery":""}'],
    ["balie", ""],
    ["", "x"],
  ])("takes %s %s for nothing at all", (name, payload) => {
    expect(read(name, payload)).toEqual([]);
  });

  it("takes nothing outside of its base topic", () => {
    const other = new Zigbee2mqttReader({ base: "huis/zigbee", topic: "huis/zigbee/#" }, () => {});
    const press = { payload: Buffer.from('{"action":"single"}'), retain: false, at: startedAt, id: "d-1" };
    expect(other.read({ ...press, topic: "huis/zigbee/balie" })).toMatchObject([{ button: "balie" }]);
    expect(other.read({ ...press, topic: "huis/zigbee2/balie" })).toEqual([]);
    expect(other.read({ ...press, topic: "huis/zigbee" })).toEqual([]);
  });
});

describe("whatever comes", () => {
  const names = fc.oneof(
    fc.string(),
    fc.constantFrom("balie", "balie/action", "balie/availability", "bridge/state", "kamer/3", "__proto__"),
  );
  const contents = fc.oneof(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .record({ action: fc.anything(), battery: fc.anything(), last_seen: fc.anything() }, { requiredKeys: [] })
      .map(toText),
  );

  it("never throws, and gives an alarm or nothing", () => {
    fc.assert(
      fc.property(names, contents, fc.boolean(), (name, payload, retain) => {
        const alarms = read(name, payload, retain);
        expect(alarms.length).toBeLessThanOrEqual(1);
        for (const alarm of alarms) expect(Alarm.safeParse(alarm).success).toBe(true);
      }),
      { numRuns: runs },
    );
  });

  it("never loses an action, whatever stands beside it", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.dictionary(fc.string(), fc.jsonValue()), (action, others) => {
        expect(read("balie", { ...others, action })).toMatchObject([{ kind: "press", button: "balie" }]);
      }),
      { numRuns: runs },
    );
  });

  it("has a test for each fixture", () => {
    const known = ["sos-pressed.json", "sos-idle.json", "sos-battery-low.json"];
    expect(
      readdirSync(fixtures)
        .filter((name) => name.endsWith(".json"))
        .sort(),
    ).toEqual(known.sort());
  });
});

function toText(value: unknown): Buffer {
  try {
    return Buffer.from(JSON.stringify(value) ?? "");
  } catch {
    return Buffer.from("a value that JSON has no form for");
  }
}
