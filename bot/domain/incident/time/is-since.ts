/** As of when something counts, and when that is decided on: later where it had to wait; epoch milliseconds. */
export interface Moment {
  readonly now: number;
  readonly decidedAt: number;
}

/** Whether that was after `now`; what lies ahead of when that is decided on was noted under a clock that was ahead. */
export function isSince(at: number | null | undefined, { now, decidedAt }: Moment): boolean {
  return at != null && now < at && at <= decidedAt;
}
