/** The part of a clock that `withTimeout` needs. */
export interface Timer {
  now(): number;
  wakeAt(at: number, wake: () => void): () => void;
}

/** The result of `withTimeout` when the time is up. */
export const late = Symbol("late");

/**
 * Resolves as `work` does, or with `late` when that takes longer than `ms`; `work` goes on then. Rejects as `work`
 * does.
 */
export function withTimeout<T>(timer: Timer, ms: number, work: Promise<T>): Promise<T | typeof late> {
  const { promise, resolve, reject } = Promise.withResolvers<T | typeof late>();
  const cancel = timer.wakeAt(timer.now() + ms, () => resolve(late));
  work.then(
    (value) => {
      cancel();
      resolve(value);
    },
    (error: unknown) => {
      cancel();
      reject(error);
    },
  );
  return promise;
}
