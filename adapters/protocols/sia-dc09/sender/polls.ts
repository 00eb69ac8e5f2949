import type { PagerHost } from "../../../../bot/contracts.ts";
import type { Clock } from "../../../../bot/ports/time.ts";
import { type OutgoingAccount, pollSequence, toPollFrame } from "./event-frame.ts";
import { exchange } from "./exchange.ts";
import { evaluateAnswer } from "./outgoing-answer.ts";
import type { Receiver } from "./receivers.ts";

/**
 * A receiver that leaves three polls without an answer is lost. With the longest time between two polls that is known
 * 89 s after its last answer: 70, three times 3 to wait for an answer, and two times 5 in between; EN 50136-1 gives
 * 90 s.
 */
const maxMissed = 3;
const answerMs = 3_000;
const againMs = 5_000;
export const maxPollMs = 70_000;

/**
 * Polls of one receiver, which report when it is lost and when it is there again. Only an acknowledged poll counts: a
 * receiver that refuses our polls may not know us, and had better be looked at before an alarm.
 */
export class Polls {
  readonly #host: PagerHost;
  readonly #from: OutgoingAccount;
  readonly #keys: readonly Buffer[];
  readonly #receiver: Receiver;
  #reported: "lost" | "there" | null = null;
  #missed = 0;

  /** `keys` are what answers may be encrypted by. */
  constructor(host: PagerHost, from: OutgoingAccount, keys: readonly Buffer[], receiver: Receiver) {
    this.#host = host;
    this.#from = from;
    this.#keys = keys;
    this.#receiver = receiver;
  }

  /** Asks every `everyMs` whether the receiver is there, until `signal` aborts. Never rejects. */
  async run(everyMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#host;
    while (!signal.aborted) {
      const askedAt = clock.now();
      const answer = await this.#ask(signal);
      if (signal.aborted) return;
      this.#count(answer);
      const isQuick = this.#missed > 0 && this.#missed < maxMissed;
      await pause(clock, isQuick ? clock.now() + againMs : askedAt + everyMs, signal);
    }
  }

  /** How the receiver answered; null for not at all. */
  async #ask(signal: AbortSignal): Promise<string | null> {
    const { address, offset } = this.#receiver;
    using timeout = this.#host.clock.timeout(answerMs);
    const inTime = AbortSignal.any([signal, timeout.signal]);
    for (const isCorrected of [false, true]) {
      const answer = await exchange(toPollFrame(this.#from, offset.now()), address, inTime).catch(() => null);
      if (answer === null) return null;
      const result = evaluateAnswer(answer, pollSequence, this.#keys);
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

  #count(answer: string | null): void {
    const { name } = this.#receiver;
    this.#missed = answer === "taken" ? 0 : this.#missed + 1;
    if (this.#missed === maxMissed)
      this.#host.note("alarm-centre-receiver-lost", { receiver: name, answer: answer ?? "none" });
    if (this.#missed === 0) this.#report("there");
    if (this.#missed >= maxMissed) this.#report("lost");
  }

  #report(state: "lost" | "there"): void {
    this.#receiver.isLost = state === "lost";
    if (state !== this.#reported) this.#host.report(this.#receiver.name, state);
    this.#reported = state;
  }
}

/** Resolves at that moment, or when `signal` aborts; leaves nothing behind. */
function pause(clock: Clock, at: number, signal: AbortSignal): Promise<void> {
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
