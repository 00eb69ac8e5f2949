import { createConnection, isIP, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { connect as connectSecurely } from "node:tls";
import { type IClientOptions, MqttClient } from "mqtt";
import { maxPayloadBytes } from "./publish.ts";

/** The longest packet that is taken whole: a payload, and its topic with the lengths and the identifier beside it. */
const maxPacketBytes = maxPayloadBytes + 64 * 1024 + 8;

/** A length takes at most so many bytes. */
const maxLengthBytes = 4;

/** A client of the library, which begins to connect at once and gets no packet that is longer than we read. */
export function createClient(options: IClientOptions): MqttClient {
  return new MqttClient(() => new ShortPackets(openSocket(options)), options);
}

/** The error's code where it has one, because Node's own messages name the host and the port. */
export function toReason(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}

function openSocket({ protocol, host = "", port = 0, ca, cert, key }: IClientOptions): Socket {
  if (protocol !== "mqtts") return createConnection({ host, port });
  const credentials = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  return connectSecurely({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...credentials });
}

/** A connection whose packets are shortened before the library collects them: it would hold 256 MB of one. */
class ShortPackets extends Duplex {
  readonly #socket: Socket;
  readonly #gone = Promise.withResolvers<void>();
  readonly #packets = new PacketShortener(maxPacketBytes);

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      let wantsMore = true;
      for (const part of this.#packets.take(chunk)) wantsMore = this.push(part);
      if (!wantsMore) socket.pause();
    });
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => {
      this.#gone.resolve();
      this.destroy();
    });
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  /** The library writes a packet in a dozen parts, which go out as one. */
  override _writev(parts: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#socket.write(Buffer.concat(parts.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    void this.#gone.promise.then(() => done(error));
  }
}

/**
 * Shortens the packets of a stream that are too long, wherever its chunks begin and end: what is left of a message has
 * its topic and its identifier, so that it is read as far as it goes and acknowledged. Each packet says behind its
 * first byte how many follow, seven bits in a byte (MQTT 3.1.1, 2.2.3; MQTT 5.0, 2.1.4 is the same).
 */
export class PacketShortener {
  readonly #maxBytes: number;
  /** The bytes of a packet up to its length, as far as they came. */
  #head: number[] = [];
  /** How many bytes of the packet pass from here, and how many behind them are left out. */
  #passing = 0;
  #leftOut = 0;

  /** `maxBytes`: what stays of a packet behind its length. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** What passes of a chunk. */
  take(chunk: Buffer): Buffer[] {
    const passed: Buffer[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#passing > 0) {
        const part = chunk.subarray(at, at + this.#passing);
        this.#passing -= part.length;
        at += part.length;
        passed.push(part);
      } else if (this.#leftOut > 0) {
        const count = Math.min(this.#leftOut, chunk.length - at);
        this.#leftOut -= count;
        at += count;
      } else {
        const head = this.#takeHead(chunk[at] ?? 0);
        if (head !== null) passed.push(head);
        at += 1;
      }
    }
    return passed;
  }

  /** Takes one byte of a head; the head that passes when it is whole. */
  #takeHead(byte: number): Buffer | null {
    const head = this.#head;
    head.push(byte);
    const lengthBytes = head.length - 1;
    const goesOn = lengthBytes === 0 || byte >= 0x80;
    if (goesOn && lengthBytes < maxLengthBytes) return null;
    this.#head = [];
    // A length that is none passes as it is, for the library to refuse.
    if (goesOn) return Buffer.from(head);
    const length = head.slice(1).reduce((sum, each, index) => sum + (each & 0x7f) * 0x80 ** index, 0);
    this.#passing = Math.min(length, this.#maxBytes);
    this.#leftOut = length - this.#passing;
    return Buffer.from([head[0] ?? 0, ...toLength(this.#passing)]);
  }
}

function toLength(length: number): number[] {
  const rest = Math.floor(length / 0x80);
  return rest === 0 ? [length] : [(length % 0x80) + 0x80, ...toLength(rest)];
}
