import type { Incident } from "../../bot/incident/incident.ts";
import type { Policy } from "../../bot/incident/policy.ts";

const openedAt = Date.UTC(2026, 10, 23, 10, 0, 0);

/** An incident as `decide` opens it, before the store has given it a number. */
export function newIncident(id: string, changes: Partial<Incident> = {}): Incident {
  return {
    id,
    number: 0,
    version: 1,
    source: "buttons",
    button: id,
    unreadable: false,
    channel: "frontdesk",
    place: "Spreekkamer 3",
    fixedPlace: null,
    directions: "Begane grond, links van de balie",
    position: { lat: 52.5, lon: 5.7, accuracyM: null },
    policy: "hash",
    openedAt,
    lateMs: null,
    presses: 1,
    lastPressAt: openedAt,
    pressers: [{ source: "buttons", button: id, holder: { id: null, name: "A. Jansen" } }],
    cancelledAt: null,
    verification: "none",
    responders: [],
    round: {
      number: 1,
      startedAt: openedAt,
      reason: "unclaimed",
      firstClaimAt: null,
      lapsedAt: null,
      allDeclinedAt: null,
      pagedAt: null,
      checkAskedAt: null,
      guard: null,
      steps: [{ state: "waiting", dueAt: openedAt + 60_000, reason: null, sentAt: null }],
      onDuty: null,
    },
    pagers: {},
    cardPostedAt: null,
    teamsLostAt: null,
    closedAt: null,
    closedBy: null,
    outcome: null,
    nextAt: openedAt + 10_000,
    ...changes,
  };
}

/** The same incident, closed one version later. */
export function close(incident: Incident): Incident {
  return {
    ...incident,
    version: incident.version + 1,
    closedAt: openedAt + 5_000,
    closedBy: "guard",
    outcome: "false",
    nextAt: null,
  };
}

export const policy: Policy = {
  name: "building",
  claimsNeeded: 1,
  arriveWithinMs: 120_000,
  teamsWithinMs: 10_000,
  guardWithinMs: 900_000,
  checkAfterMs: 600_000,
  checkAnswerWithinMs: 120_000,
  repeatEveryMs: 180_000,
  steps: [
    { kind: "tell", afterMs: 0, channel: "frontdesk" },
    { kind: "page", afterMs: 60_000, pager: "security-desk" },
  ],
};
