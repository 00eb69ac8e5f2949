import { z } from "zod";

const ms = z.number().int().nonnegative();

/** A tag of a team in Teams, by which its members are rung together and without anybody knowing who they are. */
export const Tag = z.object({ id: z.string().min(1), name: z.string().min(1) });
export type Tag = z.infer<typeof Tag>;

/**
 * One step of escalation, `afterMs` after the round began. `tell` notifies a Teams channel, and the `tag` that it may
 * have; `page` reaches external security; `call` phones the colleagues on duty who have not answered yet, through that
 * pager's provider.
 */
export const Step = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("tell"), afterMs: ms, channel: z.string(), tag: Tag.optional() }),
  z.object({ kind: z.literal("page"), afterMs: ms, pager: z.string() }),
  z.object({ kind: z.literal("call"), afterMs: ms, pager: z.string() }),
]);
export type Step = z.infer<typeof Step>;

/**
 * The steps of escalation and their times; an incident keeps the policy with which it opened, while what it names is
 * there (rule 6).
 */
export const Policy = z.object({
  name: z.string(),
  /** How many people on the way or there are enough (rule 12). */
  claimsNeeded: z.number().int().min(1),
  /** From a round's first claim until somebody must be there (rule 10). */
  arriveWithinMs: ms,
  /** From a press until the card must be posted in Teams (rule 16). */
  teamsWithinMs: ms,
  /** From a guard's acceptance until somebody must be there (rule 15). */
  guardWithinMs: ms,
  /** How long an arrival holds further pages before the bot asks (rule 11). */
  checkAfterMs: ms,
  /** How long that question may stay unanswered (rule 11). */
  checkAnswerWithinMs: ms,
  /** From a round's last page until all of it goes out again (rule 14). */
  repeatEveryMs: ms.min(1000),
  steps: z.array(Step).min(1),
});
export type Policy = z.infer<typeof Policy>;

/** The tag that a card in that channel rings; null: it has none. */
export function tagOf({ steps }: Policy, channel: string): Tag | null {
  const tags = steps.flatMap((step) => (step.kind === "tell" && step.channel === channel ? (step.tag ?? []) : []));
  return tags[0] ?? null;
}
