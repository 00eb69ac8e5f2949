import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kpnThings } from "../../../adapters/sources/kpn-things.ts";
import type { InboundRequest } from "../../../bot/contracts.ts";
import { prove, sourceContract } from "../../contracts/source-contract.ts";

const now = Date.UTC(2026, 10, 24, 9, 0, 0);
const at = now - 4781;
const button = "24E124535B012345";
const secret = "the-secret-of-a-destination-at-kpn";
const position = { lat: 52.371234, lon: 4.895612, accuracyM: 312.4 };
const read = (name: string) => JSON.parse(readFileSync(`test/fixtures/kpn-things/${name}.json`, "utf8"));
const press = read("press-with-location");
const location = read("location");

const decoding = "https://docs.kpnthings.com/dm/processing/decoding";
const base = { bn: `urn:dev:DEVEUI:${button}:`, bt: at / 1000 };
const quiet = [
  { is: "a position alone", from: decoding, json: location },
  { is: "the network's own commands", from: decoding, json: [base, { n: "payload", vs: "0302" }, { n: "port", v: 0 }] },
  {
    is: "what the network says of a frame",
    from: decoding,
    json: [base, { n: "FCntUp", v: 3 }, { n: "LrrRSSI", v: -90 }],
  },
  {
    is: "a message that was sent to the device",
    from: decoding,
    json: [base, { n: "FCntDn", v: 8 }, { n: "DevLrrCnt", v: 1 }],
  },
];

sourceContract("kpn-things", kpnThings, button, quiet);
sourceContract("kpn-things, a mapping", {
  ...kpnThings,
  exampleOptions: { secret, mapping: { press: "port == 85 && payload == 'ff2e01'" } },
});

function request(body: unknown, token?: string): InboundRequest {
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const headers = { "things-message-token": token ?? toToken(bytes, secret) };
  return { method: "POST", path: "", query: "", headers, body: bytes, remote: "127.0.0.1", receivedAt: now };
}

function toToken(body: Buffer, key: string): string {
  return createHash("sha256")
    .update(Buffer.concat([body, Buffer.from(key)]))
    .digest("hex");
}

function parse(body: unknown, settings = {}) {
  return kpnThings.parse(request(body), { secret, ...settings });
}

/** One message of the button, with these records in it. */
function pack(...records: object[]) {
  return [{ bn: `urn:dev:DEVEUI:${button}:`, bt: at / 1000 }, ...records];
}

const payload = { n: "payload", vs: "ff2e01" };
const port = { n: "port", v: 85 };

describe("who is calling", () => {
  const accepts = (inbound: InboundRequest, key = secret) => {
    try {
      prove(kpnThings, inbound, { secret: key });
      return true;
    } catch {
      return false;
    }
  };

  it("is proven by a hash over body and secret, whenever it comes", () => {
    expect(accepts(request(press))).toBe(true);
    expect(accepts({ ...request(press), receivedAt: now + 365 * 86_400_000 })).toBe(true);
    expect(accepts(request(press), `${secret}x`)).toBe(false);
    expect(accepts({ ...request(press), body: Buffer.from(`${JSON.stringify(press)} `) })).toBe(false);
    for (const token of ["", "0".repeat(64), toToken(Buffer.alloc(0), secret)]) {
      expect(accepts(request(press, token))).toBe(false);
    }
  });

  // https://docs.kpnthings.com/dm/destinations/https; the token by sha256sum, not by the code above.
  it("takes a token that another program made", () => {
    const body = '[{"bn":"urn:dev:DEVEUI:0059AC0000123456:","bt":1.765739955219e9,"n":"payload","vs":"5a3c0017"}]';
    const key = "a-secret-at-kpn";
    const token = "f9c20a214a70b2f3a97f8441e0fbf6c6d923ad933d8409130acda62d6b27ac77";
    expect(accepts(request(body, token), key)).toBe(true);
    expect(accepts(request(body, token), `${key}x`)).toBe(false);
  });
});

