import { DeliveryError } from "../../../../bot/errors.ts";

/**
 * Queue of work that is done one at a time, in the order of arrival. Who does not want to wait any longer leaves it,
 * and it goes on without them.
 */
export class Queue {
  #last: Promise<void> = Promise.resolve();

  /** Does `work` once all that came before is done. Rejects with `createLateError` when `signal` aborts before that. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    if (!(await isDoneBefore(before, signal))) {
      // `before` never rejects: the place in the queue is given on when its turn comes.
      void before.then(resolve);
      throw createLateError();
    }
    try {
      return await work();
    } finally {
      resolve();
    }
  }
}

/** The error of who ran out of its caller's time. */
export function createLateError(): DeliveryError {
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
