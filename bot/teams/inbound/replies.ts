import { DeliveryError } from "../../errors.ts";
import type { Background } from "../../kit/background.ts";
import type { Log } from "../../log.ts";
import type { Clock } from "../../ports/time.ts";
import type { PersonalCard } from "../cards/personal-card.ts";
import type { Origin } from "../wire/activity.ts";
import type { Connector, OutgoingActivity } from "../wire/connector.ts";
import { toAnswerActivity } from "../wire/outgoing.ts";

/** An answer to a command must come while somebody looks at the screen. */
const answerWithinMs = 5_000;
/** The same for a card, which is tried again. */
const showWithinMs = 3_000;
/** How long after a failure it is tried again: somebody who raised an alarm waits for a sign. */
const showAgainAfterMs: readonly number[] = [1_000, 3_000];

/** Answers where an activity came from. Disposing gives up the tries that are to come. */
export class Replies implements Disposable {
  readonly #connector: Connector;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #background: Background;
  /** What takes back the tries that are to come. */
  readonly #waiting = new Set<() => void>();
  #isStopped = false;

  constructor(connector: Connector, clock: Clock, log: Log, background: Background) {
    this.#connector = connector;
    this.#clock = clock;
    this.#log = log;
    this.#background = background;
  }

  /** Says one sentence. Rejects with DeliveryError when it can't be sent. */
  async say(origin: Origin, text: string): Promise<void> {
    await this.#post(origin, { type: "message", text }, answerWithinMs);
  }

  /**
   * Shows what became of something that is done: it never rejects, since "it did not work" would be wrong. Where cards
   * are refused, their first words are said; what Teams does not take now is tried again in the background.
   */
  show(origin: Origin, card: PersonalCard): Promise<void> {
    return this.#showOrRetry(origin, card, showAgainAfterMs);
  }

  [Symbol.dispose](): void {
    this.#isStopped = true;
    for (const cancel of this.#waiting) cancel();
  }

  async #showOrRetry(origin: Origin, card: PersonalCard, waits: readonly number[]): Promise<void> {
    const [wait, ...rest] = waits;
    if ((await this.#tryShow(origin, card)) || wait === undefined || this.#isStopped) return;
    const cancel = this.#clock.wakeAt(this.#clock.now() + wait, () => {
      this.#waiting.delete(cancel);
      // It never rejects; the background is waited for when the bot stops.
      void this.#background.track(this.#showOrRetry(origin, card, rest));
    });
    this.#waiting.add(cancel);
  }

  /** false: it may work in a moment. */
  async #tryShow(origin: Origin, { card, summary }: PersonalCard): Promise<boolean> {
    try {
      await this.#post(origin, toAnswerActivity(card, summary), showWithinMs);
      return true;
    } catch (error) {
      this.#log.warn({ err: error }, "card-not-shown");
      const isRefused = error instanceof DeliveryError && error.reason === "refused";
      return isRefused ? this.#trySay(origin, summary) : false;
    }
  }

  async #trySay(origin: Origin, text: string): Promise<boolean> {
    try {
      await this.say(origin, text);
      return true;
    } catch (error) {
      this.#log.warn({ err: error }, "answer-not-sent");
      return false;
    }
  }

  async #post({ serviceUrl, thread }: Origin, activity: OutgoingActivity, withinMs: number): Promise<void> {
    using deadline = this.#clock.timeout(withinMs);
    await this.#connector.post(serviceUrl, thread, activity, deadline.signal);
  }
}
