import { constants, fstatSync, openSync, type Stats, write, writeSync } from "node:fs";
import { Socket } from "node:net";

/** Lines that wait for a reader hold this much at most; beyond it the newest are dropped. */
const maxWaitingBytes = 1024 * 1024;
const tryAgainMs = 100;
const newline = 0x0a;

/**
 * Where the lines of a log go. Writing never throws, never waits and never keeps the process alive, whatever the other
 * end does: what can't be written is dropped and counted.
 */
export interface LogDestination {
  write(line: string): void;
  /** Lines dropped since the start. */
  readonly dropped: number;
}

/** Writes a chunk. `done` hears how many bytes were taken, or why none were; it may be called before this returns. */
type WriteChunk = (chunk: Buffer, done: (error: Error | null, taken: number) => void) => void;

/** Opens the destination behind a file descriptor: standard output, most often. */
export function openDestination(fd: number): LogDestination {
  return new BoundedDestination(toWriteChunk(fd));
}

/**
 * Chooses how that descriptor is written without waiting. A pipe and a terminal are opened once more in a mode that
 * does not wait, since changing the mode of the one we were given would change it for whoever shares it. What can't be
 * opened again has its mode changed: a socket (the journal of systemd), and a pipe of another user (a container's,
 * where the bot is not root). A file, and what Node can't change the mode of, is written by Node's threads.
 */
function toWriteChunk(fd: number): WriteChunk {
  const kind = statOf(fd);
  if (kind?.isFile()) return toThreadWriter(fd);
  const again = kind?.isSocket() ? null : openAgain(fd);
  if (again !== null) return toDirectWriter(again);
  return setNonBlocking(fd) ? toDirectWriter(fd) : toThreadWriter(fd);
}

function statOf(fd: number): Stats | null {
  try {
    return fstatSync(fd);
  } catch {
    // A closed descriptor: every write will fail, and be counted.
    return null;
  }
}

/** Opens a pipe or a terminal once more, without waiting; null where that can't be done. */
function openAgain(fd: number): number | null {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return null;
  }
}

function toThreadWriter(fd: number): WriteChunk {
  return (chunk, done) => write(fd, chunk, 0, chunk.length, null, done);
}

function toDirectWriter(fd: number): WriteChunk {
  return (chunk, done) => {
    let taken = 0;
    try {
      taken = writeSync(fd, chunk);
    } catch (error) {
      return done(toError(error), 0);
    }
    done(null, taken);
  };
}

/**
 * Lets a socket or a pipe not wait any more. Node does so for each that it takes up, and has no other way to ask for
 * it; it is not written through, because a write that no reader takes would keep the process alive. False for what Node
 * does not take up, such as a socket for datagrams.
 */
function setNonBlocking(fd: number): boolean {
  try {
    new Socket({ fd, readable: false, writable: true }).on("error", () => {}).unref();
    return true;
  } catch {
    return false;
  }
}

class BoundedDestination implements LogDestination {
  dropped = 0;
  readonly #writeChunk: WriteChunk;
  /** What was not taken yet, oldest first; it may begin in the middle of a line. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** A chunk is under way, or the reader has no room and is tried again later. */
  #isBusy = false;

  constructor(writeChunk: WriteChunk) {
    this.#writeChunk = writeChunk;
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#waitingBytes + bytes.length > maxWaitingBytes) {
      this.dropped += 1;
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#flush();
  }

  #flush(): void {
    if (this.#isBusy || this.#waiting.length === 0) return;
    this.#isBusy = true;
    const chunk = Buffer.concat(this.#waiting);
    this.#waiting = [chunk];
    this.#writeChunk(chunk, (error, taken) => {
      const isFull = error === null ? taken === 0 : "code" in error && error.code === "EAGAIN";
      if (isFull) return void setTimeout(() => this.#goOn(), tryAgainMs).unref();
      if (error !== null) this.dropped += countLines(chunk);
      this.#remove(error === null ? taken : chunk.length);
      this.#goOn();
    });
  }

  #goOn(): void {
    this.#isBusy = false;
    this.#flush();
  }

  /** Removes that many bytes in front. Lines that came while they were written stay behind them. */
  #remove(bytes: number): void {
    const [chunk, ...newer] = this.#waiting;
    if (chunk !== undefined) this.#waiting = bytes < chunk.length ? [chunk.subarray(bytes), ...newer] : newer;
    this.#waitingBytes -= bytes;
  }
}

function countLines(chunk: Buffer): number {
  return chunk.reduce((count, byte) => (byte === newline ? count + 1 : count), 0);
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
