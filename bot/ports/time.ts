/** Time, as every part takes it. A moment ends in `At`: epoch milliseconds UTC. */

/**
 * A clock of the wall time at the start plus monotonic time, so that a stepped clock moves no deadline; with a database
 * server it is that server's time. It is never behind what is on disk, up to 10 minutes ahead of the wall.
 */
export interface Clock {
  now(): number;
  /**
   * The machine's clock as it is set now. It is only for judging how fresh another party's timestamp is, never for a
   * deadline.
   */
  wall(): number;
  /** Calls `wake` once, at `at` or right after; the returned function cancels that. */
  wakeAt(at: number, wake: () => void): () => void;
  /** Aborts `ms` from now with a TimeoutError; dispose it when the work is done. */
  timeout(ms: number): { readonly signal: AbortSignal } & Disposable;
}

/** The clock of the process, as who starts it has it. */
export interface OwnClock extends Clock {
  /** Goes ahead by `ms`, and wakes who waited for a moment that has come by that. */
  goAhead(ms: number): void;
  /** Goes on from that moment, which may be an earlier one: so only before anything has gone by this clock. */
  goOnFrom(at: number): void;
  /** Stands still for `ms`, and so never goes back. */
  standStill(ms: number): void;
}
