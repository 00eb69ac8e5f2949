import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cloudevents } from "../../../adapters/sources/cloudevents.ts";
import type { InboundRequest } from "../../../bot/contracts.ts";
import { sourceContract } from "../../contracts/source-contract.ts";

const now = Date.UTC(2026, 10, 24, 9, 0, 0);
const event = JSON.parse(readFileSync("test/fixtures/cloudevents/structured.json", "utf8"));
const batch = JSON.parse(readFileSync("test/fixtures/cloudevents/batch.json", "utf8"));
const options = {
  secret: "a-secret-of-an-event-bus",
  types: {
    press: ["nl.voorbeeld.knop.ingedrukt"],
    heartbeat: ["nl.voorbeeld.knop.leeft"],
    test: ["nl.voorbeeld.proef"],
  },
};
const plain = { secret: options.secret };
type Settings = Parameters<typeof cloudevents.parse>[1];

const eventGrid = "https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema";
const validation = {
  id: "2d1781af-3a4c-4d7c-bd0c-e34b19da4e66",
  topic: "/subscriptions/x",
  subject: "",
  data: { validationCode: "512d38b6", validationUrl: "https://example.com/validate" },
  eventTime: "2026-11-24T09:00:00Z",
};
const quiet = [
  {
    is: "Event Grid's question who is there",
    from: eventGrid,
    json: [{ ...validation, eventType: "Microsoft.EventGrid.SubscriptionValidationEvent" }],
  },
  {
    is: "Event Grid's farewell",
    from: eventGrid,
    json: [{ ...validation, eventType: "Microsoft.EventGrid.SubscriptionDeletedEvent" }],
  },
  {
    is: "that question as a CloudEvent",
    from: eventGrid,
    json: { ...validation, source: "/x", type: "Microsoft.EventGrid.SubscriptionValidationEvent" },
  },
  ...["heartbeat", "test", "battery-low"].map((kind) => ({
    is: kind,
    from: null,
    json: { ...event, data: { button: "1", kind } },
  })),
];

sourceContract("cloudevents", cloudevents, "0042", quiet);

function request(body: unknown, headers: InboundRequest["headers"] = {}): InboundRequest {
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return { method: "POST", path: "", query: "", headers, body: bytes, remote: "127.0.0.1", receivedAt: now };
}

function structured(body: unknown, settings: Settings = options) {
  const type = { "content-type": "application/cloudevents+json; charset=UTF-8" };
  return cloudevents.parse(request(body, type), settings);
}

const binaryHeaders = {
  "content-type": "application/json",
  "ce-specversion": "1.0",
  "ce-type": event.type,
  "ce-source": event.source,
  "ce-subject": event.subject,
  "ce-id": event.id,
  "ce-time": event.time,
};

function binary(headers: InboundRequest["headers"], body: unknown = event.data, settings: Settings = options) {
  return cloudevents.parse(request(body, { ...binaryHeaders, ...headers }), settings);
}

const press = {
  kind: "press",
  id: expect.any(String),
  button: "knop-17",
  at: Date.UTC(2026, 10, 24, 8, 59, 58, 500),
  place: "Spreekkamer 3",
  position: { lat: 52.35, lon: 5.62, accuracyM: null },
  battery: 0.83,
  state: null,
  colleague: null,
};

