import type { Log } from "../../log.ts";

/** How far the write-ahead log is: its pages, and how many of them are in the database too. */
export interface LogState {
  readonly pages: number;
  readonly inDatabase: number;
}

/**
 * A checkpoint costs every press a share, the smaller the rarer it is; this one is 40 MB of log, read again after a
 * kill.
 */
const everyPages = 10_000;
/** To ask costs a press a share as well; that many commits write far less than is brought in at once. */
const askEveryCommits = 16;
/** With more than this, some 120 MB, the log would fill the disk sooner or later. */
const maxPages = 3 * everyPages;

/**
 * Brings what is in the write-ahead log into the database, now and then. SQLite would do so by itself and say nothing
 * when it fails (sqlite.org/c3ref/wal_autocheckpoint.html). A checkpoint that fails loses nothing: its pages are
 * written from the log again, so that the next sync covers them.
 */
export class Checkpoints {
  readonly #log: Log;
  readonly #ask: () => LogState;
  readonly #run: () => LogState;
  #failures = 0;
  #waiting = 0;
  #commits = 0;

  /** `ask` only looks; `run` makes a checkpoint, and throws when the disk does not take it. */
  constructor(log: Log, ask: () => LogState, run: () => LogState) {
    this.#log = log;
    this.#ask = ask;
    this.#run = run;
  }

  /** Whether the last one failed, or something keeps the log from being brought in. */
  get isBehind(): boolean {
    return this.#failures > 0 || this.isTooFarBehind;
  }

  /** Whether so much waits that the disk may be full soon. */
  get isTooFarBehind(): boolean {
    return this.#waiting > maxPages;
  }

  /** Called after each commit: makes a checkpoint when it is time; one that failed waits for `tryAgain`. */
  runWhenDue(): void {
    this.#commits += 1;
    if (this.#failures === 0 && this.#commits % askEveryCommits === 0) this.#runWhenMuch();
  }

  /** The same, also when the last one failed. */
  tryAgain(): void {
    this.#runWhenMuch();
  }

  #runWhenMuch(): void {
    try {
      this.#waiting = toWaiting(this.#ask());
      if (this.#waiting >= everyPages) this.#waiting = toWaiting(this.#run());
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      this.#log.error({ failures: this.#failures, pages: this.#waiting, err: error }, "checkpoint-failed");
    }
  }
}

function toWaiting({ pages, inDatabase }: LogState): number {
  return Math.max(0, pages - inDatabase);
}
