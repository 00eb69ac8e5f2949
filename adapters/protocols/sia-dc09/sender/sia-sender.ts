import { isDeepStrictEqual } from "node:util";
import type { PagerHost, Receipt } from "../../../../bot/contracts.ts";
import { DeliveryError } from "../../../../bot/errors.ts";
import { isTimeRight } from "../frame/content.ts";
import {
  type OutgoingAccount,
  type OutgoingEvent,
  type TimelyEvent,
  toBare,
  toDigits,
  toEventFrame,
} from "./event-frame.ts";
import { exchange } from "./exchange.ts";
import type { KeyReadings } from "./key-readings.ts";
import { evaluateAnswer, readSentAt } from "./outgoing-answer.ts";
import { createLateError, isDoneBefore, Queue } from "./queue.ts";
import { chooseReceiver, type PageAttempts, type Receiver } from "./receivers.ts";
import { type PendingFrame, SendJournal } from "./send-journal.ts";

/** How long one receiver has to answer before the other is tried, and how many attempts one page makes. */
const attemptMs = 2_900;
const maxAttempts = 4;
/** A frame older than this may be refused for its age alone: receivers take a time that is up to 40 s behind theirs. */
const oldMs = 20_000;

/** After so many attempts without an answer an event goes out bare: each of two receivers was tried once by then. */
const silencesBeforeBare = 2;

/**
 * `wrong-time`: NAK, although the time is right as far as we know. `wrong-key`: an acknowledgement by the other
 * key that ours may be, from a receiver that acknowledges what it can't decrypt.
 */
type Outcome = "taken" | "refused" | "wrong-time" | "wrong-key" | "unusable" | "silent" | "misconfigured";

/** One way to send an event: all of it or bare, encrypted by one of the keys that ours may be. */
interface Form {
  readonly event: OutgoingEvent;
  readonly key: Buffer | null;
}

/** An event that is being sent. `isOver`: its alarm has ended meanwhile. */
interface Sending {
  readonly key: string;
  readonly timely: TimelyEvent;
  readonly attempts: PageAttempts;
  isOver: boolean;
}

/**
 * Sends one account's events, one after the other. ANSI/SIA DC-09 asks for one message at a time, repeated until it is
 * acknowledged. One exception: a frame without a usable answer makes room for another page, because a receiver that
 * never answers it must not cost the alarms that follow.
 */
export class SiaSender {
  readonly #host: PagerHost;
  readonly #from: OutgoingAccount;
  readonly #readings: KeyReadings;
  readonly #receivers: readonly Receiver[];
  readonly #journal: SendJournal;
  readonly #queue = new Queue();
  readonly #underWay = new Set<Sending>();
  readonly #loaded: Promise<void>;

  /** Begins to load from disk at once, before an alarm needs it. `receivers`: the preferred one first. */
  constructor(host: PagerHost, from: OutgoingAccount, readings: KeyReadings, receivers: readonly Receiver[]) {
    this.#host = host;
    this.#from = from;
    this.#readings = readings;
    this.#receivers = receivers;
    this.#journal = new SendJournal(host, from);
    const offsets = receivers.map(({ offset }) => offset.load());
    this.#loaded = Promise.all([this.#journal.load(), readings.load(), ...offsets]).then(() => {});
  }

  /**
   * Sends `timely` for `key` until one of the receivers has it. The same key again sends the event as it is by then
   * under the same sequence, in the same frame where nothing is new, unless another has taken its place; and sends
   * nothing once that was accepted. Rejects with DeliveryError: `refused` for DUH, for an end at an account where
   * another alarm is open by then, and for what its own alarm's end has overtaken; `misconfigured` when no address can
   * be used, otherwise `unreachable`; the frame is then still pending.
   */
  async send(key: string, timely: TimelyEvent, signal: AbortSignal): Promise<Receipt> {
    const attempts: PageAttempts = { times: new Map(), useless: new Set(), isMisconfigured: true, silences: 0 };
    const sending: Sending = { key, timely, attempts, isOver: false };
    this.#underWay.add(sending);
    try {
      for (let left = maxAttempts; left > 0 && !signal.aborted; left -= 1) {
        const acceptedAt = await this.#queue.run(signal, () => this.#attempt(sending, signal));
        if (acceptedAt !== null) return { acceptedAt };
      }
      throw createLateError();
    } finally {
      this.#underWay.delete(sending);
    }
  }

