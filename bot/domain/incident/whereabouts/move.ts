import { isStationedAt, type Stationed, type Whereabouts } from "../../location.ts";
import type { Person } from "../../person.ts";
import { countedOf } from "../colleagues/elsewhere.ts";
import type { Press } from "../command.ts";
import { changeIncident, changeRound, type Draft, noteEvent } from "../draft.ts";
import type { Incident, Presser, Responder } from "../incident.ts";

/** At which location that is, as far as it is known. */
export type Where = Pick<Whereabouts, "location" | "mayBeAt">;

/** What of a press says where it is. */
type There = Where & Pick<Press, "place" | "fixedPlace" | "directions">;

/** Where that incident is once it has that press. */
export function whereAfter(before: Incident, press: Press): Where {
  return newsOfPress(before, press) ?? whereOf(before);
}

/** At which location that incident is. */
export function whereOf(incident: Incident): Where {
  const { location = null, mayBeAt } = incident;
  return { location, ...(mayBeAt === undefined ? {} : { mayBeAt }) };
}

/**
 * Whether a press says that its button is elsewhere by now, or is known by another place. One that knows no place, and
 * no location, says nothing of it.
 */
export function isMovedBy(before: Incident, press: Press): boolean {
  if (newsOfPress(before, press) !== null) return true;
  return press.place !== null && press.fixedPlace !== before.fixedPlace;
}

/** Who else pressed where that incident is, from where that press takes it away; none where it stays. */
export function listLeftBehind(before: Incident, press: Press): readonly Presser[] {
  if (!isMovedBy(before, press) || isSamePlace(before, press)) return [];
  return before.pressers.filter((known) => !known.isElsewhere && !isOf(known, press));
}

/** The place of that incident once it has that press. */
export function placeAfter(before: Incident, press: Press): string | null {
  const { place } = press;
  if (press.updatesPlace) return place;
  if (isMovedBy(before, press)) return isSamePlace(before, press) ? (place ?? before.place) : place;
  return before.place ?? place;
}

/**
 * Takes the incident to that place. The responders of there are asked to come (rule 22), and of those of before nobody
 * is mentioned for it. What was said of another place says nothing of this one: who promised to come is on the way to
 * that, who was there saw that, two buttons were pressed at that, and 112 was told the way to that.
 */
export function move(draft: Draft, there: There): void {
  const { location: _, mayBeAt: __, isLocationNamed: ___, ...before } = draft.incident;
  const { location, mayBeAt, place, fixedPlace, directions } = there;
  const where = {
    ...(location === null ? {} : { location }),
    ...(mayBeAt === undefined ? {} : { mayBeAt }),
    ...{ place, fixedPlace, directions, deliveries: [] },
  };
  if (isSamePlace(draft.incident, there)) {
    draft.incident = { ...before, ...where };
    letGo(draft);
    return;
  }
  const { called112At, policeThereAt, ...rest } = before;
  draft.incident = {
    ...rest,
    ...where,
    verification: "none",
    pressers: before.pressers.map((known) => ({ ...known, isElsewhere: true })),
    responders: before.responders.map((each): Responder => {
      const asked = each.state === "coming" ? { state: "none" as const, since: draft.now } : {};
      return { ...withoutArrival(each), ...asked };
    }),
  };
  changeRound(draft, { firstClaimAt: null });
}

/**
 * Of who came while nobody knew where that is, those count on who belong there. The others may be on their way to
 * another building, or in it: nobody is to wait for them, and what they saw says nothing of this alarm. Who was there
 * is asked whether they are, as in a new round; they may be, and so this alarm occupies them as before. Of who asked
 * for help no more is taken than that: whoever is alone may not read that somebody is there.
 */
function letGo(draft: Draft): void {
  const { now, incident } = draft;
  const others = standingOf(incident).filter(({ person }) => draft.ofOthers.has(person.id));
  if (others.length === 0) return;
  const gone = others.filter(({ helpAt }) => helpAt === undefined);
  const counted = countedOf(incident);
  const responders = incident.responders.map((each): Responder => {
    if (!others.includes(each)) return each;
    const asked = counted.includes(each) ? ({ state: "none", since: now, signAt: null, silentAt: null } as const) : {};
    return { ...(gone.includes(each) ? withoutArrival(each) : each), ...asked };
  });
  changeIncident(draft, { responders });
  if (isVouchedBy(gone, incident)) changeIncident(draft, { verification: "none" });
  if (responders.every(({ state }) => state !== "coming" && state !== "there"))
    changeRound(draft, { firstClaimAt: null });
}

/** Whoever counts in it, and whoever was there in any round of it. */
function standingOf(incident: Incident): readonly Responder[] {
  const counted = countedOf(incident);
  return incident.responders.filter((each) => counted.includes(each) || each.arrivedAt !== null);
}

/** Who was not there, so that they neither close it nor say what they saw. */
function withoutArrival({ witnessedAt: _, ...responder }: Responder): Responder {
  return { ...responder, arrivedAt: null };
}

