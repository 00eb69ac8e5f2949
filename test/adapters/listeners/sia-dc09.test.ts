import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { siaDc09 } from "../../../adapters/listeners/sia-dc09.ts";
import { readAnswer } from "../../../adapters/protocols/sia-dc09/frame/answer.ts";
import { toTimestamp } from "../../../adapters/protocols/sia-dc09/frame/content.ts";
import { toFrameBytes } from "../../../adapters/protocols/sia-dc09/frame/frame.ts";
import { FrameCutter } from "../../../adapters/protocols/sia-dc09/frame/frame-cutter.ts";
import { exchange } from "../../../adapters/protocols/sia-dc09/sender/exchange.ts";
import type { Alarm } from "../../../bot/domain/alarm.ts";
import { type StrangerLimits, Strangers, usualLimits } from "../../../bot/kit/strangers.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { until } from "../../fakes/listener-host.ts";

const now = Date.UTC(2026, 10, 24, 9, 30, 0);
const minute = 60_000;
const example = siaDc09.exampleOptions;
type Options = z.infer<typeof siaDc09.Options>;
const unlimited = { each: Number.POSITIVE_INFINITY, together: Number.POSITIVE_INFINITY };

/** A listener and what its host was given; `store` is how the host takes alarms. */
async function start(
  options: Options = example,
  store = async (_alarms: readonly Alarm[]) => {},
  limits: StrangerLimits = usualLimits,
) {
  const clock = new FakeClock(now);
  const alarms: Alarm[] = [];
  /** How many frames are on their way to the disk. */
  let accepting = 0;
  const notes: { event: string; facts: Readonly<Record<string, unknown>> | undefined }[] = [];
  const used: string[] = [];
  const listening = await siaDc09.listen(options, {
    clock,
    strangers: new Strangers(clock, [], limits),
    async accept(accepted) {
      accepting += 1;
      try {
        await store(accepted);
        alarms.push(...accepted);
      } finally {
        accepting -= 1;
      }
    },
    noteSecret: (setting, value) => used.push(`${setting} ${value}`),
    note: (event, facts) => notes.push({ event, facts }),
  });
  const port = listening.port ?? 0;
  return {
    clock,
    used,
    alarms,
    notes,
    port,
    accepting: () => accepting,
    options: { ...options, listen: { ...options.listen, port } },
    send: (frame: Buffer, transport: "tcp" | "udp" = "tcp") =>
      exchange(frame, { transport, host: "127.0.0.1", port }, AbortSignal.timeout(10_000)),
    connect: () => connectTo(port),
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

async function connectTo(port: number) {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  await once(socket, "connect");
  const cutter = new FrameCutter();
  const answers: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => answers.push(...cutter.push(chunk)));
  return {
    socket,
    answers,
    write: (bytes: Buffer) => new Promise<void>((resolve) => socket.write(bytes, () => resolve())),
    async expectAnswers(count: number) {
      while (answers.length < count) await once(socket, "data");
      return answers.map((answer) => readAnswer(answer));
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

function toPress(account = "0042", sequence = "0001", at = now): Buffer {
  return toFrameBytes(`"SIA-DCS"${sequence}R0L0#${account}[#${account}|Nri1/PA001]${toTimestamp(at)}`, "text");
}

function toPoll(sequence: string, account = "0042"): Buffer {
  return toFrameBytes(`"NULL"${sequence}R0L0#${account}[]`, "text");
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.destroyed) await new Promise((resolve) => socket.once("close", resolve));
}

describe("the settings", () => {
  it("are taken by their own schema, also a second time", () => {
    expect(siaDc09.title).not.toBe("");
    expect(siaDc09.Options.parse(siaDc09.Options.parse(example))).toEqual(example);
    const lower = siaDc09.Options.parse({ listen: { port: 12000 }, accounts: { "00af": {} } });
    expect(lower).toEqual({
      listen: { host: "127.0.0.1", port: 12000 },
      transport: "both",
      accounts: { "00AF": { zones: false, anyTime: false, codes: {} } },
    });
    expect(siaDc09.Options.parse(lower)).toEqual(lower);
  });

  it.each([
    { listen: { port: 70000 }, accounts: { "1234": {} } },
    { listen: { port: 1 }, accounts: {} },
    { listen: { port: 1 }, accounts: { "12": {} } },
    { listen: { port: 1 }, accounts: { "1234": { key: "secret of no length" } } },
    { listen: { port: 1 }, accounts: { "1234": { codes: { panic: "press" } } } },
    { listen: { port: 1 }, accounts: { "1234": { codes: { PA: "alarm" } } } },
  ])("%j are refused, without a secret in the words", (settings) => {
    const { error } = siaDc09.Options.safeParse(settings);
    expect(error).toBeDefined();
    expect(String(error)).not.toContain("secret of no length");
  });
});

describe.each(["tcp", "udp"] as const)("over %s", (transport) => {
  it("is acknowledged once it is stored, and not before", async () => {
    const stored = Promise.withResolvers<void>();
    await using listener = await start(example, () => stored.promise);
    let isAnswered = false;
    const answer = listener.send(toPress(), transport).then((bytes) => {
      isAnswered = true;
      return readAnswer(bytes);
    });
    while (listener.accepting() === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(isAnswered).toBe(false);
    stored.resolve();
    expect(await answer).toEqual({ id: "ACK", sequence: "0001", sentAt: now });
    expect(listener.accepting()).toBe(0);
    expect(listener.alarms).toMatchObject([{ kind: "press", button: "0042", at: now }]);
  });

  it("is not answered when it can't be stored; sent again it is, and is the same alarm", async () => {
    const ids: (string | null | undefined)[] = [];
    let isDown = true;
    await using listener = await start(example, async (alarms) => {
      ids.push(alarms[0]?.id);
      if (isDown) throw new Error("the disk is full");
    });
    const controller = new AbortController();
    const address = { transport, host: "127.0.0.1", port: listener.port };
    const unanswered = exchange(toPress(), address, controller.signal);
    while (listener.notes.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(unanswered).rejects.toMatchObject({ reason: "unreachable" });
    expect(listener.alarms).toEqual([]);
    isDown = false;
    expect(readAnswer(await listener.send(toPress(), transport))?.id).toBe("ACK");
    expect(readAnswer(await listener.send(toPress(), transport))?.id).toBe("ACK");
    expect(new Set(ids).size).toBe(1);
    expect(listener.notes).toMatchObject([{ event: "sia-frame-not-stored", facts: { account: "0042" } }]);
  });

  it("presses by itself what its settings say", async () => {
    await using listener = await start({ ...example, transport });
    const signal = AbortSignal.timeout(10_000);
    await siaDc09.press(listener.options, "0042", now, signal);
    await siaDc09.press(listener.options, "5678/7", now, signal);
    expect(listener.alarms).toMatchObject([
      { kind: "press", button: "0042" },
      { kind: "press", button: "5678/7" },
    ]);
    await expect(siaDc09.press(listener.options, "9999", now, signal)).rejects.toMatchObject({
      reason: "misconfigured",
    });
    await expect(siaDc09.press(listener.options, "0042", now - minute, signal)).rejects.toMatchObject({
      reason: "refused",
    });
    await siaDc09.press(listener.options, "5678", now, signal);
    expect(listener.alarms.at(-1)).toMatchObject({ kind: "press", button: "5678" });
    const elsewhere = {
      ...listener.options,
      accounts: { ...example.accounts, "5678": { ...example.accounts["0042"] } },
    };
    const parsed = siaDc09.Options.parse(elsewhere);
    await expect(siaDc09.press(parsed, "5678", now, signal)).rejects.toMatchObject({ reason: "refused" });
  });
});

describe("a call to a receiver", () => {
  it.each(["tcp", "udp"] as const)("over %s that is aborted or finds nobody is unreachable", async (transport) => {
    const nobody = { transport, host: "127.0.0.1", port: 9 };
    await expect(exchange(toPress(), nobody, AbortSignal.abort())).rejects.toMatchObject({ reason: "unreachable" });
    await expect(exchange(toPress(), nobody, AbortSignal.timeout(5000))).rejects.toMatchObject({
      reason: "unreachable",
    });
  });

  it("takes an answer without LF and CR from who hangs up", async () => {
    const server = createServer((socket) => socket.end('"NAK"'));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const given = await exchange(toPress(), { transport: "tcp", host: "127.0.0.1", port }, AbortSignal.timeout(5000));
    expect(readAnswer(given)).toEqual({ id: "NAK", sequence: null, sentAt: null });
    server.close();
  });
});

describe("the port", () => {
  it("is one for TCP and UDP", async () => {
    await using listener = await start();
    expect(readAnswer(await listener.send(toPoll("0001"), "tcp"))?.id).toBe("ACK");
    expect(readAnswer(await listener.send(toPoll("0002"), "udp"))?.id).toBe("ACK");
    expect(listener.alarms).toMatchObject([{ kind: "heartbeat" }]);
  });

  it("that is taken is refused by a sentence, and neither half of it stays open", async () => {
    await using listener = await start({ ...example, transport: "tcp" });
    await expect(start(listener.options)).rejects.toThrow(/^Port \d+ of 127\.0\.0\.1 is taken/);

    // A port of datagrams may be a connection's of somebody else, so one is taken that is free for both.
    const first = createServer().listen(0, "127.0.0.1");
    await once(first, "listening");
    const address = first.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const datagrams = createSocket("udp4").bind(port, "127.0.0.1");
    await once(datagrams, "listening");
    await new Promise((resolve) => first.close(resolve));
    await expect(start({ ...example, listen: { host: "127.0.0.1", port } })).rejects.toThrow(/is taken/);
    const free = createServer().listen(port, "127.0.0.1");
    await once(free, "listening");
    free.close();
    datagrams.close();
    await expect(start({ ...example, listen: { host: "192.0.2.1", port: 0 } })).rejects.toThrow(/no address/);
  });
});

describe("a connection", () => {
  it("carries frames torn, glued and byte by byte, and answers in their order", async () => {
    await using listener = await start();
    using panel = await listener.connect();
    const frames = Array.from({ length: 20 }, (_, index) => toPress("0042", String(index + 1).padStart(4, "0")));
    const bytes = Buffer.concat(frames);
    for (const byte of bytes.subarray(0, 100)) await panel.write(Buffer.from([byte]));
    await panel.write(bytes.subarray(100, 333));
    await panel.write(Buffer.concat([bytes.subarray(333), Buffer.from("\r\n\0"), toPoll("0099")]));
    const answers = await panel.expectAnswers(21);
    expect(answers.map((answer) => answer?.sequence)).toEqual([
      ...frames.map((_, index) => String(index + 1).padStart(4, "0")),
      "0099",
    ]);
    expect(listener.alarms).toHaveLength(21);
    expect(listener.notes).toEqual([]);
  });

  it("takes nothing that could not be stored, but goes on to report what is wrong", async () => {
    let isDown = true;
    await using listener = await start(example, async () => {
      if (isDown) throw new Error("the disk is full");
    });
    using panel = await listener.connect();
    const unknown = toFrameBytes('"SIA-DCS"0003L0#0042[Nri1/QQ1]', "text");
    const late = toPress("0042", "0004", now - minute);
    await panel.write(Buffer.concat([toPress(), toPoll("0002"), unknown, toPress("9999", "0005"), late]));
    expect(await panel.expectAnswers(2)).toMatchObject([{ id: "DUH", sequence: "0005" }, { id: "NAK" }]);
    isDown = false;
    // The poll that was not stored does not count as taken.
    await panel.write(Buffer.concat([toPoll("0006"), toPress()]));
    expect((await panel.expectAnswers(4)).slice(2)).toMatchObject([
      { id: "ACK", sequence: "0006" },
      { id: "ACK", sequence: "0001" },
    ]);
    expect(listener.alarms.map(({ kind }) => kind)).toEqual(["heartbeat", "press"]);
  });

  it("of a clock that is wrong is taken at its second try, though nothing could be stored at its first", async () => {
    let isDown = true;
    await using listener = await start(example, async () => {
      if (isDown) throw new Error("the disk is full");
    });
    using panel = await listener.connect();
    await panel.write(toPress("0042", "0001", now - minute));
    await panel.expectAnswers(1);
    isDown = false;
    await panel.write(toPress("0042", "0002", now - minute + 5000));
    expect(await panel.expectAnswers(2)).toMatchObject([{ id: "NAK" }, { id: "ACK", sequence: "0002" }]);
    expect(listener.alarms).toMatchObject([{ kind: "press", button: "0042" }]);
  });

  it("that is half closed after the frame still gets its answer", async () => {
    await using listener = await start();
    using panel = await listener.connect();
    panel.socket.end(toPress());
    expect(await panel.expectAnswers(1)).toMatchObject([{ id: "ACK" }]);
    await closed(panel.socket);
  });

  it("that breaks off hurts nobody", async () => {
    await using listener = await start();
    for (let index = 0; index < 20; index++) {
      using panel = await listener.connect();
      await panel.write(toPress().subarray(0, index * 2));
      panel.socket.resetAndDestroy();
    }
    expect(readAnswer(await listener.send(toPress()))?.id).toBe("ACK");
    expect(listener.notes).toEqual([]);
  });

  it("full of garbage is cut off, and a press behind a little of it is taken", async () => {
    await using listener = await start();
    using scanner = await listener.connect();
    scanner.socket.on("error", () => {});
    scanner.socket.write(Buffer.alloc(5_000_000, "GET / HTTP/1.1\r\n\n"));
    await closed(scanner.socket);

    using panel = await listener.connect();
    await panel.write(Buffer.concat([Buffer.from("hello\n1234"), toPress().fill("?", 20, 22), toPress()]));
    expect(await panel.expectAnswers(1)).toMatchObject([{ id: "ACK" }]);
    expect(listener.alarms).toHaveLength(1);
  });

  it("from a stranger leaves a line in the log, not one for each frame, and nothing of what was sent", async () => {
    // Lines are what is counted here: on a busy machine so many frames take more time than strangers may have.
    await using listener = await start(example, undefined, { ...usualLimits, workMs: unlimited });
    using panel = await listener.connect();
    const frame = toFrameBytes('"SIA-DCS"0001L0#9999[#9999|Nri1/PA001|AMevrouw Jansen]', "text");
    for (let index = 0; index < 500; index++) await panel.write(frame);
    await panel.expectAnswers(500);
    expect(panel.answers.map((answer) => readAnswer(answer)?.id)).toEqual(Array(500).fill("DUH"));
    expect(listener.notes).toEqual([
      {
        event: "sia-frame-unusual",
        facts: { from: "127.0.0.1", reason: "unknown-account", account: "9999" },
      },
    ]);
    expect(listener.alarms).toMatchObject([{ kind: "trouble", button: "9999" }]);
    listener.clock.to(now + minute);
    expect(listener.notes.at(-1)?.facts).toMatchObject({ more: 498 });
    expect(JSON.stringify(listener.notes)).not.toContain("Jansen");
  });

  it("that reads no answers gets no frame taken beyond what the network holds", async () => {
    await using listener = await start();
    using deaf = await listener.connect();
    deaf.socket.pause();
    deaf.socket.removeAllListeners("data");
    const polls = Buffer.concat(
      Array.from({ length: 20_000 }, (_, index) => toPoll(String(index % 10_000).padStart(4, "0"))),
    );
    let sent = 0;
    for (; sent < 40; sent++) if (!deaf.socket.write(polls)) break;
    expect(readAnswer(await listener.send(toPress()))?.id).toBe("ACK");
    expect(deaf.socket.writableLength).toBeGreaterThan(0);
  });
});

describe("the end", () => {
  it("waits for what is under way, answers it, and closes all that is silent", async () => {
    const stored = Promise.withResolvers<void>();
    const listener = await start(example, () => stored.promise);
    using silent = await listener.connect();
    using panel = await listener.connect();
    await panel.write(Buffer.concat([toPress("0042", "0001"), toPress("0042", "0002")]));
    const datagram = listener.send(toPress("0042", "0003"), "udp");
    while (listener.accepting() < 2) await new Promise((resolve) => setImmediate(resolve));
    const ended = listener[Symbol.asyncDispose]();
    await closed(silent.socket);
    stored.resolve();
    expect(await panel.expectAnswers(1)).toMatchObject([{ id: "ACK", sequence: "0001" }]);
    expect(readAnswer(await datagram)).toMatchObject({ id: "ACK", sequence: "0003" });
    await ended;
    await closed(panel.socket);
    expect(panel.answers).toHaveLength(1);
    await expect(connectTo(listener.port)).rejects.toThrow();
  });
});

describe("a thousand accounts", () => {
  it("connected at once are all taken and all answered, each as one alarm", async () => {
    const accounts = Array.from({ length: 1000 }, (_, index) => (0xa000 + index).toString(16).toUpperCase());
    const settings = siaDc09.Options.parse({
      listen: { port: 0 },
      accounts: Object.fromEntries(accounts.map((account) => [account, {}])),
    });
    await using listener = await start(settings, () => new Promise((resolve) => setImmediate(resolve)));
    const panels = await Promise.all(accounts.map(() => listener.connect()));
    await Promise.all(panels.map((panel, index) => panel.write(toPress(accounts[index]))));
    const answers = await Promise.all(panels.map((panel) => panel.expectAnswers(1)));
    expect(answers.flat().map((answer) => answer?.id)).toEqual(accounts.map(() => "ACK"));
    expect(listener.alarms.map(({ button }) => button).sort()).toEqual(accounts);
    expect(new Set(listener.alarms.map(({ id }) => id)).size).toBe(1000);
    for (const { socket } of panels) socket.destroy();
  });
});

describe("frames of accounts that are not ours", () => {
  const poll = (account: string) => toFrameBytes(`"NULL"0001R0L0#${account}[]`, "text");

  it.each(["tcp", "udp"] as const)(
    "are left without an answer when strangers used up their time, panels never: %s",
    async (transport) => {
      const limits = { ...usualLimits, workMs: { each: 0, together: 0 } };
      await using receiver = await start(example, undefined, limits);
      const stranger = receiver.send(poll("9999"), transport).catch(() => null);
      await until(() => receiver.notes.some(({ event }) => event === "sia-strangers-left-out"));
      expect(readAnswer(await receiver.send(toPress(), transport))?.id).toBe("ACK");
      expect(receiver.alarms.map(({ kind, button }) => [kind, button])).toEqual([["press", "0042"]]);
      void stranger;
    },
  );

  it("are answered while there is time", async () => {
    await using receiver = await start();
    expect(readAnswer(await receiver.send(poll("9999")))?.id).toBe("DUH");
  });
});
