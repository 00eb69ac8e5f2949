import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { theThingsStack } from "../../../adapters/sources/the-things-stack.ts";
import { sourceContract } from "../../contracts/source-contract.ts";

const now = Date.UTC(2026, 10, 24, 9, 0, 0);
const secret = "a-secret-of-this-test-only";
const model = { secret, model: "milesight-ws101" } as const;
const byMapping = { secret, mapping: { press: "has(decoded_payload.luminosity)" } };
const nothing = { place: null, position: null, battery: null, state: null, colleague: null };

const button = "alarmknop-balie-2";
const formats = "https://www.thethingsindustries.com/docs/integrations/data-formats/";
const ids = { end_device_ids: { device_id: button }, received_at: "2026-11-24T08:59:58.512Z" };
const downlink = { session_key_id: "AZNSm0l9jQ1nR6yVw2bK4A==", f_port: 85, f_cnt: 1, frm_payload: "/y4B" };
const quiet = [
  ...["downlink_ack", "downlink_nack", "downlink_sent", "downlink_queued"].map((name) => ({
    is: name,
    from: formats,
    json: { ...ids, [name]: downlink },
  })),
  { is: "downlink_failed", from: formats, json: { ...ids, downlink_failed: { downlink, error: { name: "x" } } } },
  {
    is: "downlink_queue_invalidated",
    from: formats,
    json: { ...ids, downlink_queue_invalidated: { downlinks: [downlink], last_f_cnt_down: 1 } },
  },
  { is: "a join", from: formats, json: { ...ids, join_accept: { session_key_id: "AZNSm0l9jQ1nR6yVw2bK4A==" } } },
  {
    is: "a position",
    from: formats,
    json: { ...ids, location_solved: { location: { latitude: 52.5, longitude: 5.7 } } },
  },
  {
    is: "data of a service",
    from: formats,
    json: { ...ids, service_data: { service: "x", data: { button: "short" } } },
  },
  {
    is: "a normalized uplink",
    from: "https://www.thethingsindustries.com/docs/integrations/payload-formatters/javascript/uplink/#normalized-payload",
    json: { ...ids, uplink_normalized: { ...downlink, normalized_payload: { battery: 3.2 } } },
  },
  {
    is: "a simulated uplink",
    from: "https://www.thethingsindustries.com/docs/devices/device-management/#simulate-uplink",
    json: { ...ids, simulated: true, uplink_message: downlink },
  },
];

sourceContract("the-things-stack", theThingsStack, button, quiet);
sourceContract(
  "the-things-stack, own header",
  { ...theThingsStack, exampleOptions: { ...model, header: "X-Rugdekking" } },
  button,
);

const devices = [
  "milesight-ws101",
  "browan-tbpb100",
  "abeeway-asset-tracker-2",
  "abeeway-smart-badge",
  "abeeway-asset-tracker-3",
  "sensecap-t1000",
] as const;

function fixture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(`test/fixtures/the-things-stack/${name}.json`, "utf8"));
}

function parse(body: unknown, options: Parameters<typeof theThingsStack.parse>[1] = model) {
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const request = { method: "POST", path: "", query: "", headers: {}, body: bytes, remote: "", receivedAt: now };
  return theThingsStack.parse(request, options);
}

/** The press of the fixture, with other fields in its uplink. */
function press(uplink: Record<string, unknown>, message: Record<string, unknown> = {}) {
  const content = fixture("uplink-press");
  return { ...content, ...message, uplink_message: { ...(content.uplink_message as object), ...uplink } };
}

