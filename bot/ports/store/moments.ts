/** Reads how far time has come on disk. */
export interface MomentReader {
  /**
   * The newest moment at which something happened, as far as it is stored, in epoch milliseconds; null when nothing is.
   * History of what is open counts up to a minute after the moment that was saved as setting `clock`: what is newer was
   * written by a clock that was ahead. A part that can't be read is left out; rejects when none can.
   */
  newestMoment(): Promise<number | null>;
}

/** Changes moments that can't be. */
export interface MomentTx extends MomentReader {
  /**
   * Makes stored moments that lie ahead of `now` to be `now`: when an alarm and a state were heard, when a button was
   * seen, and those of settings. Incidents, visits, tests of routes and the outbox have rules of their own for that.
   */
  bringBackMoments(now: number): Promise<void>;
}
