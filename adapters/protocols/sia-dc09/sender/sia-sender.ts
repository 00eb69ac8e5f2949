import type { PagerHost, Receipt } from "../../../../bot/contracts.ts";
import { DeliveryError } from "../../../../bot/errors.ts";
import { type OutgoingAccount, type OutgoingEvent, toDigits, toEventFrame } from "./event-frame.ts";
import { exchange } from "./exchange.ts";
import { evaluateAnswer } from "./outgoing-answer.ts";
import { createLateError, isDoneBefore, Queue } from "./queue.ts";
import { chooseReceiver, type PageAttempts, type Receiver } from "./receivers.ts";
import { type PendingFrame, SendJournal } from "./send-journal.ts";

/** How long one receiver has to answer before the other is tried, and how many attempts one page makes. */
const attemptMs = 2_900;
const maxAttempts = 4;
/** A frame older than this may be refused for its age alone: receivers take a time that is up to 40 s behind theirs. */
const oldMs = 20_000;

type Outcome = "taken" | "refused" | "unusable" | "silent" | "misconfigured";

/**
 * Sends one account's events, one after the other. ANSI/SIA DC-09 asks for one message at a time, repeated until it is
 * acknowledged. One exception: a frame without a usable answer makes room for another page, because a receiver that
 * never answers it must not cost the alarms that follow.
 */
export class SiaSender {
  readonly #host: PagerHost;
  readonly #from: OutgoingAccount;
  readonly #keys: readonly Buffer[];
  readonly #receivers: readonly Receiver[];
  readonly #journal: SendJournal;
  readonly #queue = new Queue();
  readonly #loaded: Promise<void>;

  /**
   * Begins to load from disk at once, before an alarm needs it. `keys`: those by which answers may be encrypted, none
   * where we have no key. `receivers`: the preferred one first.
   */
  constructor(host: PagerHost, from: OutgoingAccount, keys: readonly Buffer[], receivers: readonly Receiver[]) {
    this.#host = host;
    this.#from = from;
    this.#keys = keys;
    this.#receivers = receivers;
    this.#journal = new SendJournal(host, from);
    const offsets = receivers.map(({ offset }) => offset.load());
    this.#loaded = Promise.all([this.#journal.load(), ...offsets]).then(() => {});
  }

  /**
   * Sends `event` for `key` until one of the receivers has it. The same key again sends the same frame, unless another
   * has taken its place, and sends nothing once that was accepted. Rejects with DeliveryError: `refused` for DUH,
   * `misconfigured` when no address can be used, otherwise `unreachable`; the frame is then still pending.
   */
  async send(key: string, event: OutgoingEvent, signal: AbortSignal): Promise<Receipt> {
    const attempts: PageAttempts = { times: new Map(), useless: new Set(), isMisconfigured: true };
    for (let left = maxAttempts; left > 0 && !signal.aborted; left -= 1) {
      const acceptedAt = await this.#queue.run(signal, () => this.#attempt(key, event, attempts, signal));
      if (acceptedAt !== null) return { acceptedAt };
    }
    throw createLateError();
  }

  /**
   * Makes one attempt for the pending frame, whichever page it is of. Resolves with when the event of `key` was
   * accepted, epoch milliseconds; null when not yet.
   */
  async #attempt(
    key: string,
    event: OutgoingEvent,
    attempts: PageAttempts,
    signal: AbortSignal,
  ): Promise<number | null> {
    const journal = this.#journal;
    if (!(await isDoneBefore(this.#loaded, signal)) || !(await isDoneBefore(journal.load(), signal))) {
      throw createLateError();
    }
    const acceptedAt = journal.acceptedAt(key);
    if (acceptedAt !== null) return acceptedAt;
    const receiver = chooseReceiver(this.#receivers, attempts, this.#host.clock.now());
    if (journal.pending?.key !== key) journal.makeRoom();
    const build = (sequence: number) => this.#build(event, sequence, receiver);
    const pending = journal.pending ?? (await journal.addFrame(key, event, build));
    const outcome = await this.#tryOnce(pending, receiver, signal);
    const isOwn = pending.key === key;
    if (outcome === "taken" || outcome === "refused") return this.#end(outcome, isOwn, receiver);
    if (signal.aborted) throw createLateError();
    journal.markUnanswered();
    if (outcome === "silent") receiver.silentAt = this.#host.clock.now();
    if (!isOwn) return null;
    attempts.times.set(receiver, (attempts.times.get(receiver) ?? 0) + 1);
    if (outcome !== "silent") attempts.useless.add(receiver);
    if (outcome !== "misconfigured") attempts.isMisconfigured = false;
    return null;
  }

  /**
   * Ends the pending frame. For the page that it is of: resolves with when it was taken, or rejects. For another page:
   * resolves with null.
   */
  async #end(outcome: "taken" | "refused", isOwn: boolean, { name }: Receiver): Promise<number | null> {
    if (outcome === "taken") {
      const takenAt = this.#host.clock.wall();
      await this.#journal.endFrame(takenAt);
      return isOwn ? takenAt : null;
    }
    this.#host.note("alarm-centre-event-refused", { receiver: name });
    await this.#journal.endFrame(null);
    if (!isOwn) return null;
    throw new DeliveryError("refused", "The alarm centre answered that it can't process this.");
  }

  /**
   * Sends the frame once. A NAK says that the time in it is wrong by the receiver's clock, so it is sent once more with
   * the corrected time. A second NAK, or one without a time for a frame that is not old, means something else, such as
   * a wrong key, and a repeat would not help.
   */
  async #tryOnce(pending: PendingFrame, receiver: Receiver, signal: AbortSignal): Promise<Outcome> {
    const { clock } = this.#host;
    using timeout = clock.timeout(attemptMs);
    const attemptSignal = AbortSignal.any([signal, timeout.signal]);
    const isOld = clock.now() - pending.stampedAt > oldMs;
    let frame: Buffer = Buffer.from(pending.frame, "base64");
    for (const isCorrected of [false, true]) {
      const answer = await exchange(frame, receiver.address, attemptSignal).catch(toOutcome);
      if (typeof answer === "string") return answer;
      receiver.silentAt = null;
      const result = evaluateAnswer(answer, toDigits(pending.sequence), this.#keys);
      if (result.kind === "refused" || result.kind === "unusable") return result.kind;
      if (result.kind === "taken") {
        if (receiver.offset.isTimely(result.sealedAt)) return "taken";
        receiver.offset.learnFromSeal(result.sealedAt);
      }
      const clockAt = result.kind === "wrong-time" ? result.clockAt : null;
      const isLearned = clockAt !== null && receiver.offset.learnFromNak(clockAt);
      if (isCorrected || !(isLearned || isOld)) return "unusable";
      frame = this.#build(pending.event, pending.sequence, receiver);
      await this.#journal.replaceFrame(frame);
    }
    return "unusable";
  }

  #build(event: OutgoingEvent, sequence: number, { offset }: Receiver): Buffer {
    return toEventFrame(this.#from, event, sequence, offset.now());
  }
}

function toOutcome(error: unknown): Outcome {
  return error instanceof DeliveryError && error.reason === "misconfigured" ? "misconfigured" : "silent";
}