/** Whether only these said that it is real; of what an earlier version wrote, whether one of them may have been who. */
function isVouchedBy(gone: readonly Responder[], { verification, responders }: Incident): boolean {
  if (verification !== "witnessed" || gone.every(({ arrivedAt }) => arrivedAt === null)) return false;
  return responders.every((each) => gone.includes(each) || each.witnessedAt === undefined);
}

/**
 * Who counts in that incident, or was there, and belongs to other locations, by their ids; nobody where any may be
 * meant.
 */
export function listOfOthers(
  before: Incident,
  { location, mayBeAt = [] }: Where,
  stationOf: (person: Person) => Stationed,
): ReadonlySet<string> {
  const keys = location === null ? mayBeAt : [location];
  const others = standingOf(before).filter(({ person }) => keys.length > 0 && !isStationedAt(stationOf(person), keys));
  return new Set(others.map(({ person }) => person.id));
}

/**
 * Notes who came before, belongs elsewhere and is counted on no more. Who was on the way is told that they need not
 * come; who was there hears no sound, since they may be beside an aggressor (rule 7).
 */
export function tellLetGo(draft: Draft, before: Incident): void {
  const out = standingOf(before).filter(({ person, helpAt }) => {
    if (helpAt !== undefined) return false;
    const isOut = draft.incident.responders.some((each) => each.person.id === person.id && each.state === "none");
    return isOut && draft.ofOthers.has(person.id);
  });
  if (out.length === 0) return;
  noteEvent(draft, { kind: "let-go", people: out.map(({ person }) => person) });
  const people = out.flatMap(({ state, person }) => (state === "coming" ? [person] : []));
  if (people.length > 0) draft.effects.push({ kind: "let-go", people });
}

/** Notes that it was named then at which location it is, which no usual one outweighs from then on. */
export function noteNamed(draft: Draft, locationNamedAt: number): void {
  const { mayBeElsewhere: _, ...incident } = draft.incident;
  draft.incident = { ...incident, isLocationNamed: true, locationNamedAt };
}

/** Notes whether the place is only where its presser usually is. */
export function notePlaceUsual(draft: Draft, isPlaceUsual: true | undefined): void {
  const { isPlaceUsual: before, ...incident } = draft.incident;
  if (isPlaceUsual !== before) draft.incident = isPlaceUsual ? { ...incident, isPlaceUsual } : incident;
}

/**
 * Notes whether whoever presses now may be elsewhere: on a visit nobody is where they said to be before. Typed without
 * a location it says nothing against what was said.
 */
export function noteElsewhere(draft: Draft, { via, mayBeElsewhere }: Pick<Press, "via" | "mayBeElsewhere">): void {
  const { mayBeElsewhere: before, isLocationNamed: _, ...incident } = draft.incident;
  if (via === "chat" || mayBeElsewhere === before) return;
  draft.incident = mayBeElsewhere ? { ...incident, mayBeElsewhere } : incident;
}

/**
 * What is said of where the incident is and was not known; null: nothing. One of several adds these to a location that
 * is known, because what names it by half, or with a slip, may mean a room there.
 */
export function toNews(before: Incident, said: Where): Where | null {
  const { location = null, mayBeAt = [] } = before;
  if (said.location !== null || said.mayBeAt === undefined) return said.location === location ? null : said;
  if (location !== null) {
    const all = [...new Set([location, ...said.mayBeAt])];
    return all.length === 1 ? null : { location: null, mayBeAt: all };
  }
  const isSame = mayBeAt.length === said.mayBeAt.length && said.mayBeAt.every((key) => mayBeAt.includes(key));
  return isSame ? null : said;
}

function newsOfPress(before: Incident, press: Press): Where | null {
  return saysWhere(before, press) ? toNews(before, press) : null;
}

/**
 * Whether a press says at which location it is. Where somebody usually is says nothing against what was named, nor at
 * which of several they are against one that is known.
 */
function saysWhere(before: Incident, { location, mayBeAt, isLocationNamed, via, place }: Press): boolean {
  if (via === "button") return location !== null || place !== null;
  if (isLocationNamed) return true;
  if (before.isLocationNamed) return false;
  return location !== null || (mayBeAt !== undefined && before.location === undefined);
}

/**
 * Whether that only says better where the incident is, which did not know its location or its place, or that it may be
 * at others as well.
 */
function isSamePlace(
  before: Incident,
  { location, mayBeAt, place }: Pick<There, "location" | "mayBeAt" | "place">,
): boolean {
  if (location === null && mayBeAt !== undefined) return true;
  const isSameLocation = before.location === undefined || before.location === location;
  return isSameLocation && (before.place === null || place === null || before.place === place);
}

export function isOf(presser: Presser, { source, button }: Pick<Press, "source" | "button">): boolean {
  return presser.source === source && presser.button === button;
}
