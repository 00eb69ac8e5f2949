/** How an alarm was answered; stored for 24 hours to recognise a duplicate (rule 2). */
export type AlarmOutcome = "opened" | "repeated" | "verified" | "seen";

/** An alarm that was taken, with its identity. */
export interface AlarmRecord {
  readonly source: string;
  /** The identity of the message: a hash over id and body. */
  readonly key: string;
  readonly incident: string | null;
  readonly outcome: AlarmOutcome;
  readonly receivedAt: number;
}

/** Reads identities of alarms, by which a duplicate is recognised (rule 2). */
export interface AlarmReader {
  findAlarm(source: string, key: string): Promise<AlarmRecord | null>;
}

/** Reads and changes identities of alarms. */
export interface AlarmTx extends AlarmReader {
  saveAlarm(alarm: AlarmRecord): Promise<void>;
  /** Forgets alarms received before that moment; resolves with their number. */
  forgetAlarms(before: number): Promise<number>;
}
