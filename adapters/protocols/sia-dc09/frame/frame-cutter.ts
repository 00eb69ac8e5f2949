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
    const lineFeeds = new Finder(bytes, lineFeed);
    const carriageReturns = new Finder(bytes, carriageReturn);
    let at = 0;
    while (at < bytes.length) {
      at = this.#skipFilling(bytes, at);
      const start = lineFeeds.find(at);
      this.#skip(bytes, at, start);
      at = start;
      if (bytes.length - at <= minHeadBytes) break;
      const crcForm = toCrcForm(bytes, at + 1);
      if (crcForm === null) {
        this.#skip(bytes, at, at + 1);
        at += 1;
        continue;
      }
      const body = at + 1 + headLength[crcForm];
      const end = Math.min(lineFeeds.find(body), carriageReturns.find(body));
      const isTooLong = end - body > maxBodyBytes;
      if (end === bytes.length && !isTooLong) break;
      if (isTooLong || bytes[end] === lineFeed) {
        const next = isTooLong ? at + 1 : end;
        this.#skip(bytes, at, next);
        at = next;
        continue;
      }
      frames.push(bytes.subarray(at + 1, end));
      this.garbage = 0;
      this.filling = 0;
      at = end + 1;
    }
    // A copy: a part of the chunk would keep all of it in memory.
    this.#buffered = Buffer.from(bytes.subarray(at));
    return frames;
  }

  /** Counts skipped bytes; line ends and zeros by themselves, because they may stand between frames. */
  #skip(bytes: Buffer, from: number, to: number): void {
    for (let at = from; at < to; at += 1) {
      if (isFilling(bytes[at])) this.filling += 1;
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

/** Finds one byte, and searches no bytes anew on the way on: anybody may send thousands of frames that do not end. */
class Finder {
  readonly #bytes: Buffer;
  readonly #byte: number;
  #from = 0;
  #found = -1;

  constructor(bytes: Buffer, byte: number) {
    this.#bytes = bytes;
    this.#byte = byte;
  }

  /** Where that byte stands first at `from` or behind it; else the end. */
  find(from: number): number {
    if (from < this.#from || from > this.#found) {
      this.#from = from;
      const found = this.#bytes.indexOf(this.#byte, from);
      this.#found = found === -1 ? this.#bytes.length : found;
    }
    return this.#found;
  }
}

/** The frames in a datagram, where LF and CR may be missing. */
export function cutDatagram(datagram: Buffer): Buffer[] {
  const isFramed = datagram[0] === lineFeed && toCrcForm(datagram) === null;
  const begin = Buffer.from(isFramed ? [] : [lineFeed]);
  return new FrameCutter().push(Buffer.concat([begin, datagram, Buffer.from([carriageReturn])]));
}
