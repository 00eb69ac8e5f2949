import type { Alarm } from "../../domain/alarm.ts";

/** How an alarm was answered; kept 24 hours to recognise a duplicate (rule 2). */
export type AlarmOutcome = "opened" | "repeated" | "verified" | "seen";

/** An alarm that was taken, by its identity. */
export interface TakenAlarm {
  readonly source: string;
  /** Identity of the message: hash over id and body. */
  readonly key: string;
  readonly incident: string | null;
  readonly outcome: AlarmOutcome;
  readonly receivedAt: number;
}

/** What one alarm of a message came to. */
export interface Taken {
  readonly incident: string | null;
  readonly outcome: AlarmOutcome | "duplicate";
}

/**
 * Takes the alarms of one message in one transaction; resolves, in order, once they are on disk, rejects when they could
 * not be recorded. `receivedAt` is epoch milliseconds.
 */
export type TakeAlarms = (source: string, alarms: readonly Alarm[], receivedAt: number) => Promise<readonly Taken[]>;

/** Identities of alarms, by which a duplicate is recognised (rule 2). */
export interface AlarmTx {
  findAlarm(source: string, key: string): Promise<TakenAlarm | null>;
  saveAlarm(alarm: TakenAlarm): Promise<void>;
  /** Forgets alarms received before that moment; answers how many. */
  forgetAlarms(before: number): Promise<number>;
}