describe("the three content modes", () => {
  it("says the same in structured, in binary and under a plain content type", () => {
    const read = structured(event);
    expect(read).toEqual([press]);
    expect(binary({})).toEqual(read);
    expect(cloudevents.parse(request(event, { "content-type": "application/json" }), options)).toEqual(read);
    expect(cloudevents.parse(request(event), options)).toEqual(read);
  });

  it("reads a batch, also one that is empty", () => {
    const headers = { "content-type": "application/cloudevents-batch+json" };
    expect(cloudevents.parse(request(batch, headers), options).map(({ kind, button }) => [kind, button])).toEqual([
      ["press", "knop-1"],
      ["heartbeat", "knop-2"],
      ["press", "knop-3"],
    ]);
    expect(cloudevents.parse(request(batch, headers), plain).map(({ kind }) => kind)).toEqual([
      "press",
      "press",
      "test",
    ]);
    expect(cloudevents.parse(request([], headers), options)).toEqual([]);
    expect(structured([7, event, null, {}]).map(({ kind }) => kind)).toEqual(["unreadable", "press"]);
  });

  // https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3132-http-header-values
  it.each([
    ["Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"],
    ["%e2%82%ac", "€"],
    ["%6b%6Eop", "knop"],
    ["%2541", "%41"],
    ['"knop \\"17\\""', 'knop "17"'],
    ["100%", "100%"],
    ["%C0%A0", "%C0%A0"],
  ])("decodes the header value %s once", (value, subject) => {
    expect(binary({ "ce-subject": value })).toMatchObject([{ button: subject }]);
  });

  it("data in base64 and data in a string are data", () => {
    const data = { button: "knop-9", kind: "test" };
    const { data: _, ...bare } = event;
    for (const form of [
      { data_base64: Buffer.from(JSON.stringify(data)).toString("base64") },
      { data: JSON.stringify(data) },
    ])
      expect(structured({ ...bare, ...form }, plain)).toMatchObject([{ kind: "test", button: "knop-9" }]);
  });
});

describe("what it says", () => {
  it("the type decides where the configuration names it, else our own form", () => {
    expect(structured({ ...event, type: "nl.voorbeeld.proef" })).toMatchObject([{ kind: "test" }]);
    expect(structured({ ...event, type: "NL.voorbeeld.proef" })).toMatchObject([{ kind: "press" }]);
    const data = { ...event.data, kind: "heartbeat" };
    expect(structured({ ...event, data })).toMatchObject([{ kind: "press" }]);
    expect(structured({ ...event, data }, plain)).toMatchObject([{ kind: "heartbeat" }]);
    expect(structured({ ...event, type: "something.else", data })).toMatchObject([{ kind: "heartbeat" }]);
  });

  it("the button is the data's, else the subject, else the source", () => {
    expect(structured({ ...event, data: { button: "B" } })).toMatchObject([{ button: "B" }]);
    expect(structured({ ...event, data: null })).toMatchObject([{ kind: "press", button: "knop-17" }]);
    expect(structured({ ...event, subject: undefined })).toMatchObject([{ button: "/gebouw/stadhuis" }]);
  });

  it.each(["specversion", "type", "id", "time"])("reads an event without %s", (name) => {
    expect(structured({ ...event, [name]: undefined })).toMatchObject([{ kind: "press", button: "knop-17" }]);
  });

  it("names the button of data or of an event that is no JSON", () => {
    const torn = '{"place":"Balie","button":"hal","battery":NaN}';
    expect(structured({ ...event, type: "x", data: torn })).toMatchObject([{ kind: "press", button: "hal" }]);
    expect(binary({ "ce-type": "x" }, torn)).toMatchObject([{ kind: "press", button: "hal" }]);
    expect(binary({ "ce-type": "x" }, torn.slice(0, -1))).toMatchObject([{ kind: "unreadable", button: "hal" }]);
    const heartbeat = torn.replace("NaN", 'NaN,"kind":"heartbeat"');
    expect(binary({ "ce-type": "x" }, heartbeat)).toMatchObject([{ kind: "heartbeat", button: "hal" }]);
    expect(structured(`{"subject":"knop-17","data":${torn}`)).toMatchObject([{ kind: "unreadable", button: "hal" }]);
    expect(structured(`{"button":"knop-17","data":{"last":${torn},`)).toMatchObject([
      { kind: "unreadable", button: "" },
    ]);
    // The data may have named another one.
    expect(structured('{"subject":"knop-17","data":{"pl')).toMatchObject([{ kind: "unreadable", button: "" }]);
  });

  it("a press beside Event Grid's question stays one", () => {
    const question = { ...validation, eventType: "Microsoft.EventGrid.SubscriptionValidationEvent" };
    expect(structured([question, event])).toMatchObject([{ kind: "press", button: "knop-17" }]);
  });

  it("data that can't be read is unreadable, with the button, unless the type says what it is", () => {
    for (const data of ["<xml/>", 7, []]) {
      expect(structured({ ...event, data }, plain)).toMatchObject([{ kind: "unreadable", button: "knop-17" }]);
      expect(structured({ ...event, data })).toMatchObject([{ kind: "press", button: "knop-17" }]);
    }
    expect(binary({}, "{", plain)).toMatchObject([{ kind: "unreadable", button: "knop-17" }]);
    expect(binary({}, "", plain)).toMatchObject([{ kind: "press", button: "knop-17" }]);
  });

  it("leaves out side fields that are wrong and keeps the press", () => {
    const data = { place: 7, position: "here", battery: 830, at: "now" };
    expect(structured({ ...event, data, time: "yesterday" })).toMatchObject([
      { kind: "press", at: null, place: null, position: null, battery: null },
    ]);
  });

  it.each(["", "{", "7", "null", "{}", '{"data":{}}', '{"subject":" "}'])("takes %s for unreadable", (body) => {
    expect(structured(body)).toMatchObject([{ kind: "unreadable", button: "" }]);
  });

  it("takes a heartbeat that names nobody for nothing at all", () => {
    expect(structured({ type: "nl.voorbeeld.knop.leeft" })).toEqual([]);
  });
});

