import type { Alarm } from "../domain/alarm.ts";
import type { AlarmOutcome } from "./store/alarms.ts";

/** The result of one alarm of a message. */
export interface AlarmReceipt {
  readonly incident: string | null;
  readonly outcome: AlarmOutcome | "duplicate";
}

/**
 * Takes the alarms of one message in one transaction; resolves, in order, once they are on disk, rejects when they
 * could not be recorded. `receivedAt` is epoch milliseconds.
 */
export type TakeAlarms = (
  source: string,
  alarms: readonly Alarm[],
  receivedAt: number,
) => Promise<readonly AlarmReceipt[]>;
