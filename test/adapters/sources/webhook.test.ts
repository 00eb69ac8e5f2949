import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { toIdentity } from "../../../adapters/kit/identity.ts";
import { webhook } from "../../../adapters/sources/webhook.ts";
import type { InboundRequest } from "../../../bot/contracts.ts";
import { prove, sourceContract } from "../../contracts/source-contract.ts";

const now = Date.UTC(2026, 10, 24, 9, 0, 0);
const minute = 60_000;
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** By which a sender shows that it is alive, or tries the link. */
const quiet = ["heartbeat", "test", "battery-low", "cancel"].flatMap((kind) => [
  { is: `${kind} of a button`, from: null, json: { button: "0042", kind } },
  { is: `${kind} of no button`, from: null, json: { kind } },
]);

sourceContract("webhook", webhook, "0042", quiet);
sourceContract("webhook, bearer only", {
  ...webhook,
  exampleOptions: { secret: "bearer-secret-of-a-simple-button" },
});

function request(body: unknown, headers: InboundRequest["headers"] = {}): InboundRequest {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const bytes = Buffer.from(text);
  return { method: "POST", path: "", query: "", headers, body: bytes, remote: "127.0.0.1", receivedAt: now };
}

function sign(body: string, at = now, key = secret) {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac("sha256", Buffer.from(key.slice(6), "base64")).update(`m-1.${timestamp}.${body}`);
  return {
    "webhook-id": "m-1",
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature.digest("base64")}`,
  };
}

function parseOne(body: unknown, headers: InboundRequest["headers"] = {}) {
  const [alarm, ...rest] = webhook.parse(request(body, headers), { secret });
  expect(rest).toEqual([]);
  return alarm;
}

describe("who is calling", () => {
  const accepts = (inbound: InboundRequest, options = { secret }) => {
    try {
      prove(webhook, inbound, options);
      return true;
    } catch {
      return false;
    }
  };

  // https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/index.test.ts
  it("takes the specification's own example", () => {
    const headers = {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    };
    const inbound = { ...request('{"test": 2432232314}', headers), receivedAt: 1614265330_000 };
    expect(accepts(inbound)).toBe(true);
    expect(accepts({ ...inbound, body: Buffer.from('{"test": 2432232315}') })).toBe(false);
  });

  it("takes one right signature among others", () => {
    const headers = sign("{}");
    const right = headers["webhook-signature"];
    for (const signatures of [`v1,AAAA ${right}`, `${right} v1a,xyz`, `v1a,x v2,y v1, ${right}`, ` ${right} `]) {
      expect(accepts(request("{}", { ...headers, "webhook-signature": signatures }))).toBe(true);
    }
    for (const signatures of [
      right.replace("v1,", "v2,"),
      right.replace("v1,", ""),
      "v1,",
      "v1",
      ",",
      right.slice(0, -2),
    ]) {
      expect(accepts(request("{}", { ...headers, "webhook-signature": signatures }))).toBe(false);
    }
  });

  it.each([
    [-5 * minute, true],
    [-5 * minute - 1000, false],
    [5 * minute, true],
    [5 * minute + 1000, false],
  ])("a timestamp of %i ms from now: %s", (offset, expected) => {
    expect(accepts(request("{}", sign("{}", now + offset)))).toBe(expected);
  });

  it.each(["", "abc", "1e9", "-1", "99999999999999", " 1795510800", "1795510800.0"])(
    "no timestamp: %j",
    (timestamp) => {
      const headers = { ...sign("{}"), "webhook-timestamp": timestamp };
      expect(accepts(request("{}", headers))).toBe(false);
    },
  );

  it("binds the signature to body, id and time", () => {
    const headers = sign("{}");
    expect(accepts(request("{} ", headers))).toBe(false);
    expect(accepts(request("{}", { ...headers, "webhook-id": "m-2" }))).toBe(false);
    expect(accepts(request("{}", { ...headers, "webhook-timestamp": String(now / 1000 + 1) }))).toBe(false);
    expect(accepts(request("{}", sign("{}", now, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")))).toBe(false);
  });

  it("takes a bearer at any time, also with a signature that is wrong", () => {
    const authorization = `Bearer ${secret}`;
    expect(accepts(request("{}", { authorization }))).toBe(true);
    expect(accepts(request("{}", { authorization: `bearer   ${secret}` }))).toBe(true);
    expect(accepts(request("{}", { ...sign("other"), authorization }))).toBe(true);
    for (const wrong of [
      secret,
      `Basic ${secret}`,
      "Bearer",
      "Bearer ",
      `Bearer ${secret} `,
      `Bearer ${secret.slice(6)}`,
    ]) {
      expect(accepts(request("{}", { authorization: wrong }))).toBe(false);
    }
  });

  it("takes no signature for a secret without whsec_", () => {
    const plain = "a-plain-secret-of-enough-length";
    const timestamp = String(now / 1000);
    const signature = createHmac("sha256", plain).update(`m-1.${timestamp}.{}`).digest("base64");
    const headers = { "webhook-id": "m-1", "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
    expect(accepts(request("{}", headers), { secret: plain })).toBe(false);
    expect(accepts(request("{}", { authorization: `Bearer ${plain}` }), { secret: plain })).toBe(true);
  });
});

describe("what it says", () => {
  const nothing = { id: null, at: null, place: null, position: null, battery: null, state: null, colleague: null };

  it("reads the whole form", () => {
    const body = {
      id: "d-1",
      button: "0042",
      kind: "press",
      at: "2026-11-23T11:00:00+01:00",
      place: "Spreekkamer 3",
      position: { lat: 52.5, lon: 5.7, accuracyM: 12 },
      battery: 0.83,
      somethingElse: true,
    };
    const at = Date.UTC(2026, 10, 23, 10, 0, 0);
    const { somethingElse: _, ...known } = body;
    const read = { ...known, at, state: null, colleague: null, id: expect.any(String) };
    expect(parseOne(body)).toEqual(read);
    expect(parseOne(`\uFEFF${JSON.stringify(body)}`)).toEqual(read);
  });

  it("needs only a button", () => {
    expect(parseOne({ button: "0042" })).toEqual({ ...nothing, kind: "press", button: "0042" });
    expect(parseOne({ button: 42 })).toMatchObject({ kind: "press", button: "42" });
    expect(parseOne({ button: "x".repeat(500) })).toMatchObject({ kind: "press", button: "x".repeat(128) });
  });

  it("leaves out a field that is wrong and keeps the press", () => {
    const wrong = [
      { id: 7, at: "yesterday", place: 3, position: "here", battery: 140 },
      { id: "", at: 1764000000, place: ["x"], position: { lat: 91, lon: 0 }, battery: "full" },
      {
        id: "x".repeat(257),
        at: "2026-02-30T10:00:00Z",
        place: " \u0007\n ",
        position: { lat: "52", lon: 5 },
        battery: -1,
      },
    ];
    for (const fields of wrong)
      expect(parseOne({ button: "1", ...fields })).toEqual({ ...nothing, kind: "press", button: "1" });
    const vague = { lat: 52, lon: 5, accuracyM: null };
    expect(parseOne({ button: "1", position: { lat: 52, lon: 5 } })).toMatchObject({ position: vague });
    expect(parseOne({ button: "1", position: { lat: 52, lon: 5, accuracyM: -3 } })).toMatchObject({ position: vague });
  });

  it.each(["test", "cancel", "heartbeat", "battery-low"])("knows %s", (kind) => {
    expect(parseOne({ button: "1", kind })).toMatchObject({ kind });
    expect(parseOne({ button: "1", kind: kind.toUpperCase() })).toMatchObject({ kind });
  });

  it.each(['"sos"', '""', "null", "7", '"unreadable"', '["heartbeat"]'])(
    "takes the unknown kind %s for a press",
    (kind) => {
      expect(parseOne(`{"button":"1","kind":${kind}}`)).toMatchObject({ kind: "press", button: "1" });
    },
  );

  it.each([
    "{}",
    '{"button":""}',
    '{"button":"  "}',
    '{"button":null,"kind":"sos"}',
    "[]",
    "[[]]",
    "7",
    "null",
    '"text"',
    "",
    "{",
    "button=0042",
  ])("takes %s for unreadable", (body) => {
    expect(parseOne(body)).toMatchObject({ kind: "unreadable", button: "" });
  });

  it.each([
    ['{"button":"hal","battery":unknown}', {}],
    ["{'button':'hal','place':'Balie 2','battery':None}", { place: "Balie 2" }],
    ['{"button":"hal","place":"Balie 2",}', { place: "Balie 2" }],
    ['{"button":"hal","kind":"PRESS","battery":NaN}', {}],
    ['{"button":"hal","kind":"sos","battery":NaN}', {}],
    [' [{"button":"hal","battery":NaN}]\n', {}],
    ['{"button":"hal","kind":"te"st","place":"a" b"}', {}],
    ['{"button":"hal","more":{"kind":"test"},"battery":NaN}', {}],
    ['"{\\"button\\":\\"hal\\",\\"place\\":\\"Balie 2\\"}"', { place: "Balie 2" }],
    ['{"button":"hal"}\0', {}],
  ])("one wrong field or mark costs a press neither its button nor its place: %j", (body, known) => {
    expect(parseOne(body)).toEqual({ ...nothing, kind: "press", button: "hal", ...known });
  });

  it.each(["\0\n", "\0 \0\r\n", "\n\0", " \t\0"])("a test with %j behind it stays one", (end) => {
    expect(parseOne(`{"button":"hal","kind":"test"}${end}`)).toMatchObject({ kind: "test", button: "hal" });
  });

  it.each([
    ['{"button":"hal","place":"Balie 2","at":"2026', { button: "hal", place: "Balie 2" }],
    ['{"button":"hal","place":"Bal', { button: "hal" }],
    ['{"button":"ha', {}],
    ['{"button":"hal","kind":"heartbeat","battery":unkn', { button: "hal" }],
    ['{"button":"hal","kind":"test"}\n{"button":"kelder"}', {}],
    ['{"last":{"button":"zaal"},"button":"ha', {}],
    ['{"previous":{"button":"zaal","place":"Zaal 1"},"kind":"press","but', {}],
    ['{"button":"zaal "A" boven","place":"Zaal 1","battery":1}', { place: "Zaal 1" }],
    ["{'button':'Jan's kamer'}", {}],
    ['[{"button":"hal"},{"button":"kel', {}],
    ['[{"button":"hal"},{"battery":NaN}]', {}],
    ['[{"button":"hal","rooms":[]', {}],
  ])("is unreadable with what came whole: %s", (body, known) => {
    expect(parseOne(body)).toEqual({ ...nothing, kind: "unreadable", button: "", ...known });
  });

  it.each(["test", "cancel", "heartbeat", "battery-low"])("one wrong field makes no press of a %s", (kind) => {
    expect(parseOne(`{"button":"hal","kind":"${kind}","battery":unknown}`)).toMatchObject({ kind, button: "hal" });
    expect(parseOne(`{'button':'hal','kind':'${kind.toUpperCase()}'}`)).toMatchObject({ kind, button: "hal" });
    expect(webhook.parse(request(`{'kind':'${kind}'}`), { secret })).toEqual([]);
  });

  it.each([
    [0, 0],
    [0.83, 0.83],
    [1, 1],
    [1.5, 0.015],
    [87, 0.87],
    [100, 1],
    [100.5, null],
    ["87%", 0.87],
    [" 1 % ", 0.01],
    ["0.5 %", 0.005],
    ["87", 0.87],
    ["0.5", 0.5],
    ["101%", null],
    ["unknown%", null],
    [true, null],
    [[87], null],
  ])("a battery of %j is %j full", (battery, expected) => {
    expect(parseOne({ button: "1", battery })).toMatchObject({ kind: "press", battery: expected });
  });

  // The example of the page, as Home Assistant fills it in.
  it.each([
    ["87", 0.87],
    ["1", 0.01],
    ["unknown", null],
    ["unavailable", null],
  ])("reads what the page's template for Home Assistant makes of a battery of %s", (battery, expected) => {
    const [, template = ""] = /`payload: '(.*?)'`/.exec(readFileSync("adapters/README.md", "utf8")) ?? [];
    expect(template).toContain("{{ battery }}");
    const body = template.replaceAll("{{ entity }}", "event.knop_balie").replaceAll("{{ battery }}", battery);
    expect(parseOne(body)).toEqual({ ...nothing, kind: "press", button: "event.knop_balie", battery: expected });
  });

  it("keeps what can be read of a press without a button", () => {
    expect(parseOne({ place: "Balie" })).toMatchObject({ kind: "unreadable", place: "Balie" });
  });

  it("takes a heartbeat without a button for nothing at all", () => {
    for (const kind of ["heartbeat", "test", "battery-low", "cancel"])
      expect(webhook.parse(request({ kind }), { secret })).toEqual([]);
  });

  it("reads several alarms in an array, and rubbish among them once", () => {
    const alarms = webhook.parse(request([{ button: "1" }, 7, { button: "2", kind: "heartbeat" }, null, {}]), {
      secret,
    });
    expect(alarms.map(({ kind, button }) => [kind, button])).toEqual([
      ["press", "1"],
      ["unreadable", ""],
      ["heartbeat", "2"],
    ]);
  });

  it.each(["2026-11-23T10:00:00Z", "2026-11-23T11:00:00+01:00", "2026-11-23T11:00:00.000+0100"])(
    "reads the moment %s",
    (at) => {
      expect(parseOne({ button: "1", at })).toMatchObject({ at: Date.UTC(2026, 10, 23, 10, 0, 0) });
    },
  );
});

describe("what makes two messages one", () => {
  const idOf = (body: unknown, headers: InboundRequest["headers"] = {}) => parseOne(body, headers)?.id;

  it("the header's id, else the body's, over the same bytes", () => {
    const body = { button: "1", id: "body" };
    const bytes = Buffer.from(JSON.stringify(body));
    expect(idOf(body, { "webhook-id": "header" })).toBe(toIdentity("header", bytes, 0));
    expect(idOf(body)).toBe(toIdentity("body", bytes, 0));
    expect(idOf(body, { "webhook-id": "x".repeat(300) })).toBe(toIdentity("body", bytes, 0));
    expect(idOf("rubbish", { "webhook-id": "header" })).toBe(toIdentity("header", Buffer.from("rubbish"), 0));
    expect(idOf({ button: "1" })).toBeNull();
    expect(idOf("rubbish")).toBeNull();
  });

  it("a retry differs in its timestamp, signature and way, and is the same", () => {
    const body = '{"button":"1"}';
    const first = idOf(body, sign(body));
    expect(idOf(body, { ...sign(body, now + 60_000), "user-agent": "other" })).toBe(first);
    expect(idOf(body, { "webhook-id": "m-1", authorization: `Bearer ${secret}` })).toBe(first);
  });

  it("another id or another body is another message", () => {
    const ids = [
      idOf({ button: "1" }, { "webhook-id": "a" }),
      idOf({ button: "1" }, { "webhook-id": "b" }),
      idOf({ button: "2" }, { "webhook-id": "a" }),
    ];
    expect(new Set(ids).size).toBe(3);
  });

  it("the place in an array tells the alarms of one message apart", () => {
    const alarms = webhook.parse(request([{ button: "1" }, { button: "1" }], { "webhook-id": "a" }), { secret });
    expect(new Set(alarms.map(({ id }) => id)).size).toBe(2);
  });
});
