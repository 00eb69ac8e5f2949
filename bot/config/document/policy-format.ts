import { z } from "zod";
import { expects } from "../../words/settings/expects.ts";
import { Duration, Patience } from "./duration.ts";

const second = 1000;
const minute = 60 * second;

const Step = z
  .strictObject({
    after: Duration,
    tell: z.string().optional(),
    page: z.string().optional(),
    call: z.literal("on-duty", expects("callOnDuty")).optional(),
    by: z.string().optional(),
  })
  .transform(({ after: afterMs, tell, page, call, by }, context) => {
    const targets = [tell, page, call].filter((target) => target !== undefined);
    if (targets.length === 1 && (call === undefined) === (by === undefined)) {
      if (tell !== undefined) return { kind: "tell" as const, afterMs, channel: tell };
      if (page !== undefined) return { kind: "page" as const, afterMs, pager: page };
      if (by !== undefined) return { kind: "call" as const, afterMs, pager: by };
    }
    context.addIssue({ code: "custom", message: expects("target") });
    return z.NEVER;
  });

export const PolicyEntry = z.strictObject({
  claimsNeeded: z.int().min(1).default(1),
  arriveWithin: Patience.default(2 * minute),
  teamsWithin: Patience.default(10 * second),
  guardWithin: Patience.default(15 * minute),
  checkAfter: Patience.default(10 * minute),
  checkAnswerWithin: Patience.default(2 * minute),
  // No default: whoever writes a policy decides how often security is called again (rule 21).
  repeatEvery: Patience,
  steps: z.array(Step).min(1),
});
export type PolicyEntry = z.infer<typeof PolicyEntry>;
