import type { Person } from "../../domain/person.ts";
import type { Directory } from "../../ports/directory.ts";
import type { MessagePlace } from "../../ports/store/personal-cards.ts";
import type { Transaction } from "../../ports/store/store.ts";
import type { Handler } from "../kernel/handle.ts";
import { findPress } from "../kernel/incidents/find-press.ts";
import type { OpenIncidents } from "../kernel/incidents/open-incidents.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { toPresserRow } from "../kernel/outbox/presser-row.ts";

export interface PressFollowerOptions {
  readonly handler: Handler;
  readonly directory: Pick<Directory, "presserHearsBy" | "locationsOfWearer">;
  readonly openIncidents: Pick<OpenIncidents, "all">;
}

/** Lets the message that answers somebody's press show from then on what becomes of it (rule 27). */
export class PressFollower {
  readonly #kernel: Pick<Kernel, "clock" | "log">;
  readonly #options: PressFollowerOptions;

  constructor(kernel: Pick<Kernel, "clock" | "log">, options: PressFollowerOptions) {
    this.#kernel = kernel;
    this.#options = options;
  }

  /** What `Personal.followPress` promises. It shows at once what has become of it meanwhile. */
  async follow(person: Person, incident: string, answer: MessagePlace): Promise<void> {
    const { handler } = this.#options;
    const { clock, log } = this.#kernel;
    await handler
      .write(async (tx) => {
        await this.#followIn(tx, person, incident, answer);
        return { value: null, commits: [await handler.enqueue(tx, [toPresserRow(person, clock.now())])] };
      })
      .catch((error: unknown) => log.warn({ incident, err: error }, "press-not-followed"));
  }

  /** The same for the alarm in which they pressed last, in a transaction of the caller, who has it shown. */
  async followNewestIn(tx: Transaction, person: Person, answer: MessagePlace): Promise<void> {
    const incident = findPress(this.#options.openIncidents, person);
    if (incident !== null) await this.#followIn(tx, person, incident.id, answer);
  }

  /** Whoever hears it by messages is not told twice. */
  async #followIn(tx: Transaction, person: Person, id: string, answer: MessagePlace): Promise<void> {
    const incident = await tx.loadIncident(id);
    const location = incident?.location ?? null;
    if (incident === null || this.#options.directory.presserHearsBy(person, location) === "message") return;
    if (await this.#isShown(tx, person)) return;
    const shownAt = this.#kernel.clock.now();
    await tx.savePresserCard({ ...answer, person: person.id, incident: id, shown: "", shownAt });
  }

  /** Whether a card of theirs goes on: that of who wears a button, and one whose alarm is open. */
  async #isShown(tx: Transaction, person: Person): Promise<boolean> {
    const card = await tx.loadPresserCard(person.id);
    if (card === null || card.activity === "") return false;
    if (this.#options.directory.locationsOfWearer(person).length > 0) return true;
    return card.incident !== "" && (await tx.loadIncident(card.incident))?.closedAt === null;
  }
}
