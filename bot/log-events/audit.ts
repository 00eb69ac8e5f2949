import { z } from "zod";
import type { LogEvent } from "./log-events.ts";

/** The events whose lines say under `audit` who did what: for whoever has to account for the bot. */
export const auditEvents = [
  "activity-refused",
  "alarm-refused",
  "call-back-refused",
  "channel-linked",
  "command-refused",
  "configuration-changed",
  "configuration-not-reloaded",
  "configuration-reloaded",
  "database-put-back",
  "doctor-refused",
  "guard-link-refused",
  "metrics-refused",
  "people-under-test",
  "routes-under-test",
  "secrets-changed",
  "teams-under-test",
] as const satisfies readonly LogEvent[];

export type AuditEvent = (typeof auditEvents)[number];

const By = z.discriminatedUnion("kind", [
  z
    .strictObject({ kind: z.literal("person"), id: z.string().describe("Their id in Entra; never a name.") })
    .describe("Somebody in Teams."),
  z
    .strictObject({ kind: z.literal("token"), setting: z.literal("doctorToken") })
    .describe("Whoever has that token; the bot does not know who that is."),
  z
    .strictObject({ kind: z.literal("machine") })
    .describe("The machine, by SIGHUP or a command, or the configuration itself."),
  z.strictObject({ kind: z.literal("stranger") }).describe("Somebody whose proof was wrong or missing."),
]);

const Audit = z.strictObject({
  by: By,
  on: z
    .array(z.string())
    .describe(
      "What it was done to: settings by their paths, channels and pagers by `channels.` or `pagers.` and name, or `database`.",
    ),
  result: z.enum(["done", "refused", "failed"]),
});

/** Who did something, as far as the door knows it; nothing of them but an id. */
export type AuditBy = z.infer<typeof By>;
export type Audit = z.infer<typeof Audit>;

/** A line of the log that says who did what. Other facts of its event stand beside these. */
export const AuditLine = z
  .looseObject({
    time: z.iso.datetime().describe("When, in UTC."),
    level: z.enum(["info", "warn", "error"]),
    event: z.enum(auditEvents).describe("What was done: see the list of events."),
    audit: Audit,
  })
  .describe("A line of Rugdekking's log that says who did what.");
