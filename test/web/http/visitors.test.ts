import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { toReadySource } from "../../../adapters/index.ts";
import { type StrangerLimits, Strangers, usualLimits } from "../../../bot/kit/strangers.ts";
import type { HandleActivity } from "../../../bot/ports/caller.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { until } from "../../fakes/listener-host.ts";
import { pressedAt } from "../../fixtures/incident.ts";
import { loopbackLimits } from "../../fixtures/loopback-limits.ts";
import { openDoors, secret, type TestDoors } from "../doors.ts";

const bearer = `authorization: Bearer ${secret}`;
const pack = JSON.stringify([{ bn: "urn:dev:DEVEUI:24E124535B012345:", n: "payload", vs: "ff2e01" }]);
const signature = `things-message-token: ${createHash("sha256").update(pack).update(secret).digest("hex")}`;
const forged = `things-message-token: ${"0".repeat(64)}`;

/** Doors behind which two sources are proven by a header, two by the body. `limits` differ from the usual ones. */
function open(
  limits: Partial<StrangerLimits> = {},
  trustedProxies: string[] = [],
  teams: HandleActivity = receiveThousand,
): Promise<TestDoors> {
  const kpn = toReadySource("kpn-things", { secret });
  return openDoors({
    sources: { buttons: toReadySource("webhook", { secret }), kpn, other: kpn },
    metricsToken: "a-token-of-some-length",
    doctorToken: "another-token-of-some-length",
    pagers: {
      phone: { callBack: () => ({ proof: "first", events: [], reply: () => ({ type: "text/plain", body: "" }) }) },
    },
    teams,
    strangers: new Strangers(new FakeClock(pressedAt), trustedProxies, { ...loopbackLimits, ...limits }),
  });
}

const receiveThousand: HandleActivity = async (_request, response, caller) => {
  const { end } = await caller.receive(1000, "teams");
  response.writeHead(end === "whole" ? 200 : 413).end();
};

function toHead(path: string, ...headers: string[]): string {
  return `${[`POST ${path} HTTP/1.1`, "host: x", ...headers].join("\r\n")}\r\n\r\n`;
}

async function connectTo({ port }: TestDoors): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** Sends bytes and answers with all that comes back until the other side hangs up. */
async function send(doors: TestDoors, ...bytes: string[]): Promise<string> {
  const socket = await connectTo(doors);
  for (const part of bytes) socket.write(part);
  return text(socket).catch(() => "reset");
}

/** Presses through a signed source, on a connection of its own. */
async function pressSigned(doors: TestDoors, path = "/alarms/kpn", ...headers: string[]): Promise<string> {
  const head = toHead(path, signature, `content-length: ${pack.length}`, "connection: close", ...headers);
  return (await send(doors, head, pack)).slice(9, 12);
}

/** Begins a body of that many bytes at a signed source, and never ends it. */
async function begin(doors: TestDoors, bytes: number, ...headers: string[]): Promise<Socket> {
  const socket = await connectTo(doors);
  socket.write(toHead("/alarms/kpn", forged, "content-length: 65536", ...headers) + "x".repeat(bytes));
  return socket;
}

const chunks = (count: number) => "1\r\nx\r\n".repeat(count);
const inChunks = "transfer-encoding: chunked";

describe("a body in tiny pieces", () => {
  it.each([
    ["/alarms/buttons", []],
    ["/alarms/kpn", [forged]],
    ["/alarms/nobody", []],
    ["/api/messages", []],
    ["/guard/made-up", []],
    ["/pagers/phone", []],
    ["/pagers/nobody", []],
    ["/metrics", []],
    ["/doctor/pagers", []],
    ["/doctor/teams", []],
    ["/health/live", []],
    ["/nothing", []],
  ])(
    "of a stranger is cut off, whatever door it is for: %s",
    async (path, headers) => {
      await using doors = await open();
      await send(doors, toHead(path, inChunks, ...headers), chunks(5_000));
    },
    5_000,
  );

  it("is answered before that when a door reads it", async () => {
    await using doors = await open();
    expect(await send(doors, toHead("/alarms/kpn", inChunks, forged), chunks(1_001))).toMatch(/^HTTP\/1.1 413 /);
    expect(doors.refusals.messages).toEqual([{ source: "kpn", answer: 413, count: 1 }]);
  });

  it("of a thousand pieces is still read", async () => {
    await using doors = await open();
    const head = toHead("/alarms/kpn", inChunks, forged, "connection: close");
    expect(await send(doors, head, chunks(999), "0\r\n\r\n")).toMatch(/^HTTP\/1.1 401 /);
  });

  it("of a proven sender is taken, however many they are", async () => {
    await using doors = await open();
    const body = `{"pad":"${"x".repeat(5_000)}","button":"0042"}`;
    const pieces = [...body].map((byte) => `1\r\n${byte}\r\n`).join("");
    const head = toHead("/alarms/buttons", inChunks, bearer, "connection: close");
    expect(await send(doors, head, pieces, "0\r\n\r\n")).toMatch(/^HTTP\/1.1 202 /);
    expect(doors.taken).toMatchObject([{ alarms: [{ kind: "press", button: "0042" }] }]);
  });
});

