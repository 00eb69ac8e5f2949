/** Reads how far time has come on disk. */
export interface MomentReader {
  /**
   * The newest moment at which something happened, as far as it is stored, in epoch milliseconds; null when nothing is.
   * What is open is looked at only as long as no moment was ever saved as setting `clock`.
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
