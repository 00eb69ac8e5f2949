/** Time as everything here takes it. A moment ends in `At`: epoch milliseconds UTC. */

/** The start's wall clock plus monotonic time: a stepped clock moves no deadline. */
export interface Clock {
  now(): number;
  /** The machine's clock as it is set now: for how fresh somebody else's timestamp is, never for a deadline. */
  wall(): number;
  /** Calls `wake` once, at `at` or right after; the returned function takes it back. */
  wakeAt(at: number, wake: () => void): () => void;
  /** Aborts `ms` from now with a TimeoutError; dispose it when the work is done. */
  timeout(ms: number): { readonly signal: AbortSignal } & Disposable;
}
