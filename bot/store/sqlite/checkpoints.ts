import type { Log } from "../../log.ts";

/** How far the write-ahead log is. */
export interface LogState {
  /** How many of its pages are not in the database yet; null: that could not be asked. */
  readonly waiting: number | null;
  /** Why it could not be asked, or brought in; null: it could. */
  readonly failure: Error | null;
}

/**
 * Looks how far the log is, and brings it into the database where so many pages wait; null: a transaction is in the
 * way.
 */
export type Checkpoint = (fromPages: number) => Promise<LogState | null>;

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
  readonly #checkpoint: Checkpoint;
  #failures = 0;
  #waiting = 0;
  #commits = 0;
  /** A transaction was in the way of the last one: after the next commit none is. */
  #isInTheWay = false;
  /** One at a time, for a disk may hang. */
  #running: Promise<void> | null = null;

  constructor(log: Log, checkpoint: Checkpoint) {
    this.#log = log;
    this.#checkpoint = checkpoint;
  }

  /** Whether the last one failed, or something keeps the log from being brought in. */
  get isBehind(): boolean {
    return this.#failures > 0 || this.isTooFarBehind;
  }

  /** Whether so much waits that the disk may be full soon. */
  get isTooFarBehind(): boolean {
    return this.#waiting > maxPages;
  }

  /**
   * Called after each commit: makes a checkpoint when it is time; one that failed waits for `tryAgain`. Never rejects.
   */
  async runWhenDue(): Promise<void> {
    this.#commits += 1;
    const isDue = this.#failures === 0 && this.#commits % askEveryCommits === 0;
    if (isDue || this.#isInTheWay) await this.tryAgain();
  }

  /** Makes one where there is much to bring in, also when the last one failed. Never rejects. */
  tryAgain(): Promise<void> {
    this.#running ??= this.#runWhenMuch().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #runWhenMuch(): Promise<void> {
    const state = await this.#checkpoint(everyPages).catch((failure: unknown) => ({ waiting: null, failure }));
    this.#isInTheWay = state === null;
    if (state === null) return;
    if (state.waiting !== null) this.#waiting = state.waiting;
    if (state.failure === null) {
      this.#failures = 0;
      return;
    }
    this.#failures += 1;
    this.#log.error({ failures: this.#failures, pages: this.#waiting, err: state.failure }, "checkpoint-failed");
  }
}
