import type { PagerHost } from "../../../../bot/contracts.ts";
import type { Clock } from "../../../../bot/ports/time.ts";
import { type OutgoingAccount, pollSequence, toPollFrame } from "./event-frame.ts";
import { exchange } from "./exchange.ts";
import type { KeyReadings } from "./key-readings.ts";
import { evaluateAnswer } from "./outgoing-answer.ts";
import type { Receiver } from "./receivers.ts";

/**
 * A receiver that leaves three polls unanswered is lost. With the longest interval between polls we know this 89 s
 * after its last answer: 70 s, three times 3 s to wait for an answer, and two times 5 s in between. EN 50136-1 allows
 * 90 s.
 */
const maxMissed = 3;
const answerMs = 3_000;
const retryMs = 5_000;
export const maxPollMs = 70_000;

/**
 * Polls one receiver, and reports when it is lost and when it is back. Only an acknowledged poll counts, because a
 * receiver that refuses our polls may not know our account, which somebody should look into before an alarm.
 */
export class Polls {
  readonly #host: PagerHost;
  readonly #from: OutgoingAccount;
  readonly #readings: KeyReadings;
  readonly #receiver: Receiver;
  #reported: "lost" | "there" | null = null;
  #missed = 0;
  /** Why there was no answer, the last time that there was none. */
  #failure = "";

  constructor(host: PagerHost, from: OutgoingAccount, readings: KeyReadings, receiver: Receiver) {
    this.#host = host;
    this.#from = from;
    this.#readings = readings;
    this.#receiver = receiver;
  }

  /** Asks every `everyMs` whether the receiver is there, until `signal` aborts. Never rejects. */
  async run(everyMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#host;
    while (!signal.aborted) {
      const polledAt = clock.now();
      const answer = await this.#poll(signal);
      if (signal.aborted) return;
      this.#countAnswer(answer);
      const isRetry = this.#missed > 0 && this.#missed < maxMissed;
      await waitUntil(clock, isRetry ? clock.now() + retryMs : polledAt + everyMs, signal);
    }
  }

  /**
   * Polls once, and once more by the other key that our text may stand for, as long as it is not known which of them
   * the receiver has, or once it is lost. Resolves with how the receiver answered; null when it did not.
   */
  async #poll(signal: AbortSignal): Promise<string | null> {
    const { name } = this.#receiver;
    const readings = this.#readings;
    const key = readings.keyFor(name);
    const answer = await this.#pollBy(key, signal);
    if (answer === "taken") readings.keep(name, key);
    const other = readings.otherFor(name);
    // An answer under this key, whatever its time, is of a receiver that has it.
    const isOfKey = answer === "taken" || answer === "another time";
    const isInDoubt = !readings.isKnown(name) || this.#missed >= maxMissed;
    if (isOfKey || other === null || !isInDoubt || signal.aborted) return answer;
    if ((await this.#pollBy(other, signal)) !== "taken") return answer;
    readings.keep(name, other);
    return "taken";
  }

  async #pollBy(key: Buffer | null, signal: AbortSignal): Promise<string | null> {
    const { address, offset } = this.#receiver;
    using timeout = this.#host.clock.timeout(answerMs);
    const pollSignal = AbortSignal.any([signal, timeout.signal]);
    for (const isCorrected of [false, true]) {
      const frame = toPollFrame({ ...this.#from, key }, offset.now());
      const answer = await exchange(frame, address, pollSignal).catch((error: Error) => {
        this.#failure = error.message;
        return null;
      });
      if (answer === null) return null;
      const result = evaluateAnswer(answer, pollSequence, key === null ? [] : [key]);
      if (result.kind === "taken") {
        if (offset.isTimely(result.sealedAt)) return "taken";
        offset.learnFromSeal(result.sealedAt);
        return "another time";
      }
      if (result.kind !== "wrong-time" || result.clockAt === null || isCorrected) return result.kind;
      if (!offset.learnFromNak(result.clockAt)) return result.kind;
    }
    return null;
  }

  #countAnswer(answer: string | null): void {
    const { name } = this.#receiver;
    if (answer !== null) this.#failure = "";
    this.#missed = answer === "taken" ? 0 : this.#missed + 1;
    if (this.#missed === maxMissed)
      this.#host.note("alarm-centre-receiver-lost", { receiver: name, answer: answer ?? "none", why: this.#failure });
    if (this.#missed === 0) this.#report("there");
    if (this.#missed >= maxMissed) this.#report("lost");
  }

  #report(state: "lost" | "there"): void {
    this.#receiver.isLost = state === "lost";
    if (state !== this.#reported) this.#host.report(this.#receiver.name, state);
    this.#reported = state;
  }
}

/** Resolves at `at`, epoch milliseconds, or when `signal` aborts; removes its timer and its listener. */
function waitUntil(clock: Clock, at: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const cancel = clock.wakeAt(at, finish);
    signal.addEventListener("abort", finish);
    if (signal.aborted) finish();
  });
}