describe("bodies that prove nothing yet", () => {
  it("of all together take no more memory than their share, and a signed press goes between them", async () => {
    // All of it is read at once: the part of a second that reading may take never begins anew on a clock that stands.
    await using doors = await open({ workMs: { each: 60_000, together: 60_000 } });
    const sockets = await Promise.all(Array.from({ length: 60 }, () => begin(doors, 60_000)));
    await until(() => sockets.some(({ destroyed, readableEnded }) => destroyed || readableEnded));
    expect(doors.strangers.held("source kpn")).toBeLessThanOrEqual(usualLimits.bytes.together);
    expect(await pressSigned(doors)).toBe("202");
    for (const socket of sockets) socket.destroy();
    await until(() => doors.strangers.held("source kpn") === 0);
  });

  it("take nothing from the share of another source, nor from who is proven by a header", async () => {
    await using doors = await open({ bytes: { each: 4_000, together: 4_000 } });
    const other = await connectTo(doors);
    other.write(toHead("/alarms/other", signature, `content-length: ${pack.length}`, "connection: close"));
    const proven = await connectTo(doors);
    const body = '{"button":"0042"}'.padEnd(3_000);
    proven.write(toHead("/alarms/buttons", bearer, "content-length: 3000", "connection: close") + body.slice(0, 2_999));
    other.write(pack.slice(0, -1));
    await until(() => doors.strangers.held("source other") > 0);
    for (let count = 0; count < 10; count += 1) {
      const socket = await begin(doors, 5_000);
      await once(socket.resume(), "close");
    }
    other.write(pack.slice(-1));
    proven.write(body.slice(-1));
    expect([(await text(other)).slice(9, 12), (await text(proven)).slice(9, 12)]).toEqual(["202", "202"]);
  });

  it("of one address take only from that address", async () => {
    await using doors = await open({ bytes: { each: 4_000, together: 100_000 } }, ["127.0.0.1"]);
    const by = (address: string) => `x-forwarded-for: ${address}`;
    const neighbour = await begin(doors, 3_000, by("192.0.2.1"));
    await until(() => doors.strangers.held("source kpn") >= 3_000);
    const before = doors.strangers.held("source kpn");
    const flood = await begin(doors, 5_000, by("192.0.2.2"));
    await once(flood.resume(), "close");
    expect(doors.strangers.held("source kpn")).toBe(before);
    expect(await pressSigned(doors, "/alarms/kpn", by("192.0.2.2"))).toBe("202");
    neighbour.destroy();
  });

  it("are in no share any more once they are proven", async () => {
    await using doors = await open();
    for (let count = 0; count < 3; count += 1) expect(await pressSigned(doors)).toBe("202");
    expect(doors.strangers.held("source kpn")).toBe(0);
  });
});

describe("connections on which nobody has proved anything", () => {
  const connections = { each: 3, together: 3 };

  it.each([
    ["a header", `${toHead("/alarms/buttons", bearer, "content-length: 17")}{"button":"0042"}`],
    ["a signed body", toHead("/alarms/kpn", signature, `content-length: ${pack.length}`) + pack],
  ])(
    "give way to new ones, the one that was silent for longest first; one that is proven by %s stays",
    async (_by, press) => {
      await using doors = await open({ connections });
      const proven = await connectTo(doors);
      proven.write(press);
      await once(proven, "data");
      const gone: number[] = [];
      const silent: Socket[] = [];
      for (const index of [0, 1, 2, 3, 4]) {
        const socket = await connectTo(doors);
        silent.push(socket.resume().on("close", () => gone.push(index)));
      }
      await until(() => gone.length === 2);
      expect(gone).toEqual([0, 1]);
      proven.write(press);
      expect(String((await once(proven, "data"))[0])).toMatch(/^HTTP\/1.1 202 /);
      for (const socket of [proven, ...silent]) socket.destroy();
    },
  );

  it("take no room from a press that comes now", async () => {
    await using doors = await open({ connections });
    const silent = await Promise.all(Array.from({ length: 30 }, () => connectTo(doors)));
    expect(await pressSigned(doors)).toBe("202");
    for (const socket of silent) socket.destroy();
  });
});

