import { carriageReturn, headLength, lineFeed, maxBodyBytes, toCrcForm } from "./frame.ts";

/** After this many bytes behind LF it is known how the frame's head is written. */
const headKnown = headLength.text + 1;

/**
 * Cuts a stream into what stands between LF and CR, however it is torn or glued. A frame that another LF breaks off is
 * dropped for the one that begins there. Holds no more than one frame of the longest kind.
 */
export class FrameCutter {
  #held = Buffer.alloc(0);
  /** Bytes that belonged to no frame since the last one that did, line ends aside. */
  garbage = 0;

  /** The frames that `chunk` completes, in their order. */
  push(chunk: Buffer): Buffer[] {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const frames: Buffer[] = [];
    let at = 0;
    while (at < bytes.length) {
      const start = bytes.indexOf(lineFeed, at);
      this.#skip(bytes, at, start === -1 ? bytes.length : start);
      at = start === -1 ? bytes.length : start;
      if (bytes.length - at <= headKnown) break;
      const crcForm = toCrcForm(bytes.subarray(at + 1, at + 1 + headKnown));
      if (crcForm === null) {
        at += 1;
        continue;
      }
      const body = at + 1 + headLength[crcForm];
      const behind = bytes.subarray(body, body + maxBodyBytes + 1);
      const length = behind.findIndex((byte) => byte === lineFeed || byte === carriageReturn);
      if (length === -1 && behind.length <= maxBodyBytes) break;
      if (length === -1 || behind[length] === lineFeed) {
        const next = length === -1 ? at + 1 : body + length;
        this.#skip(bytes, at, next);
        at = next;
        continue;
      }
      frames.push(bytes.subarray(at + 1, body + length));
      this.garbage = 0;
      at = body + length + 1;
    }
    // A copy: a part of the chunk would keep all of it in memory.
    this.#held = Buffer.from(bytes.subarray(at));
    return frames;
  }

  /** Counts what is passed over. Line ends and zeros between frames are no more than manners. */
  #skip(bytes: Buffer, from: number, to: number): void {
    for (const byte of bytes.subarray(from, to)) {
      if (byte !== lineFeed && byte !== carriageReturn && byte !== 0) this.garbage += 1;
    }
  }
}

/** The frames in a datagram, where LF and CR may be missing. */
export function cutDatagram(datagram: Buffer): Buffer[] {
  const isFramed = datagram[0] === lineFeed && toCrcForm(datagram) === null;
  const begin = Buffer.from(isFramed ? [] : [lineFeed]);
  return new FrameCutter().push(Buffer.concat([begin, datagram, Buffer.from([carriageReturn])]));
}
