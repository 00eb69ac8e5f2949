import type { CardState } from "../../../ports/store/teams.ts";

/**
 * Teams allows 7 messages a second in a conversation, updates and replies included; one update leaves room for the
 * rest.
 */
const updateEveryMs = 1_000;

/** An incident has a new card this often at most for what rings; meanwhile people are mentioned under the newest. */
export const ringsEveryMs = 60_000;

/** From when a card may be shown again; one that seems to be shown later than now was shown under another clock. */
export function toFreeAt({ shownAt }: Pick<CardState, "shownAt">, now: number): number {
  return shownAt > now ? now : shownAt + updateEveryMs;
}

/** Whether the newest card was posted so long ago that what rings may have a new one. */
export function mayRingAnew({ postedAt }: Pick<CardState, "postedAt">, now: number): boolean {
  return postedAt > now || now - postedAt >= ringsEveryMs;
}
