import { setImmediate, setTimeout } from "node:timers/promises";
import { toOneAddress } from "../../kit/network.ts";
import type { Strangers } from "../../kit/strangers.ts";

/** How long everybody else has before a turn of an address that used up its part of the second, in milliseconds. */
const restMs = 2;

/** One that waits in the line. */
export interface Waiting {
  readonly address: string;
  /** Does one small piece of its work, and joins again when there is more. It must not throw. */
  takeTurn(): void;
}

/**
 * Where work of strangers waits that can be done in small pieces: one of them in each turn of the event loop, so that
 * nobody else waits for more than that. The addresses take turns, and those of each address. When their part of the
 * second is used up they go on slowly, but nobody waits without end, because what they bring may be a press.
 */
export class Line {
  readonly #strangers: Strangers;
  readonly #addresses = new Map<string, Set<Waiting>>();
  #isServing = false;

  constructor(strangers: Strangers) {
    this.#strangers = strangers;
  }

  /** Puts one at the end; one that waits already keeps its place. */
  join(one: Waiting): void {
    const address = toOneAddress(one.address);
    const group = this.#addresses.get(address) ?? new Set();
    this.#addresses.set(address, group.add(one));
    if (!this.#isServing) void this.#serve();
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    while (this.#addresses.size > 0) {
      await setImmediate();
      for (const [address] of this.#addresses) {
        if (!this.#strangers.hasTime(address)) await setTimeout(restMs);
        this.#takeTurn(address);
        break;
      }
    }
    this.#isServing = false;
  }

  #takeTurn(address: string): void {
    const group = this.#addresses.get(address) ?? new Set();
    for (const one of group) {
      group.delete(one);
      one.takeTurn();
      break;
    }
    this.#addresses.delete(address);
    if (group.size > 0) this.#addresses.set(address, group);
  }
}
