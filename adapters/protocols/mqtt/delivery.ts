import type { Writable } from "node:stream";

/**
 * The state of a message between the broker and the disk. A message that the storage refused once has lost its place in
 * the order of receipt, because it would hold up all that follow.
 *
 *     waiting at the broker, until there is room
 *        ↓
 *     taking ──── commit ───→ committed ── PUBACK, in the order of receipt ──→ acknowledged, and forgotten
 *        ↓ refused               ↑ commit, and PUBACK at once
 *     resting ── pause over ─→ retrying
 *        ↑──────── refused ──────┘
 */
export type DeliveryState = "taking" | "resting" | "retrying" | "committed";

/** One message that the broker has sent us. */
export interface TakenPublish {
  /** The packet identifier by which it is acknowledged; null with QoS 0, which asks for no acknowledgement. */
  readonly messageId: number | null;
  /** A digest of the topic and the payload. */
  readonly digest: string;
  /** The connection on which it came last, because it can be acknowledged only there. */
  connection: Writable;
  state: DeliveryState;
}

/** Whether the storage has refused this delivery and not taken it since. */
export function isRefused({ state }: TakenPublish): boolean {
  return state === "resting" || state === "retrying";
}
