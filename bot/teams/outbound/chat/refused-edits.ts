import type { Clock } from "../../../ports/time.ts";

/** So long after the end of its alarm a card that Teams refused is still tried. */
const triedAfterEndMs = 3_600_000;
const maxWaitMs = 30_000;
/** A state that was not tried yet need not wait longer than any other change. */
const newStateMs = 1_000;
/** A card is changed this often at most, and shows the newest state then. */
const updateEveryMs = 1_000;

interface Refused {
  readonly digest: string;
  /** How often in a row. */
  readonly times: number;
  readonly at: number;
}

/**
 * When a card in a chat that Teams refused is tried again: 1, 2, 4 … 30 s later, and at once when it would show
 * something else. It is in memory: a restart begins anew.
 */
export class RefusedEdits {
  readonly #clock: Clock;
  readonly #refused = new Map<string, Refused>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns how often that card was refused in a row. */
  note(card: string, digest: string): number {
    const times = (this.#refused.get(card)?.times ?? 0) + 1;
    this.#refused.set(card, { digest, times, at: this.#clock.now() });
    return times;
  }

  /** When this may be tried on a card that was last changed at `shownAt`, in epoch milliseconds. */
  freeAt(card: string, digest: string, shownAt: number): number {
    const refused = this.#refused.get(card);
    const now = this.#clock.now();
    // A clock that was put back holds up nothing.
    const shownFreeAt = shownAt > now ? now : shownAt + updateEveryMs;
    if (refused === undefined || refused.at > now) return Math.max(now, shownFreeAt);
    const waitMs = Math.min(maxWaitMs, 1_000 * 2 ** Math.min(refused.times - 1, 10));
    return Math.max(shownFreeAt, refused.at + (refused.digest === digest ? waitMs : newStateMs));
  }

  forget(card: string): void {
    this.#refused.delete(card);
  }
}

/** Whether what became of an alarm is worth another try. `endedAt` null: it is open. */
export function isWorthTrying(endedAt: number | null, now: number): boolean {
  return endedAt === null || now - endedAt <= triedAfterEndMs;
}
