import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Reader, TopicOptions, toExample, toFilters } from "../../../../adapters/protocols/mqtt/reader.ts";
import { Alarm, mayBePress } from "../../../../bot/domain/alarm.ts";

const runs = Number(process.env.FUZZ_RUNS ?? 500);
const now = Date.UTC(2026, 10, 24, 9, 0, 0);

function toReader(...settings: object[]) {
  const topics = z.array(TopicOptions).parse(settings);
  const reader = new Reader(topics, () => {});
  const read = (topic: string, content: unknown, parts: object = {}) => {
    const payload = Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
    return reader.read({ topic, payload, retain: false, at: now, id: "d-1", ...parts });
  };
  return { read, toExample: (button: string) => toExample(topics, button, now) };
}

const byLevel = { format: "mapping", topic: "site/+/buttons/+", mapping: { press: "payload.state == 'down'" } };

describe("our own messages", () => {
  const { read } = toReader({ format: "message", topic: "rugdekking/alarms/#" });

  it("reads them as a webhook does", () => {
    const body = { button: "0042", kind: "press", at: "2026-11-24T10:00:00+01:00", battery: 0.8, place: "Balie" };
    expect(read("rugdekking/alarms", body)).toMatchObject([
      { kind: "press", button: "0042", at: now, battery: 0.8, place: "Balie" },
    ]);
    expect(read("rugdekking/alarms/x", { button: "0042", kind: "test" })).toMatchObject([{ kind: "test" }]);
  });

  it("takes the sender's identity, else that of the delivery", () => {
    const idOf = (body: object, id: string) => read("rugdekking/alarms", body, { id })[0]?.id;
    const named = { button: "1", id: "m-1" };
    expect(idOf(named, "d-1")).toBe(idOf(named, "d-2"));
    expect(idOf(named, "d-1")).not.toBe(idOf({ ...named, id: "m-2" }, "d-1"));
    expect(idOf({ button: "1" }, "d-1")).not.toBe(idOf({ button: "1" }, "d-2"));
  });

  it("tells several in one message apart, and rubbish among them once", () => {
    const alarms = read("rugdekking/alarms", [{ button: "1", id: "m" }, {}, 7, { button: "2", id: "m" }]);
    expect(alarms.map(({ kind, button }) => [kind, button])).toEqual([
      ["press", "1"],
      ["unreadable", ""],
      ["press", "2"],
    ]);
    expect(new Set(alarms.map(({ id }) => id)).size).toBe(3);
  });

  it("names the button of what is no JSON", () => {
    expect(read("rugdekking/alarms", '{"button":"hal","battery":unknown}')).toMatchObject([
      { kind: "press", button: "hal" },
    ]);
    expect(read("rugdekking/alarms", '{"button":"hal","at":"20')).toMatchObject([
      { kind: "unreadable", button: "hal" },
    ]);
  });

  it.each(["garbage", "{", "7", "[]", "{}"])("can't read %j", (payload) => {
    expect(read("rugdekking/alarms", payload)).toMatchObject([{ kind: "unreadable" }]);
  });

  it("takes a retained or an empty message for nothing", () => {
    expect(read("rugdekking/alarms", { button: "1" }, { retain: true })).toEqual([]);
    expect(read("rugdekking/alarms", "")).toEqual([]);
  });
});

describe("a mapping", () => {
  it("finds the button where the filter's last wildcard is", () => {
    const { read } = toReader(byLevel);
    expect(read("site/7/buttons/balie", { state: "down" })).toMatchObject([
      { kind: "press", button: "balie", id: "d-1" },
    ]);
    expect(read("site/7/buttons/balie", { state: "up" })).toMatchObject([{ kind: "heartbeat", button: "balie" }]);
    expect(read("site/7/buttons/balie", { other: 1 })).toMatchObject([{ kind: "unreadable", button: "balie" }]);
    expect(read("site/7/lamps/balie", { state: "down" })).toEqual([]);
  });

  it("finds it at a level of the topic, or in the payload", () => {
    expect(toReader({ ...byLevel, button: 2 }).read("site/7/buttons/x", { state: "down" })).toMatchObject([
      { button: "7" },
    ]);
    const byField = toReader({ ...byLevel, button: "payload.device.id" });
    expect(byField.read("site/7/buttons/x", { state: "down", device: { id: 42 } })).toMatchObject([{ button: "42" }]);
    expect(byField.read("site/7/buttons/x", { state: "down" })).toMatchObject([{ kind: "unreadable", button: "" }]);
    expect(byField.read("site/7/buttons/x", { state: "up" })).toEqual([]);
  });

  it("reads text, the topic, a battery and a position", () => {
    const { read } = toReader({
      format: "mapping",
      topic: "panic/#",
      mapping: { press: "payload == 'SOS' || topic.endsWith('/sos')", battery: "payload.pct", lat: "52.1", lon: "5.1" },
    });
    expect(read("panic/hal/2", "SOS")).toMatchObject([{ kind: "press", button: "hal/2", position: { lat: 52.1 } }]);
    expect(read("panic/sos", { pct: 40 })).toMatchObject([{ kind: "press", battery: 0.4 }]);
  });

  it.each([{ press: "payload.state ==" }, { press: "nothing == 1" }, {}])("refuses %j", (mapping) => {
    expect(TopicOptions.safeParse({ ...byLevel, mapping }).success).toBe(false);
  });
});

