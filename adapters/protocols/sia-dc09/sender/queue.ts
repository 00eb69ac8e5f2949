import { DeliveryError } from "../../../../bot/errors.ts";

/** Does `work` once all that came before is done. Rejects with DeliveryError `unreachable` when `signal` aborts before that. */
export type TakeTurn = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** One at a time, in the order of arrival; who does not want to wait any longer leaves the queue, and it goes on without them. */
export function createTurns(): TakeTurn {
  let last: Promise<void> = Promise.resolve();

  return async (signal, work) => {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    if (!(await isDoneBefore(before, signal))) {
      before.then(resolve);
      throw toLate();
    }
    try {
      return await work();
    } finally {
      resolve();
    }
  };
}

/** What a sender says that ran out of its caller's time. */
export function toLate(): DeliveryError {
  return new DeliveryError("unreachable", "No answer in time.");
}

/** Whether `promise`, which never rejects, resolves before `signal` aborts. */
export async function isDoneBefore(promise: Promise<void>, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const aborted = Promise.withResolvers<void>();
  const abort = () => aborted.resolve();
  signal.addEventListener("abort", abort);
  await Promise.race([promise, aborted.promise]);
  signal.removeEventListener("abort", abort);
  return !signal.aborted;
}
