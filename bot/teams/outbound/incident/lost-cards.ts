import type { Incident } from "../../../domain/incident/incident.ts";
import { DeliveryError } from "../../../errors.ts";
import type { Log } from "../../../log.ts";
import type { SendOutcome } from "../../../ports/send-outcome.ts";
import type { CardState } from "../../../ports/store/teams.ts";
import type { Clock } from "../../../ports/time.ts";
import type { RootCards } from "./root-cards.ts";
import { ringsEveryMs, toFreeAt } from "./when-free.ts";

/**
 * About one update in a thousand is answered "not found" although the card is there (msteams-docs#6139), and a refusal
 * of another kind may be as false.
 */
const maxTries = 3;

/** Counts what Teams refuses, and has a new card follow one that is lost. Methods reject with DeliveryError. */
export class LostCards {
  readonly #roots: RootCards;
  readonly #clock: Clock;
  readonly #log: Log;
  /** Refusals in a row, by incident and what was tried. */
  readonly #refusals = new Map<string, number>();
  readonly #replacedAt = new Map<string, number>();

  constructor(roots: RootCards, clock: Clock, log: Log) {
    this.#roots = roots;
    this.#clock = clock;
    this.#log = log;
  }

  /** Counts a refusal; answers whether the card counts as lost by now. */
  noteRefusal(what: "card" | "ring", { id }: Pick<Incident, "id">): boolean {
    const refusals = (this.#refusals.get(`${what} ${id}`) ?? 0) + 1;
    this.#refusals.set(`${what} ${id}`, refusals);
    return refusals >= maxTries;
  }

  /** As `noteRefusal`, and throws until it counts as lost, so that it is tried again. */
  noteRefusedCard(incident: Pick<Incident, "id">, cause: unknown): void {
    if (!this.noteRefusal("card", incident)) throw new DeliveryError("unreachable", "The card was refused", { cause });
  }

  isLost(what: "card" | "ring", { id }: Pick<Incident, "id">): boolean {
    return (this.#refusals.get(`${what} ${id}`) ?? 0) >= maxTries;
  }

  /** Notes that the card is there. */
  noteFound({ id }: Pick<Incident, "id">): void {
    this.#refusals.delete(`card ${id}`);
    this.#refusals.delete(`ring ${id}`);
  }

  /** Posts a new card. It rings, unless it is `isQuiet` or the last one was replaced only just. */
  async replaceCard(state: CardState, incident: Incident, isQuiet: boolean, signal: AbortSignal): Promise<SendOutcome> {
    const now = this.#clock.now();
    const freeAt = toFreeAt(state, now);
    if (now < freeAt) return { kind: "again", at: freeAt };
    for (const [id, at] of this.#replacedAt) if (now - at >= ringsEveryMs) this.#replacedAt.delete(id);
    const mayRing = !isQuiet && incident.closedAt === null && !this.#replacedAt.has(incident.id);
    const card = await this.#roots.post(incident, state, !mayRing, signal);
    if (card === null) return { kind: "again", at: this.#clock.now() };
    this.#log.warn({ incident: incident.id }, "card-replaced");
    this.#replacedAt.set(incident.id, now);
    this.noteFound(incident);
    return { kind: "again", at: this.#clock.now(), record: (tx) => tx.saveCard(card) };
  }
}
