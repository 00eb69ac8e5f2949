import { expect, it } from "vitest";
import { toIncident } from "../../../bot/domain/incident/press.ts";
import { incidentShape } from "../../../bot/store/sql/shapes/incident-shapes.ts";
import { buildPolicy } from "../../fixtures/policy.ts";
import { buildPress } from "../../fixtures/press.ts";

/**
 * The fields that an incident of shape 4 has in a database, then those of its round and of a presser. What may be left
 * out, and is read as what an earlier version wrote, needs no new shape: `isWhereKnown` is one of these.
 */
const stored = [
  [
    "button cancelledAt cardPostedAt channel closedAt closedBy deliveries directions fixedPlace id lastPressAt lateMs",
    "mayBeRepeat nextAt number openedAt outcome pagers place policy position presses responders source teamsLostAt unreadable",
    "verification version",
  ],
  [
    "allDeclinedAt calledOffAt checkAskedAt firstClaimAt guards helpAskedAt helpAskedBy lapsedAt number onDuty pagedAt",
    "startedAt steps",
  ],
  ["at button hears holder isWhereKnown source via"],
].map((lines) => lines.join(" "));

it("an incident with other fields than those of its shape needs a new shape and a migration", () => {
  const { round, pressers, ...incident } = toIncident(buildPress(), buildPolicy(), 0);
  const fields = [incident, round, pressers[0] ?? {}].map((part) => Object.keys(part).toSorted().join(" "));
  expect({ incidentShape, fields }).toEqual({ incidentShape: 4, fields: stored });
});
