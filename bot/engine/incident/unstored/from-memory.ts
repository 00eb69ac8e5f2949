import { tagOf } from "../../../domain/incident/policy.ts";
import type { DeliveryError } from "../../../errors.ts";
import type { NewOutboxRow, Outgoing } from "../../../ports/store/outbox.ts";
import type { Transaction } from "../../../ports/store/store.ts";
import type { Request } from "../../kernel/decisions.ts";
import type { OpenIncident } from "../../kernel/incidents/open-incidents.ts";

/** What calls somebody, and so goes out while nothing can be written. */
const unstoredKinds = ["page", "ring", "notice", "message", "call"] as const;
export type UnstoredKind = (typeof unstoredKinds)[number];

/** A message as it would be put into the outbox. */
export type RowFromMemory = NewOutboxRow & { readonly outgoing: Extract<Outgoing, { kind: UnstoredKind }> };

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
  /** Whether the outbox has it from now on, or another one of its key. */
  isTaken: boolean;
  /** Saves where it stands, of each try that got something out. */
  readonly records: ((tx: Transaction) => Promise<void>)[];
  isRecorded: boolean;
}

/** What came of a try; `isWithheld` left out: it was sent, or failed. */
interface Tried {
  readonly failure: DeliveryError | null;
  readonly isRetried: boolean;
  readonly isWithheld?: boolean;
}

export function isFromMemory(row: NewOutboxRow): row is RowFromMemory {
  return unstoredKinds.some((kind) => kind === row.outgoing.kind);
}

/**
 * What its incident is told of a try, as the senders of the outbox do; null: nothing. `sentAs`: the key of a page;
 * `known`: the incident as memory has it; null or left out: it does not.
 */
export function toResultRequest(
  { key, outgoing }: RowFromMemory,
  sentAs: string,
  { failure, isRetried, isWithheld = false }: Tried,
  known: OpenIncident | null = null,
): Request | null {
  switch (outgoing.kind) {
    case "page":
      return failure === null
        ? { kind: "page-accepted", key, sentAs }
        : { kind: "page-failed", key, reason: failure.reason, sentAs };
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