describe("what strangers sent", () => {
  /** Has the process find all of it at once, as when it was busy. */
  const standStill = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);

  it("is read in turn, and the head of a press before it", async () => {
    await using doors = await open({ workMs: { each: 0, together: 0 } });
    const order: string[] = [];
    const strangers = await Promise.all(Array.from({ length: 8 }, () => connectTo(doors)));
    const press = await connectTo(doors);
    const signed = await connectTo(doors);
    for (const socket of strangers) socket.once("data", () => order.push("stranger"));
    press.once("data", () => order.push("press"));
    signed.once("data", () => order.push("signed"));
    for (const socket of strangers) socket.write(toHead("/alarms/kpn", inChunks, forged) + chunks(5_000));
    signed.write(toHead("/alarms/kpn", signature, `content-length: ${pack.length}`) + pack);
    press.write(`${toHead("/alarms/buttons", bearer, "content-length: 17")}{"button":"0042"}`);
    standStill();
    await until(() => order.length === 10);
    expect(order.slice(0, 2).toSorted()).toEqual(["press", "signed"]);
    for (const socket of [...strangers, press, signed]) socket.destroy();
  });

  it("waits while as many of their calls as that have no answer, and is read then", async () => {
    const answers: (() => void)[] = [];
    await using doors = await open({}, [], async (_request, response) => {
      answers.push(() => void response.writeHead(401).end());
    });
    const socket = await connectTo(doors);
    socket.resume().write(toHead("/api/messages", "content-length: 0").repeat(200));
    await until(() => answers.length >= 32);
    await pressSigned(doors);
    expect(answers.length).toBeLessThanOrEqual(32 + 1024 / toHead("/api/messages", "content-length: 0").length);
    for (let answered = 0; answered < 200; answered += 1) {
      await until(() => answers.length > answered);
      answers[answered]?.();
    }
    socket.destroy();
  });

  it("takes no more memory while it waits than their share", async () => {
    await using doors = await open({ waiting: { each: 100_000, together: 100_000 }, workMs: { each: 0, together: 0 } });
    const sockets = await Promise.all(Array.from({ length: 10 }, () => begin(doors, 60_000)));
    await until(() => sockets.filter(({ destroyed, readableEnded }) => destroyed || readableEnded).length > 0);
    expect(await pressSigned(doors)).toBe("202");
    for (const socket of sockets) socket.destroy();
  });
});

describe("what strangers send behind calls that have no answer yet", () => {
  it("takes no more memory than their share", async () => {
    let unanswered = 0;
    await using doors = await open({ waiting: { each: 100_000, together: 100_000 } }, [], async () => {
      unanswered += 1;
    });
    const call = toHead("/api/messages", "content-length: 0");
    const sockets = await Promise.all([1, 2, 3, 4].map(() => connectTo(doors)));
    for (const socket of sockets) socket.resume().write(call.repeat(40));
    await until(() => unanswered >= 4 * 32);
    // Nothing more is read of them.
    for (const socket of sockets) socket.write(call.repeat(1_000));
    await until(() => sockets.filter(({ destroyed, readableEnded }) => destroyed || readableEnded).length >= 2);
    expect(await pressSigned(doors)).toBe("202");
    for (const socket of sockets) socket.destroy();
  });
});

