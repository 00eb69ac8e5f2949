import type { App } from "../../app.ts";
import type { RecordedLine } from "../../domain/incident/history.ts";

const lookMs = 200;

/** Tells every line of these incidents once, in order, also of those that are added later. */
export class Follower implements Disposable {
  readonly #app: App;
  readonly #incidents: ReadonlySet<string>;
  readonly #onLine: (line: RecordedLine) => void;
  readonly #lastSeqs = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #looking = Promise.resolve();

  /** Looks by itself from now on, and again when a history can't be read. */
  constructor(app: App, incidents: ReadonlySet<string>, onLine: (line: RecordedLine) => void) {
    this.#app = app;
    this.#incidents = incidents;
    this.#onLine = onLine;
    this.#timer = setInterval(() => void this.look().catch(() => {}), lookMs);
  }

  /** Tells what is new at once; resolves when it is told, and rejects when a history can't be read. */
  look(): Promise<void> {
    const looked = this.#looking.then(() => this.#lookAtAll());
    this.#looking = looked.catch(() => {});
    return looked;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #lookAtAll(): Promise<void> {
    for (const incident of this.#incidents) {
      for (const line of await this.#app.history(incident, this.#lastSeqs.get(incident) ?? 0)) {
        this.#lastSeqs.set(incident, line.seq);
        this.#onLine(line);
      }
    }
  }
}
