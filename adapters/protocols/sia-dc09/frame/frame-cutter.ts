import { carriageReturn, headLength, lineFeed, maxBodyBytes, toCrcForm } from "./frame.ts";

/** The bytes behind LF that show how the frame's head is written. */
const minHeadBytes = headLength.text + 1;

/**
 * Cuts a stream into frames, the bytes between LF and CR, wherever its chunks begin and end. A frame that another LF
 * breaks off is dropped, and the next one begins there. Buffers no more than the longest frame.
 */
export class FrameCutter {
  #buffered = Buffer.alloc(0);
  /** How many bytes since the last frame belong to no frame; line ends and zeros do not count. */
  garbage = 0;
  /** How many line ends and zeros stood between frames since the last one. */
  filling = 0;

  /** The frames that `chunk` completes, in their order. */
  push(chunk: Buffer): Buffer[] {
    const bytes = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
    const frames: Buffer[] = [];
    let at = 0;
    while (at < bytes.length) {
      const start = bytes.indexOf(lineFeed, at);
      this.#skip(bytes, at, start === -1 ? bytes.length : start);
      at = start === -1 ? bytes.length : start;
      if (bytes.length - at <= minHeadBytes) break;
      const crcForm = toCrcForm(bytes.subarray(at + 1, at + 1 + minHeadBytes));
      if (crcForm === null) {
        this.#skip(bytes, at, at + 1);
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
      this.filling = 0;
      at = body + length + 1;
    }
    // A copy: a part of the chunk would keep all of it in memory.
    this.#buffered = Buffer.from(bytes.subarray(at));
    return frames;
  }

  /** Counts skipped bytes; line ends and zeros by themselves, because they may stand between frames. */
  #skip(bytes: Buffer, from: number, to: number): void {
    for (const byte of bytes.subarray(from, to)) {
      if (byte === lineFeed || byte === carriageReturn || byte === 0) this.filling += 1;
      else this.garbage += 1;
    }
  }
}

/** The frames in a datagram, where LF and CR may be missing. */
export function cutDatagram(datagram: Buffer): Buffer[] {
  const isFramed = datagram[0] === lineFeed && toCrcForm(datagram) === null;
  const begin = Buffer.from(isFramed ? [] : [lineFeed]);
  return new FrameCutter().push(Buffer.concat([begin, datagram, Buffer.from([carriageReturn])]));
}
