import type { Person } from "../../person.ts";
import type { Elsewhere } from "../command.ts";
import { changeIncident, type Draft, noteEvent } from "../draft.ts";
import type { Incident, Occupation, Responder } from "../incident.ts";
import { isAskable } from "./inside.ts";

/** Since when that alarm has each of those who are in it, by their ids; nobody once it is closed. */
export function listInside(incident: Incident): ReadonlyMap<string, Elsewhere> {
  if (incident.closedAt !== null) return new Map();
  const inside = (incident.occupies ?? []).filter(({ person }) => !isAskable(incident, { id: person }));
  return new Map(
    inside.map((each) => {
      const responder = incident.responders.find(({ person }) => person.id === each.person);
      const thereSince = responder?.state === "there" ? responder.since : null;
      return [each.person, { since: sinceOf(each), thereSince }];
    }),
  );
}

/** When whoever that is came to be in it last, however often that was renewed. */
export function sinceOf({ since, at }: Occupation): number {
  return since ?? at;
}

/** The newer of two, of one person. */
export function toNewer(one: Elsewhere, other: Elsewhere): Elsewhere {
  const arrivals = [one.thereSince, other.thereSince].filter((at) => at !== null);
  return {
    since: Math.max(one.since, other.since),
    thereSince: arrivals.length === 0 ? null : Math.max(...arrivals),
  };
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

/**
 * Takes back what was said by whoever is in another alarm since: nobody may wait here for somebody who is in danger or
 * busy there (rules 7 and 10). What they say here after that counts. `helping`: who asks for help here now.
 */
export function takeBack(draft: Draft, helping: Person | null = null): void {
  const gone = listGone(draft.incident, draft.elsewhere).filter(({ person }) => person.id !== helping?.id);
  if (gone.length === 0) return;
  const { responders, occupied = [], freed = [] } = draft.incident;
  const people = gone.map(({ person }) => person);
  const isOther = ({ id }: Person) => people.every((person) => person.id !== id);
  changeIncident(draft, {
    responders: responders.map((each): Responder => (gone.includes(each) ? { ...each, state: "none" } : each)),
    occupied: [...occupied.filter(isOther), ...people],
    freed: freed.filter(isOther),
  });
  for (const by of people) noteEvent(draft, { kind: "now-elsewhere", by });
}
