import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chirpstack } from "../../../adapters/sources/chirpstack.ts";
import { sourceContract } from "../../contracts/source-contract.ts";

const now = Date.UTC(2026, 10, 24, 9, 0, 0);
const secret = "a-secret-of-this-test-only";
const options = { secret, model: "milesight-ws101" } as const;
const nothing = { place: null, position: null, battery: null, state: null, colleague: null };
const button = "24E124535C123456";

const events = "https://www.chirpstack.io/docs/chirpstack/integrations/events.html";
const ofDevice = { deduplicationId: "1", time: "2026-11-24T09:00:00Z", deviceInfo: { devEui: button.toLowerCase() } };
const quiet = [
  { is: "a join", from: events, query: "event=join", json: { ...ofDevice, devAddr: "01f3a77c" } },
  { is: "a status", from: events, query: "event=status", json: { ...ofDevice, margin: 7, batteryLevel: 0 } },
  {
    is: "a position",
    from: events,
    query: "event=location",
    json: { ...ofDevice, location: { latitude: 52.5, longitude: 5.7 } },
  },
  {
    is: "an acknowledged message to the device",
    from: events,
    query: "event=ack",
    json: { ...ofDevice, acknowledged: true },
  },
  {
    is: "a message to the device that was sent",
    from: events,
    query: "event=txack",
    json: { ...ofDevice, fCntDown: 3 },
  },
  { is: "an error in the log", from: events, query: "event=log", json: { ...ofDevice, level: "ERROR", code: "OTAA" } },
  {
    is: "a line of the log",
    from: events,
    query: "event=log",
    json: { ...ofDevice, level: "INFO", description: "press" },
  },
  {
    is: "an event of another integration",
    from: events,
    query: "event=integration",
    json: { ...ofDevice, object: { button: "short" } },
  },
  { is: "an empty uplink", from: events, query: "event=up", json: { ...ofDevice, fCnt: 7 } },
];

sourceContract("chirpstack", chirpstack, button, quiet);
sourceContract("chirpstack, bearer", { ...chirpstack, exampleOptions: options }, button);

function fixture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(`test/fixtures/chirpstack/${name}.json`, "utf8"));
}

function parse(query: string, body: unknown, settings: Parameters<typeof chirpstack.parse>[1] = options) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const request = { method: "POST", path: "", query, headers: {}, body: bytes, remote: "", receivedAt: now };
  return chirpstack.parse(request, settings);
}

describe("an uplink in JSON", () => {
  const press = (change: Record<string, unknown> = {}) => ({ ...fixture("up-press"), ...change });

  it("is the press of its device, at the moment the network had it", () => {
    const [alarm, ...rest] = parse("event=up", press());
    expect(rest).toEqual([]);
    const at = Date.parse("2026-11-24T08:59:58.204Z");
    expect(alarm).toEqual({ ...nothing, kind: "press", id: expect.any(String), button, at, battery: 0.89 });
  });

  it("is one alarm by whatever gateway, however often and whatever the decoder adds to it", () => {
    const [first] = parse("event=up", press());
    const [again] = parse("event=up", fixture("up-press-again"));
    expect(again).toMatchObject({ kind: "press", id: first?.id });
  });

  it("that breaks off names its device once that came whole", () => {
    const whole = JSON.stringify(press());
    const after = whole.indexOf("24e124535c123456") + 18;
    expect(parse("event=up", whole.slice(0, after))).toMatchObject([{ kind: "unreadable", button }]);
    expect(parse("event=up", whole.slice(0, after - 1))).toMatchObject([{ kind: "unreadable", button: "" }]);
  });

  it("is another alarm with another id, though it is the same to the byte: a device may count anew", () => {
    const deduplicationId = "5b0a0b8e-3c1d-4b7e-9a55-0f2f3f7a6c11";
    expect(parse("event=up", press({ deduplicationId }))[0]?.id).not.toBe(parse("event=up", press())[0]?.id);
  });

  it("without an id is told by its frame", () => {
    const id = (change: object) => parse("event=up", press({ deduplicationId: undefined, ...change }))[0]?.id;
    expect(id({ rxInfo: [], object: undefined })).toBe(id({}));
    for (const change of [{ fCnt: 215 }, { fCnt: undefined }, { devAddr: "01f3a77d" }, { data: "/y4B" }]) {
      expect(id(change)).toEqual(expect.any(String));
      expect(id(change)).not.toBe(id({}));
    }
    expect(id({ deviceInfo: undefined })).toBeNull();
  });

  it.each([
    { fCnt: undefined },
    { object: undefined },
    { object: null },
    { time: "yesterday" },
    { deduplicationId: 7 },
    { devAddr: 7, fCnt: "many" },
    { rxInfo: "none", location: "here", batteryLevel: "full", level: 7 },
  ])("stays the press with %j", (change) => {
    expect(parse("event=up", press(change))).toMatchObject([{ kind: "press", button }]);
  });

  it("without content is a sign of life, as a device answers a down-link", () => {
    for (const fPort of [undefined, 0]) {
      const empty = press({ fPort, data: undefined, object: undefined });
      expect(parse("event=up", empty)).toMatchObject([{ kind: "heartbeat", button, battery: null }]);
    }
    const odd = press({ data: undefined, object: undefined });
    expect(parse("event=up", odd)).toMatchObject([{ kind: "unreadable", button }]);
  });

  it.each([
    [press({ data: "!", object: undefined }), button],
    [press({ data: "ESIz", object: undefined }), button],
    [press({ deviceInfo: { deviceName: "Balie 2" } }), ""],
    [{}, ""],
    [[], ""],
    ["no JSON", ""],
  ])("that can't be read is unreadable, with its button when that is known: %j", (body, known) => {
    expect(parse("event=up", body)).toMatchObject([{ kind: "unreadable", button: known }]);
  });
});

