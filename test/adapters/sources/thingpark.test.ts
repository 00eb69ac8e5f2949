import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { thingpark } from "../../../adapters/sources/thingpark.ts";
import type { InboundRequest } from "../../../bot/contracts.ts";
import { prove, sourceContract } from "../../contracts/source-contract.ts";

const now = Date.UTC(2026, 10, 24, 9, 0, 0);
const at = now - 4781;
const hour = 3_600_000;
const button = "24E124535B012345";
const key = "00aa11bb22cc33dd44ee55ff66778899";
const secret = "a-secret-in-a-header-of-thingpark";
const position = { lat: 52.371234, lon: 4.895612, accuracyM: 312.4 };
const read = (name: string) => JSON.parse(readFileSync(`test/fixtures/thingpark/${name}.json`, "utf8"));
const { DevEUI_uplink: uplink } = read("uplink");
const { DevEUI_location: location } = read("location");

const reports =
  "https://docs.thingpark.com/thingpark-enterprise/latest/docs/api-tpe/data-plane/basic/lrc-as-tunnel-lorawan";
const ofDevice = { Time: "2026-11-24T10:00:00+01:00", DevEUI: button, CustomerID: "100009876", FPort: 85, FCntDn: 8 };
const quiet = [
  { is: "a join", from: reports, json: { DevEUI_notification: { ...ofDevice, Type: "join" } } },
  { is: "a status", from: reports, json: read("notification") },
  { is: "a position", from: reports, json: read("location") },
  { is: "a message that was sent", from: reports, json: read("downlink-sent") },
  {
    is: "a message that was not",
    from: reports,
    json: { DevEUI_downlink_Rejected: { ...ofDevice, DeliveryStatus: 350 } },
  },
  {
    is: "what became of a message to many",
    from: reports,
    json: { DevEUI_multicast_summary: { ...ofDevice, LrrCnt: 93 } },
  },
  {
    is: "the network's own commands",
    from: reports,
    json: { DevEUI_uplink: { ...ofDevice, FPort: 0, FCntUp: 4, payload_hex: "03" } },
  },
  {
    is: "a join request",
    from: reports,
    json: { DevEUI_uplink: { ...ofDevice, FPort: undefined, rawJoinRequest: "00" } },
  },
];

sourceContract("thingpark", thingpark, button, quiet);
sourceContract("thingpark, a header and another model", {
  ...thingpark,
  exampleOptions: { secret, header: "X-Rugdekking", model: "browan-tbpb100" },
});

interface Signing {
  readonly elements?: string;
  readonly query?: string;
  readonly key?: string;
}

const uplinkElements = `100009876${button}8542ff2e01`;
const uplinkQuery = `LrnDevEui=${button}&LrnFPort=85&LrnInfos=TWA_100009876.12.AS-1-34&AS_ID=example&Time=2026-11-24T10:00:00.000+01:00`;

function request(body: unknown, query = ""): InboundRequest {
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return { method: "POST", path: "", query, headers: {}, body: bytes, remote: "127.0.0.1", receivedAt: now };
}

/** As the network signs it: over what it says itself, and not over what we read. */
function sign(body: unknown, { elements = uplinkElements, query = uplinkQuery, key: used = key }: Signing = {}) {
  const token = createHash("sha256").update(`${elements}${query}${used}`).digest("hex");
  return request(body, `${query.replaceAll("+", "%2B").replaceAll(":", "%3A")}&Token=${token}`);
}

function accepts(inbound: InboundRequest, settings: object = { key }) {
  try {
    prove(thingpark, inbound, thingpark.Options.parse(settings));
    return true;
  } catch {
    return false;
  }
}

function parse(body: unknown, settings: object = {}, query = "") {
  return thingpark.parse(request(body, query), thingpark.Options.parse({ key, ...settings }));
}

/** The uplink with these changes; undefined leaves a field out. */
function change(changes: object) {
  return { DevEUI_uplink: { ...uplink, ...changes } };
}

