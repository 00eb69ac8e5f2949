import { z } from "zod";

/** Less than a week, because only a post finds that posts are refused, and the hour of the day may differ. */
const postAnewAfterMs = 6.5 * 24 * 3_600_000;

const SignOfLife = z.object({
  conversation: z.string(),
  activity: z.string(),
  postedAt: z.number(),
});

/**
 * The message in a channel that shows that the bot works. `activity`: its id; "" when Teams sent none, so that it can't
 * be edited. `postedAt`: epoch milliseconds; an edit leaves that as it is.
 */
export type SignOfLife = Readonly<z.infer<typeof SignOfLife>>;

/** Reads one as `formatSign` wrote it; null when it is none. */
export function parseSign(text: string | null): SignOfLife | null {
  try {
    return SignOfLife.safeParse(JSON.parse(text ?? "")).data ?? null;
  } catch {
    return null;
  }
}

export function formatSign({ conversation, activity, postedAt }: SignOfLife): string {
  return JSON.stringify({ conversation, activity, postedAt });
}

/** Whether another one is posted, in place of an edit of that one. */
export function isSignOld({ postedAt }: SignOfLife, now: number): boolean {
  return now - postedAt >= postAnewAfterMs;
}
