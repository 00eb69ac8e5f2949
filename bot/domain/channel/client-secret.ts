/** From so many days before its end on, a secret is a trouble: a new one has to be asked for, and entered. */
const warnDays = 30;
const dayMs = 24 * 3_600_000;

/** The client secret of the bot ends: without one nothing can be posted. `daysLeft`: below 0 it has ended. */
export interface SecretTrouble {
  readonly kind: "client-secret-ends";
  /** A date as ISO 8601 writes it. */
  readonly endsOn: string;
  readonly daysLeft: number;
}

/** What is wrong with a secret that ends on that day; null for nothing. Dates as ISO 8601 writes them. Pure. */
export function findSecretTrouble(endsOn: string | null, today: string): SecretTrouble | null {
  if (endsOn === null) return null;
  const daysLeft = Math.round((Date.parse(endsOn) - Date.parse(today)) / dayMs);
  return daysLeft > warnDays ? null : { kind: "client-secret-ends", endsOn, daysLeft };
}
