import type { CommandResult } from "../../../ports/click.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Kernel } from "../kernel.ts";
import { loadOrRestore } from "./load-or-restore.ts";

/** Beyond this many the oldest are not kept: they can still be read from disk. */
const maxKept = 2_000;

export type OpenIncident = Pick<CommandResult, "incident" | "policy">;

/** The open incidents as they were last committed, for the time when the storage can't be read. */
export class OpenIncidents {
  readonly #byId = new Map<string, OpenIncident>();

  /** Keeps the newest state of an incident; one that is closed is forgotten. */
  note({ incident, policy }: OpenIncident): void {
    const { id, version, closedAt } = incident;
    if ((this.#byId.get(id)?.incident.version ?? 0) > version) return;
    this.#byId.delete(id);
    if (closedAt !== null) return;
    this.#byId.set(id, { incident, policy });
    const [oldest] = this.#byId.keys();
    if (this.#byId.size > maxKept && oldest !== undefined) this.#byId.delete(oldest);
  }

  /** Notes what is open on disk; what can't be read now is left to `note`. */
  async fill({ store, log }: Pick<Kernel, "store" | "log">, directory: Directory): Promise<void> {
    try {
      await store.read(async (reader) => {
        for (const { id } of (await reader.listOpen(maxKept)).toReversed()) {
          const found = await loadOrRestore(reader, directory, id);
          if (found !== null && !found.isDamaged) this.note(found);
        }
      });
    } catch (error) {
      log.error({ err: error }, "look-failed");
    }
  }

  of(id: string): OpenIncident | null {
    return this.#byId.get(id) ?? null;
  }

  all(): readonly OpenIncident[] {
    return [...this.#byId.values()];
  }

  /** Ids of those with `nextAt <= now`. */
  listDue(now: number): readonly string[] {
    return this.all().flatMap(({ incident: { id, nextAt } }) => (nextAt !== null && nextAt <= now ? [id] : []));
  }
}
