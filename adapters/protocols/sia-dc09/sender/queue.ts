import { DeliveryError } from "../../../../bot/errors.ts";

/**
 * Does one piece of work at a time, in the order of arrival. A caller that stops waiting leaves the queue, and the
 * others move up.
 */
export class Queue {
  #last: Promise<void> = Promise.resolve();

  /** Does `work` once all that came before is done. Rejects with `createLateError` when `signal` aborts before that. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    if (!(await isDoneBefore(before, signal))) {
      // `before` never rejects. The place in the queue passes to the next one when all before it is done.
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

/** The error for work that its caller's signal aborted before it was done. */
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
