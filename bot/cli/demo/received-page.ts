import { z } from "zod";

/**
 * The body of a page as `adapters/pagers/README.md` promises it to receivers; a desk that we did not write would read
 * it like this.
 */
export const ReceivedPage = z.object({
  page: z.string(),
  reason: z.enum([
    ...([
      "unclaimed",
      "lapsed",
      "declined",
      "help",
      "check",
      "teams-unreachable",
      "teams-busy",
      "nobody-on-duty",
      "nobody-free",
      "repeat",
    ] as const),
    ...(["update", "call-off"] as const),
  ]),
  incident: z.object({
    id: z.string(),
    number: z.number(),
    place: z.string().nullable(),
    directions: z.string().nullable(),
    verification: z.enum(["none", "second-button", "second-person", "witnessed"]),
    onTheWay: z.number(),
  }),
  acceptUrl: z.url({ protocol: /^https?$/ }).nullable(),
});
export type ReceivedPage = z.infer<typeof ReceivedPage>;

/** What the desk knows of one alarm: its newest page, what came of that last, and what guards answered. */
export interface DeskEntry {
  readonly page: ReceivedPage;
  /** The page itself, or its newest update. */
  readonly newest: ReceivedPage;
  /** When the page came, in epoch milliseconds. */
  readonly receivedAt: number;
  /** Sentences with their times, oldest first. */
  readonly answers: readonly string[];
  /** Whether a guard answered since the page came. */
  readonly isAnswered: boolean;
}
