import type { Writable } from "node:stream";

/**
 * Where a message stands between the broker and the disk. What the storage refused once has lost its place in the order
 * of receipt, because it would hold up everybody behind it.
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
  /** Over the topic and the payload. */
  readonly digest: string;
  /** The connection on which it came last, because only there it can be acknowledged. */
  connection: Writable;
  state: DeliveryState;
}

/** Whether the storage has refused this delivery and not taken it since. */
export function isRefused({ state }: TakenPublish): boolean {
  return state === "resting" || state === "retrying";
}
