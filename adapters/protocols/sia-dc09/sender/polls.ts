import type { PagerHost } from "../../../../bot/contracts.ts";
import { type OutgoingAccount, pollSequence, toPollFrame } from "./event-frame.ts";
import { exchange } from "./exchange.ts";
import { evaluateAnswer } from "./outgoing-answer.ts";
import type { Receiver } from "./sender.ts";

/**
 * A receiver that leaves three polls without an answer is lost. With the longest time between two polls that is known 89 s
 * after its last answer: 70, three times 3 to wait for an answer, and two times 5 in between. EN 50136-1 gives 90 s.
 */
const mostMissed = 3;
const answerMs = 3_000;
const againMs = 5_000;
export const longestPollMs = 70_000;

export interface PollOptions {
  readonly host: PagerHost;
  readonly from: OutgoingAccount;
  readonly keys: readonly Buffer[];
}

/**
 * Asks one receiver every `everyMs` whether it is there, until `signal` aborts, and reports when that changes. Only an
 * acknowledged poll counts: a receiver that refuses our polls may not know us, and had better be looked at before an alarm.
 * Never rejects.
 */
export async function pollReceiver(
  receiver: Receiver,
  everyMs: number,
  { host, from, keys }: PollOptions,
  signal: AbortSignal,
): Promise<void> {
  const { offset } = receiver;
  let told: "lost" | "there" | null = null;
  let missed = 0;

  function tell(state: "lost" | "there"): void {
    receiver.isLost = state === "lost";
    if (state !== told) host.report(receiver.name, state);
    told = state;
  }

  /** How it was answered; null for not at all. */
  async function ask(): Promise<string | null> {
    using timeout = host.clock.timeout(answerMs);
    const inTime = AbortSignal.any([signal, timeout.signal]);
    for (const isCorrected of [false, true]) {
      const answer = await exchange(toPollFrame(from, offset.now()), receiver.address, inTime).catch(() => null);
      if (answer === null) return null;
      const result = evaluateAnswer(answer, pollSequence, keys);
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

  while (!signal.aborted) {
    const askedAt = host.clock.now();
    const answer = await ask();
    if (signal.aborted) return;
    missed = answer === "taken" ? 0 : missed + 1;
    if (missed === mostMissed) host.note("a receiver is lost", { receiver: receiver.name, answer: answer ?? "none" });
    if (missed === 0) tell("there");
    if (missed >= mostMissed) tell("lost");
    const isQuick = missed > 0 && missed < mostMissed;
    await pause(host, isQuick ? host.clock.now() + againMs : askedAt + everyMs, signal);
  }
}

/** Resolves at that moment, or when `signal` aborts; leaves nothing behind. */
function pause({ clock }: PagerHost, at: number, signal: AbortSignal): Promise<void> {
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