  /**
   * The accounts at which the alarms of these pages were begun, and that alarm by any page, as from memory; the oldest
   * first; empty when none was, or many others were since. Rejects with DeliveryError while that can't be known.
   */
  async accountsOf(
    pages: readonly string[],
    signal: AbortSignal,
    alarm: string | null = null,
  ): Promise<readonly string[]> {
    await this.#load(signal);
    return this.#journal.accountsOf(pages, alarm);
  }

  /**
   * Notes that this alarm is over, before its ends are sent: what is under way of it is tried no more, because it would
   * begin it anew behind them. Rejects as `accountsOf` does.
   */
  async noteOver(alarm: string, signal: AbortSignal): Promise<void> {
    for (const sending of this.#underWay) {
      const { event } = sending.timely;
      if (event.alarm === alarm && !event.isEnd && !event.isTest) sending.isOver = true;
    }
    await this.#load(signal);
    await this.#journal.noteOver(alarm);
  }

  /** Whether the receiver has another account or text of the alarm that this begins. Rejects as `accountsOf` does. */
  async isNews({ kept }: TimelyEvent, signal: AbortSignal): Promise<boolean> {
    await this.#load(signal);
    return this.#journal.isNews(kept);
  }

  async #load(signal: AbortSignal): Promise<void> {
    const isLoaded = (await isDoneBefore(this.#loaded, signal)) && (await isDoneBefore(this.#journal.load(), signal));
    if (!isLoaded) throw createLateError();
  }

  /**
   * Makes one attempt for the pending frame, whichever page it is of. Resolves with when the event of `key` was
   * accepted, epoch milliseconds; null when not yet.
   */
  async #attempt(sending: Sending, signal: AbortSignal): Promise<number | null> {
    const { key, timely, attempts } = sending;
    const journal = this.#journal;
    await this.#load(signal);
    const acceptedAt = journal.acceptedAt(key);
    if (acceptedAt !== null) return acceptedAt;
    if (sending.isOver) {
      if (journal.pending?.key === key) journal.drop();
      throw new DeliveryError("refused", "Its alarm has ended meanwhile.");
    }
    // Before each attempt: another alarm may have begun there since the one before, or since the end was stored.
    if (journal.pending !== null && journal.endsAnother(journal.pending.event)) journal.drop();
    if (journal.endsAnother(timely.event)) {
      throw new DeliveryError("refused", "Another alarm is open under the same account.");
    }
    const receiver = chooseReceiver(this.#receivers, attempts, this.#host.clock.now());
    if (journal.pending?.key !== key) journal.makeRoom();
    else if (journal.pending.event.account !== timely.event.account) journal.drop();
    const form = { event: timely.event, key: this.#readings.keyFor(receiver.name) };
    const build = (sequence: number) => this.#build(form, sequence, receiver);
    const pending = journal.pending ?? (await journal.addFrame(key, timely, build));
    const isOwn = pending.key === key;
    const isBare = isOwn && attempts.silences >= silencesBeforeBare;
    // Who is called back for another page is not known here, and may be somebody else by now.
    const sent = isOwn ? timely : { event: pending.kept, kept: pending.kept };
    const outcome = await this.#tryOnce(pending, sent, isBare, receiver, signal);
    if (outcome === "taken" || outcome === "refused") return this.#end(outcome, isOwn, receiver);
    journal.noteMaybeTaken();
    if (signal.aborted) throw createLateError();
    journal.markUnanswered();
    if (outcome === "silent") receiver.silentAt = this.#host.clock.now();
    if (!isOwn) return null;
    attempts.times.set(receiver, (attempts.times.get(receiver) ?? 0) + 1);
    if (outcome === "silent") attempts.silences += 1;
    else attempts.useless.add(receiver);
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
   * Makes one attempt. What the receiver does not take for its form alone, it may take in another one: bare, or by the
   * other key that ours may be. Those are tried in what is left of the attempt's time, and unless one of them is taken
   * the outcome is that of the first.
   */
  async #tryOnce(
    pending: PendingFrame,
    timely: TimelyEvent,
    isBare: boolean,
    receiver: Receiver,
    signal: AbortSignal,
  ): Promise<Outcome> {
    using timeout = this.#host.clock.timeout(attemptMs);
    const attemptSignal = AbortSignal.any([signal, timeout.signal]);
    const [usual, ...others] = this.#toForms(timely.event, isBare, receiver);
    const outcome = await this.#tryForm(pending, timely, usual, others.length === 0, receiver, attemptSignal);
    if (outcome === "taken") this.#noteTaken(timely, usual, receiver);
    const isOfForm = outcome === "wrong-time" || outcome === "refused";
    for (const form of others.filter(({ key }) => isOfForm || (outcome === "wrong-key" && key !== usual.key))) {
      if (attemptSignal.aborted) break;
      const other = await this.#tryForm(pending, timely, form, false, receiver, attemptSignal);
      if (other !== "refused") this.#journal.noteMaybeTaken();
      if (other !== "taken") continue;
      this.#noteTaken(timely, form, receiver);
      return "taken";
    }
    return outcome;
  }

  /** The forms of an event for that receiver, in the order in which they are tried. */
  #toForms(event: OutgoingEvent, isBare: boolean, { name }: Receiver): readonly [Form, ...Form[]] {
    const readings = this.#readings;
    const key = readings.keyFor(name);
    const bare = toBare(event);
    const first = bare !== null && isBare ? bare : event;
    const events = bare === null || isBare ? [first] : [event, bare];
    const other = readings.isKnown(name) ? null : readings.otherFor(name);
    const keys = other === null ? [key] : [key, other];
    const [, ...others] = keys.flatMap((each) => events.map((one) => ({ event: one, key: each })));
    return [{ event: first, key }, ...others];
  }

  /**
   * Sends one form. A NAK says that the time in it is wrong by the receiver's clock, so it is sent once more with the
   * corrected time. A second NAK, or one without a time for a frame that is not old, means something else, and a repeat
   * would not help. Nor does a first one whose time agrees with ours, unless this form is the only one.
   */
  async #tryForm(
    pending: PendingFrame,
    timely: TimelyEvent,
    form: Form,
    isOnly: boolean,
    receiver: Receiver,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { event, key } = form;
    const { frame: stored } = pending;
    const isStored = stored !== null && isDeepStrictEqual(event, pending.event) && readSentAt(stored, key) !== null;
    const isOld = isStored && Math.abs(this.#host.clock.now() - pending.stampedAt) > oldMs;
    let frame = isStored ? stored : await this.#renew(pending, timely, form, receiver);
    for (const isCorrected of [false, true]) {
      const answer = await exchange(frame, receiver.address, signal).catch(toOutcome);
      if (typeof answer === "string") return answer;
      receiver.silentAt = null;
      const sequence = toDigits(pending.sequence);
      const result = evaluateAnswer(answer, sequence, key === null ? [] : [key]);
      if (result.kind === "refused") return result.kind;
      if (result.kind === "unusable") {
        const other = this.#readings.otherFor(receiver.name);
        const isOfOther = other !== null && evaluateAnswer(answer, sequence, [other]).kind === "taken";
        return isOfOther ? "wrong-key" : result.kind;
      }
      if (result.kind === "taken") {
        if (receiver.offset.isTimely(result.sealedAt)) return "taken";
        receiver.offset.learnFromSeal(result.sealedAt);
      }
      const clockAt = result.kind === "wrong-time" ? result.clockAt : null;
      const isLearned = clockAt !== null && receiver.offset.learnFromNak(clockAt);
      const isAgreed = clockAt !== null && isTimeRight(readSentAt(frame, key) ?? 0, clockAt);
      if (isCorrected || !(isLearned || isOld) || (isAgreed && !isOnly)) {
        return result.kind === "taken" ? "unusable" : result.kind;
      }
      frame = await this.#renew(pending, timely, form, receiver);
    }
    return "unusable";
  }

  /** A frame with the present time; in the journal when it is the event as the page has it. */
  async #renew(pending: PendingFrame, timely: TimelyEvent, form: Form, receiver: Receiver): Promise<Buffer> {
    const frame = this.#build(form, pending.sequence, receiver);
    const isUsual = form.event === timely.event && form.key === this.#readings.keyFor(receiver.name);
    if (isUsual) await this.#journal.replaceFrame(timely, frame);
    return frame;
  }

  #noteTaken({ event }: TimelyEvent, form: Form, { name }: Receiver): void {
    this.#readings.keep(name, form.key);
    if (form.event !== event) this.#host.note("alarm-centre-event-taken-bare", { receiver: name });
  }

  #build({ event, key }: Form, sequence: number, { offset }: Receiver): Buffer {
    return toEventFrame({ ...this.#from, key }, event, sequence, offset.now());
  }
}

function toOutcome(error: unknown): Outcome {
  return error instanceof DeliveryError && error.reason === "misconfigured" ? "misconfigured" : "silent";
}
