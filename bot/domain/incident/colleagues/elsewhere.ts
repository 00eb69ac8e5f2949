import type { Elsewhere } from "../command.ts";
import { isPresser } from "../draft.ts";
import type { Incident, Occupation, Responder } from "../incident.ts";
import { type SaidWhere, saidWhereBy } from "../whereabouts/said-where.ts";
import { isAskable } from "./inside.ts";

/** Since when that alarm has each of those who are in it or on the way, by their ids; nobody once it is closed. */
export function listInside(incident: Incident): ReadonlyMap<string, Elsewhere> {
  if (incident.closedAt !== null) return new Map();
  const inside = (incident.occupies ?? []).filter(({ person }) => !isAskable(incident, { id: person }));
  const all = new Map(inside.flatMap((each) => toInside(incident, each)));
  for (const responder of incident.responders) {
    const comingSince = comingSinceOf(responder);
    if (comingSince === null) continue;
    const { id } = responder.person;
    all.set(id, { since: null, thereSince: null, ...all.get(id), comingSince });
  }
  return all;
}

function toInside(incident: Incident, each: Occupation): [string, Elsewhere][] {
  const responder = incident.responders.find(({ person }) => person.id === each.person);
  const help = responder?.helpAt === undefined ? {} : { helpSince: responder.helpAt };
  if (responder?.state === "there") {
    const thereSince = responder.since;
    const since = isByTimer(incident, each) ? thereSince : sinceOf(each);
    return [[each.person, { since, thereSince, ...help }]];
  }
  if (isByTimer(incident, each)) return [];
  return [[each.person, { ...toPressed(saidWhereBy(incident, each.person), sinceOf(each)), ...help }]];
}

/** Who pressed then, or needed help, as others see it; `said`: of where they pressed, null where they did not. */
export function toPressed(said: SaidWhere | null, at: number): Elsewhere {
  if (said?.isWhereKnown !== false) return { since: at, thereSince: null };
  const { namedLocation: lostAt } = said;
  return { since: null, thereSince: null, lostSince: at, ...(lostAt === undefined ? {} : { lostAt }) };
}

/** When they promised to come; null: they did not, or by a key on the phone, which takes back nothing said in Teams. */
function comingSinceOf({ state, byPhone, promisedAt }: Responder): number | null {
  return state === "coming" && byPhone !== true ? (promisedAt ?? null) : null;
}

/** Whether that is a visit that nobody ended: its person did nothing then, and what they said meanwhile is newer. */
function isByTimer({ pressers }: Incident, each: Occupation): boolean {
  return pressers.some(({ via, holder, at }) => via === "visit" && holder?.id === each.person && at === sinceOf(each));
}

/** When whoever that is came to be in it last, however often that was renewed. */
export function sinceOf({ since, at }: Occupation): number {
  return since ?? at;
}

/** The newer of two, of one person. */
export function toNewer(one: Elsewhere, other: Elsewhere): Elsewhere {
  const lostSince = latestOf(one.lostSince, other.lostSince);
  const lost = [one, other].filter((each) => lostSince !== null && each.lostSince === lostSince);
  // Of one moment it is not known which of the two came last.
  const [lostAt, ...others] = new Set(lost.map((each) => each.lostAt));
  const comingSince = latestOf(one.comingSince, other.comingSince);
  const helpSince = latestOf(one.helpSince, other.helpSince);
  return {
    since: latestOf(one.since, other.since),
    thereSince: latestOf(one.thereSince, other.thereSince),
    ...(lostSince === null ? {} : { lostSince }),
    ...(lostAt === undefined || others.length > 0 ? {} : { lostAt }),
    ...(comingSince === null ? {} : { comingSince }),
    ...(helpSince === null ? {} : { helpSince }),
  };
}

export function latestOf(...moments: readonly (number | null | undefined)[]): number | null {
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

/**
 * Who was there last in that alarm, as far as is known, and has pressed since where nobody knows where that is: they
 * may have done so here, also where they had said that they leave, as long as they are nowhere else.
 */
export function listLost(incident: Incident, elsewhere: ReadonlyMap<string, Elsewhere>): readonly Responder[] {
  return incident.responders.filter((responder) => {
    const { person, state, helpAt } = responder;
    const { since = null, lostSince = null, lostAt, comingSince } = elsewhere.get(person.id) ?? {};
    const hereSince = hereSinceOf(incident, responder);
    if (lostSince === null || hereSince === null || helpAt !== undefined || isPresser(incident, person)) return false;
    if (lostAt !== undefined && !mayBeAt(incident, lostAt)) return false;
    if (latestOf(since, lostSince, comingSince) !== lostSince || (since !== null && since >= hereSince)) return false;
    return state === "there" ? lostSince >= hereSince : lostSince > hereSince;
  });
}

/** Whether that alarm may be at that location, as far as is known. */
function mayBeAt({ location, mayBeAt: several, mayBeElsewhere }: Incident, key: string): boolean {
  if (location !== undefined && !mayBeElsewhere) return location === key;
  return several === undefined || several.includes(key);
}

/** When they were there last, or needed help there; null: they were not, or declined since. */
function hereSinceOf({ occupies = [] }: Incident, responder: Responder): number | null {
  if (responder.state === "there") return saidAtOf(responder);
  const known = occupies.find((each) => each.person === responder.person.id);
  return known === undefined ? null : sinceOf(known);
}

/**
 * Who was in that alarm because they were there, and has said since that they are there in another one: they are beside
 * nobody here any more.
 */
export function listLeft(incident: Incident, elsewhere: ReadonlyMap<string, Elsewhere>): readonly Responder[] {
  const { responders, occupies = [] } = incident;
  return responders.filter(({ person, state, helpAt }) => {
    const thereSince = elsewhere.get(person.id)?.thereSince ?? null;
    const known = occupies.find((each) => each.person === person.id);
    if (thereSince === null || known === undefined || thereSince < sinceOf(known)) return false;
    return state !== "there" && helpAt === undefined && !isPresser(incident, person);
  });
}

/** Who counts as on the way or there, also who is there and does not answer. */
export function countedOf({ responders }: Incident): readonly Responder[] {
  return responders.filter(({ state }) => state === "coming" || state === "there");
}

/**
 * Where they called for help here too, it is not known where they need it; it holds nothing back, and so stands until
 * they say that they are somewhere else. Who is there and goes elsewhere is there no more; who is on the way may go on
 * to both. Of one moment it is not known what came last: then nobody may wait for them.
 */
function isGone(responder: Responder, { since, thereSince, lostSince, comingSince }: Elsewhere): boolean {
  const leftAt = latestOf(since, lostSince, responder.state === "there" ? comingSince : null);
  const goneAt = responder.helpAt === undefined ? leftAt : thereSince;
  return goneAt !== null && goneAt >= saidAtOf(responder);
}

/** When they last said how it is with them. */
function saidAtOf({ since, signAt, helpAt }: Responder): number {
  return Math.max(since, signAt ?? since, helpAt ?? since);
}