describe("other events", () => {
  it("takes a status for a sign of life, with the battery", () => {
    const [alarm] = parse("event=status", fixture("status"));
    const at = Date.parse("2026-11-24T08:59:58.391Z");
    expect(alarm).toEqual({ ...nothing, kind: "heartbeat", id: expect.any(String), button, at, battery: 0.635 });
    for (const flag of ["externalPowerSource", "batteryLevelUnavailable"]) {
      expect(parse("event=status", { ...fixture("status"), [flag]: true })).toMatchObject([{ battery: null }]);
    }
    for (const batteryLevel of [undefined, 101, "full"]) {
      expect(parse("event=status", { ...fixture("status"), batteryLevel })).toMatchObject([
        { kind: "heartbeat", battery: null },
      ]);
    }
  });

  it("tells apart the events of one frame, which all have its id", () => {
    const { deduplicationId, time, deviceInfo } = fixture("up-press");
    const ids = ["up", "status", "join", "location"].map((name) => {
      const content = { ...fixture("up-press"), location: { latitude: 52, longitude: 5 } };
      return parse(`event=${name}`, name === "join" ? { deduplicationId, time, deviceInfo } : content)[0]?.id;
    });
    expect(new Set(ids).size).toBe(4);
  });

  it("takes a join for a sign of life", () => {
    const { deduplicationId, time, deviceInfo, devAddr } = fixture("up-press");
    const join = { deduplicationId, time, deviceInfo, devAddr };
    expect(parse("event=join", join)).toMatchObject([{ kind: "heartbeat", button, battery: null }]);
  });

  it("takes a location for a position", () => {
    expect(parse("event=location", fixture("location"))).toMatchObject([
      { kind: "position", button: "20635F0123456789", position: { lat: 52.52411, lon: 5.72206, accuracyM: 140 } },
    ]);
    const moved = { ...fixture("location"), location: { latitude: 51.9, longitude: 4.4 } };
    for (const change of [{}, { deduplicationId: undefined }]) {
      const [one, other] = [fixture("location"), moved].map((event) =>
        parse("event=location", { ...event, ...change }),
      );
      expect(one?.[0]?.id).toEqual(expect.any(String));
      expect(one?.[0]?.id).toBe(other?.[0]?.id);
    }
    for (const location of [undefined, {}, { latitude: 91 }]) {
      expect(parse("event=location", { ...fixture("location"), location })).toEqual([]);
    }
  });

  it("takes an error in the log for a trouble of that button, and no other line", () => {
    const [alarm] = parse("event=log", fixture("log-error"));
    const at = Date.parse("2026-11-24T07:15:20Z");
    expect(alarm).toEqual({ ...nothing, kind: "trouble", id: expect.any(String), button, at });
    const again = { ...fixture("log-error"), context: {} };
    expect(parse("event=log", again)[0]?.id).toBe(alarm?.id);
    const later = { ...fixture("log-error"), time: "2026-11-24T07:15:29Z" };
    expect(parse("event=log", later)[0]?.id).not.toBe(alarm?.id);
    for (const level of [undefined, "INFO", "WARNING"]) {
      expect(parse("event=log", { ...fixture("log-error"), level })).toEqual([]);
    }
  });

  // With button "" a trouble would say that the whole source is down.
  it.each(["event=log", ""])("leaves an error of nobody alone, with %j", (query) => {
    const error = fixture("log-error");
    for (const deviceInfo of [undefined, {}, { devEui: "" }, { devEui: 7 }]) {
      expect(parse(query, { ...error, deviceInfo })).toEqual([]);
    }
  });

  // https://github.com/chirpstack/chirpstack/blob/master/api/proto/integration/integration.proto, LogCode
  it.each([
    ["UNKNOWN", true],
    ["UPLINK_CODEC", true],
    ["UPLINK_F_CNT_RESET", true],
    ["UPLINK_MIC", true],
    ["SOMETHING_NEW", true],
    [undefined, true],
    [7, true],
    ["DOWNLINK_PAYLOAD_SIZE", false],
    ["DOWNLINK_CODEC", false],
    ["DOWNLINK_GATEWAY", false],
    ["F_CNT_DOWN", false],
    ["EXPIRED", false],
  ])("an error %s says something about the button: %s", (code, expected) => {
    const alarms = parse("event=log", { ...fixture("log-error"), code });
    expect(alarms.map(({ kind }) => kind)).toEqual(expected ? ["trouble"] : []);
  });

  it.each(["ack", "txack", "integration"])("leaves %s alone", (name) => {
    expect(parse(`event=${name}`, { ...fixture("up-press"), queueItemId: "7", acknowledged: true })).toEqual([]);
  });

  it.each(["join", "status", "location"])("leaves a %s of nobody alone", (name) => {
    expect(parse(`event=${name}`, "no JSON")).toEqual([]);
  });
});

