import type { PagerHost, Receipt } from "../../bot/contracts.ts";
import { DeliveryError } from "../../bot/errors.ts";
import type { ClockOffset } from "./clock-offset.ts";
import { type OutgoingAccount, type OutgoingEvent, toDigits, toEventFrame } from "./event-frame.ts";
import { exchange, type ReceiverAddress } from "./exchange.ts";
import { Ledger, type Pending } from "./ledger.ts";
import { judgeAnswer } from "./outgoing-answer.ts";
import { createTurns, toLate } from "./turns.ts";

/** One of the alarm centre's receivers. */
export interface Receiver {
  readonly name: "primary" | "secondary";
  readonly address: ReceiverAddress;
  /** Whether it left its polls without an answer. */
  isLost: boolean;
}

export interface SenderOptions {
  readonly host: PagerHost;
  readonly from: OutgoingAccount;
  /** What answers may be encrypted by; none where we have no key. */
  readonly keys: readonly Buffer[];
  /** The preferred one first. */
  readonly receivers: readonly Receiver[];
  readonly offset: ClockOffset;
}

/** Sends events of one account, one after the other. */
export interface Sender {
  /**
   * Sends `event` for `key` until one of the receivers has it. The same key again is the same frame, or nothing once that
   * was accepted. Rejects with DeliveryError: `refused` for DUH, `misconfigured` where nothing may be sent, otherwise
   * `unreachable`; the frame is then still the one on its way.
   */
  send(key: string, event: OutgoingEvent, signal: AbortSignal): Promise<Receipt>;
}

/** How long one receiver has to answer before the other is tried, and how often that is done for one page. */
const attemptMs = 2_900;
const attempts = 4;

type Outcome = "taken" | "refused" | "unusable" | "silent" | "misconfigured";

/** See `Sender`. ANSI/SIA DC-09: one message at a time, the same again until it is acknowledged. */
export function createSender({ host, from, keys, receivers, offset }: SenderOptions): Sender {
  const ledger = new Ledger(host, from);
  const takeTurn = createTurns();
  // Read at once, while nothing is wrong yet.
  const loaded = Promise.all([ledger.load(), offset.load()]);
  const build = (event: OutgoingEvent, sequence: number) => toEventFrame(from, event, sequence, offset.now());

  async function send(key: string, event: OutgoingEvent, signal: AbortSignal): Promise<Receipt> {
    await loaded;
    await ledger.load();
    const acceptedAt = ledger.acceptedAt(key);
    if (acceptedAt !== null) return { acceptedAt };
    if (ledger.pending !== null && ledger.pending.key !== key) ledger.dropStale();
    if (ledger.pending !== null && ledger.pending.key !== key) await finish(ledger.pending, signal);
    if (signal.aborted) throw toLate();
    const pending = ledger.pending ?? (await ledger.begin(key, event, (sequence) => build(event, sequence)));
    return { acceptedAt: await deliver(pending, signal) };
  }

  /** Brings what another page left under way to its end. That it was refused is the affair of that page. */
  async function finish(pending: Pending, signal: AbortSignal): Promise<void> {
    try {
      await deliver(pending, signal);
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.reason !== "refused") throw error;
    }
  }

  /** Tries one receiver and the other. One that answered what proves nothing is not asked again this time. */
  async function deliver(pending: Pending, signal: AbortSignal): Promise<number> {
    let asked = receivers.toSorted((one, other) => Number(one.isLost) - Number(other.isLost));
    let isMisconfigured = true;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const receiver = asked[attempt % Math.max(1, asked.length)];
      if (signal.aborted || receiver === undefined) break;
      const outcome = await tryOnce(pending, receiver, signal);
      if (outcome === "taken") {
        const acceptedAt = host.clock.wall();
        await ledger.end(acceptedAt);
        return acceptedAt;
      }
      if (outcome === "refused") {
        host.note("the alarm centre can't process an event", { receiver: receiver.name });
        await ledger.end(null);
        throw new DeliveryError("refused", "The alarm centre answered that it can't process this.");
      }
      if (outcome !== "misconfigured") isMisconfigured = false;
      if (outcome !== "silent") asked = asked.filter((one) => one !== receiver);
    }
    if (signal.aborted || !isMisconfigured) throw toLate();
    throw new DeliveryError("misconfigured", "The addresses of the receivers can't be used.");
  }

  /**
   * NAK says that the time in the frame is wrong by the receiver's clock, so it goes out once more with the time put right.
   * Again a NAK, or one that names no time: it means something else, such as a wrong key, and more of the same is no help.
   */
  async function tryOnce(pending: Pending, receiver: Receiver, signal: AbortSignal): Promise<Outcome> {
    using timeout = host.clock.timeout(attemptMs);
    const inTime = AbortSignal.any([signal, timeout.signal]);
    let frame: Buffer = Buffer.from(pending.frame, "base64");
    for (const isCorrected of [false, true]) {
      const answer = await exchange(frame, receiver.address, inTime).catch(toOutcome);
      if (typeof answer === "string") return answer;
      const judgement = judgeAnswer(answer, toDigits(pending.sequence), keys);
      if (judgement.kind !== "wrong-time") return judgement.kind;
      if (isCorrected || judgement.clockAt === null) return "unusable";
      offset.learn(judgement.clockAt);
      frame = build(pending.event, pending.sequence);
      await ledger.correct(frame);
    }
    return "unusable";
  }

  return {
    async send(key, event, signal) {
      if (signal.aborted) throw toLate();
      return takeTurn(signal, () => send(key, event, signal));
    },
  };
}

function toOutcome(error: unknown): Outcome {
  return error instanceof DeliveryError && error.reason === "misconfigured" ? "misconfigured" : "silent";
}
