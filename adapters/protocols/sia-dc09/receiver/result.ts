import type { Alarm } from "../../../../bot/domain/alarm.ts";
import type { SecretValue } from "../../../../bot/kit/secrets/secret.ts";
import type { Snapshot } from "./snapshot.ts";

/** What is to be done with a frame: `alarms` on disk first, then the answer. */
export interface FrameResult {
  readonly alarms: readonly Alarm[];
  /** null when the frame must not be answered. */
  readonly answer: Buffer | null;
  /** Whether the answer confirms that `alarms` are on disk; a refusal confirms nothing. */
  readonly isConfirmation: boolean;
  /** Why the frame was not simply taken, for the log; null when it was. */
  readonly reason: FrameReason | null;
  /** Which value of the account's key opened it; left out: none. */
  readonly keyValue?: SecretValue;
  /** What is to be remembered of the account; null when nothing has changed. */
  readonly remember: Snapshot | null;
}

/**
 * In order: the frame is damaged; the account is not configured; the frame is not encrypted although the account has a
 * key; no key decrypts it; its time is wrong; it holds a code or an id that we don't know.
 */
export type FrameReason =
  | "damaged"
  | "unknown-account"
  | "not-encrypted"
  | "wrong-key"
  | "wrong-time"
  | "unknown-content";
