/**
 * How urgent a call is, the most urgent first, and what part of each window it may use, so that whatever is less urgent
 * leaves room for what is more so. `card`: an alarm's card; `ring`: what makes somebody's devices ring, and the answer
 * to who raised an alarm; `quiet`: what nobody waits for.
 */
const shares = { card: 1, ring: 0.9, reply: 0.75, update: 0.75, quiet: 0.7 } as const;

export type Urgency = keyof typeof shares;

/** Whoever was put off for too long comes before all others. */
export const overdue = { rank: -1, share: 1 } as const;

/** The place in the order, from 0, and the part of each window. */
export interface Standing {
  readonly rank: number;
  readonly share: number;
}

const standings = new Map(Object.entries(shares).map(([urgency, share], rank) => [urgency, { rank, share }] as const));

export function standingOf(urgency: Urgency): Standing {
  return standings.get(urgency) ?? overdue;
}
