import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Log } from "../../log.ts";
import type { Look } from "./look-through.ts";

const script = fileURLToPath(new URL("look-through.ts", import.meta.url));
/** After this long the process that looks is started anew where it ended. */
const restartMs = 60_000;
/** A process that was killed while its disk hangs is not waited for any longer. */
const endWithinMs = 1_000;

export interface PageWatchOptions {
  readonly path: string;
  readonly log: Log;
  /** Called with what was found, at each look that finds it. */
  readonly onDamage: (error: Error) => void;
  /** Called after each look that went through all and found nothing. */
  readonly onWhole?: () => void;
}

/**
 * Looks through all pages of the database again and again, also those that nobody reads. That is done by a process of
 * its own: a look holds up no press, it can be ended at any moment, and none of its faults is ours. A thread would not
 * do, because Node's exit waits for what its threads are doing.
 */
export class PageWatch implements AsyncDisposable {
  readonly #options: PageWatchOptions;
  #child: ChildProcess;
  #restart: NodeJS.Timeout | null = null;
  #isFailing = false;
  #isClosed = false;

  constructor(options: PageWatchOptions) {
    this.#options = options;
    this.#child = this.#start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const child = this.#child;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit", { signal: AbortSignal.timeout(endWithinMs) });
    child.ref();
    child.kill("SIGKILL");
    await ended.catch(() => undefined);
    child.unref();
  }

  #start(): ChildProcess {
    // It needs nothing of our surroundings, which hold secrets.
    const child = fork(script, [this.#options.path], {
      env: {},
      execArgv: [],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    child.on("message", (look: Look) => this.#take(look));
    child.once("error", (error) => this.#noteFailure(error.message));
    child.once("exit", (code, signal) => {
      if (this.#isClosed) return;
      this.#noteFailure(`it ended with ${signal ?? code}`);
      this.#restart = setTimeout(() => {
        this.#child = this.#start();
      }, restartMs).unref();
    });
    // It keeps nobody alive.
    child.unref();
    child.channel?.unref();
    return child;
  }

  #take(look: Look): void {
    if (look.failure !== null) {
      this.#noteFailure(look.failure);
      return;
    }
    this.#isFailing = false;
    if (this.#isClosed) return;
    if (look.damage !== null) this.#options.onDamage(new Error(look.damage));
    else if (look.check === "integrity_check") this.#options.onWhole?.();
  }

  #noteFailure(why: string): void {
    if (!this.#isFailing) this.#options.log.warn({ why }, "pages-not-looked-through");
    this.#isFailing = true;
  }
}