describe("an uplink", () => {
  it("is the press of its device, at the moment the network had it", () => {
    const [alarm, ...rest] = parse(fixture("uplink-press"));
    expect(rest).toEqual([]);
    const at = Date.parse("2026-11-24T08:59:58.301Z");
    expect(alarm).toEqual({ ...nothing, kind: "press", id: expect.any(String), button, at, battery: 0.89 });
  });

  it("is one alarm by whatever gateway, however often and whatever the decoder adds to it", () => {
    const [first] = parse(fixture("uplink-press"));
    const [again] = parse(fixture("uplink-press-again"));
    expect(first?.id).toEqual(expect.any(String));
    expect(again?.id).toBe(first?.id);
  });

  it.each([
    { f_cnt: 215 },
    { f_cnt: undefined },
    { session_key_id: "AZNSnKq7Y0yQ3m1XhB5sUg==" },
    { frm_payload: "/y4B" },
    { session_key_id: undefined },
    { received_at: "2026-11-24T09:20:11.4Z" },
    { received_at: undefined },
  ])("is another alarm with %j", (change) => {
    expect(parse(press(change))[0]).toMatchObject({ kind: "press", id: expect.any(String) });
    expect(parse(press(change))[0]?.id).not.toBe(parse(press({}))[0]?.id);
  });

  // An ABP device keeps its session over a change of battery.
  it("is another alarm when the device counts anew within its session", () => {
    const content = fixture("uplink-press").uplink_message;
    const after = press({ received_at: "2026-11-24T13:02:40.019Z" });
    expect(after).toMatchObject({ uplink_message: { ...(content as object), received_at: expect.any(String) } });
    expect(parse(after)).toMatchObject([{ kind: "press", button }]);
    expect(parse(after)[0]?.id).not.toBe(parse(press({}))[0]?.id);
  });

  it("without a moment is told by its session and counter", () => {
    const id = (change: object) => parse(press({ received_at: undefined, ...change }))[0]?.id;
    expect(id({ rx_metadata: [] })).toBe(id({}));
    expect(id({ f_cnt: 215 })).not.toBe(id({}));
  });

  it("without a session is told by its moment", () => {
    const [first, again, next] = [
      press({ session_key_id: undefined }),
      press({ session_key_id: undefined, rx_metadata: [] }, { received_at: "2026-11-24T09:03:58Z" }),
      press({ session_key_id: undefined, received_at: "2026-11-24T10:10:10.5Z" }),
    ].map((body) => parse(body)[0]?.id);
    expect(again).toBe(first);
    expect(next).not.toBe(first);
    const nameless = parse(press({ session_key_id: undefined, received_at: undefined }));
    expect(nameless).toMatchObject([{ kind: "press", id: null }]);
  });

  it("without what is zero, false or empty is read all the same", () => {
    const [alarm] = parse({
      end_device_ids: { device_id: button },
      uplink_message: { session_key_id: "AZNSm0l9jQ1nR6yVw2bK4A==", f_port: 85, frm_payload: "/y4B" },
    });
    expect(alarm).toMatchObject({ kind: "press", button, at: null, battery: null });
    const [empty] = parse({ end_device_ids: { device_id: button }, uplink_message: { f_cnt: 7 } });
    expect(empty).toMatchObject({ kind: "heartbeat", button });
  });

  it("that breaks off names its device once that came whole", () => {
    const whole = JSON.stringify(fixture("uplink-press"));
    const after = whole.indexOf(button) + button.length + 2;
    expect(parse(whole.slice(0, after))).toMatchObject([{ kind: "unreadable", button }]);
    expect(parse(whole.slice(0, after - 1))).toMatchObject([{ kind: "unreadable", button: "" }]);
  });

  it("without anything in it may be a press", () => {
    expect(parse({ ...fixture("uplink-press"), uplink_message: {} })).toMatchObject([{ kind: "unreadable", button }]);
  });

  it("has the position of its own payload only, never a stored one", () => {
    const [alarm] = parse(press({}));
    expect(alarm?.position).toBeNull();
    const mapping = { press: 'payload == "01"', lat: "decoded_payload.lat", lon: "decoded_payload.lon" };
    const own = press({ frm_payload: "AQ==", decoded_payload: { lat: 52.5, lon: 5.7 } });
    expect(parse(own, { secret, mapping })).toMatchObject([{ kind: "press", position: { lat: 52.5, lon: 5.7 } }]);
  });

  it("has the battery that the network knows, unless the device says it itself", () => {
    const silent = press({ frm_payload: "/y4B", decoded_payload: undefined });
    expect(parse(silent)[0]?.battery).toBeCloseTo(0.9137255);
    expect(
      parse(press({ frm_payload: "/y4B", decoded_payload: undefined, last_battery_percentage: { value: 180 } })),
    ).toMatchObject([{ kind: "press", battery: null }]);
  });

  it.each([
    { received_at: "yesterday" },
    { f_cnt: "many" },
    { session_key_id: 7 },
    { last_battery_percentage: "full" },
    { decoded_payload: null },
    { locations: 7, rx_metadata: "none" },
  ])("stays the press with %j", (wrong) => {
    expect(parse(press(wrong))).toMatchObject([{ kind: "press", button }]);
  });

  it.each([
    [press({ frm_payload: "!", decoded_payload: undefined }), button],
    [press({ frm_payload: "ESIz", decoded_payload: undefined }), button],
    [{ end_device_ids: { device_id: button }, uplink_message: 7 }, button],
    [{ end_device_ids: { device_id: button }, something_new: {} }, button],
    [press({}, { end_device_ids: { device_id: 7 } }), ""],
    [press({}, { end_device_ids: undefined }), ""],
    [[], ""],
    ["no JSON", ""],
  ])("that can't be read is unreadable, with its button when that is known: %j", (body, known) => {
    expect(parse(body)).toMatchObject([{ kind: "unreadable", button: known }]);
  });

  it.each([
    ["press", {}],
    ["what can't be read", { frm_payload: "ESIz", decoded_payload: undefined }],
  ])("of the simulator is a test: %s", (_, uplink) => {
    expect(parse(press(uplink, { simulated: true }))).toMatchObject([{ kind: "test", button }]);
  });

  it("of the simulator that is no press says nothing about the device", () => {
    expect(parse(press({ frm_payload: "AXVZ", decoded_payload: undefined }))).toMatchObject([{ kind: "heartbeat" }]);
    expect(parse(press({ frm_payload: "AXVZ", decoded_payload: undefined }, { simulated: true }))).toEqual([]);
  });

  it.each(devices)("of `ring` is a press of %s", (device) => {
    const example = theThingsStack.example({ secret, model: device }, button, now);
    expect(parse(example.body.toString(), { secret, model: device })).toMatchObject([
      { kind: "press", button, at: now },
    ]);
  });
});

