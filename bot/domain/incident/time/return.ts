import { z } from "zod";
import { closeIncident } from "../closing.ts";
import type { Command, DecisionReason } from "../command.ts";
import { changeIncident, type Draft, noteEvent } from "../draft.ts";
import { type Incident, outcomes, type Responder } from "../incident.ts";
import { startLoudRound, toPressRound } from "../round.ts";

/**
 * What a copy of a database says of itself. `at`: when it was made, in epoch milliseconds; `upTo`: the number of the
 * newest incident in it; `ended`: by their ids, incidents that are over since, as the person said who put it back.
 */
export const Copied = z.object({
  at: z.number(),
  upTo: z.number(),
  ended: z.record(z.string(), z.enum(outcomes)),
});
export type Copied = z.infer<typeof Copied>;

/** As many alarms may have come after a copy was made, whose numbers stand on cards and in what people remember. */
export const skippedNumbers = 1_000;

/** More rounds than a press or a call for help begins in the time of one copy. */
const maxOtherRounds = 100;
/** Nobody puts the same copy back twice within this, and no alarm begins a round by itself more often. */
const shortestMs = 60_000;

/** What is decided first on an open incident that comes from a copy; null: it does not, or that was decided before. */
export function toReturn(incident: Incident, copied: Copied | null) {
  if (copied === null || incident.number > copied.upTo || incident.returned?.copiedAt === copied.at) return null;
  return { kind: "return", copiedAt: copied.at, ended: copied.ended[incident.id] ?? null } as const;
}

/**
 * Goes on from a copy of the database. What happened since that was made is not known: who promised to come or was
 * there is asked anew, and everything goes out at once, under keys that no page had meanwhile. With an outcome a person
 * has said that it is over.
 */
export function returnFromCopy(
  draft: Draft,
  { copiedAt, ended }: Extract<Command, { kind: "return" }>,
): DecisionReason {
  const { incident, policy, now } = draft;
  changeIncident(draft, { returned: { at: now, copiedAt } });
  noteEvent(draft, { kind: "returned" });
  if (ended !== null) {
    closeIncident(draft, "operator", ended);
    return "resolved";
  }
  const { number, helpAskedAt, helpAskedBy, pagedAt } = incident.round;
  const passed = Math.ceil(Math.max(0, now - copiedAt) / Math.min(policy.repeatEveryMs, shortestMs));
  const round = toPressRound(number + passed + maxOtherRounds, policy, now, null);
  changeIncident(draft, {
    responders: incident.responders.map((each): Responder => {
      return { ...each, state: "none", since: now, signAt: null, silentAt: null };
    }),
    deliveries: [],
    round: { ...round, helpAskedAt, helpAskedBy, pagedAt },
  });
  startLoudRound(draft, "repeat", "returned");
  return "returned";
}

/**
 * When it went on from a copy, and when that was made, for as long as it may be over since: nobody has pressed or
 * promised anything. Null: it goes on from none, or that is known by now.
 */
export function mayBeOver({ returned, closedAt, lastPressAt, responders, round }: Incident) {
  if (returned === undefined || closedAt !== null || lastPressAt > returned.at) return null;
  const isAnswered = [...responders, ...round.guards].some(({ state }) => state === "coming" || state === "there");
  const isHelpAsked = (round.helpAskedAt ?? 0) > returned.at;
  return isAnswered || isHelpAsked ? null : returned;
}
