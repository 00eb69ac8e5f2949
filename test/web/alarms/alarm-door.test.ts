import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { pressedAt } from "../../fixtures/incident.ts";
import { openDoors, secret } from "../doors.ts";

const bearer = { authorization: `Bearer ${secret}` };
const wrong = { authorization: "Bearer wrong" };

function sign(body: string, id = "m-1", at = pressedAt) {
  const timestamp = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.slice(6), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}

async function expectProblem(response: Response, status: number) {
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const problem = await response.json();
  expect(problem).toEqual({ type: "about:blank", title: expect.any(String), status, detail: expect.any(String) });
  expect(JSON.stringify(problem)).not.toMatch(/at .*\.(ts|js)|node_modules|whsec/);
}

/** Sends bytes as they are and answers with all that comes back. */
async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end(bytes);
  return text(socket);
}

describe("an authenticated alarm", () => {
  it("is handed in with the moment it came, and answered after that", async () => {
    await using doors = await openDoors();
    const response = await doors.press();
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ incident: "i-1", outcome: "opened" });
    expect(doors.taken).toMatchObject([
      { source: "buttons", receivedAt: pressedAt, alarms: [{ id: null, kind: "press", button: "0042" }] },
    ]);
    expect(response.headers.get("x-powered-by")).toBe(null);
  });

  it("may be signed", async () => {
    await using doors = await openDoors();
    const body = '{ "button":  "0042" }';
    expect((await doors.press(body, sign(body))).status).toBe(202);
    expect((await doors.press(`${body} `, sign(body))).status).toBe(401);
    expect((await doors.press(body, sign(body, "m-1", pressedAt - 301_000))).status).toBe(401);
    expect(doors.taken).toHaveLength(1);
  });

  it("has the same key when id and body are the same, however it was signed, and else another", async () => {
    await using doors = await openDoors();
    const body = '{"button":"1"}';
    await doors.press(body, sign(body));
    doors.clock.to(pressedAt + 60_000);
    await doors.press(body, sign(body, "m-1", pressedAt + 60_000));
    await doors.press(body, sign(body, "m-2", pressedAt + 60_000));
    await doors.press('{"button":"1" }', sign('{"button":"1" }', "m-1", pressedAt + 60_000));
    const [first, retry, otherId, otherBody] = doors.taken.map(({ alarms }) => alarms[0]?.id);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(retry).toBe(first);
    expect(new Set([first, otherId, otherBody])).toHaveLength(3);
  });

  it("may be several in one message, each with a key of its own", async () => {
    await using doors = await openDoors();
    const headers = { ...bearer, "webhook-id": "m-1" };
    const response = await doors.press([{ button: "1", kind: "heartbeat" }, { button: "2" }, { button: "2" }], headers);
    expect(await response.json()).toEqual({ incident: "i-2", outcome: "opened", incidents: ["i-2", "i-3"] });
    expect(new Set(doors.taken[0]?.alarms.map(({ id }) => id))).toHaveLength(3);
  });

  it("that opens nothing is seen", async () => {
    await using doors = await openDoors();
    const heartbeat = await doors.press({ button: "1", kind: "heartbeat" });
    expect([heartbeat.status, await heartbeat.json()]).toEqual([202, { incident: null, outcome: "seen" }]);
    const nameless = await doors.press({ kind: "heartbeat" });
    expect([nameless.status, await nameless.json()]).toEqual([202, { incident: null, outcome: "seen" }]);
  });

  it.each([
    ["rubbish", "{", {}],
    ["nothing", "", {}],
    ["a form", "button=1", { "content-type": "application/x-www-form-urlencoded" }],
    ["an unknown encoding", '{"button":"1"}', { "content-encoding": "rot13" }],
    ["an encoding that it has not", "{", { "content-encoding": "gzip" }],
    ["a charset that nobody knows", "{", { "content-type": "application/json; charset=utf-99" }],
  ])("is never refused for what it is: %s", async (_name, body, headers) => {
    await using doors = await openDoors();
    expect((await doors.press(body, { ...bearer, ...headers })).status).toBe(202);
    expect(doors.taken).toHaveLength(1);
  });

  it.each([
    ["gzip", gzipSync('{"button":"0042"}')],
    ["br", brotliCompressSync('{"button":"0042"}')],
  ])("may be packed with %s", async (encoding, body) => {
    await using doors = await openDoors();
    expect((await doors.press(body, { ...bearer, "content-encoding": encoding })).status).toBe(202);
    expect(doors.taken).toMatchObject([{ alarms: [{ kind: "press", button: "0042" }] }]);
  });

  it("that is a bomb in gzip is unreadable, and unpacked no further than the limit", async () => {
    await using doors = await openDoors();
    const bomb = gzipSync('{"button":"0042"}'.padEnd(20_000_000));
    expect((await doors.press(bomb, { ...bearer, "content-encoding": "gzip" })).status).toBe(202);
    expect(doors.taken).toMatchObject([{ alarms: [{ kind: "unreadable" }] }]);
  });

  it("of a sender that its head proves is read up to 4 MiB; what is longer is read as far as that", async () => {
    await using doors = await openDoors();
    const long = (size: number) => `{"button":"0042","log":"${"x".repeat(size)}"}`;
    expect((await doors.press(long(4_000_000))).status).toBe(202);
    const stream = new Blob([long(4_000_000)]).stream();
    const options = { method: "POST", headers: bearer, body: stream, duplex: "half" as const };
    expect((await fetch(`${doors.url}/alarms/buttons`, options)).status).toBe(202);
    expect((await doors.press(long(5_000_000))).status).toBe(202);
    const read = doors.taken.map(({ alarms }) => alarms.map(({ kind, button }) => [kind, button]));
    expect(read).toEqual([[["press", "0042"]], [["press", "0042"]], [["unreadable", "0042"]]]);
  });

  it("of more than 64 KiB is refused, and that is logged and counted, when only its body could prove it", async () => {
    await using doors = await openDoors();
    const fits = '{"button":"0042"}'.padEnd(65_536);
    expect((await doors.press(fits, sign(fits))).status).toBe(202);
    await expectProblem(await doors.press(`${fits} `, sign(`${fits} `)), 413);
    const packed = new Uint8Array(gzipSync(`${fits} `));
    await expectProblem(await doors.press(packed, { ...sign(`${fits} `), "content-encoding": "gzip" }), 413);
    expect(doors.taken).toHaveLength(1);
    expect(doors.lines).toMatchObject([{ event: "alarm-refused", facts: { source: "buttons", status: 413 } }]);
    expect(doors.refusals.messages).toEqual([{ source: "buttons", answer: 413, count: 2 }]);
  });

  it("may be packed by its sender and break off in that: what came of it is read", async () => {
    await using doors = await openDoors();
    const press = '{"button":"0042","log":"'.padEnd(2000, "0123456789 abc") + Math.random().toString().repeat(40);
    for (const [encoding, packed] of [
      ["gzip", gzipSync(press)],
      ["br", brotliCompressSync(press)],
    ] as const) {
      const part = new Uint8Array(packed.subarray(0, packed.length - 4));
      expect((await doors.press(part, { ...bearer, "content-encoding": encoding })).status).toBe(202);
    }
    expect(doors.taken.map(({ alarms }) => alarms)).toMatchObject([
      [{ kind: "unreadable", button: "0042" }],
      [{ kind: "unreadable", button: "0042" }],
    ]);
  });

  it("gets 503 and a time to come back when it could not be recorded", async () => {
    await using doors = await openDoors({
      takeAlarms: () => Promise.reject(new Error("disk full at /data/secret.db")),
    });
    const response = await doors.press();
    expect(response.headers.get("retry-after")).toBe("1");
    await expectProblem(response, 503);
    expect(doors.lines).toMatchObject([{ level: "error", event: "alarm-not-recorded", facts: { source: "buttons" } }]);
  });

  it("is not lost to a mistake in an adapter", async () => {
    const broken = {
      methods: ["POST" as const],
      verify: () => "first" as const,
      parse: () => {
        throw new TypeError("a mistake of ours");
      },
    };
    await using doors = await openDoors({ sources: { buttons: broken } });
    expect((await doors.press()).status).toBe(202);
    expect(doors.lines).toMatchObject([{ event: "alarm-parser-failed" }]);
  });

  it("is one of a thousand at the same moment, and none is refused", async () => {
    await using doors = await openDoors();
    const statuses = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => {
        const response = await doors.press({ button: String(index) });
        await response.text();
        return response.status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([202]));
    expect(new Set(doors.taken.map(({ alarms }) => alarms[0]?.button))).toHaveLength(1000);
  });
});