describe("calls that do not wait for answers", () => {
  const refused = `${toHead("/alarms/buttons", "authorization: Bearer wrong", "content-length: 2")}{}`;
  const press = `${toHead("/alarms/buttons", bearer, "content-length: 17")}{"button":"0042"}`;

  it("of a stranger end with the first that is one too many", async () => {
    await using doors = await open();
    await send(doors, refused.repeat(1_000));
    const looked = doors.refusals.messages.reduce((sum, { count }) => sum + count, 0);
    // What stands in the same slice as the last one has begun by then.
    expect(looked).toBeLessThanOrEqual(21 + 1024 / refused.length);
  }, 5_000);

  it("of a proven sender are all taken", async () => {
    await using doors = await open();
    const socket = await connectTo(doors);
    socket.resume().write(press.repeat(100));
    await until(() => doors.taken.length === 100);
    socket.destroy();
  });

  it("of a proven sender leave everybody else a turn between a few of them", async () => {
    let asked = 0;
    await using doors = await open({}, [], async (_request, response, caller) => {
      caller.prove();
      asked += 1;
      // As many answers come of what is in memory.
      await Promise.resolve();
      response.end("x".repeat(4_000));
    });
    const socket = await connectTo(doors);
    const press = await connectTo(doors);
    socket.resume().write(toHead("/api/messages", "content-length: 0").repeat(2_000));
    press.write(toHead("/alarms/buttons", bearer, "content-length: 17"));
    await until(() => asked > 0);
    press.write('{"button":"0042"}');
    await once(press, "data");
    expect(asked).toBeLessThan(500);
    await until(() => asked === 2_000);
    for (const each of [socket, press]) each.destroy();
  });

  it("of a proven sender who reads no answers wait for that, and none is lost", async () => {
    const answer = "x".repeat(100_000);
    await using doors = await open({}, [], async (_request, response, caller) => {
      caller.prove();
      response.end(answer);
    });
    const socket = await connectTo(doors);
    const asked = 300;
    socket.write(toHead("/api/messages", "content-length: 0").repeat(asked));
    for (let turn = 0; turn < 3; turn += 1) await pressSigned(doors);
    let bytes = 0;
    socket.on("data", (data) => {
      bytes += data.length;
    });
    await until(() => bytes > asked * answer.length);
    socket.destroy();
  });

  it("that are signed are all taken, as many as come at once", async () => {
    await using doors = await open();
    const socket = await connectTo(doors);
    socket.resume().write((toHead("/alarms/kpn", signature, `content-length: ${pack.length}`) + pack).repeat(16));
    await until(() => doors.taken.length === 16);
    socket.destroy();
  });
});

describe("who calls behind a trusted proxy", () => {
  it("is counted and logged by the address that it names", async () => {
    await using doors = await open({}, ["127.0.0.1"]);
    const refuse = async (address: string) => {
      const headers = { authorization: "Bearer wrong", "x-forwarded-for": address };
      return (await doors.press(undefined, headers)).status;
    };
    for (let count = 0; count < 20; count += 1) expect(await refuse("192.0.2.9")).toBe(401);
    expect([await refuse("192.0.2.9"), await refuse("192.0.2.10")]).toEqual([429, 401]);
    expect(await refuse("192.0.2.10, 192.0.2.9")).toBe(429);
    expect(doors.lines.map(({ facts }) => [facts.remote, facts.status])).toEqual([
      ["192.0.2.9", 401],
      ["192.0.2.9", 429],
      ["192.0.2.10", 401],
    ]);
  });
});

describe("what strangers put into the log", () => {
  it.each([
    ["guard-link-refused", "GET", "/guard/made-up"],
    ["guard-link-refused", "POST", "/guard/made-up"],
    ["call-back-refused", "POST", "/pagers/nobody"],
    ["metrics-refused", "GET", "/metrics"],
    ["doctor-refused", "GET", "/doctor/pagers"],
  ])("is a line a minute and a count: %s by %s", async (event, method, path) => {
    await using doors = await open();
    for (let count = 0; count < 20; count += 1) await (await fetch(`${doors.url}${path}`, { method })).text();
    expect(doors.lines.map((line) => line.event)).toEqual([event]);
    doors.clock.to(pressedAt + 60_000);
    expect(doors.lines.map(({ facts }) => facts.more)).toEqual([undefined, 18]);
  });

  it.each([
    ["guard-link-refused", "/guard/made-up"],
    ["call-back-refused", "/pagers/nobody"],
    ["alarm-broken-off", "/alarms/kpn"],
    ["alarm-refused", "/alarms/nobody"],
  ])("is a line a minute too where they hang up in the middle: %s", async (event, path) => {
    await using doors = await open();
    for (let count = 0; count < 20; count += 1) {
      const socket = await connectTo(doors);
      socket.write(`${toHead(path, forged, "content-length: 50")}half`);
      await Promise.race([once(socket, "data"), until(() => doors.strangers.held("source kpn") > 0)]);
      socket.resetAndDestroy();
      await until(() => doors.strangers.held("source kpn") === 0);
    }
    await until(() => doors.lines.length === 2);
    // The second one says that such a request was not whole.
    expect(doors.lines.map((line) => line.event)).toEqual(expect.arrayContaining([event, "request-not-read"]));
  });
});
