import { createCipheriv, createDecipheriv } from "node:crypto";
import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";
import { createRecord } from "../golden/recorder.ts";

/** A frame as the alarm centre received it. */
export interface CentreFrame {
  /** SIA-DCS, ADM-CID or NULL. */
  readonly id: string;
  readonly sequence: string;
  readonly account: string;
  /** Between the first brackets, without the account: `Nri1/PA007`. "" in a poll. */
  readonly data: string;
  /** Extended data and what is in it: `[X005E42.0000]` is `X005E42.0000`. */
  readonly extended: readonly string[];
  /** Of the frame, epoch milliseconds; null without one. */
  readonly sentAt: number | null;
  /** From LF to CR, as it came. */
  readonly bytes: Buffer;
  readonly at: "tcp" | "udp";
}

/**
 * How a receiver answers what it does not take for its form: the draft says DUH, many say NAK, some say nothing, and
 * some acknowledge it, in clear or by their key.
 */
export type Refusal = "NAK" | "DUH" | "ACK" | "ACK in clear" | "nothing";

/**
 * How it answers from now on. ACK takes what is timed well by its clock and answers anything else with NAK. `raw`:
 * these very bytes, with the frame's sequence in the place of 0001.
 */
export type CentreMode =
  | {
      readonly kind:
        | "ACK"
        | "RSP"
        | "DUH"
        | "NAK"
        | "bare NAK"
        | "NAK without clock"
        | "ACK in clear"
        | "ACK of another"
        | "hang"
        | "reset"
        | "garbage";
    }
  | { readonly kind: "raw"; readonly text: string };

export interface AlarmCentre extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** All that came in whole and with the right checksum, in order of arrival. */
  readonly frames: readonly CentreFrame[];
  /** Without polls. */
  readonly events: readonly CentreFrame[];
  /** Who is connected over TCP now. */
  readonly connections: number;
  /** What came and was no frame, or could not be decrypted. */
  readonly damaged: number;
  /** For each frame: how it was answered. */
  readonly answers: readonly string[];
  behave(mode: CentreMode): void;
  /** How polls are answered; as events when null. */
  behaveToPolls(mode: CentreMode | null): void;
  /** By how much its clock differs from `now`, in milliseconds. */
  clockOffsetMs: number;
  /** Resolves when the next frame has come in whole. */
  received(): Promise<CentreFrame>;
}

/**
 * An alarm centre's receiver on loopback, TCP and UDP on one port, after the draft of ANSI/SIA DC-09; knows nothing of
 * our own codec. `maxExtended`: it takes no frame with more extended fields. `refusal` is how it answers those, and
 * what it can't decrypt.
 */
