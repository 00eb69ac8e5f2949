import { once } from "node:events";
import { Worker } from "node:worker_threads";

/**
 * From now on of all threads one at a time has something to do, in the order in which they were told: which of the two
 * of a database answers first is else a race, which decides what is said next.
 */
export function tellOneAtATime(): void {
  const { postMessage } = Worker.prototype;
  let last: Promise<unknown> = Promise.resolve();
  Worker.prototype.postMessage = function tell(this: Worker, message: unknown): void {
    last = last.then(() => {
      const answered = once(this, "message").catch(() => undefined);
      postMessage.call(this, message);
      return Promise.race([answered, once(this, "exit")]);
    });
  };
}
