import { DeliveryError } from "../../errors.ts";
import type { InFlight } from "../../kit/in-flight.ts";
import type { Clock } from "../../ports/time.ts";
import type { Pace } from "./pace.ts";

export interface TogetherOptions<Item, Outcome> {
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly pace: Pace;
  /** Sends these as one message; the function that it answers with is asked for what becomes of each. */
  readonly sendAll: (items: readonly Item[], signal: AbortSignal) => (item: Item) => Promise<Outcome>;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly signal: AbortSignal;
  readonly begin: (sending: Sending<Outcome>) => void;
}

/** `isFirst`: the message is sent for this one, and the others wait for what becomes of it. */
interface Sending<Outcome> {
  readonly outcome: Promise<Outcome>;
  readonly isFirst: boolean;
}

/**
 * Rings one by one at first, and what comes too fast together, so that nobody is rung ten times in a row: whatever
 * waits for the same person or channel goes out as one message when its turn comes, and each learns what became of it.
 * A turn that Teams had no room for is spent, so that what was held back goes together the next time.
 */
export class Together<Item, Outcome> {
  readonly #options: TogetherOptions<Item, Outcome>;
  readonly #waiting = new Map<string, readonly Waiting<Item, Outcome>[]>();

  constructor(options: TogetherOptions<Item, Outcome>) {
    this.#options = options;
  }

  /** Rejects with DeliveryError; as held back where the signal aborts before its turn. */
  async send(key: string, item: Item, signal: AbortSignal): Promise<Outcome> {
    const { clock, inFlight, pace } = this.#options;
    const others = this.#waiting.get(key);
    if (others === undefined) {
      const at = pace.take(key, clock.now());
      if (at <= clock.now()) return this.#send(key, [item], signal)(item);
      clock.wakeAt(at, () => this.#sendWaiting(key));
    }
    const turn = Promise.withResolvers<Sending<Outcome>>();
    const waiting: Waiting<Item, Outcome> = { item, signal, begin: turn.resolve };
    this.#waiting.set(key, [...(others ?? []), waiting]);
    const giveUp = () => {
      this.#waiting.set(
        key,
        (this.#waiting.get(key) ?? []).filter((each) => each !== waiting),
      );
      turn.reject(new DeliveryError("throttled", "others were rung only just", { isHeldBack: true }));
    };
    signal.addEventListener("abort", giveUp, { once: true });
    using pause = inFlight.pause();
    const { outcome, isFirst } = await turn.promise.finally(() => signal.removeEventListener("abort", giveUp));
    if (isFirst) pause[Symbol.dispose]();
    return await outcome;
  }

  #sendWaiting(key: string): void {
    const waiting = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    const [first] = waiting;
    if (first === undefined) return;
    // Who came first has the least time left, and all of them learn the same.
    const items = waiting.map(({ item }) => item);
    const outcomeOf = this.#send(key, items, first.signal);
    for (const { item, begin } of waiting) begin({ outcome: outcomeOf(item), isFirst: item === first.item });
  }

  /** What failed rang nobody, and spends no turn. */
  #send(key: string, items: readonly Item[], signal: AbortSignal): (item: Item) => Promise<Outcome> {
    const { pace, sendAll } = this.#options;
    const outcomeOf = sendAll(items, signal);
    return async (item) => {
      try {
        return await outcomeOf(item);
      } catch (error) {
        const isHeldBack = error instanceof DeliveryError && error.isHeldBack;
        if (item === items[0] && !isHeldBack) pace.giveBack(key);
        throw error;
      }
    };
  }
}
