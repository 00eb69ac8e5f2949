import type { OpenedIncident } from "../../../ports/teams-sender.ts";
import type { Commit, Handler } from "../handle.ts";

/** Beyond this many the oldest are left: they can be read. */
const maxKept = 1_000;

/**
 * What this process has opened and not changed since, until its first card is sent: nothing of that need be read, and
 * no card of it can stand yet.
 */
export class JustOpened {
  readonly #byId = new Map<string, OpenedIncident>();

  constructor(handler: Pick<Handler, "subscribe">) {
    handler.subscribe(({ changed }) => {
      if (changed !== undefined) this.#note(changed);
    });
  }

  /** Gives it once; null: it has to be read. */
  take(id: string): OpenedIncident | null {
    const opened = this.#byId.get(id) ?? null;
    this.#byId.delete(id);
    return opened;
  }

  #note({ incident, isOpened, lines }: NonNullable<Commit["changed"]>): void {
    this.#byId.delete(incident.id);
    if (isOpened) this.#byId.set(incident.id, { incident, lines });
    const [oldest] = this.#byId.keys();
    if (this.#byId.size > maxKept && oldest !== undefined) this.#byId.delete(oldest);
  }
}
