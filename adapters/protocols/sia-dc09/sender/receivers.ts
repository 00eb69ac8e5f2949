import { DeliveryError } from "../../../../bot/errors.ts";
import type { ClockOffset } from "./clock-offset.ts";
import type { ReceiverAddress } from "./exchange.ts";
import { createLateError } from "./queue.ts";

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

/** What one page asked of the receivers so far. */
export interface ReceiverChoice {
  readonly times: Map<Receiver, number>;
  /** Answered what proves nothing: not asked again this time. */
  readonly useless: Set<Receiver>;
  isMisconfigured: boolean;
}

/** A receiver that left an event without an answer comes second for so long. */
const silentMs = 60_000;

/**
 * The receiver that a page asks next: each in its turn, the likelier first, and of equals the one that stands first.
 * Throws DeliveryError where none is left. `now` in epoch milliseconds.
 */
export function chooseReceiver(receivers: readonly Receiver[], asked: ReceiverChoice, now: number): Receiver {
  const { times, useless, isMisconfigured } = asked;
  const toRank = (one: Receiver): readonly number[] => {
    const { isLost, silentAt } = one;
    const isSilent = silentAt !== null && now - silentAt < silentMs;
    return [times.get(one) ?? 0, Number(isLost), isSilent ? silentAt : 0];
  };
  const left = receivers.filter((one) => !useless.has(one));
  const [first] = left.toSorted((one, other) => compare(toRank(one), toRank(other)));
  if (first !== undefined) return first;
  if (!isMisconfigured) throw createLateError();
  throw new DeliveryError("misconfigured", "The addresses of the receivers can't be used.");
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at === -1 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}
