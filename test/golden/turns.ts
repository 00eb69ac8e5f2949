import { setImmediate } from "node:timers/promises";
import { isAtWork } from "../at-work.ts";

/** After so many turns of the event loop in which nobody asked anything, nothing follows of what was answered. */
const quietTurns = 50;
/** Some stories have a machine that is at work all the time. */
const maxTurns = 20_000;

interface Waiting {
  readonly asked: string;
  readonly begin: () => void;
}

/**
 * Gives turns to those who ask something of a fake: one at a time, each when nothing follows any more of what was
 * answered before, and of several in the order of what they ask. Who of two is answered first is else a race, which
 * decides what the bot says next, and when.
 */
export class Turns {
  #waiting: readonly Waiting[] = [];
  #isGiving = false;

  /** Whether somebody waits for their turn. */
  get isAsked(): boolean {
    return this.#waiting.length > 0;
  }

  /** Resolves when it is the turn of who asks that. */
  take(asked: string): Promise<void> {
    const { promise, resolve: begin } = Promise.withResolvers<void>();
    this.#waiting = [...this.#waiting, { asked, begin }];
    if (!this.#isGiving) void this.#give();
    return promise;
  }

  async #give(): Promise<void> {
    this.#isGiving = true;
    while (this.#waiting.length > 0) {
      await this.#rest();
      const [first, ...others] = this.#waiting.toSorted((a, b) => (a.asked < b.asked ? -1 : a.asked > b.asked ? 1 : 0));
      this.#waiting = others;
      first?.begin();
    }
    this.#isGiving = false;
  }

  /** Waits until nobody more comes. */
  async #rest(): Promise<void> {
    for (let quiet = 0, turns = 0; quiet < quietTurns && turns < maxTurns; turns += 1) {
      const before = this.#waiting.length;
      await setImmediate();
      quiet = isAtWork() || this.#waiting.length > before ? 0 : quiet + 1;
    }
  }
}
