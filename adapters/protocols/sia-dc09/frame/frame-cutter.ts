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
      at = this.#skipFilling(bytes, at);
      const start = bytes.indexOf(lineFeed, at);
      this.#skip(bytes, at, start === -1 ? bytes.length : start);
      at = start === -1 ? bytes.length : start;
      if (bytes.length - at <= minHeadBytes) break;
      const crcForm = toCrcForm(bytes, at + 1);
      if (crcForm === null) {
        this.#skip(bytes, at, at + 1);
        at += 1;
        continue;
      }
      const body = at + 1 + headLength[crcForm];
      const behind = bytes.subarray(body, body + maxBodyBytes + 1);
      const length = findEnd(behind);
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
      if (isFilling(byte)) this.filling += 1;
      else this.garbage += 1;
    }
  }

  /** Skips line ends and zeros that begin no frame, and makes nothing for them: anybody may send thousands at once. */
  #skipFilling(bytes: Buffer, from: number): number {
    let at = from;
    while (at + minHeadBytes < bytes.length && isFilling(bytes[at]) && !mayBegin(bytes, at)) at += 1;
    this.filling += at - from;
    return at;
  }
}

function isFilling(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn || byte === 0;
}

function mayBegin(bytes: Buffer, at: number): boolean {
  return bytes[at] === lineFeed && toCrcForm(bytes, at + 1) !== null;
}

/** Where the first LF or CR stands; -1 when there is none. */
function findEnd(bytes: Buffer): number {
  const end = bytes.indexOf(carriageReturn);
  const begin = bytes.subarray(0, end === -1 ? bytes.length : end).indexOf(lineFeed);
  return begin === -1 ? end : begin;
}

/** The frames in a datagram, where LF and CR may be missing. */
export function cutDatagram(datagram: Buffer): Buffer[] {
  const isFramed = datagram[0] === lineFeed && toCrcForm(datagram) === null;
  const begin = Buffer.from(isFramed ? [] : [lineFeed]);
  return new FrameCutter().push(Buffer.concat([begin, datagram, Buffer.from([carriageReturn])]));
}
