import type { DeliveryError } from "../../../errors.ts";
import type { SendOutcome } from "../../../ports/send-outcome.ts";
import type { OutboxRow } from "../../../ports/store/outbox.ts";
import type { Sender } from "./sender.ts";

const maxBackoffMs = 30_000;
/** The longest wait that another side may ask for, because somebody may be in danger. */
const maxWaitMs = 60_000;
/** For whoever is held back, and not told for how long. */
const usualWaitMs = 1_000;

type Tried = Pick<OutboxRow, "id" | "attempts">;

/**
 * How long to wait before the next try, in milliseconds: what the other side asks for, else `ownMs`, else the usual
 * back-off. `attempts`: how often it failed before.
 */
function toWaitMs(tried: Tried, failure: DeliveryError, ownMs: number | null = null): number {
  return Math.min(maxWaitMs, failure.retryAfterMs ?? ownMs ?? toBackoffMs(tried, failure));
}

/**
 * The wait before the next try: 1, 2, 4 … 30 s; 1, 4, 16, 60 s where the other side may have it already, because each
 * repetition may be one more card or call. Up to a quarter of a second more by the row, so that many do not come back
 * at the same moment.
 */
function toBackoffMs({ id, attempts }: Tried, { mayHaveArrived }: DeliveryError): number {
  const [factor, maxMs] = mayHaveArrived ? [4, maxWaitMs] : [2, maxBackoffMs];
  return Math.min(maxMs, 1_000 * factor ** Math.min(attempts, 10)) + ((id * 7_919) % 250);
}

/** What was not tried has not failed either. */
export function toComeBack({ retryAfterMs }: DeliveryError, now: number): SendOutcome {
  return { kind: "again", at: now + Math.min(maxWaitMs, retryAfterMs ?? usualWaitMs) };
}

export function toAgainAt(outcome: SendOutcome): number | null {
  return outcome.kind === "again" ? outcome.at : null;
}

/** When a message that failed is tried again, in epoch milliseconds; null: it is given up. */
export async function decideRetryAt(
  sender: Sender,
  row: OutboxRow,
  failure: DeliveryError,
  now: number,
): Promise<number | null> {
  const nextAt = now + toWaitMs(row, failure, sender.waitMs?.(row, failure));
  return (await sender.retry({ attempts: row.attempts + 1, failure, nextAt }, row)) ? nextAt : null;
}