describe("what is refused", () => {
  it.each([
    ["no proof", {}],
    ["a wrong token", wrong],
    ["an empty token", { authorization: "Bearer " }],
    ["another scheme", { authorization: `Basic ${secret}` }],
    ["the token with its last character left out", { authorization: bearer.authorization.slice(0, -1) }],
    ["a signature of something else", sign("something else")],
  ])("%s", async (_name, headers) => {
    await using doors = await openDoors();
    const response = await doors.press(undefined, headers);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    await expectProblem(response, 401);
    expect(doors.taken).toEqual([]);
    const audit = { by: { kind: "stranger" }, on: ["sources.buttons"], result: "refused" };
    const facts = { source: "buttons", status: 401, remote: "127.0.0.1", audit };
    expect(doors.lines).toEqual([{ level: "warn", event: "alarm-refused", facts }]);
  });

  it.each(["nothing", "constructor", "__proto__", "toString", "buttons%00", "buttons%2Fx"])(
    "the unknown source %s",
    async (source) => {
      await using doors = await openDoors();
      await expectProblem(await doors.press(undefined, bearer, source), 404);
    },
  );

  it("the source %2e%2e, which leads to the page for anybody", async () => {
    await using doors = await openDoors();
    await expectProblem(await doors.press(undefined, bearer, "%2e%2e"), 405);
  });

  it.each(["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])("%s", async (method) => {
    await using doors = await openDoors();
    const response = await fetch(`${doors.url}/alarms/buttons`, { method, headers: bearer });
    expect(response.headers.get("allow")).toBe("POST");
    await expectProblem(response, 405);
    const head = await fetch(`${doors.url}/alarms/buttons`, { method: "HEAD", headers: bearer });
    expect(head.status).toBe(405);
    expect(doors.taken).toEqual([]);
  });

  it("an address that guesses, until it knows the secret", async () => {
    await using doors = await openDoors();
    const statuses = [];
    for (let attempt = 0; attempt < 25; attempt++) statuses.push((await doors.press(undefined, wrong)).status);
    expect(statuses).toEqual([...Array(20).fill(401), ...Array(5).fill(429)]);
    await expectProblem(await doors.press(undefined, wrong), 429);
    await expectProblem(await doors.press(undefined, { ...wrong, "x-forwarded-for": "192.0.2.7" }), 429);
    await expectProblem(await doors.press(undefined, wrong, "nothing"), 429);
    expect((await doors.press()).status).toBe(202);
    const facts = { source: "buttons", remote: "127.0.0.1" };
    expect(doors.lines.map((line) => line.facts)).toMatchObject([
      { ...facts, status: 401 },
      { ...facts, status: 429 },
      { ...facts, source: "unknown", status: 429 },
    ]);
    expect(doors.refusals.messages).toEqual([
      { source: "buttons", answer: 401, count: 20 },
      { source: "buttons", answer: 429, count: 7 },
      { source: "unknown", answer: 429, count: 1 },
    ]);
    doors.clock.to(pressedAt + 60_000);
    expect(doors.lines.slice(3).map((line) => line.facts)).toMatchObject([
      { ...facts, status: 401, more: 18 },
      { ...facts, status: 429, more: 5 },
    ]);
  });

  it("a path that can't be decoded", async () => {
    await using doors = await openDoors();
    const answer = await sendRaw(
      doors.port,
      "POST /alarms/%E0%A4%A HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/);
    expect(answer).not.toContain("URIError");
  });

  it.each([
    ["two lengths", "content-length: 5\r\ncontent-length: 6\r\n\r\nhello!"],
    [
      "a length and chunks",
      "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nPOST /alarms/buttons HTTP/1.1\r\n\r\n",
    ],
    ["chunks that are not the last encoding", "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n"],
    ["a folded header", "x-a: 1\r\n b: 2\r\nauthorization : x\r\n\r\n"],
  ])("a request that two servers could read in two ways: %s", async (_name, rest) => {
    await using doors = await openDoors();
    const answer = await sendRaw(
      doors.port,
      `POST /alarms/buttons HTTP/1.1\r\nhost: x\r\nauthorization: ${bearer.authorization}\r\n${rest}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(doors.taken).toEqual([]);
  });

  it("a second authorization header, whichever comes first", async () => {
    await using doors = await openDoors();
    const send = (...tokens: string[]) =>
      sendRaw(
        doors.port,
        `POST /alarms/buttons HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${tokens.map((token) => `authorization: Bearer ${token}\r\n`).join("")}content-length: 14\r\n\r\n{"button":"1"}`,
      );
    expect(await send("wrong", secret)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it("tells no secret to the log", async () => {
    await using doors = await openDoors();
    await doors.press(undefined, { authorization: `Basic ${secret}` });
    await doors.press(undefined, wrong, "a-secret-in-the-path");
    expect(JSON.stringify(doors.lines)).not.toMatch(/whsec|MfKQ|wrong|a-secret-in/);
  });
});
