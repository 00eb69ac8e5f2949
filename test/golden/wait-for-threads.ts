import { MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";

/** A look costs about as much as a short answer does, and each story has thousands. */
const lookEveryMs = 0.02;
/** Longer than any of them takes on a machine that has more to do. */
const maxLooks = 1_000_000;

/** One process runs many files of stories, each with modules of its own. */
const waits = Symbol.for("rugdekking.waitForThreads");

/**
 * From now on whoever tells a thread something waits for it, and what it answers comes in the next turn of the event
 * loop: in which turn that is, is else a race with all that goes on, which decides what is said next.
 */
export function waitForThreads(): void {
  if (Object.hasOwn(Worker.prototype, waits)) return;
  Object.defineProperty(Worker.prototype, waits, { value: true });
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function tell(this: Worker, message: unknown): void {
    postMessage.call(this, message);
    const answer = waitForAnswer(toPort(this));
    setImmediate(() => this.emit("message", answer));
  };
}

/** Where its answers arrive, which Node itself passes on in a turn of its own choosing. */
function toPort(worker: Worker): MessagePort {
  const symbol = Object.getOwnPropertySymbols(worker).find(({ description }) => description === "kPublicPort");
  const port: unknown = symbol && Reflect.get(worker, symbol);
  if (!(port instanceof MessagePort)) throw new Error("this Node keeps the port of a thread elsewhere");
  return port;
}

function waitForAnswer(port: MessagePort): unknown {
  const still = new Int32Array(new SharedArrayBuffer(4));
  for (let looks = 0; looks < maxLooks; looks += 1) {
    const received = receiveMessageOnPort(port);
    if (received !== undefined) return received.message;
    Atomics.wait(still, 0, 0, lookEveryMs);
  }
  throw new Error("a thread does not answer");
}