describe("other messages", () => {
  it("takes a join for a sign of life", () => {
    const [alarm, ...rest] = parse(fixture("join-accept"));
    expect(rest).toEqual([]);
    const at = Date.parse("2026-11-24T06:30:00.734Z");
    expect(alarm).toEqual({ ...nothing, kind: "heartbeat", id: expect.any(String), button, at });
    expect(alarm?.id).not.toBe(parse(fixture("uplink-press"))[0]?.id);
  });

  it("takes a solved location for a position", () => {
    const position = { lat: 52.52411, lon: 5.72206, accuracyM: 140 };
    expect(parse(fixture("location-solved"))).toMatchObject([
      { kind: "position", button: "alarmknop-handhaving-1", at: Date.parse("2026-11-24T09:00:04.118Z"), position },
    ]);
    const solved = (location: unknown) => ({ ...fixture("location-solved"), location_solved: { location } });
    expect(parse(solved({ latitude: 52.5, accuracy: 0 }))).toMatchObject([
      { position: { lat: 52.5, lon: 0, accuracyM: null } },
    ]);
    for (const none of [{}, { altitude: 3 }, { latitude: 91, longitude: 5 }, "here", null]) {
      expect(parse(solved(none))).toEqual([]);
    }
  });

  it("tells apart solved locations by their moment, and keeps no coordinates in a hash", () => {
    const id = (change: object) => parse({ ...fixture("location-solved"), ...change })[0]?.id;
    const elsewhere = { location_solved: { location: { latitude: 51.9, longitude: 4.4 } } };
    expect(id({})).toEqual(expect.any(String));
    expect(id(elsewhere)).toBe(id({}));
    expect(id({ received_at: "2026-11-24T09:01:04.118Z" })).not.toBe(id({}));
    expect(parse({ ...fixture("location-solved"), received_at: undefined })).toMatchObject([
      { kind: "position", id: null },
    ]);
  });

  it.each([
    "downlink_ack",
    "downlink_nack",
    "downlink_sent",
    "downlink_failed",
    "downlink_queued",
    "downlink_queue_invalidated",
    "service_data",
    "uplink_normalized",
  ])("leaves %s alone", (name) => {
    expect(parse({ end_device_ids: { device_id: button }, [name]: { f_port: 85, frm_payload: "/y4B" } })).toEqual([]);
  });
});

describe("the messages of the vendor's page", () => {
  const { messages } = JSON.parse(readFileSync("test/fixtures/the-things-stack/documented.json", "utf8"));
  const device = "meter-1";

  it("an uplink is a press by a mapping, and without one it can't be read", () => {
    expect(parse(messages.uplink_message, byMapping)).toMatchObject([
      { kind: "press", button: device, at: Date.parse("2020-02-12T15:15:45.789Z"), position: null },
    ]);
    expect(parse(messages.uplink_message)).toMatchObject([{ kind: "unreadable", button: device }]);
  });

  it("a join is a sign of life", () => {
    expect(parse(messages.join_accept)).toMatchObject([{ kind: "heartbeat", button: device }]);
  });

  it.each(["downlink_ack", "downlink_failed"])("%s is nothing", (name) => {
    expect(messages[name]).toHaveProperty(name);
    expect(parse(messages[name])).toEqual([]);
  });
});

it("refuses settings with which no call could be right", () => {
  const downlink = {
    url: "https://eu1.cloud.thethings.network",
    application: "gemeente-voorbeeld",
    apiKey: "NNSXS.X",
    model: "abeeway",
  };
  const fits = (change: object) =>
    theThingsStack.Options.safeParse({ ...model, downlink: { ...downlink, ...change } }).success;
  expect(fits({})).toBe(true);
  expect(fits({ url: "ftp://eu1.cloud.thethings.network" })).toBe(false);
  expect(fits({ application: "../users" })).toBe(false);
  expect(fits({ apiKey: "two\r\nlines" })).toBe(false);
  expect(fits({ coming: { port: 0, payload: "00" } })).toBe(false);
});
