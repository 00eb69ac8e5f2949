import type { ReadyListener, RunningListener } from "../../contracts.ts";
import { toAlarm } from "../../domain/alarm.ts";
import type { NoteSecret } from "../../kit/secrets/secret.ts";
import type { Strangers } from "../../kit/strangers.ts";
import type { TakeAlarms } from "../../ports/take-alarms.ts";
import type { Kernel } from "./kernel.ts";
import type { SourceNotes } from "./tally.ts";

/**
 * How soon a source that can't listen is tried again: a network interface may not be up yet, or an old process may
 * still hold the port.
 */
const retryMs = 10_000;

/** What listeners need of the kernel, and what callers share who have proved nothing. */
type ListenersKernel = Pick<Kernel, "clock" | "log"> & {
  readonly strangers: Strangers;
  readonly noteSecret: NoteSecret;
};

/**
 * Runs the sources that hold a connection. One that can't listen does not stop the others: it is a trouble of its
 * source, and is tried again without end.
 */
export class Listeners implements AsyncDisposable {
  readonly #started: ReadonlyMap<string, Listener>;

  private constructor(started: ReadonlyMap<string, Listener>) {
    this.#started = started;
  }

  /** Starts the listeners, by the name of their source; resolves when each has been tried once. */
  static async start(
    kernel: ListenersKernel,
    listeners: Readonly<Record<string, ReadyListener>>,
    takeAlarms: TakeAlarms,
    notes: Pick<SourceNotes, "add">,
  ): Promise<Listeners> {
    const started = new Map<string, Listener>();
    for (const [source, ready] of Object.entries(listeners)) {
      started.set(source, new Listener(kernel, source, ready, takeAlarms, notes));
    }
    await Promise.all([...started.values()].map((listener) => listener.tryToListen()));
    return new Listeners(started);
  }

  /** The port on which that source is called; null where it calls the other side itself, or does not listen yet. */
  portOf(source: string): number | null {
    return this.#started.get(source)?.port ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#started.values()].map((listener) => listener[Symbol.asyncDispose]()));
  }
}

/** One source that holds a connection. */
class Listener implements AsyncDisposable {
  readonly #kernel: ListenersKernel;
  readonly #source: string;
  readonly #ready: ReadyListener;
  readonly #takeAlarms: TakeAlarms;
  readonly #notes: Pick<SourceNotes, "add">;
  #listening: RunningListener | null = null;
  #trying: Promise<void> = Promise.resolve();
  #cancel = (): void => {};
  #isStopped = false;

  constructor(
    kernel: ListenersKernel,
    source: string,
    ready: ReadyListener,
    takeAlarms: TakeAlarms,
    notes: Pick<SourceNotes, "add">,
  ) {
    this.#kernel = kernel;
    this.#source = source;
    this.#ready = ready;
    this.#takeAlarms = takeAlarms;
    this.#notes = notes;
  }

  get port(): number | null {
    return this.#listening?.port ?? null;
  }

  /** Tries to listen, and again after `retryMs` when that fails. Resolves after the first try; never rejects. */
  tryToListen(): Promise<void> {
    this.#trying = this.#listen();
    return this.#trying;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#trying;
    await this.#listening?.[Symbol.asyncDispose]();
  }

  async #listen(): Promise<void> {
    const { clock, log, strangers, noteSecret } = this.#kernel;
    const source = this.#source;
    try {
      this.#listening = await this.#ready.listen({
        clock,
        strangers,
        accept: async (alarms) => {
          await this.#takeAlarms(source, alarms, clock.now());
        },
        noteSecret: (setting, value) => noteSecret(`sources.${source}.${setting}`, value),
        note: (event, facts = {}) => {
          log.warn({ source, ...facts }, event);
          this.#notes.add({ source, event });
        },
      });
      log.info({ source, port: this.#listening.port }, "source-listening");
    } catch (error) {
      log.error({ source, err: error }, "source-not-listening");
      // A trouble that can't be recorded is in the log already; the next try reports it again.
      await this.#takeAlarms(source, [toAlarm("trouble")], clock.now()).catch(() => {});
      if (!this.#isStopped) this.#cancel = clock.wakeAt(clock.now() + retryMs, () => void this.tryToListen());
    }
  }
}
