import type { App } from "../../app.ts";
import type { RecordedLine } from "../../domain/incident/history.ts";

const pollEveryMs = 200;

/** Hands over every line of these incidents once, in order, also of those that are added later. */
export class Follower implements Disposable {
  readonly #app: App;
  readonly #incidents: ReadonlySet<string>;
  readonly #onLine: (line: RecordedLine, incident: string) => void;
  readonly #lastSeqs = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #polling = Promise.resolve();

  /** Polls by itself from now on, and again when a history can't be read. */
  constructor(app: App, incidents: ReadonlySet<string>, onLine: (line: RecordedLine, incident: string) => void) {
    this.#app = app;
    this.#incidents = incidents;
    this.#onLine = onLine;
    this.#timer = setInterval(() => void this.poll().catch(() => {}), pollEveryMs);
  }

  /** Hands over at once what is new; resolves when that is done, and rejects when a history can't be read. */
  poll(): Promise<void> {
    const polled = this.#polling.then(() => this.#pollAll());
    this.#polling = polled.catch(() => {});
    return polled;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #pollAll(): Promise<void> {
    for (const incident of this.#incidents) {
      for (const line of await this.#app.history(incident, this.#lastSeqs.get(incident) ?? 0)) {
        this.#lastSeqs.set(incident, line.seq);
        this.#onLine(line, incident);
      }
    }
  }
}