describe("what it says", () => {
  it("a payload is read as the device's, with the position of the same pack", () => {
    const alarm = { kind: "press", id: expect.any(String), button, at, place: null, position, battery: null };
    expect(parse(press)).toEqual([{ ...alarm, state: null, colleague: null }]);
  });

  it("a location alone is a position, of its own moment", () => {
    expect(parse(location)).toMatchObject([{ kind: "position", button, at: now + 1316, position }]);
  });

  it("decoded values are read as such, with or without the payload", () => {
    expect(parse(read("decoded"))).toMatchObject([{ kind: "press", button, at: now - 5000, battery: 0.88 }]);
    expect(parse([...read("decoded"), payload, port])).toMatchObject([{ kind: "press", battery: 0.88 }]);
    const mapping = { press: "decoded_payload.alarm == true" };
    expect(parse(pack({ n: "alarm", vb: true }), { mapping })).toMatchObject([{ kind: "press" }]);
    expect(parse(pack({ n: "alarm", vb: false }), { mapping })).toMatchObject([{ kind: "heartbeat" }]);
  });

  it("several devices and moments in one pack are several alarms with identities of their own", () => {
    const other = "24E124535B0FFFFF";
    const alarms = parse([
      ...pack(payload, port),
      { bt: at / 1000 + 2, ...payload },
      port,
      { bn: `urn:dev:DEVEUI:${other.toLowerCase()}:`, ...payload },
      port,
    ]);
    expect(alarms.map((alarm) => [alarm.kind, alarm.button, alarm.at])).toEqual([
      ["press", button, at],
      ["press", button, at + 2000],
      ["press", other, at + 2000],
    ]);
    expect(new Set(alarms.map(({ id }) => id)).size).toBe(3);
  });

  it("gives each message the position taken nearest to it, and no other device's", () => {
    const place = (lat: number, t: number) => [
      { n: "latitude", v: lat, t },
      { n: "longitude", v: 5, t },
      { n: "radius", v: 0, t },
    ];
    const other = [{ bn: "urn:dev:DEVEUI:24E124535B0FFFFF:", ...payload }, port];
    const alarms = parse([...pack(payload, port), ...place(51, -70), ...place(52, 8), ...other]);
    const nearest = { lat: 52, lon: 5, accuracyM: null };
    expect(alarms).toMatchObject([{ position: nearest }, { position: null }]);
    expect(parse([...pack(payload, port), ...place(51, -601)])).toMatchObject([{ kind: "press", position: null }]);
  });

  it("a position that was old when it was sent is none", () => {
    const old = press.map((record: { n: string }) =>
      record.n === "locTime" ? { ...record, v: at / 1000 - 601 } : record,
    );
    expect(parse(old)).toMatchObject([{ kind: "press", position: null }]);
  });

  it("a location alone that was old when it was sent is a sign of life", () => {
    const old = location.map((record: { n?: string }) =>
      record.n === "locTime" ? { ...record, v: 1, vs: null } : record,
    );
    expect(parse(old)).toMatchObject([{ kind: "heartbeat", button, position: null }]);
  });

  it("two payloads of one moment are two messages", () => {
    const alarms = parse(pack({ n: "payload", vs: "017564" }, port, payload));
    expect(alarms.map(({ kind }) => kind)).toEqual(["heartbeat", "press"]);
  });

  it("a heartbeat with a position is a position", () => {
    const heartbeat = press.map((record: { n: string }) =>
      record.n === "payload" ? { ...record, vs: "017564" } : record,
    );
    expect(parse(heartbeat)).toMatchObject([{ kind: "position", button, position, battery: 1 }]);
  });

  it.each([
    ["urn:dev:DEVEUI:24e124535b012345:", button],
    ["URN:DEV:DEVEUI:24E124535B012345", button],
    ["urn:dev:IMEI:123456789012345:", "123456789012345"],
    ["urn:dev:mac:0024befffe804ff1:", "0024befffe804ff1"],
    ["urn:dev:DEVEUI:knop-1:", "knop-1"],
  ])("the button of %s is %s", (bn, expected) => {
    expect(parse([{ bn, bt: at / 1000, ...payload }, port])).toMatchObject([{ kind: "press", button: expected }]);
  });

  it("what only surrounds a message is a sign of life", () => {
    expect(parse(pack({ n: "LrrRSSI", v: -101 }, { n: "FCntUp", v: 3 }))).toMatchObject([
      { kind: "heartbeat", button },
    ]);
    expect(parse(pack({ n: "payload", vs: "0302" }, { n: "port", v: 0 }))).toMatchObject([
      { kind: "heartbeat", button },
    ]);
  });

  it.each([
    [pack({ n: "payload", vs: "xyz" }, port)],
    [pack({ n: "payload", vs: 7 }, port)],
    [pack({ n: "payload", vs: "ff2" }, port)],
    [pack({ n: "payload" }, port)],
    [pack({ n: "payload", vs: "0102030405" }, { n: "port", v: 2 })],
  ])("an unreadable payload names its button: %j", (body) => {
    expect(parse(body)).toMatchObject([{ kind: "unreadable", button, at }]);
    const mapping = { press: "payload == 'ff2e01'" };
    expect(parse(pack({ n: "payload", vs: "xyz" }, port), { mapping })).toMatchObject([{ kind: "unreadable", button }]);
  });

  it.each([[[]], [{}], [[{ bn: `urn:dev:DEVEUI:${button}:`, bt: 1 }]], [[payload, port]], [[{ n: 7, vs: "ff2e01" }]]])(
    "takes %j for unreadable",
    (body) => {
      expect(parse(body)).toMatchObject([{ kind: "unreadable", button: "", id: null }]);
    },
  );

  it("drops what is wrong beside the press", () => {
    const beside = [
      { n: "latitude", v: 91 },
      { n: "longitude", vs: "east" },
      { n: "radius", v: -1 },
      { n: "locTime", vb: true },
    ];
    expect(parse([...pack(payload, port, ...beside), { n: "FCntUp", v: -1 }])).toMatchObject([
      { kind: "press", position: null },
    ]);
    expect(parse([{ bn: `urn:dev:DEVEUI:${button}:`, bt: "now", ...payload }, port])).toMatchObject([
      { kind: "press", at: null },
    ]);
  });
});

