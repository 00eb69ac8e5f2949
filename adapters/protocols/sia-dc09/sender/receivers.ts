import { DeliveryError } from "../../../../bot/errors.ts";
import type { ClockOffset } from "./clock-offset.ts";
import type { ReceiverAddress } from "./exchange.ts";
import { createLateError } from "./queue.ts";

/** One of the alarm centre's receivers. */
export interface Receiver {
  readonly name: "primary" | "secondary";
  readonly address: ReceiverAddress;
  readonly offset: ClockOffset;
  /** Whether it left three polls unanswered. */
  isLost: boolean;
  /** When it last left an event unanswered, epoch milliseconds; null when it has answered since. */
  silentAt: number | null;
}

/** The attempts of one page so far. */
export interface PageAttempts {
  readonly times: Map<Receiver, number>;
  /** Receivers that this page does not try again: their answer proves nothing, or their address can't be used. */
  readonly useless: Set<Receiver>;
  /** Whether no attempt so far was made with an address that can be used. */
  isMisconfigured: boolean;
  /** How many attempts got no answer. */
  silences: number;
}

/** For this long a receiver that left an event unanswered is tried after the other. */
const silentMs = 60_000;

/**
 * Chooses the receiver that a page tries next: the one it tried least often; of these one that is not lost; of these
 * one that was not silent lately, else the one that was silent longest ago; of equals the first in the list. Throws
 * DeliveryError when none is left. `now` in epoch milliseconds.
 */
export function chooseReceiver(receivers: readonly Receiver[], attempts: PageAttempts, now: number): Receiver {
  const { times, useless, isMisconfigured } = attempts;
  const toRank = (one: Receiver): readonly number[] => {
    const { isLost, silentAt } = one;
    const isSilent = silentAt !== null && now - silentAt < silentMs;
    return [times.get(one) ?? 0, Number(isLost), isSilent ? silentAt : 0];
  };
  const left = receivers.filter((one) => !useless.has(one));
  const [first] = left.toSorted((one, other) => compareRanks(toRank(one), toRank(other)));
  if (first !== undefined) return first;
  if (!isMisconfigured) throw createLateError();
  throw new DeliveryError("misconfigured", "The addresses of the receivers can't be used.");
}

function compareRanks(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at === -1 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}
