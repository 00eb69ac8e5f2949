import type { Incident } from "../../../domain/incident/incident.ts";
import { tagOf } from "../../../domain/incident/policy.ts";
import type { DeliveryError } from "../../../errors.ts";
import type { SendOutcome } from "../../../ports/send-outcome.ts";
import type { Calling } from "../../../ports/store/outbox.ts";
import type { Transaction } from "../../../ports/store/store.ts";
import type { Request } from "../../kernel/decisions.ts";
import type { OpenIncident } from "../../kernel/open/open-incident.ts";

/** A message that goes out from memory. */
export interface Sending {
  readonly incident: string;
  /**
   * By which its provider knows a page, over all tries: who is killed now forgets it, and what the next process pages
   * for that step must not pass for a retry. Any other message has the key of its row.
   */
  readonly key: string;
  /** Whether it is known of once all that is kept is written. Else another one of that key may follow. */
  readonly isKept: boolean;
  /** Its try that is under way. */
  trying: Promise<unknown>;
  isSent: boolean;
  rang?: SendOutcome["rang"];
  /** Whether the outbox has it from now on, or another one of its key. */
  isTaken: boolean;
  /** Saves where it stands, of each try that got something out. */
  readonly records: ((tx: Transaction) => Promise<void>)[];
  isRecorded: boolean;
}

/** When it is tried again, in epoch milliseconds. `isFailed`: it was tried in vain, and not held back. */
export interface Again {
  readonly at: number;
  readonly isFailed: boolean;
}

/** `key`: by which its provider has a page; null: that of its row. `rang` as of `SendOutcome`. */
interface AsSent {
  readonly key: string | null;
  readonly rang?: SendOutcome["rang"];
}

/** What came of a try; `isWithheld` left out: it was sent, or failed. */
interface Tried {
  readonly failure: DeliveryError | null;
  readonly isRetried: boolean;
  readonly isWithheld?: boolean;
}

/**
 * What its incident is told of a try, as the senders of the outbox do; null: nothing. `known`: the incident as memory
 * has it; null or left out: it does not.
 */
export function toResultRequest(
  { key, outgoing }: Calling,
  { key: sentAs, rang = { ring: 0, rung: [] } }: AsSent,
  { failure, isRetried, isWithheld = false }: Tried,
  known: OpenIncident | null = null,
): Request | null {
  switch (outgoing.kind) {
    case "card":
      return failure === null
        ? { kind: "card-posted", ring: rang.ring, rung: rang.rung }
        : { kind: "card-failed", reason: failure.reason };
    case "page": {
      const page = { key, ...(sentAs !== null && { sentAs }) };
      return failure === null
        ? { kind: "page-accepted", ...page }
        : { kind: "page-failed", reason: failure.reason, ...page };
    }
    case "message":
    case "call":
      // A refusal of a message may be false, so it is told once it is final.
      if (outgoing.kind === "message" && isRetried && failure?.reason === "refused") return null;
      if (isWithheld) return { kind: "delivery-withheld", key };
      return failure === null
        ? { kind: "delivery-accepted", key }
        : { kind: "delivery-failed", key, reason: failure.reason };
    case "ring": {
      if (failure === null || isRetried) return null;
      const { people, number, ringsTag } = outgoing;
      const tag = known === null || !ringsTag ? null : tagOf(known.policy, known.incident.channel);
      return { kind: "ring-failed", people, tag: tag?.name ?? null, number, reason: failure.reason };
    }
    case "notice":
      return null;
  }
}

export function hasPage({ pagers }: Incident, key: string): boolean {
  return Object.values(pagers).some((newest) => [newest, ...newest.earlier].some((page) => page.key === key));
}