export async function startAlarmCentre(options: {
  now: () => number;
  key?: Buffer;
  port?: number;
  maxExtended?: number;
  refusal?: Refusal;
}): Promise<AlarmCentre> {
  const { now, key, maxExtended = Number.POSITIVE_INFINITY, refusal = "nothing" } = options;
  const record = createRecord("alarm-centre");
  const frames: CentreFrame[] = [];
  const answers: string[] = [];
  const waiting = new Set<(frame: CentreFrame) => void>();
  const sockets = new Set<Socket>();
  let mode: CentreMode = { kind: "ACK" };
  let pollMode: CentreMode | null = null;
  let damaged = 0;

  const toRefusal = (sequence: string, account: string): Buffer | null => {
    if (refusal === "nothing") return null;
    const stamp = toStamp(now() + centre.clockOffsetMs);
    if (refusal === "NAK") return wrap(`"NAK"0000R0L0A0[]${stamp}`);
    if (refusal === "ACK" && key !== undefined) {
      return wrap(`"*ACK"${sequence}R0L0#${account}[${seal(`|]${stamp}`, key)}`);
    }
    return wrap(`"${refusal.slice(0, 3)}"${sequence}R0L0#${account}[]`);
  };

  /** The answer's bytes; null for none. */
  function take(bytes: Buffer, at: "tcp" | "udp"): { answer: Buffer | null; mode: CentreMode } {
    const frame = read(bytes, key, at);
    if (frame === null) {
      damaged += 1;
      record({ at, damaged: bytes.toString("latin1") });
      const [, sequence = "0000", account = ""] = /"(\d{4})R0L0#(\w+)/.exec(bytes.toString("latin1")) ?? [];
      return { answer: toRefusal(sequence, account), mode: { kind: "hang" } };
    }
    frames.push(frame);
    const { bytes: _sealed, ...content } = frame;
    record({ ...content, sequence: `sequence-${frame.sequence}` });
    const current = frame.id === "NULL" ? (pollMode ?? mode) : mode;
    const answer =
      frame.extended.length > maxExtended
        ? toRefusal(frame.sequence, frame.account)
        : toAnswer(frame, current, now() + centre.clockOffsetMs, key);
    const said = /^[^"]*"\*?(\w+)"/.exec(answer?.toString("latin1") ?? "")?.[1];
    answers.push(said ?? (frame.extended.length > maxExtended ? "nothing" : current.kind));
    for (const look of [...waiting]) look(frame);
    return { answer, mode: current };
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    let held = Buffer.alloc(0);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      held = Buffer.concat([held, chunk]);
      const end = held.indexOf(0x0d);
      if (end === -1) return;
      const taken = take(held.subarray(0, end + 1), "tcp");
      held = held.subarray(end + 1);
      if (taken.mode.kind === "reset") socket.resetAndDestroy();
      // A bare answer ends with the connection, as pysiaalarm does it.
      else if (taken.answer?.[0] !== 0x0a) taken.answer && socket.end(taken.answer);
      else socket.write(taken.answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const datagrams = createSocket("udp4");
  datagrams.on("message", (bytes, { address: from, port: to }) => {
    const { answer } = take(bytes, "udp");
    if (answer) datagrams.send(answer, to, from);
  });
  await new Promise<void>((resolve) => datagrams.bind(port, "127.0.0.1", () => resolve()));

  const centre: AlarmCentre = {
    host: "127.0.0.1",
    port,
    frames,
    answers,
    clockOffsetMs: 0,
    get events() {
      return frames.filter(({ id }) => id !== "NULL");
    },
    get connections() {
      return sockets.size;
    },
    get damaged() {
      return damaged;
    },
    behave: (next) => {
      mode = next;
    },
    behaveToPolls: (next) => {
      pollMode = next;
    },
    received: () =>
      new Promise((resolve) => {
        const look = (frame: CentreFrame) => {
          waiting.delete(look);
          resolve(frame);
        };
        waiting.add(look);
      }),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await new Promise<void>((resolve) => datagrams.close(() => resolve()));
    },
  };
  return centre;
}

/** CRC-16 with the polynomial 0xA001, bit by bit. */
function toChecksum(bytes: Buffer): string {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc.toString(16).toUpperCase().padStart(4, "0");
}

function wrap(body: string): Buffer {
  const length = body.length.toString(16).toUpperCase().padStart(3, "0");
  return Buffer.from(`\n${toChecksum(Buffer.from(body, "latin1"))}0${length}${body}\r`, "latin1");
}

/** Strict, as the strictest receiver: every part that the draft demands has to be there. */
function read(bytes: Buffer, key: Buffer | undefined, at: "tcp" | "udp"): CentreFrame | null {
  const text = bytes.toString("latin1");
  const head = /^\n([0-9A-F]{4})0([0-9A-F]{3})("(\*?)(SIA-DCS|ADM-CID|NULL)"(\d{4})R0L0#([0-9A-Fa-f]{3,16})\[(.*))\r$/s;
  const [, crc, length, body = "", star, id = "", sequence = "", account = "", rest = ""] = head.exec(text) ?? [];
  if (toChecksum(Buffer.from(body, "latin1")) !== crc || Number.parseInt(length ?? "", 16) !== body.length) return null;
  if ((star === "*") !== (key !== undefined)) return null;
  const content = key === undefined ? rest : open(rest, key);
  const inner = /^(?:#([0-9A-Fa-f]+)\|([^[\]]*))?\]((?:\[[A-Z][^[\]]*\])*)_(\d\d):(\d\d):(\d\d),(\d\d)-(\d\d)-(\d{4})$/;
  const match = inner.exec(content ?? "");
  if (match === null) return null;
  const [, again, data = "", extended = "", hour, minute, second, month, day, year] = match;
  if (id === "NULL" ? again !== undefined : again !== account) return null;
  const sentAt = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const parts = [...extended.matchAll(/\[([^\]]*)\]/g)].map(([, part = ""]) => part);
  return { id, sequence, account, data, extended: parts, sentAt, bytes: Buffer.from(bytes), at };
}

function open(hex: string, key: Buffer): string | null {
  if (!/^(?:[0-9A-F]{32})+$/.test(hex)) return null;
  const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(16)).setAutoPadding(false);
  const text = Buffer.concat([decipher.update(Buffer.from(hex, "hex")), decipher.final()]).toString("latin1");
  const bar = text.indexOf("|");
  return bar < 1 || bar > 16 ? null : text.slice(bar + 1);
}

function seal(text: string, key: Buffer): string {
  const padded = text.padStart(Math.ceil((text.length + 1) / 16) * 16, "x");
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(padded, "latin1"), cipher.final()])
    .toString("hex")
    .toUpperCase();
}

function toStamp(at: number): string {
  const date = new Date(at).toISOString();
  return `_${date.slice(11, 19)},${date.slice(5, 7)}-${date.slice(8, 10)}-${date.slice(0, 4)}`;
}

function toAnswer(
  { sequence, account, sentAt }: CentreFrame,
  mode: CentreMode,
  clock: number,
  key: Buffer | undefined,
): Buffer | null {
  const nak = wrap(`"NAK"0000R0L0A0[]${toStamp(clock)}`);
  const toTaken = (id: string, number: string, isSealed: boolean) =>
    isSealed && key !== undefined
      ? wrap(`"*${id}"${number}R0L0#${account}[${seal(`|]${toStamp(clock)}`, key)}`)
      : wrap(`"${id}"${number}R0L0#${account}[]${toStamp(clock)}`);
  switch (mode.kind) {
    case "ACK":
    case "RSP": {
      const isInTime = sentAt !== null && sentAt <= clock + 20_000 && sentAt >= clock - 41_000;
      return isInTime ? toTaken(mode.kind, sequence, true) : nak;
    }
    case "DUH":
      return wrap(`"DUH"${sequence}R0L0#${account}[]`);
    case "NAK":
      return nak;
    case "NAK without clock":
      return wrap('"NAK"0000R0L0A0[]');
    case "bare NAK":
      return Buffer.from('"NAK"');
    case "ACK in clear":
      return toTaken("ACK", sequence, false);
    case "ACK of another":
      return toTaken("ACK", String((Number(sequence) + 1) % 10_000).padStart(4, "0"), true);
    case "raw":
      return mode.text.startsWith('"')
        ? Buffer.from(mode.text, "latin1")
        : wrap(mode.text.slice(8).replace(/^("[^"]*")0001/, `$1${sequence}`));
    case "garbage":
      return Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n");
    case "hang":
    case "reset":
      return null;
  }
}
