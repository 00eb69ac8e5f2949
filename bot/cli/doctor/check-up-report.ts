import { z } from "zod";
import { tokenFlaws } from "../../domain/teams-test/teams-test.ts";
import { InboundReport } from "./teams-report.ts";

const Moment = z.iso.datetime().transform((text) => Date.parse(text));

/** What the running bot knows of itself; see `bot/web/ops/check-up-door.ts`. */
export const CheckUpReport = z.object({
  syncMs: z.number().nullable(),
  tokenFault: z.object({ flaw: z.enum(tokenFlaws), answer: z.string().nullable() }).nullable(),
  inbound: InboundReport,
  channels: z.array(z.object({ name: z.string(), isLinked: z.boolean(), isUp: z.boolean() })),
  people: z.array(
    z.object({ name: z.string(), reach: z.enum(["ready", "not-ready", "unknown"]), since: Moment.nullable() }),
  ),
  sources: z.array(z.object({ source: z.string(), at: Moment, isSilent: z.boolean() })),
  secrets: z.array(z.object({ secret: z.string(), value: z.enum(["first", "second"]), at: Moment })),
  troubles: z.array(z.string()),
});
export type CheckUpReport = z.infer<typeof CheckUpReport>;
