import { z } from "zod";
import {
  type InboundState,
  inboundFlaws,
  stepReasons,
  stepStates,
  type TeamsTest,
  teamsSteps,
  testRefusals,
} from "../../domain/teams-test/teams-test.ts";

const Moment = z.iso.datetime().transform((text) => Date.parse(text));

const Step = z.object({
  state: z.enum(stepStates),
  reason: z.enum(stepReasons).nullable(),
  answer: z.string().nullable(),
});

/** What came in from Teams, as the running bot reports it. */
export const InboundReport = z.object({
  since: Moment,
  takenAt: Moment.nullable(),
  refused: z.array(z.object({ flaw: z.enum(inboundFlaws), iss: z.string(), aud: z.string(), at: Moment })),
}) satisfies z.ZodType<InboundState>;

/** A test of Teams as the running bot reports it; see `bot/web/ops/teams-test-door.ts`. */
export const TeamsReport = z.object({
  id: z.string(),
  endsAt: Moment,
  isOver: z.boolean(),
  isAlarmOpen: z.boolean(),
  steps: z.record(z.enum(teamsSteps), Step),
  clicks: z.array(z.object({ client: z.string().nullable(), at: Moment })),
  inbound: InboundReport,
  messages: z.object({ left: z.int(), unmarked: z.int() }),
}) satisfies z.ZodType<TeamsTest>;
export type TeamsReport = z.infer<typeof TeamsReport>;

/** Why it started none. */
export const TestNotStarted = z.object({ reason: z.enum(testRefusals) });
