import type { PagerHost, Receipt } from "../../../../bot/contracts.ts";
import { DeliveryError } from "../../../../bot/errors.ts";
import type { ClockOffset } from "./clock-offset.ts";
import { type OutgoingAccount, type OutgoingEvent, toDigits, toEventFrame } from "./event-frame.ts";
import { exchange, type ReceiverAddress } from "./exchange.ts";
import { Ledger, type Pending } from "./ledger.ts";
import { evaluateAnswer } from "./outgoing-answer.ts";
import { createTurns, isDoneBefore, toLate } from "./queue.ts";

/** One of the alarm centre's receivers. */
export interface Receiver {
  readonly name: "primary" | "secondary";
  readonly address: ReceiverAddress;
  readonly offset: ClockOffset;
  /** Whether it left its polls without an answer. */
  isLost: boolean;
  /** When it last left an event without an answer, epoch milliseconds; null when it has answered since. */
  silentAt: number | null;
}

export interface SenderOptions {
  readonly host: PagerHost;
  readonly from: OutgoingAccount;
  /** What answers may be encrypted by; none where we have no key. */
  readonly keys: readonly Buffer[];
  /** The preferred one first. */
  readonly receivers: readonly Receiver[];
}

/** Sends events of one account, one after the other. */
export interface Sender {
  /**
   * Sends `event` for `key` until one of the receivers has it. The same key again is the same frame as long as no other has
   * taken its place, or nothing once that was accepted. Rejects with DeliveryError: `refused` for DUH, `misconfigured` where
   * nothing may be sent, otherwise `unreachable`; the frame is then still the one on its way.
   */
  send(key: string, event: OutgoingEvent, signal: AbortSignal): Promise<Receipt>;
}

/** How long one receiver has to answer before the other is tried, and how often that is done for one page. */
const attemptMs = 2_900;
const attempts = 4;
/** Receivers take a time that is 40 s behind theirs; a frame older than this may be refused for its age alone. */
const oldMs = 20_000;
/** A receiver that left an event without an answer comes second for so long. */
const silentMs = 60_000;

type Outcome = "taken" | "refused" | "unusable" | "silent" | "misconfigured";

/** What one page asked of the receivers so far. */
interface Asked {
  readonly times: Map<Receiver, number>;
  /** Answered what proves nothing: not asked again this time. */
  readonly useless: Set<Receiver>;
  isMisconfigured: boolean;
}

/**
 * See `Sender`. ANSI/SIA DC-09: one message at a time, the same again until it is acknowledged. With one exception: a frame
 * that nothing came of gives way to another page, since a receiver that swallows one must not cost the alarms behind it.
 */
export function createSender({ host, from, keys, receivers }: SenderOptions): Sender {
  const ledger = new Ledger(host, from);
  const takeTurn = createTurns();
  // Read at once, while nothing is wrong yet.
  const loaded = Promise.all([ledger.load(), ...receivers.map(({ offset }) => offset.load())]).then(() => {});
  const build = (event: OutgoingEvent, sequence: number, { offset }: Receiver) =>
    toEventFrame(from, event, sequence, offset.now());

  /** One turn: one attempt, for what is on its way. When it was accepted, epoch milliseconds; null when not yet. */
  async function attempt(key: string, event: OutgoingEvent, asked: Asked, signal: AbortSignal): Promise<number | null> {
    if (!(await isDoneBefore(loaded, signal)) || !(await isDoneBefore(ledger.load(), signal))) throw toLate();
    const acceptedAt = ledger.acceptedAt(key);
    if (acceptedAt !== null) return acceptedAt;
    const receiver = choose(asked);
    if (ledger.pending?.key !== key) ledger.makeWay();
    const pending = ledger.pending ?? (await ledger.begin(key, event, (sequence) => build(event, sequence, receiver)));
    const outcome = await tryOnce(pending, receiver, signal);
    const isOurs = pending.key === key;
    if (outcome === "taken") {
      const takenAt = host.clock.wall();
      await ledger.end(takenAt);
      return isOurs ? takenAt : null;
    }
    if (outcome === "refused") {
      host.note("the alarm centre can't process an event", { receiver: receiver.name });
      await ledger.end(null);
      // That another page's was refused is the affair of that page.
      if (isOurs) throw new DeliveryError("refused", "The alarm centre answered that it can't process this.");
      return null;
    }
    if (signal.aborted) throw toLate();
    ledger.leaveUnanswered();
    if (outcome === "silent") receiver.silentAt = host.clock.now();
    if (!isOurs) return null;
    asked.times.set(receiver, (asked.times.get(receiver) ?? 0) + 1);
    if (outcome !== "silent") asked.useless.add(receiver);
    if (outcome !== "misconfigured") asked.isMisconfigured = false;
    return null;
  }

  /** By turns, the likelier first. Throws where none is left. */
  function choose({ times, useless, isMisconfigured }: Asked): Receiver {
    const rank = (one: Receiver): readonly number[] => {
      const isSilent = one.silentAt !== null && host.clock.now() - one.silentAt < silentMs;
      return [times.get(one) ?? 0, Number(one.isLost), isSilent ? (one.silentAt ?? 0) : 0];
    };
    const left = receivers.filter((one) => !useless.has(one));
    const [first] = left.toSorted((one, other) => compare(rank(one), rank(other)));
    if (first !== undefined) return first;
    if (!isMisconfigured) throw toLate();
    throw new DeliveryError("misconfigured", "The addresses of the receivers can't be used.");
  }

  /**
   * NAK says that the time in the frame is wrong by the receiver's clock, so it goes out once more with the time put right.
   * Again a NAK, or one that names no time for a frame that is not old: it means something else, such as a wrong key, and
   * more of the same is no help.
   */
  async function tryOnce(pending: Pending, receiver: Receiver, signal: AbortSignal): Promise<Outcome> {
    using timeout = host.clock.timeout(attemptMs);
    const inTime = AbortSignal.any([signal, timeout.signal]);
    const isOld = host.clock.now() - pending.stampedAt > oldMs;
    let frame: Buffer = Buffer.from(pending.frame, "base64");
    for (const isCorrected of [false, true]) {
      const answer = await exchange(frame, receiver.address, inTime).catch(toOutcome);
      if (typeof answer === "string") return answer;
      receiver.silentAt = null;
      const result = evaluateAnswer(answer, toDigits(pending.sequence), keys);
      if (result.kind === "refused" || result.kind === "unusable") return result.kind;
      if (result.kind === "taken") {
        if (receiver.offset.isTimely(result.sealedAt)) return "taken";
        receiver.offset.learnFromSeal(result.sealedAt);
      }
      const clockAt = result.kind === "wrong-time" ? result.clockAt : null;
      const isLearned = clockAt !== null && receiver.offset.learnFromNak(clockAt);
      if (isCorrected || !(isLearned || isOld)) return "unusable";
      frame = build(pending.event, pending.sequence, receiver);
      await ledger.correct(frame);
    }
    return "unusable";
  }

  return {
    async send(key, event, signal) {
      const asked: Asked = { times: new Map(), useless: new Set(), isMisconfigured: true };
      for (let left = attempts; left > 0 && !signal.aborted; left -= 1) {
        const acceptedAt = await takeTurn(signal, () => attempt(key, event, asked, signal));
        if (acceptedAt !== null) return { acceptedAt };
      }
      throw toLate();
    },
  };
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at === -1 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

function toOutcome(error: unknown): Outcome {
  return error instanceof DeliveryError && error.reason === "misconfigured" ? "misconfigured" : "silent";
}
