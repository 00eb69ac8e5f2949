/** Reads days by the clock on the wall. */
export interface WallDays {
  /** The date of that moment, as ISO 8601 writes it. */
  dayOf(at: number): string;
  /** The hour of the day, from 0 to 23. */
  hourOf(at: number): number;
}

/** `timezone`: an IANA name; moments are in epoch milliseconds. */
export function openWallDays(timezone: string): WallDays {
  // Dates in Swedish are written as in ISO 8601.
  const days = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short" });
  const hours = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, hour: "2-digit", hourCycle: "h23" });
  return { dayOf: (at) => days.format(at), hourOf: (at) => Number(hours.format(at)) };
}
