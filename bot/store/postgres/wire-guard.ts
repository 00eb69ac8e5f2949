import { EventEmitter } from "node:events";
import type { Connection } from "pg";
import { PostgresFault, toBreach } from "./fault.ts";

/** What the driver's types leave out: it reads what comes in over a stream, and calls whom that is for. */
interface Reading extends Connection {
  attachListeners(stream: Pick<EventEmitter, "on">): void;
}

/**
 * Keeps a server that answers what can't be read, or what nobody asked for, from ending the process: the driver reads
 * within the event of its socket, where nobody catches what is thrown. `onFault` is called instead, and has to end the
 * connection.
 */
export function guardWire(connection: Connection, onFault: (fault: PostgresFault) => void): void {
  const reading = connection as Reading;
  const attach = reading.attachListeners.bind(reading);
  reading.attachListeners = (stream) => {
    const guarded = new EventEmitter();
    const messages = new Messages();
    attach(guarded);
    stream.on("data", (bytes: Buffer) => {
      try {
        messages.follow(bytes);
        guarded.emit("data", bytes);
      } catch (error) {
        onFault(error instanceof PostgresFault ? error : toBreach(error));
      }
    });
    stream.on("end", () => guarded.emit("end"));
  };
}

/** A letter, and a length that counts itself (postgresql.org/docs/current/protocol-message-formats.html). */
const headerBytes = 5;
const lengthBytes = 4;
/** An error and a notice. */
const saying: ReadonlySet<number> = new Set([0x45, 0x4e]);
/** The end of the last field, and of them all. */
const endOfFields = 0x00_00;

/**
 * Follows messages, whatever parts they come in, and throws at one that the driver would not survive: it looks for the
 * end of what is said for ever where there is none.
 */
class Messages {
  readonly #header = Buffer.alloc(headerBytes);
  /** How many bytes of the header are known. */
  #known = 0;
  /** How many bytes of the message come still. */
  #left = 0;
  /** Its last two bytes so far. */
  #last = -1;

  follow(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const isInHeader = this.#known < headerBytes;
      const end = Math.min(bytes.length, at + (isInHeader ? headerBytes - this.#known : this.#left));
      if (isInHeader) this.#readHeader(bytes.subarray(at, end));
      else this.#readOn(bytes.subarray(at, end));
      at = end;
      if (this.#known === headerBytes && this.#left === 0) this.#finish();
    }
  }

  #readHeader(bytes: Buffer): void {
    this.#known += bytes.copy(this.#header, this.#known);
    if (this.#known < headerBytes) return;
    this.#left = this.#header.readUInt32BE(1) - lengthBytes;
    if (this.#left < 0) throw toBreach();
  }

  #readOn(bytes: Buffer): void {
    this.#left -= bytes.length;
    for (const byte of bytes.subarray(-2)) this.#last = ((this.#last << 8) | byte) & 0xff_ff;
  }

  #finish(): void {
    if (saying.has(this.#header[0] ?? 0) && this.#last !== endOfFields) throw toBreach();
    this.#known = 0;
    this.#last = -1;
  }
}
