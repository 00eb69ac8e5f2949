import type { Listening, ReadyListener } from "../../contracts.ts";
import { type Alarm, toAlarm } from "../../domain/alarm.ts";
import type { Log } from "../../log.ts";
import type { TakeAlarms } from "../../ports/alarms.ts";
import type { Clock } from "../../ports/time.ts";

/** A network interface that is not up yet, or a port that an old process still holds, is there soon. */
const retryMs = 10_000;

export interface ListenersOptions {
  /** By the name of their source. */
  readonly listeners: Readonly<Record<string, ReadyListener>>;
  readonly takeAlarms: TakeAlarms;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Listeners extends AsyncDisposable {
  /** On which port that source is called; null where it calls the other side itself, or does not listen yet. */
  portOf(source: string): number | null;
  pending(): number;
}

/**
 * Starts the sources that hold a connection; resolves when each has been tried once. One that can't listen keeps none of
 * the others from their alarms: it is a trouble of its source, and is tried again without end.
 */
export async function startListeners(options: ListenersOptions): Promise<Listeners> {
  const each = Object.entries(options.listeners).map(([source, listener]) => startListener(source, listener, options));
  const started = new Map<string, Started>();
  for (const listener of await Promise.all(each)) started.set(listener.source, listener);
  return {
    portOf: (source) => started.get(source)?.port() ?? null,
    pending: () => [...started.values()].reduce((sum, { pending }) => sum + pending(), 0),
    async [Symbol.asyncDispose]() {
      await Promise.all([...started.values()].map((listener) => listener[Symbol.asyncDispose]()));
    },
  };
}

interface Started extends AsyncDisposable {
  readonly source: string;
  port(): number | null;
  pending(): number;
}

async function startListener(source: string, listener: ReadyListener, options: ListenersOptions): Promise<Started> {
  const { takeAlarms, clock, log } = options;
  let listening: Listening | null = null;
  let trying: Promise<void> | null = null;
  let cancel = (): void => {};
  let isStopped = false;

  async function accept(alarms: readonly Alarm[]): Promise<void> {
    await takeAlarms(source, alarms, clock.now());
  }

  function note(event: string, facts: Readonly<Record<string, unknown>> = {}): void {
    log.warn({ source, ...facts }, event);
  }

  async function attempt(): Promise<void> {
    try {
      listening = await listener.listen({ clock, accept, note });
      log.info({ source, port: listening.port }, "source-listening");
    } catch (error) {
      log.error({ source, err: error }, "source-not-listening");
      await accept([toAlarm("trouble")]);
      if (isStopped) return;
      cancel = clock.wakeAt(clock.now() + retryMs, () => {
        trying = attempt();
      });
    }
  }

  trying = attempt();
  await trying;
  return {
    source,
    port: () => listening?.port ?? null,
    pending: () => listening?.pending() ?? 0,
    async [Symbol.asyncDispose]() {
      isStopped = true;
      cancel();
      await trying;
      await listening?.[Symbol.asyncDispose]();
    },
  };
}
