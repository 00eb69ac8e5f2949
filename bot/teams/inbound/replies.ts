import { DeliveryError } from "../../errors.ts";
import type { Background } from "../../kit/background.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../ports/store/store.ts";
import type { Clock } from "../../ports/time.ts";
import type { PersonalCard } from "../cards/personal-card.ts";
import type { Origin } from "../wire/activity.ts";
import type { ConnectorFor } from "../wire/budget/connector-for.ts";
import type { Urgency } from "../wire/budget/urgency.ts";
import type { OutgoingActivity } from "../wire/connector.ts";
import { isThrottled } from "../wire/failure.ts";
import { toAnswerActivity } from "../wire/outgoing.ts";

/** Longest that sending a text may take, because an answer must come while somebody looks at the screen. */
const textWithinMs = 5_000;
/** Longest that one try of sending a card may take. */
const cardWithinMs = 3_000;
/** How long after each failure a card is tried again; somebody who raised an alarm waits for it. */
const retryCardAfterMs: readonly number[] = [1_000, 3_000];

/** Is told the id of an answer that stands there now. */
type OnShown = (activity: string) => Promise<void>;

/** Sends answers to where an activity came from. Disposing cancels the tries that are still to come. */
export class Replies implements Disposable {
  readonly #connectorFor: ConnectorFor;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #background: Background;
  /** Functions that cancel the tries still to come. */
  readonly #retries = new Set<() => void>();
  #isStopped = false;

  constructor(connectorFor: ConnectorFor, store: Store, clock: Clock, log: Log, background: Background) {
    this.#connectorFor = connectorFor;
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#background = background;
  }

  /** Sends one sentence, once more when Teams asks for patience. Rejects with DeliveryError when it can't be sent. */
  async sendText(origin: Origin, text: string): Promise<void> {
    await this.#sendText(origin, text, "reply", [], undefined);
  }

  /**
   * Shows what became of a command. It never rejects, because the command is done and "it did not work" would be wrong.
   * Where Teams refuses cards the summary is sent as text; what Teams does not take now is tried again in the
   * background. `onShown`: is told the id of what stands there then, where Teams says it; never rejects.
   */
  showCard(origin: Origin, card: PersonalCard, onShown?: OnShown): Promise<void> {
    return this.#showCardOrRetry(origin, card, retryCardAfterMs, onShown);
  }

  [Symbol.dispose](): void {
    this.#isStopped = true;
    for (const cancel of this.#retries) cancel();
  }

  async #sendText(
    origin: Origin,
    text: string,
    urgency: Urgency,
    incidents: readonly string[],
    onShown: OnShown | undefined,
  ): Promise<void> {
    using deadline = this.#clock.timeout(textWithinMs);
    const post = async () => {
      const id = await this.#post(origin, { type: "message", text }, urgency, deadline.signal);
      if (id !== null) this.#noteShown(origin, id, incidents, onShown);
    };
    try {
      await post();
    } catch (error) {
      if (!isThrottled(error) || error.isHeldBack) throw error;
      // Its turn comes when Teams takes it again.
      await post();
    }
  }

  async #showCardOrRetry(
    origin: Origin,
    card: PersonalCard,
    waits: readonly number[],
    onShown: OnShown | undefined,
  ): Promise<void> {
    const [wait, ...rest] = waits;
    if ((await this.#tryCard(origin, card, onShown)) || wait === undefined || this.#isStopped) return;
    const cancel = this.#clock.wakeAt(this.#clock.now() + wait, () => {
      this.#retries.delete(cancel);
      // It never rejects; the background is waited for when the bot stops.
      void this.#background.track(this.#showCardOrRetry(origin, card, rest, onShown));
    });
    this.#retries.add(cancel);
  }

  /** Resolves with false when another try may work. */
  async #tryCard(origin: Origin, shown: PersonalCard, onShown: OnShown | undefined): Promise<boolean> {
    const { card, summary, incidents = [], isUnrecorded } = shown;
    using deadline = this.#clock.timeout(cardWithinMs);
    try {
      const id = await this.#post(origin, toAnswerActivity(card, summary), "ring", deadline.signal);
      if (id !== null && !isUnrecorded) this.#noteShown(origin, id, incidents, onShown);
      return true;
    } catch (error) {
      this.#log.warn({ err: error }, "card-not-shown");
      const isRefused = error instanceof DeliveryError && error.reason === "refused";
      return isRefused ? this.#tryText(origin, summary, incidents, onShown) : false;
    }
  }

  async #tryText(
    origin: Origin,
    text: string,
    incidents: readonly string[],
    onShown: OnShown | undefined,
  ): Promise<boolean> {
    try {
      await this.#sendText(origin, text, "ring", incidents, onShown);
      return true;
    } catch (error) {
      this.#log.warn({ err: error }, "answer-not-sent");
      return false;
    }
  }

  /** Nothing brings an answer back, so it waits for its turn for as long as it may. Resolves with its id, if any. */
  #post(
    { serviceUrl, thread }: Origin,
    activity: OutgoingActivity,
    urgency: Urgency,
    signal: AbortSignal,
  ): Promise<string | null> {
    return this.#connectorFor(urgency, textWithinMs).post(serviceUrl, thread, activity, signal);
  }

  /** Nobody waits for it, because a disk that hangs must not hold up the answer. */
  #noteShown(origin: Origin, activity: string, incidents: readonly string[], onShown: OnShown | undefined): void {
    void this.#background.track(this.#save(origin, activity, incidents));
    if (onShown !== undefined) void this.#background.track(onShown(activity));
  }

  /** Remembers what was said where, for each alarm that it is about. Never rejects. */
  async #save(
    { conversation, serviceUrl, scope }: Origin,
    activity: string,
    incidents: readonly string[],
  ): Promise<void> {
    const kind = scope === "personal" ? "direct" : "reply";
    const message = { conversation, serviceUrl, activity, kind, at: this.#clock.now() } as const;
    await this.#store
      .write(async (tx) => {
        for (const incident of incidents.length === 0 ? [""] : incidents)
          await tx.saveMessage({ ...message, incident });
      })
      .catch((error: unknown) => {
        this.#log.warn({ err: error }, "answer-not-remembered");
      });
  }
}
