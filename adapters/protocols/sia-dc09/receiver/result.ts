import type { Alarm } from "../../../../bot/domain/alarm.ts";
import type { Snapshot } from "./snapshot.ts";

/** What is to be done with a frame: `alarms` on disk first, then the answer. */
export interface FrameResult {
  readonly alarms: readonly Alarm[];
  /** null for what must not be answered. */
  readonly answer: Buffer | null;
  /** Whether the answer is a promise that `alarms` are on disk. A refusal promises nothing. */
  readonly isPromise: boolean;
  /** Why it is not simply taken: for the log. */
  readonly reason: FrameReason | null;
  /** What is to be remembered of the account; null where the snapshot was not needed. */
  readonly remember: Snapshot | null;
}

/**
 * Account not configured; not encrypted although it has a key; not to be decrypted; clock wrong; nothing in it that we
 * know.
 */
export type FrameReason = "unknown-account" | "not-encrypted" | "wrong-key" | "wrong-time" | "unknown-content";
