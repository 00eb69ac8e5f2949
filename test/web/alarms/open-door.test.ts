import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { toReadySource } from "../../../adapters/index.ts";
import { openDoors, secret, type TestDoors } from "../doors.ts";

const bearer = `authorization: Bearer ${secret}`;
const deskSecret = "een-geheim-in-het-adres";
const body = '{"button":"0042","place":"Balie 2","battery":0.83}';

function open(): Promise<TestDoors> {
  return openDoors({
    sources: {
      buttons: toReadySource("webhook", { secret }),
      lora: toReadySource("the-things-stack", { secret, model: "milesight-ws101" }),
      desk: toReadySource("shelly", { secret: deskSecret }),
      kpn: toReadySource("kpn-things", { secret }),
    },
  });
}

/** Sends bytes as they are, and answers with all that comes back. */
function sendRaw(doors: TestDoors, ...bytes: (string | Buffer)[]): Promise<string> {
  const socket = connect(doors.port, "127.0.0.1");
  for (const part of bytes) socket.write(part);
  return text(socket);
}

const post = (path: string, ...headers: string[]) =>
  `${[`POST /alarms/${path} HTTP/1.1`, "host: x", ...headers].join("\r\n")}\r\n\r\n`;

/** Sends that much and hangs up. */
async function breakOff(doors: TestDoors, bytes: string, end: (socket: Socket) => void): Promise<void> {
  const socket = connect(doors.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(bytes, () => end(socket));
  await expect.poll(() => doors.lines.map(({ event }) => event)).toContain("alarm-broken-off");
}

describe("a proven sender who does not end the message", () => {
  it.each<[string, (socket: Socket) => void]>([
    ["ends the connection", (socket) => socket.end()],
    ["breaks the connection", (socket) => setImmediate(() => socket.destroy())],
  ])("and %s: what came is taken", async (_how, end) => {
    await using doors = await open();
    await breakOff(
      doors,
      `${post("buttons", bearer, "content-length: 500")}{"button":"0042","place":"Balie 2","at`,
      end,
    );
    await expect
      .poll(() => doors.taken)
      .toMatchObject([{ source: "buttons", alarms: [{ kind: "unreadable", button: "0042", place: "Balie 2" }] }]);
    expect([...doors.refusals.brokenOff]).toEqual([["buttons", 1]]);
  });

  it("and said all of it: it is read", async () => {
    await using doors = await open();
    const whole = `${post("buttons", bearer, `content-length: ${body.length + 9}`)}${body}`;
    await breakOff(doors, whole, (socket) => socket.end());
    await expect
      .poll(() => doors.taken)
      .toMatchObject([{ alarms: [{ kind: "press", button: "0042", place: "Balie 2" }] }]);
  });

  it("and whose chunks can't be read: what came before is taken", async () => {
    await using doors = await open();
    const chunked = post("buttons", bearer, "transfer-encoding: chunked");
    const answer = await sendRaw(doors, `${chunked}11\r\n{"button":"0042",\r\nnonsense\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    await expect.poll(() => doors.taken).toMatchObject([{ alarms: [{ kind: "unreadable", button: "0042" }] }]);
  });

  it("but says more than it announced: the alarm counts, whatever the answer", async () => {
    await using doors = await open();
    await sendRaw(doors, `${post("buttons", bearer, "content-length: 17")}${body}`);
    await expect.poll(() => doors.taken).toMatchObject([{ alarms: [{ kind: "unreadable", button: "0042" }] }]);
    expect(doors.lines).toMatchObject([{ event: "request-not-read", facts: { code: expect.stringMatching(/^HPE_/) } }]);
  });

  it("and is one of many gateways: a long message keeps its button", async () => {
    await using doors = await open();
    const rx_metadata = Array.from({ length: 70 }, (_, at) => ({
      gateway_ids: { eui: String(at) },
      token: "x".repeat(1000),
    }));
    const uplink = { f_port: 85, frm_payload: "/y4B", received_at: "2026-11-24T08:59:58.204Z", rx_metadata };
    const message = JSON.stringify({ end_device_ids: { device_id: "knop-1" }, uplink_message: uplink });
    expect(message.length).toBeGreaterThan(70_000);
    const head = post("lora", bearer, "connection: close", `content-length: ${message.length}`);
    expect(await sendRaw(doors, head, message)).toMatch(/^HTTP\/1\.1 202 /);
    expect(doors.taken).toMatchObject([{ alarms: [{ kind: "press", button: "knop-1" }] }]);
  });
});

describe("a sender whom the head does not prove", () => {
  it.each([
    ["a wrong token", "buttons", "authorization: Bearer wrong"],
    ["no proof at all", "kpn", "x-a: b"],
  ])("gets an answer before a body is read: %s", async (_what, source, header) => {
    await using doors = await open();
    const socket = connect(doors.port, "127.0.0.1");
    socket.write(`${post(source, header, "content-length: 4000000")}{`);
    const [answer] = await new Promise<[Buffer]>((resolve) => socket.once("data", (data) => resolve([data])));
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
    expect(doors.taken).toEqual([]);
  });

  it("and who hangs up: nothing is taken, and that is noted and counted", async () => {
    await using doors = await open();
    const signed = post("kpn", "things-message-token: 00", "content-length: 50");
    await breakOff(doors, `${signed}[{"bn`, (socket) => socket.end());
    expect(doors.taken).toEqual([]);
    expect(doors.lines).toContainEqual({
      level: "warn",
      event: "alarm-broken-off",
      facts: { source: "kpn", remote: "127.0.0.1" },
    });
    expect(doors.refusals.messages).toEqual([{ source: "kpn", answer: "none", count: 1 }]);
    expect(doors.refusals.brokenOff.size).toBe(0);
  });
});

describe("what a device says wrong about HTTP", () => {
  const target = `/alarms/desk/${deskSecret}?button=balie-2`;
  const upgrade = "host: x\r\nupgrade: h2c\r\nconnection: upgrade, http2-settings\r\nhttp2-settings: AAMAAABk\r\n";

  it.each([
    ["no host", `GET ${target} HTTP/1.1\r\nconnection: close\r\n\r\n`],
    ["HTTP/1.0", `GET ${target} HTTP/1.0\r\n\r\n`],
    ["another protocol, as some clients offer first", `GET ${target} HTTP/1.1\r\n${upgrade}connection: close\r\n\r\n`],
    ["an expectation that nobody knows", `GET ${target} HTTP/1.1\r\nexpect: nothing\r\nconnection: close\r\n\r\n`],
  ])("is no reason to refuse a press: %s", async (_what, bytes) => {
    await using doors = await open();
    expect(await sendRaw(doors, bytes)).toMatch(/^HTTP\/1\.1 202 /);
    expect(doors.taken).toMatchObject([{ source: "desk", alarms: [{ kind: "press", button: "balie-2" }] }]);
  });

  it.each([
    ["by HTTP/1.1", `GET ${target} HTTP/1.1\r\nhost: x\r\n\r\n`, 1],
    ["by HTTP/1.0", `GET ${target} HTTP/1.0\r\n\r\n`, 1],
    ["with all that it has to say at once", `GET ${target} HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(40), 40],
  ])("and that it closes its half after it: it gets every answer, %s", async (_how, bytes, count) => {
    await using doors = await open();
    const socket = connect({ port: doors.port, host: "127.0.0.1", allowHalfOpen: true });
    socket.end(bytes);
    expect((await text(socket)).match(/HTTP\/1\.1 202 /g)).toHaveLength(count);
    expect(doors.taken).toHaveLength(count);
  });

  it.each([
    ["lines that end in a line feed alone", `GET ${target} HTTP/1.1\nhost: x\n\n`, 400],
    ["a space in the address", `GET ${target} 3 HTTP/1.1\r\nhost: x\r\n\r\n`, 400],
    ["UTF-8 in the address", `GET ${target}é HTTP/1.1\r\nhost: x\r\n\r\n`, 400],
    ["a zero byte in front", `\0GET ${target} HTTP/1.1\r\nhost: x\r\n\r\n`, 400],
    ["headers without end", `GET ${target} HTTP/1.1\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, 431],
  ])("is noted and counted where it can't be read: %s", async (_what, bytes, status) => {
    await using doors = await open();
    expect(await sendRaw(doors, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    const [line] = doors.lines;
    expect(doors.lines).toHaveLength(1);
    expect(line).toEqual({
      level: "warn",
      event: "request-not-read",
      facts: { code: expect.stringMatching(/^HPE_/), remote: "127.0.0.1" },
    });
    expect([...doors.refusals.unread]).toEqual([[line?.facts.code, 1]]);
  });

  it.each([
    ["at once", ""],
    ["and sends on as if it had one", "\x16\x03\x01".repeat(1_000)],
  ])("is told so where it takes us for a proxy, %s", async (_how, more) => {
    await using doors = await open();
    const socket = connect(doors.port, "127.0.0.1").on("error", () => undefined);
    socket.write("CONNECT teams.example:443 HTTP/1.1\r\nhost: teams.example:443\r\n\r\n");
    expect(await text(socket.on("data", () => socket.write(more)))).toMatch(/^HTTP\/1\.1 501 /);
    expect(doors.lines).toEqual([
      { level: "warn", event: "request-not-read", facts: { code: "CONNECT", remote: "127.0.0.1" } },
    ]);
    expect([...doors.refusals.unread]).toEqual([["CONNECT", 1]]);
  });

  it("writes one line a minute for each address and cause", async () => {
    await using doors = await open();
    for (let time = 0; time < 5; time += 1) await sendRaw(doors, "rubbish\r\n\r\n");
    expect(doors.lines).toHaveLength(1);
    doors.clock.to(doors.clock.now() + 60_000);
    expect(doors.lines).toHaveLength(2);
    expect(doors.lines[1]?.facts).toMatchObject({ more: 3 });
    expect([...doors.refusals.unread.values()]).toEqual([5]);
  });

  it("leaves alone who connects and says nothing", async () => {
    await using doors = await open();
    const socket = connect(doors.port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.resetAndDestroy();
    await sendRaw(doors, "rubbish\r\n\r\n");
    expect(doors.lines).toHaveLength(1);
  });
});

describe("nothing under /alarms is refused without a line and a figure", () => {
  it.each([
    ["an unknown source", 404, "unknown", "POST /alarms/nothing-here"],
    ["no source", 404, "unknown", "POST /alarms"],
    ["no source either", 404, "unknown", "GET /alarms/"],
    ["a wrong method", 405, "buttons", "GET /alarms/buttons"],
    ["whoever only looks", 405, "desk", `HEAD /alarms/desk/${deskSecret}`],
    ["who asks whether it may send", 405, "desk", `OPTIONS /alarms/desk/${deskSecret}`],
    ["a wrong secret", 401, "desk", "GET /alarms/desk/een-ander-geheim"],
    ["an address that can't be decoded", 400, "unknown", "GET /alarms/desk/%E0%A4%A"],
  ])("%s", async (_what, status, source, line) => {
    await using doors = await open();
    const answer = await sendRaw(doors, `${line} HTTP/1.1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    const facts = { source, status, remote: "127.0.0.1" };
    expect(doors.lines).toMatchObject([{ level: "warn", event: "alarm-refused", facts }]);
    expect(doors.refusals.messages).toEqual([{ source, answer: status, count: 1 }]);
    expect(JSON.stringify(doors.lines)).not.toMatch(/geheim|nothing-here/);
  });
});
