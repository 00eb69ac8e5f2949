import type { InboundFlaw, InboundState, RefusedCall } from "../../domain/teams-test/teams-test.ts";
import type { Clock } from "../../ports/time.ts";

/**
 * Remembers what came in as if from Teams since the start: of all that were refused the last for each flaw, so that
 * strangers who knock all day hide nothing and fill nothing.
 */
export class InboundRecord {
  readonly #clock: Pick<Clock, "now">;
  readonly #since: number;
  readonly #refused = new Map<InboundFlaw, RefusedCall>();
  #takenAt: number | null = null;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  get state(): InboundState {
    const refused = [...this.#refused.values()].toSorted((a, b) => b.at - a.at);
    return { since: this.#since, takenAt: this.#takenAt, refused };
  }

  noteTaken(): void {
    this.#takenAt = this.#clock.now();
  }

  noteRefused(call: Omit<RefusedCall, "at">): void {
    this.#refused.set(call.flaw, { ...call, at: this.#clock.now() });
  }
}
