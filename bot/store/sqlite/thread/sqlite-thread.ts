import { Worker } from "node:worker_threads";
import type { InFlight } from "../../../kit/in-flight.ts";
import type { Result } from "../../sql/connection.ts";
import { type Answer, type Ask, type OpenedFile, type ThreadMessage, toError } from "./ask.ts";

const script = new URL("thread.ts", import.meta.url);

interface Asked {
  readonly ask: Ask;
  readonly resolve: (result: Result<unknown>) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that runs, and what it was told and has not answered. */
class Running {
  /** Those whose file was closed: the next file gets one of them. */
  static readonly #free: Running[] = [];
  readonly #worker: Worker;
  #waiting: PromiseWithResolvers<readonly Answer[]>[] = [];
  #gone: Error | null = null;
  /** Is told why it ended; null: nobody is. */
  #follower: ((cause: Error) => void) | null = null;

  static take(): Running {
    return Running.#free.pop() ?? new Running();
  }

  private constructor() {
    // It needs nothing of our surroundings, which hold secrets.
    this.#worker = new Worker(script, { env: {}, stdout: true, stderr: true });
    this.#worker.on("message", (answers: readonly Answer[]) => this.#take(answers));
    this.#worker.once("error", (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.once("exit", (code) => this.#end(new Error(`the thread of the database ended with ${code}`)));
  }

  tell(message: ThreadMessage): Promise<readonly Answer[]> {
    if (this.#gone !== null) return Promise.reject(this.#gone);
    const waiting = Promise.withResolvers<readonly Answer[]>();
    // First, because a message that can't be sent gets no answer, and would be given that of the next one.
    this.#worker.postMessage(message);
    this.#waiting.push(waiting);
    this.#worker.ref();
    return waiting.promise;
  }

  /** Has it called with why it ended, also where it has ended already, but not at once; null: nobody is told. */
  follow(call: ((cause: Error) => void) | null): void {
    this.#follower = call;
    const gone = this.#gone;
    if (gone !== null) queueMicrotask(() => this.#follower?.(gone));
  }

  free(): void {
    Running.#free.push(this);
  }

  #take(answers: readonly Answer[]): void {
    this.#waiting.shift()?.resolve(answers);
    // It keeps nobody alive who does not wait for it.
    if (this.#waiting.length === 0) this.#worker.unref();
  }

  #end(cause: Error): void {
    if (this.#gone !== null) return;
    this.#gone = cause;
    const index = Running.#free.indexOf(this);
    if (index !== -1) Running.#free.splice(index, 1);
    for (const { reject } of this.#waiting.splice(0)) reject(cause);
    this.#follower?.(cause);
  }
}

/**
 * A thread with a connection to a SQLite file: a disk that hangs holds up the thread, and not who asks. What is asked
 * within one turn of the event loop goes there in one message, and is done in the order in which it was asked.
 */
export class SqliteThread implements AsyncDisposable {
  readonly #running: Running;
  readonly #inFlight: InFlight;
  /** Asked in this turn. */
  #asked: Asked[] = [];
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves once its connection is open; rejects with what keeps it from being opened. */
  static async open(file: OpenedFile, inFlight: InFlight): Promise<SqliteThread> {
    const running = Running.take();
    const [answer] = await running.tell(file);
    if (answer === undefined || "result" in answer) return new SqliteThread(running, inFlight);
    running.free();
    throw toError(answer.fault);
  }

  private constructor(running: Running, inFlight: InFlight) {
    this.#running = running;
    this.#inFlight = inFlight;
  }

  /**
   * Has it called with the cause if the thread ends by itself, or has ended since it was opened: then nothing more is
   * done.
   */
  onGone(call: (cause: Error) => void): void {
    this.#running.follow(call);
  }

  /** Resolves once the thread has done it; rejects with what it met. */
  ask(ask: Ask): Promise<Result<unknown>> {
    const { promise, resolve, reject } = Promise.withResolvers<Result<unknown>>();
    // After all that runs now, and all that follows from it at once.
    if (this.#asked.length === 0) process.nextTick(() => this.#send());
    this.#asked.push({ ask, resolve, reject });
    return promise;
  }

  /** Waits for all that was asked, for as long as the disk takes. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#send();
    await this.#last;
    this.#running.follow(null);
    await this.#running.tell("close").then(
      () => this.#running.free(),
      () => {},
    );
  }

  #send(): void {
    const asked = this.#asked;
    if (asked.length === 0) return;
    this.#asked = [];
    this.#last = this.#answer(asked);
  }

  async #answer(asked: readonly Asked[]): Promise<void> {
    using _entry = this.#inFlight.enter();
    try {
      const answers = await this.#running.tell(asked.map(({ ask }) => ask));
      for (const [index, { resolve, reject }] of asked.entries()) {
        const answer = answers[index];
        if (answer === undefined) reject(new Error("the thread did not answer"));
        else if ("result" in answer) resolve(answer.result);
        else reject(toError(answer.fault));
      }
    } catch (error) {
      for (const { reject } of asked) reject(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