describe("one message is one identity", () => {
  const [{ id } = { id: null }] = parse(press);
  const resolved = press.map((record: object) => ({ ...record, bn: press[0].bn, bt: press[0].bt }));

  it("a replay is the same, however its records are put", () => {
    expect(id).not.toBeNull();
    const property = fc.property(fc.shuffledSubarray(resolved, { minLength: resolved.length }), (records) => {
      expect(parse(records)).toEqual(parse(press));
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("what the gateways received makes no other message", () => {
    const reception = { LrrRSSI: { v: -117 }, SubBand: { vs: "G2" }, radius: { v: 250 }, payload: { vs: "FF2E01" } };
    const other = press.map((record: { n: keyof typeof reception }) => ({ ...record, ...reception[record.n] }));
    expect(parse([...other, { n: "DevLrrCnt", v: 3 }])).toMatchObject([{ kind: "press", id }]);
  });

  it.each([
    ["payload", { vs: "ff2e02" }],
    ["port", { v: 86 }],
    ["FCntUp", { v: 43 }],
  ])("another %s is another message", (name, change) => {
    const other = press.map((record: { n: string }) => (record.n === name ? { ...record, ...change } : record));
    expect(parse(other)[0]?.id).not.toBe(id);
  });

  it("another moment or device is another message", () => {
    const [first, ...rest] = press;
    expect(parse([{ ...first, bt: first.bt + 1 }, ...rest])[0]?.id).not.toBe(id);
    expect(parse([{ ...first, bn: "urn:dev:DEVEUI:24E124535B0FFFFF:" }, ...rest])[0]?.id).not.toBe(id);
  });

  it("a position is told by its moment, and no hash holds the coordinates", () => {
    const moved = location.map((record: { n?: string }) => (record.n === "latitude" ? { ...record, v: 51.9 } : record));
    expect(parse(moved)).toMatchObject([{ kind: "position", position: { lat: 51.9 }, id: parse(location)[0]?.id }]);
    const later = location.map((record: { n?: string; v?: number }) =>
      record.n === "locTime" ? { ...record, v: now / 1000 + 60, vs: undefined } : record,
    );
    expect(parse(later)).toMatchObject([
      { kind: "position", id: expect.not.stringMatching(`^${parse(moved)[0]?.id}$`) },
    ]);
    const momentless = [
      { bn: `urn:dev:DEVEUI:${button}:`, n: "latitude", v: 52 },
      { n: "longitude", v: 5 },
    ];
    expect(parse(momentless)).toMatchObject([{ kind: "position", at: null, id: null }]);
  });

  it("without a moment and a counter it has none, so that no press is taken for another", () => {
    expect(parse([{ bn: `urn:dev:DEVEUI:${button}:`, ...payload }, port])).toMatchObject([{ kind: "press", id: null }]);
  });

  it("decoded values do not count, their names and the moment do", () => {
    const message = (name: string, vs: string) => parse(pack({ n: name, vs }))[0]?.id;
    expect(message("button", "short")).toBe(message("button", "long"));
    expect(message("button", "short")).not.toBe(message("msgid", "short"));
  });
});

describe("what KPN Things sent", () => {
  const captured = read("captured");
  const device = "0059AC0000123456";

  it("is a message of an unknown device, which a mapping can read", () => {
    const mapping = { press: 'payload == "5a3c0017"' };
    expect(parse(captured.payload, { mapping })).toMatchObject([{ kind: "press", button: device, at: 1765739955219 }]);
    expect(parse(captured.payload)).toMatchObject([{ kind: "unreadable", button: device, at: 1765739955219 }]);
  });

  it("a value without a name may be the payload", () => {
    const settings = { mapping: { press: "payload == 'ff2e01'" } };
    expect(parse(pack({ vs: "ff2e01" }, port), settings)).toMatchObject([{ kind: "unreadable", button }]);
  });

  it("is a sign of life without the payload: all the rest is what the network says of it", () => {
    const [{ bn, bt }, ...others] = captured.payload;
    expect(parse([{ bn, bt }, ...others])).toMatchObject([{ kind: "heartbeat", button: device, at: 1765739955219 }]);
  });

  it("is a position, whose first record says more than the device and the moment", () => {
    const known = { lat: 52.526312, lon: 5.715247, accuracyM: 356.820465 };
    expect(parse(captured.location)).toMatchObject([
      { kind: "position", button: device, at: 1765739960260, position: known },
    ]);
  });
});
