/** What `withTimeout` needs of a clock. */
interface Timer {
  now(): number;
  wakeAt(at: number, wake: () => void): () => void;
}

/** What `withTimeout` answers when the time is up. */
export const late = Symbol("late");

/**
 * What `work` comes to; `late` when that takes longer than `ms`, whatever becomes of it then. Rejects as `work` does.
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
