/** Time, as every part takes it. A moment ends in `At`: epoch milliseconds UTC. */

/** A clock of the wall time at the start plus monotonic time, so that a stepped clock moves no deadline. */
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