describe("several topics", () => {
  const topics = [
    { format: "zigbee2mqtt", topic: "zigbee2mqtt/buttons/#" },
    { format: "message", topic: "alarms/#" },
    { ...byLevel, example: '{"state":"down"}' },
  ];

  it("subscribes to the state of a bridge too", () => {
    const parse = (list: object[]) => toFilters(z.array(TopicOptions).parse(list));
    const bridge = "zigbee2mqtt/bridge/state";
    expect(parse(topics)).toEqual(["zigbee2mqtt/buttons/#", "alarms/#", "site/+/buttons/+", bridge]);
    expect(parse([{ format: "zigbee2mqtt", topic: "zigbee2mqtt/#" }])).toEqual(["zigbee2mqtt/#"]);
    expect(toReader(...topics).read(bridge, "offline")).toMatchObject([{ kind: "trouble", button: "" }]);
  });

  it("rings the first topic that can carry the button", () => {
    const { toExample } = toReader(...topics);
    expect(toExample("buttons/balie")).toMatchObject({ topic: "zigbee2mqtt/buttons/balie" });
    expect(toExample("balie")).toMatchObject({ topic: "alarms/balie" });
    const [, , mapped = {}] = topics;
    expect(toReader(mapped).toExample("balie")).toEqual({
      topic: "site/ring/buttons/balie",
      payload: '{"state":"down"}',
    });
    expect(toReader(byLevel).toExample("balie")).toBeNull();
  });

  // https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html
  // https://www.home-assistant.io/integrations/mqtt/#discovery-topic
  it.each<[string, unknown, object?]>([
    ["zigbee2mqtt/bridge/state", { state: "online" }],
    ["zigbee2mqtt/bridge/state", { state: "offline" }],
    ["zigbee2mqtt/bridge/info", { version: "2.1.0", permit_join: false }],
    ["zigbee2mqtt/bridge/devices", [{ friendly_name: "buttons/x", definition: { exposes: [{ name: "action" }] } }]],
    ["zigbee2mqtt/bridge/logging", { level: "error", message: "Publish 'set' failed: action" }],
    ["zigbee2mqtt/bridge/event", { type: "device_announce", data: { friendly_name: "buttons/x" } }],
    ["zigbee2mqtt/bridge/health", { healthy: true }],
    ["zigbee2mqtt/bridge/response/health_check", { status: "ok" }],
    ["zigbee2mqtt/buttons/x/availability", { state: "online" }],
    ["zigbee2mqtt/buttons/x/availability", { state: "offline" }],
    ["zigbee2mqtt/buttons/x/get", { action: "" }],
    ["zigbee2mqtt/buttons/x/set", { action: "single" }],
    ["zigbee2mqtt/buttons/x", { action: "", battery: 90, linkquality: 80 }],
    ["zigbee2mqtt/buttons/x", { battery: 90, voltage: 3000 }],
    ["zigbee2mqtt/buttons/x", { linkquality: 80, update: { state: "idle" } }],
    ["zigbee2mqtt/buttons/x", { action: "single" }, { retain: true }],
    ["zigbee2mqtt/buttons/x", ""],
    ["homeassistant/device_automation/0x00/action_single/config", { topic: "zigbee2mqtt/buttons/x" }],
    ["homeassistant/status", "online"],
    ["alarms", { button: "x", kind: "heartbeat" }],
    ["alarms", { button: "x", kind: "test" }],
    ["alarms", { kind: "test" }],
    ["site/1/buttons/x", { state: "up" }],
  ])("%s with %j is no alarm", (topic, content, parts) => {
    const kinds = toReader(...topics)
      .read(topic, content, parts)
      .map(({ kind }) => kind);
    expect(kinds.filter(mayBePress)).toEqual([]);
  });

  it("reads a long message, of which what is over 4 MiB is missing, and says so where it may be a press", () => {
    const { read } = toReader(...topics);
    const long = (size: number) => `{"button":"x","action":"single","state":"down","log":"${"x".repeat(size)}"}`;
    const large = long(4 * 1024 * 1024);
    expect(read("zigbee2mqtt/buttons/x", long(100_000))).toMatchObject([{ kind: "press", button: "buttons/x" }]);
    expect(read("alarms", long(100_000))).toMatchObject([{ kind: "press", button: "x" }]);
    for (const [topic, button] of [
      ["zigbee2mqtt/buttons/x", "buttons/x"],
      ["alarms", "x"],
      ["site/1/buttons/x", "x"],
    ] as const) {
      expect(read(topic, large)).toMatchObject([{ kind: "unreadable", button }]);
      expect(read(topic, large, { retain: true })).toEqual([]);
    }
    const whole = toReader({ format: "zigbee2mqtt", topic: "zigbee2mqtt/#" });
    expect(whole.read("zigbee2mqtt/bridge/devices", large)).toEqual([]);
  });

  it("never throws, whatever comes", () => {
    const { read } = toReader(...topics);
    const names = fc.constantFrom("alarms", "alarms/1", "site/1/buttons/2", "zigbee2mqtt/buttons/x", "other");
    const contents = fc.oneof(fc.string(), fc.json());
    fc.assert(
      fc.property(names, contents, fc.boolean(), (topic, content, retain) => {
        for (const alarm of read(topic, content, { retain })) expect(Alarm.safeParse(alarm).success).toBe(true);
      }),
      { numRuns: runs },
    );
  });
});