describe("who is calling", () => {
  // https://github.com/kpn-iot/lora-reference/tree/master/token-verification/php, the example scripts.
  const kpnKey = "c6f5e3b263092120b8766b9aed9c41b4";
  const kpnQuery =
    "LrnInfos=TWA_100000001.999.AS-1-12345678&AS_ID=TWA_100000001.999&Time=2018-01-12T10:00:00.000+01:00";
  const kpn = { DevEUI: "0059AC0000000001", FPort: "1", FCntUp: "1", FCntDn: "1", CustomerID: "100000001" };
  // https://github.com/actility/thingpark-integrations, the example that verifies a token.
  const actility = {
    DevEUI: "20635F0108000496",
    FPort: 17,
    FCntUp: 18,
    payload_hex: "032ce4850919d85d4c9f793ad148d24f32f3c6b5488f5a087cbeb1488f5a998c83ab",
    CustomerID: "100002167",
  };
  it.each([
    [
      "an uplink at KPN",
      { DevEUI_uplink: { ...kpn, payload_hex: "000102030405" } },
      `LrnDevEui=0059AC0000000001&LrnFPort=1&${kpnQuery}`,
      "5b7ec8b0b2c250fc792c76348de3b16ff04e27050baf8a37c891dcc85e88b0d4",
      kpnKey,
    ],
    [
      "a location at KPN",
      { DevEUI_location: kpn },
      `LrnDevEui=0059ac0000000001&LrnFPort=0&${kpnQuery}`,
      "d23b3507663d817c77d124cfbe4f1d5a67ba957e91471b39512b8f103fe46a17",
      kpnKey,
    ],
    [
      "a down-link at KPN",
      { DevEUI_downlink_Sent: kpn },
      `LrnDevEui=0059AC0000000001&LrnFPort=1&${kpnQuery}`,
      "345dc204c72a9769441c4700cd0a0fb76c5b356e3931540e891fc7e68f236c98",
      kpnKey,
    ],
    [
      "an uplink at Actility",
      { DevEUI_uplink: actility },
      "LrnDevEui=20635F0108000496&LrnFPort=17&LrnInfos=TWA_100002167.1111.AS-1-111974&AS_ID=TWA_100002167.1111.AS&Time=2021-04-07T08:49:51.551+00:00",
      "196c22898bf95fcf48b72be198c89256410660b9b514539651344baa594ad74f",
      "f3203a20a2e8dfaf6686b621f56d05e3",
    ],
  ])("takes the published token of %s, its plus sign encoded or not", (_, body, query, token, used) => {
    const receivedAt = Date.parse(/Time=(.*)$/.exec(query)?.[1] ?? "");
    for (const sent of [query, query.replace("+", "%2B"), query.replaceAll(":", "%3A")]) {
      expect(accepts({ ...request(body, `${sent}&Token=${token}`), receivedAt }, { key: used })).toBe(true);
    }
    expect(accepts({ ...request(body, `${query}&Token=${token}`), receivedAt }, { key })).toBe(false);
  });

  it("signs the fixtures, numbers and texts alike", () => {
    expect(accepts(sign(read("uplink")))).toBe(true);
    expect(accepts(sign(read("uplink-untyped")))).toBe(true);
    expect(accepts(sign(read("location"), { elements: `100009876${button.toLowerCase()}` }))).toBe(true);
    expect(accepts(sign(read("location"), { elements: `100009876${button}` }))).toBe(true);
    expect(accepts(sign(read("notification"), { elements: `100009876${button.toLowerCase()}` }))).toBe(true);
    expect(accepts(sign(read("downlink-sent"), { elements: `100009876${button}858` }))).toBe(true);
  });

  it("counts a port that is absent as 0 and other fields as nothing", () => {
    const joined = { DevEUI_uplink: { DevEUI: button, CustomerID: "100009876", rawJoinRequest: "00" } };
    expect(accepts(sign(joined, { elements: `100009876${button}0` }))).toBe(true);
  });

  it("knows the parameters in their own order, whatever else is there", () => {
    const inbound = sign(read("uplink"));
    const mixed = `channel=2&${inbound.query.split("&").reverse().join("&")}`;
    expect(accepts({ ...inbound, query: mixed })).toBe(true);
    expect(accepts({ ...inbound, query: inbound.query.replace(/Token=\w+/, (token) => token.toUpperCase()) })).toBe(
      false,
    );
    expect(accepts({ ...inbound, query: inbound.query.replace(/\w+$/, (token) => token.toUpperCase()) })).toBe(true);
  });

  it.each(["CustomerID", "DevEUI", "FPort", "FCntUp", "payload_hex"])("binds the token to %s", (name) => {
    expect(accepts(sign(change({ [name]: "12" })))).toBe(false);
    expect(accepts(sign(change({ [name]: undefined })))).toBe(false);
  });

  it.each(["LrnDevEui", "LrnFPort", "LrnInfos", "AS_ID", "Time"])("binds the token to %s of the query", (name) => {
    const { query } = sign(read("uplink"));
    const changed = query.replace(new RegExp(`${name}=[^&]*`), `${name}=2026-11-24T10%3A00%3A01.000%2B01%3A00`);
    expect(accepts(request(read("uplink"), changed))).toBe(false);
    expect(accepts(request(read("uplink"), query.replace(new RegExp(`${name}=[^&]*&`), "")))).toBe(false);
  });

  it.each([
    [hour, true],
    [hour + 1, false],
    [-hour, true],
    [-hour - 1, false],
  ])("a token %i ms from now: %s", (offset, expected) => {
    expect(accepts({ ...sign(read("uplink")), receivedAt: now + offset })).toBe(expected);
  });

  it.each(["", "yesterday", "1795510800", "2026-11-24T10:00:00.000"])("no time: %j", (time) => {
    const query = uplinkQuery.replace(/Time=.*$/, `Time=${time}`);
    expect(accepts(sign(read("uplink"), { query }))).toBe(false);
  });

  it("takes no token of another key, and none over a body that can't be read", () => {
    expect(accepts(sign(read("uplink"), { key: `${key.slice(0, -1)}8` }))).toBe(false);
    expect(accepts(request(read("uplink"), uplinkQuery))).toBe(false);
    for (const body of [
      "",
      "[]",
      "{",
      '{"DevEUI_uplink":7}',
      '<DevEUI_uplink xmlns="http://uri.actility.com/lora"/>',
    ]) {
      expect(accepts(sign(body, { elements: "" }))).toBe(false);
      expect(accepts(sign(body, { elements: "0" }))).toBe(false);
    }
  });

  it("takes a secret in a header instead of a token, or beside it", () => {
    const header = { ...request(read("uplink")), headers: { "x-rugdekking": secret } };
    const basic = `Basic ${Buffer.from(`thingpark:${secret}`).toString("base64")}`;
    const settings = { secret, header: "X-Rugdekking" };
    expect(accepts(header, settings)).toBe(true);
    expect(accepts({ ...header, headers: { authorization: basic } }, { secret, username: "thingpark" })).toBe(true);
    expect(accepts(header, { ...settings, key })).toBe(true);
    expect(accepts(sign(read("uplink")), { ...settings, key })).toBe(true);
    expect(accepts(header)).toBe(false);
    expect(accepts(sign(read("uplink")), settings)).toBe(false);
    expect(accepts({ ...header, headers: { "x-rugdekking": `${secret}x` } }, settings)).toBe(false);
  });

  it("needs a key or a secret", () => {
    expect(thingpark.Options.safeParse({}).success).toBe(false);
    expect(thingpark.Options.safeParse({ key: "short" }).success).toBe(false);
    expect(thingpark.Options.safeParse({ secret }).success).toBe(true);
  });
});