it("takes an event of a press for one, whatever its fields hold", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (data, value) => {
      const changes = { id: value, source: value, time: value, data };
      expect(structured({ ...event, ...changes })).toMatchObject([{ kind: "press" }]);
      expect(structured({ ...event, ...changes, subject: value, data_base64: value })).toHaveLength(1);
    }),
  );
});

describe("what makes two deliveries one", () => {
  const idOf = (changes: object) => structured({ ...event, ...changes })[0]?.id;

  it("all that a retry repeats, whatever the mode and the extension attributes are", () => {
    expect(idOf({ traceparent: "other", datacontenttype: undefined })).toBe(idOf({}));
    expect(binary({ "ce-traceparent": "other" })[0]?.id).toBe(idOf({}));
    expect(idOf({ data: JSON.stringify(event.data) })).toBe(idOf({}));
  });

  it.each([
    { source: "/elders" },
    { source: undefined },
    { id: "other" },
    { type: "something.else" },
    { subject: "knop-18" },
    { time: "2026-11-24T09:30:00Z" },
    { time: "yesterday" },
    { time: 1795510800 },
    { data: { ...event.data, battery: 0.82 } },
    { data: "<xml/>" },
    { data: null },
    { data: undefined },
  ])("another event, as of a producer that counts anew: %j", (changes) => {
    const ids = [idOf({}), idOf(changes)];
    expect(new Set([...ids, idOf({ ...changes, id: "another" })]).size).toBe(3);
    expect(ids).toEqual([expect.any(String), expect.any(String)]);
  });

  it("nothing without an id, or with data too deep to be compared", () => {
    expect(idOf({ id: undefined })).toBeNull();
    const deep = "[".repeat(30_000) + "]".repeat(30_000);
    const body = `{"id":"1","source":"/x","data":{"button":"knop-1","more":${deep}}}`;
    expect(structured(body)).toMatchObject([{ kind: "press", button: "knop-1", id: null }]);
  });

  it("in binary mode the bytes of the body", () => {
    const ids = [binary({}), binary({}, { ...event.data, battery: 0.82 }), binary({}, "{"), binary({}, "")];
    expect(new Set(ids.map(([alarm]) => alarm?.id)).size).toBe(4);
  });
});
