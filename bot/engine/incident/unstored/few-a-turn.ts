import { setImmediate } from "node:timers/promises";
import type { InFlight } from "../../../kit/in-flight.ts";

/** Some milliseconds of deciding: whoever else is to be answered waits for no more. */
const few = 8;

/** Does what comes in bulk, few in each turn of the event loop, in the order in which it came. */
export class FewATurn<T> {
  readonly #act: (one: T) => void;
  readonly #inFlight: Pick<InFlight, "enter">;
  readonly #waiting = new Set<T>();
  #isServing = false;

  /** `act` must not throw. */
  constructor(act: (one: T) => void, inFlight: Pick<InFlight, "enter">) {
    this.#act = act;
    this.#inFlight = inFlight;
  }

  /** Has it done: at once where nothing waits. What waits already is done once. */
  add(one: T): void {
    this.#waiting.add(one);
    if (!this.#isServing) void this.#serve();
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    using _entry = this.#inFlight.enter();
    do {
      let done = 0;
      for (const one of this.#waiting) {
        this.#waiting.delete(one);
        this.#act(one);
        done += 1;
        if (done === few) break;
      }
      await setImmediate();
    } while (this.#waiting.size > 0);
    this.#isServing = false;
  }
}
