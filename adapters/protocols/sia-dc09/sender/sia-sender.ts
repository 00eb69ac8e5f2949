import type { PagerHost, Receipt } from "../../../../bot/contracts.ts";
import { DeliveryError } from "../../../../bot/errors.ts";
import { type OutgoingAccount, type OutgoingEvent, toDigits, toEventFrame } from "./event-frame.ts";
import { exchange } from "./exchange.ts";
import { evaluateAnswer } from "./outgoing-answer.ts";
import { createLateError, isDoneBefore, Queue } from "./queue.ts";
import { chooseReceiver, type Receiver, type ReceiverChoice } from "./receivers.ts";
import { type Pending, SendJournal } from "./send-journal.ts";

/** How long one receiver has to answer before the other is tried, and how often that is done for one page. */
const attemptMs = 2_900;
const maxAttempts = 4;
/** Receivers take a time that is 40 s behind theirs; a frame older than this may be refused for its age alone. */
const oldMs = 20_000;

type Outcome = "taken" | "refused" | "unusable" | "silent" | "misconfigured";

/**
 * Sender of one account's events, one after the other. ANSI/SIA DC-09: one message at a time, the same again until it
 * is acknowledged. With one exception: a frame that nothing came of gives way to another page, because a receiver that
 * swallows one must not cost the alarms behind it.
 */
export class SiaSender {
  readonly #host: PagerHost;
  readonly #from: OutgoingAccount;
  readonly #keys: readonly Buffer[];
  readonly #receivers: readonly Receiver[];
  readonly #ledger: SendJournal;
  readonly #queue = new Queue();
  readonly #loaded: Promise<void>;

  /**
   * Reads at once what is on disk, while nothing is wrong yet. `keys` are what answers may be encrypted by, none where
   * we have no key; the preferred one of `receivers` comes first.
   */
  constructor(host: PagerHost, from: OutgoingAccount, keys: readonly Buffer[], receivers: readonly Receiver[]) {
    this.#host = host;
    this.#from = from;
    this.#keys = keys;
    this.#receivers = receivers;
    this.#ledger = new SendJournal(host, from);
    const offsets = receivers.map(({ offset }) => offset.load());
    this.#loaded = Promise.all([this.#ledger.load(), ...offsets]).then(() => {});
  }

  /**
   * Sends `event` for `key` until one of the receivers has it. The same key again is the same frame as long as no other
   * has taken its place, or nothing once that was accepted. Rejects with DeliveryError: `refused` for DUH,
   * `misconfigured` where nothing may be sent, otherwise `unreachable`; the frame is then still the one on its way.
   */
  async send(key: string, event: OutgoingEvent, signal: AbortSignal): Promise<Receipt> {
    const asked: ReceiverChoice = { times: new Map(), useless: new Set(), isMisconfigured: true };
    for (let left = maxAttempts; left > 0 && !signal.aborted; left -= 1) {
      const acceptedAt = await this.#queue.run(signal, () => this.#attempt(key, event, asked, signal));
      if (acceptedAt !== null) return { acceptedAt };
    }
    throw createLateError();
  }

  /**
   * One attempt, for what is on its way. Resolves with when the event of `key` was accepted, epoch milliseconds; null
   * when not yet.
   */
  async #attempt(
    key: string,
    event: OutgoingEvent,
    asked: ReceiverChoice,
    signal: AbortSignal,
  ): Promise<number | null> {
    const ledger = this.#ledger;
    if (!(await isDoneBefore(this.#loaded, signal)) || !(await isDoneBefore(ledger.load(), signal))) {
      throw createLateError();
    }
    const acceptedAt = ledger.acceptedAt(key);
    if (acceptedAt !== null) return acceptedAt;
    const receiver = chooseReceiver(this.#receivers, asked, this.#host.clock.now());
    if (ledger.pending?.key !== key) ledger.makeWay();
    const build = (sequence: number) => this.#build(event, sequence, receiver);
    const pending = ledger.pending ?? (await ledger.begin(key, event, build));
    const outcome = await this.#tryOnce(pending, receiver, signal);
    const isOurs = pending.key === key;
    if (outcome === "taken" || outcome === "refused") return this.#end(outcome, isOurs, receiver);
    if (signal.aborted) throw createLateError();
    ledger.leaveUnanswered();
    if (outcome === "silent") receiver.silentAt = this.#host.clock.now();
    if (!isOurs) return null;
    asked.times.set(receiver, (asked.times.get(receiver) ?? 0) + 1);
    if (outcome !== "silent") asked.useless.add(receiver);
    if (outcome !== "misconfigured") asked.isMisconfigured = false;
    return null;
  }

  /**
   * Ends the frame on its way. Resolves and rejects for the page that sent it: another's end is a matter of that page.
   */
  async #end(outcome: "taken" | "refused", isOurs: boolean, { name }: Receiver): Promise<number | null> {
    if (outcome === "taken") {
      const takenAt = this.#host.clock.wall();
      await this.#ledger.end(takenAt);
      return isOurs ? takenAt : null;
    }
    this.#host.note("alarm-centre-event-refused", { receiver: name });
    await this.#ledger.end(null);
    if (!isOurs) return null;
    throw new DeliveryError("refused", "The alarm centre answered that it can't process this.");
  }

  /**
   * Sends the frame once. NAK says that the time in it is wrong by the receiver's clock, so it goes out once more with
   * the time put right. Again a NAK, or one that names no time for a frame that is not old, means something else, such
   * as a wrong key, and more of the same is no help.
   */
  async #tryOnce(pending: Pending, receiver: Receiver, signal: AbortSignal): Promise<Outcome> {
    const { clock } = this.#host;
    using timeout = clock.timeout(attemptMs);
    const inTime = AbortSignal.any([signal, timeout.signal]);
    const isOld = clock.now() - pending.stampedAt > oldMs;
    let frame: Buffer = Buffer.from(pending.frame, "base64");
    for (const isCorrected of [false, true]) {
      const answer = await exchange(frame, receiver.address, inTime).catch(toOutcome);
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
      await this.#ledger.correct(frame);
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
