/** The place in the order, from 0, and the part of each window that may be used. */
export interface Standing {
  readonly rank: number;
  readonly share: number;
}

/**
 * How urgent a call is, the most urgent first. Whatever is less urgent leaves room in each window for what is more so.
 * `card`: an alarm's card; `ring`: what makes somebody's devices ring, and the answer to who raised an alarm; `reply`
 * and `update` are equal, because an alarm's card is brought up to date before its replies follow; `chat`: the cards in
 * people's chats, of which there are many for each of those, so that they have the smallest part; `quiet`: what nobody
 * waits for.
 */
const standings = {
  card: { rank: 0, share: 1 },
  ring: { rank: 1, share: 0.9 },
  reply: { rank: 2, share: 0.75 },
  update: { rank: 2, share: 0.75 },
  chat: { rank: 3, share: 0.5 },
  quiet: { rank: 4, share: 0.7 },
} as const satisfies Readonly<Record<string, Standing>>;

export type Urgency = keyof typeof standings;

/** Whoever was put off for too long comes before all others. */
export const overdue: Standing = { rank: -1, share: 1 };

/** After all others. */
export const last: Standing = { rank: Number.POSITIVE_INFINITY, share: 1 };

export function standingOf(urgency: Urgency): Standing {
  return standings[urgency];
}