describe("what it says", () => {
  it.each(["uplink", "uplink-untyped", "uplink-decoded"])("%s is a press", (name) => {
    expect(parse(read(name))).toMatchObject([{ kind: "press", button, at, place: null, battery: null }]);
  });

  it("takes what a driver decoded before the bytes, and the bytes when that says nothing", () => {
    const mapping = { press: "decoded_payload.alarm == 1" };
    expect(parse(change({ payload: { alarm: 1 } }), { mapping })).toMatchObject([{ kind: "press" }]);
    expect(parse(change({ payload: { alarm: 0 } }), { mapping })).toMatchObject([{ kind: "position" }]);
    expect(parse(change({ payload: { error: "no driver" } }))).toMatchObject([{ kind: "press" }]);
  });

  it("joins the position that the network calculated about then", () => {
    expect(parse(read("uplink"))).toMatchObject([{ kind: "press", position }]);
    expect(parse(change({ DevLocRadius: "0.000000" }))).toMatchObject([{ position: { ...position, accuracyM: null } }]);
    for (const DevLocTime of ["2026-11-24T09:49:55.218+01:00", "2026-10-01T10:00:00.000+02:00", "", undefined]) {
      expect(parse(change({ DevLocTime }))).toMatchObject([{ kind: "press", position: null }]);
    }
    expect(parse(change({ DevLAT: "", DevLON: "" }))).toMatchObject([{ kind: "press", position: null }]);
    expect(parse(change({ DevLAT: 91 }))).toMatchObject([{ kind: "press", position: null }]);
  });

  it("a location is a position, an old or empty one a sign of life", () => {
    expect(parse(read("location"))).toMatchObject([{ kind: "position", button, at: now + 5000, position }]);
    const old = { ...location, DevLocTime: "2026-11-01T09:59:55.219+01:00" };
    expect(parse({ DevEUI_location: old })).toMatchObject([{ kind: "heartbeat", button, position: null }]);
    expect(parse({ DevEUI_location: { ...location, DevLAT: "" } })).toMatchObject([
      { kind: "heartbeat", position: null },
    ]);
  });

  it("a notification is a sign of life, with the battery of a device status", () => {
    expect(parse(read("notification"))).toMatchObject([{ kind: "heartbeat", button, battery: 127 / 253 }]);
    const { DevEUI_notification: status } = read("notification");
    for (const [Var1, battery] of [
      ["0", null],
      ["1", 0],
      ["254", 1],
      ["255", null],
      ["", null],
    ] as const) {
      expect(parse({ DevEUI_notification: { ...status, Var1 } })).toMatchObject([{ kind: "heartbeat", battery }]);
    }
    const reset = { ...status, Type: "reset", Var1: "100" };
    expect(parse({ DevEUI_notification: reset })).toMatchObject([{ kind: "heartbeat", battery: null }]);
  });

  it("a down-link's report is no business of ours", () => {
    expect(parse(read("downlink-sent"))).toEqual([]);
    const rejected = { Time: "2026-11-24T10:00:01.000+01:00", DevEUI: button, FPort: 85, DeliveryStatus: 350 };
    expect(parse({ DevEUI_downlink_Rejected: rejected })).toEqual([]);
  });

  it.each([
    { FPort: 0, payload_hex: "0302" },
    { FPort: undefined, payload_hex: undefined },
    { FPort: "", payload_hex: "" },
    { FPort: undefined, payload_hex: undefined, FCntUp: undefined, rawJoinRequest: "0061" },
  ])("a frame of the network alone is a sign of life: %j", (changes) => {
    expect(parse(change({ ...changes, DevLocTime: undefined }))).toMatchObject([{ kind: "heartbeat", button }]);
  });

  it.each([
    { payload_hex: "xyz" },
    { payload_hex: "ff2" },
    { payload_hex: undefined },
    { payload_hex: "" },
    { payload_hex: {} },
    { PayloadEncryption: 1 },
    { FPort: {}, FCntUp: undefined, payload_hex: undefined },
    { payload_hex: "0102030405", FPort: 2 },
  ])("what can't be read is unreadable and names its button: %j", (changes) => {
    expect(parse(change(changes))).toMatchObject([{ kind: "unreadable", button, at }]);
  });

  it("does not let a mapping look at bytes that are encrypted or broken", () => {
    const mapping = { press: "payload == 'ff2e01'" };
    expect(parse(change({ PayloadEncryption: "1" }), { mapping })).toMatchObject([{ kind: "unreadable" }]);
    expect(parse(change({ payload_hex: "ff2e0" }), { mapping })).toMatchObject([{ kind: "unreadable" }]);
  });

  it("takes the button from what came of a body that broke off", () => {
    const whole = JSON.stringify(change({}));
    expect(parse(whole.slice(0, -1))).toMatchObject([{ kind: "unreadable", button }]);
  });

  it("takes the button from the query where the body has none", () => {
    const query = `LrnDevEui=${button.toLowerCase()}`;
    expect(parse("{", {}, query)).toMatchObject([{ kind: "unreadable", button, id: null }]);
    expect(parse(change({ DevEUI: undefined }), {}, query)).toMatchObject([{ kind: "press", button }]);
    expect(parse(change({ DevEUI: undefined }))).toMatchObject([{ kind: "unreadable", button: "" }]);
    expect(parse(change({ DevEUI: undefined, FPort: 0 }))).toMatchObject([{ kind: "unreadable", button: "" }]);
    expect(parse({ DevEUI_notification: {} })).toEqual([]);
    expect(parse(read("uplink"), {}, "%&=&LrnDevEui=%zz")).toMatchObject([{ kind: "press", button }]);
  });

  it.each(["{}", "[]", "7", '{"DevEUI_uplink":[]}', '{"DevEUI_uplink":null}', '{"Other":{}}', "<DevEUI_uplink/>"])(
    "takes %s for unreadable",
    (body) => {
      expect(parse(body)).toMatchObject([{ kind: "unreadable", button: "", id: null }]);
    },
  );

  it("drops what is wrong beside the press", () => {
    const beside = { Time: "now", DevLAT: {}, DevLocTime: 7, CustomerID: null, FCntUp: -1, DevAddr: [] };
    expect(parse(change(beside))).toMatchObject([{ kind: "press", button, at: null, position: null }]);
  });
});

