import type { Person } from "../../domain/person.ts";
import type { Directory } from "../../ports/directory.ts";
import type { NewOutboxRow } from "../../ports/store/outbox.ts";
import type { MessagePlace } from "../../ports/store/personal-cards.ts";
import type { Transaction } from "../../ports/store/store.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { findPress } from "../kernel/open/find-press.ts";
import type { OpenIncidents } from "../kernel/open/open-incidents.ts";
import { followIn, type Subject } from "../kernel/outbox/follow-ups.ts";
import type { UnrecordedPresses } from "../kernel/unrecorded/unrecorded-presses.ts";

export interface PressFollowerOptions {
  readonly handler: Handler;
  readonly directory: Pick<Directory, "presserHearsBy" | "locationsOfWearer">;
  readonly openIncidents: Pick<OpenIncidents, "listNearest">;
  readonly presses: Pick<UnrecordedPresses, "whenRecorded">;
}

/** Lets messages in somebody's chat show from then on what becomes of their alarms and their visit (rule 27). */
export class PressFollower {
  readonly #kernel: Pick<Kernel, "clock" | "log">;
  readonly #options: PressFollowerOptions;

  constructor(kernel: Pick<Kernel, "clock" | "log">, options: PressFollowerOptions) {
    this.#kernel = kernel;
    this.#options = options;
  }

  /** What `Personal.followPress` promises. It shows at once what has become of it meanwhile. */
  async follow(person: Person, press: string, answer: MessagePlace): Promise<void> {
    await this.#options.presses.whenRecorded(press, (incident) =>
      this.#follow(incident, (tx) => this.followAlarmIn(tx, person, incident, answer)),
    );
  }

  /** What `PersonalVisits.followVisit` promises. */
  followVisit(person: Person, message: MessagePlace): Promise<void> {
    return this.#follow("", (tx) => this.followVisitIn(tx, person, message));
  }

  /** In a transaction of the caller, as `followVisitIn`, with what has it shown. Whoever hears it is not told twice. */
  async followAlarmIn(
    tx: Transaction,
    person: Person,
    id: string,
    message: MessagePlace,
  ): Promise<readonly NewOutboxRow[]> {
    const incident = await tx.loadIncident(id);
    const location = incident?.location ?? null;
    if (incident === null || this.#options.directory.presserHearsBy(person, location) === "message") return [];
    return followIn(tx, person, { shows: "alarm", incident: id }, message, this.#kernel.clock.now());
  }

  /** A visit that is over by then has become an alarm of theirs, or nobody knows how it ended. */
  async followVisitIn(tx: Transaction, person: Person, message: MessagePlace): Promise<readonly NewOutboxRow[]> {
    const visit = await tx.loadVisit(person.id);
    const pressed = visit === null ? findPress(this.#options.openIncidents, person) : null;
    const ended: Subject = pressed === null ? { shows: "no-visit" } : { shows: "alarm", incident: pressed.id };
    const subject: Subject = visit === null ? ended : { shows: "visit" };
    return followIn(tx, person, subject, message, this.#kernel.clock.now());
  }

  async #follow(incident: string, followIn: (tx: Transaction) => Promise<readonly NewOutboxRow[]>): Promise<void> {
    const { handler } = this.#options;
    const { log } = this.#kernel;
    await handler
      .write(async (tx) => ({ value: null, commits: [await handler.enqueue(tx, await followIn(tx))] }))
      .catch((error: unknown) => log.warn({ incident, err: error }, "press-not-followed"));
  }
}