describe("an event that does not say what it is", () => {
  it.each(["", "event=", "event=something-new", "other=up"])("is known by its content, with %j", (query) => {
    expect(parse(query, fixture("up-press"))).toMatchObject([{ kind: "press", button }]);
    expect(parse(query, fixture("status"))).toMatchObject([{ kind: "heartbeat", battery: 0.635 }]);
    expect(parse(query, fixture("location"))).toMatchObject([{ kind: "position" }]);
    expect(parse(query, fixture("log-error"))).toMatchObject([{ kind: "trouble" }]);
    expect(parse(query, { ...fixture("log-error"), level: undefined })).toEqual([]);
  });

  it("may be a press when nothing tells", () => {
    const { deduplicationId, deviceInfo } = fixture("up-press");
    expect(parse("", { deduplicationId, deviceInfo })).toMatchObject([{ kind: "unreadable", button }]);
    expect(parse("event=something-new", "no JSON")).toMatchObject([{ kind: "unreadable", button: "" }]);
  });
});

describe("the events of the vendor's page", () => {
  const { events } = JSON.parse(readFileSync("test/fixtures/chirpstack/documented.json", "utf8"));
  const device = "0101010101010101";

  it("an uplink is a press by a mapping, and without one it can't be read", () => {
    const mapping = { press: 'port == 1 && payload == "aa"' };
    expect(parse("event=up", events.up, { secret, mapping })).toMatchObject([
      { kind: "press", button: device, at: Date.parse("2022-07-18T09:34:15.775Z") },
    ]);
    expect(parse("event=up", events.up)).toMatchObject([{ kind: "unreadable", button: device }]);
  });

  it("a status is a sign of life, a location a position", () => {
    expect(parse("event=status", events.status)).toMatchObject([{ kind: "heartbeat", button: device, battery: 0.883 }]);
    expect(parse("event=location", events.location)).toMatchObject([
      { kind: "position", button: device, position: { lat: 52.090714, lon: -5.121375, accuracyM: null } },
    ]);
  });
});