describe("one message is one identity", () => {
  const [{ id } = { id: null }] = parse(read("uplink"));

  it("two deliveries by other gateways, profiles and tokens are the same", () => {
    expect(id).not.toBeNull();
    for (const name of ["uplink-untyped", "uplink-decoded"]) expect(parse(read(name))).toMatchObject([{ id }]);
    const reception = { Lrrid: "FF0D0E0F", LrrRSSI: -112, DevLrrCnt: 1, DevLocTime: undefined, DevLAT: 51, Lrrs: {} };
    expect(parse(change({ ...reception, DevEUI: button.toLowerCase(), payload_hex: "FF2E01" }))).toMatchObject([
      { id },
    ]);
    const again = sign(read("uplink"), { query: uplinkQuery.replace("10:00:00.000", "10:00:09.000") });
    expect(accepts(again)).toBe(true);
    expect(thingpark.parse(again, { key })).toMatchObject([{ id }]);
  });

  it("a replayed token is the same while it proves itself at all", () => {
    const inbound = sign(read("uplink"));
    const replayed = { ...inbound, receivedAt: now + hour };
    expect(accepts(replayed)).toBe(true);
    expect(thingpark.parse(replayed, { key })).toEqual(thingpark.parse(inbound, { key }));
  });

  it.each([
    { FCntUp: 43 },
    { FPort: 86 },
    { payload_hex: "ff2e02" },
    { DevEUI: "24E124535B0FFFFF" },
    { DevAddr: "04FFFFFF" },
    { Time: "2026-11-24T09:59:56.219+01:00" },
  ])("another message: %j", (changes) => {
    expect(parse(change(changes))[0]?.id).not.toBe(id);
  });

  it("no hash of a location holds its coordinates", () => {
    const moved = { DevEUI_location: { ...location, DevLAT: "51.900000", DevLON: "4.400000" } };
    expect(parse(moved)).toMatchObject([{ kind: "position", id: parse(read("location"))[0]?.id }]);
  });

  it("without a counter and a moment it has none, so that no press is taken for another", () => {
    expect(parse(change({ FCntUp: undefined, Time: undefined }))).toMatchObject([{ kind: "press", id: null }]);
  });
});
