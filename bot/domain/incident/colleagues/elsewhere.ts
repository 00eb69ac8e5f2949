import type { Elsewhere } from "../command.ts";
import { isPresser } from "../draft.ts";
import type { Incident, Occupation, Responder } from "../incident.ts";
import { isAskable } from "./inside.ts";

/** Since when that alarm has each of those who are in it, by their ids; nobody once it is closed. */
export function listInside(incident: Incident): ReadonlyMap<string, Elsewhere> {
  if (incident.closedAt !== null) return new Map();
  const inside = (incident.occupies ?? []).filter(({ person }) => !isAskable(incident, { id: person }));
  return new Map(
    inside.flatMap((each): [string, Elsewhere][] => {
      const responder = incident.responders.find(({ person }) => person.id === each.person);
      const thereSince = responder?.state === "there" ? responder.since : null;
      const since = sinceOf(each);
      if (isByTimer(incident, each))
        return thereSince === null ? [] : [[each.person, { since: thereSince, thereSince }]];
      const isLost = thereSince === null && hasNoPlace(incident) && isPresser(incident, { id: each.person });
      return [[each.person, { since, thereSince, ...(isLost ? { lostSince: since } : {}) }]];
    }),
  );
}

/** Whether that is a visit that nobody ended: its person did nothing then, and what they said meanwhile is newer. */
function isByTimer({ pressers }: Incident, each: Occupation): boolean {
  return pressers.some(({ via, holder, at }) => via === "visit" && holder?.id === each.person && at === sinceOf(each));
}

function hasNoPlace({ place, position }: Incident): boolean {
  return place === null && position === null;
}

/** When whoever that is came to be in it last, however often that was renewed. */
export function sinceOf({ since, at }: Occupation): number {
  return since ?? at;
}

/** The newer of two, of one person. */
export function toNewer(one: Elsewhere, other: Elsewhere): Elsewhere {
  const lostSince = latestOf(one.lostSince, other.lostSince);
  return {
    since: Math.max(one.since, other.since),
    thereSince: latestOf(one.thereSince, other.thereSince),
    ...(lostSince === null ? {} : { lostSince }),
  };
}

function latestOf(...moments: readonly (number | null | undefined)[]): number | null {
  const known = moments.filter((at) => at != null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Who counts in that alarm, and came to be in another one after they had said so. */
export function listGone(incident: Incident, elsewhere: ReadonlyMap<string, Elsewhere>): readonly Responder[] {
  return countedOf(incident).filter((responder) => {
    const other = elsewhere.get(responder.person.id);
    return other !== undefined && isGone(responder, other);
  });
}

/** Who counts as on the way or there, also who is there and does not answer. */
export function countedOf({ responders }: Incident): readonly Responder[] {
  return responders.filter(({ state }) => state === "coming" || state === "there");
}

/**
 * Where they called for help here too, it is not known where they need it; it holds nothing back, and so stands until
 * they say that they are somewhere else. Of one moment it is not known what came last: then nobody may wait for them.
 */
function isGone(responder: Responder, { since, thereSince }: Elsewhere): boolean {
  const saidAt = Math.max(responder.since, responder.signAt ?? responder.since, responder.helpAt ?? responder.since);
  const goneAt = responder.helpAt === undefined ? since : thereSince;
  return goneAt !== null && goneAt >= saidAt;
}
