import type { Person } from "../../person.ts";
import type { Elsewhere } from "../command.ts";
import { changeIncident, type Draft, isPresser, noteEvent } from "../draft.ts";
import type { HistoryLine } from "../history.ts";
import type { Incident, Occupation } from "../incident.ts";
import type { Policy } from "../policy.ts";
import { comingOf, isEnough, isGuardThere, thereOf } from "../presence.ts";
import { isSince } from "../time/is-since.ts";
import { listGone, listLeft, listLost, sinceOf } from "./elsewhere.ts";
import { isAskable } from "./inside.ts";

/**
 * For how long a press, an arrival, an answer to the check or a call for help in one alarm keeps its person from being
 * asked for others: an alarm that nobody closes must not silence somebody for a day. It goes on as long as nobody is
 * there who answers, because who is beside an aggressor then may not be able to touch their phone; such an alarm pages
 * without end, so that it is not forgotten.
 */
export const occupiedForMs = 30 * 60_000;
/** A state that is repeated each second need not be written each second. */
const renewedAfterMs = 60_000;

/**
 * Notes that this alarm keeps somebody from being asked for others. `at`: when they pressed, arrived or needed help;
 * what is written late takes the place of nothing newer.
 */
export function occupy(draft: Draft, person: string, at = draft.now): void {
  const { occupies = [] } = draft.incident;
  const moment = { now: at, decidedAt: draft.decidedAt };
  if (occupies.some((each) => each.person === person && isSince(sinceOf(each), moment))) return;
  changeIncident(draft, { occupies: [...occupies.filter((each) => each.person !== person), { person, at }] });
}

/** The same for who is in it already, and shows that this goes on. */
export function occupyStill(draft: Draft, person: string): void {
  const { occupies = [] } = draft.incident;
  const known = occupies.find((each) => each.person === person);
  if (known === undefined) occupy(draft, person);
  else if (draft.now >= known.at + renewedAfterMs) {
    const renewed = { person, at: draft.now, since: sinceOf(known) };
    changeIncident(draft, { occupies: [...occupies.filter((each) => each !== known), renewed] });
  }
}

/** Notes that it keeps this person from nothing any more. */
export function release(draft: Draft, person: string): void {
  const { occupies } = draft.incident;
  // Of what an earlier version wrote nobody knows whom else it has.
  if (occupies === undefined) return;
  changeIncident(draft, { occupies: occupies.filter((each) => each.person !== person) });
}

/** As `occupy`, for who wears a button that pressed, each from when it did so last. */
export function occupyPressers(draft: Draft): void {
  for (const { holder, at } of draft.incident.pressers) if (holder?.id != null) occupy(draft, holder.id, at);
}

/** Whom this alarm keeps from being asked for others; nobody once it is closed, or who is not in it any more. */
export function occupationsOf(incident: Incident): readonly Occupation[] {
  if (incident.closedAt !== null) return [];
  return (incident.occupies ?? []).filter(({ person, isOver }) => !isOver && !isAskable(incident, { id: person }));
}

/**
 * Ends what has lasted its time, so that it is on disk and whoever waits for it is told; where nobody is there who
 * answers, it begins anew, but for who was there at another place alone.
 */
export function endOccupations(draft: Draft): void {
  const { incident, now } = draft;
  const { occupies = [] } = incident;
  const mayStay = (each: Occupation) => each.isOver || endOf(each) > now;
  if (occupies.every(mayStay)) return;
  const isAlone = thereOf(incident).length === 0 && !isGuardThere(incident);
  const goesOn = new Set(isAlone ? occupationsOf(incident).filter(({ person }) => isHere(incident, person)) : []);
  const toEnded = (each: Occupation) =>
    goesOn.has(each) ? { ...each, at: now, since: sinceOf(each) } : { ...each, isOver: true as const };
  changeIncident(draft, { occupies: occupies.map((each) => (mayStay(each) ? each : toEnded(each))) });
}

/** Whether they pressed, were there where the alarm is by now, or asked for help. */
function isHere(incident: Incident, id: string): boolean {
  const responder = incident.responders.find(({ person }) => person.id === id);
  const wasThere = responder !== undefined && (responder.arrivedAt !== null || responder.helpAt !== undefined);
  return wasThere || isPresser(incident, { id });
}

/** The first moment at which one of them is over; null: it occupies nobody. */
export function nextEndOf(incident: Incident): number | null {
  const ends = occupationsOf(incident).map(endOf);
  return ends.length === 0 ? null : Math.min(...ends);
}

function endOf({ at }: Occupation): number {
  return at + occupiedForMs + 1;
}

/** Whether that still holds. What lies far ahead was made by a clock that was ahead, and silences nobody. */
export function isInForce({ at }: Occupation, now: number): boolean {
  return Math.abs(now - at) <= occupiedForMs;
}

/** Those of these people who may be asked to come, and those who may not because another alarm occupies them. */
export function toAskable(draft: Draft, people: readonly Person[]) {
  const { incident, occupied } = draft;
  const askable = people.filter((person) => isAskable(incident, person));
  return Object.groupBy(askable, ({ id }) => (occupied.has(id) ? "occupied" : "free"));
}

/**
 * Who of those on duty in this round neither declined nor comes and is in an alarm, this one or another, when that is
 * all of them and not enough people come; else nobody. `occupied`: ids of whom another alarm occupies.
 */
export function findNobodyFree(incident: Incident, policy: Policy, occupied: ReadonlySet<string>): readonly Person[] {
  const { round, responders } = incident;
  const declined = responders.filter(({ state }) => state === "declined");
  // Whoever is late may come yet.
  const expected = round.lapsedAt === null ? [...comingOf(incident), ...thereOf(incident)] : [];
  const answered = new Set([...declined, ...expected].map(({ person }) => person.id));
  const left = (round.onDuty ?? []).filter((each) => !isPresser(incident, each) && !answered.has(each.id));
  const mayAsk = (person: Person) => isAskable(incident, person) && !occupied.has(person.id);
  return left.some(mayAsk) || isEnough(incident, policy) ? [] : left;
}

/**
 * Whether that alarm is to be decided on now: because somebody counts in it, or was there, who is in another one since
 * or pressed where nobody knows where that is, because nobody
 * is left to ask and that was not noticed in its round, or because of somebody who was not asked it is not so any more
 * that they are occupied, or free.
 */
export function isAffected(
  incident: Incident,
  policy: Policy,
  occupied: ReadonlySet<string>,
  elsewhere: ReadonlyMap<string, Elsewhere>,
): boolean {
  const { round, occupied: leftOut = [], freed = [] } = incident;
  if ([listGone, listLeft, listLost].some((list) => list(incident, elsewhere).length > 0)) return true;
  const isKept = (person: Person) => isKeptBy({ incident, occupied, elsewhere }, person);
  if (!leftOut.every(isKept) || freed.some(isKept)) return true;
  return round.nobodyFreeAt === undefined && findNobodyFree(incident, policy, occupied).length > 0;
}

/** Whether another alarm keeps this person from that one: it occupies them, or they left that one to go to it. */
function isKeptBy(
  { incident, occupied, elsewhere }: Pick<Draft, "incident" | "occupied" | "elsewhere">,
  { id }: Person,
): boolean {
  return occupied.has(id) || (elsewhere.get(id)?.comingSince !== undefined && !isAskable(incident, { id }));
}

/** Everybody of whom it matters to that alarm whether another one occupies them, or has them. */
export function concernedOf(incident: Incident): readonly Person[] {
  const { round, responders, occupied = [], freed = [] } = incident;
  return [...(round.onDuty ?? []), ...occupied, ...freed, ...responders.map(({ person }) => person)];
}

/** Notes of whom that was not asked it is not so any more; answers with those who are free. */
export function noteFreed(draft: Draft): readonly Person[] {
  const { occupied = [], freed: known = [] } = draft.incident;
  const { free: freed = [], occupied: still = [] } = Object.groupBy([...occupied, ...known], (person) =>
    isKeptBy(draft, person) ? "occupied" : "free",
  );
  if (still.length !== occupied.length || freed.length !== known.length) {
    changeIncident(draft, { occupied: still, freed });
  }
  if (freed.length > 0) forgetNobodyFree(draft);
  return freed;
}

/** Has it noticed anew that nobody is left to ask, because somebody was since, or because of a press. */
export function forgetNobodyFree(draft: Draft): void {
  const { nobodyFreeAt, ...others } = draft.incident.round;
  if (nobodyFreeAt !== undefined) changeIncident(draft, { round: others });
}

/** Notes who is not rung because another alarm occupies them; `people` are all of them for the newest ring. */
export function noteOccupied(draft: Draft, people: readonly Person[]): void {
  const before = new Set(draft.incident.occupied?.map(({ id }) => id));
  if ((draft.incident.freed ?? []).length > 0) changeIncident(draft, { freed: [] });
  const isSame = before.size === people.length && people.every(({ id }) => before.has(id));
  if (!isSame) changeIncident(draft, { occupied: people });
  const said = new Set(draft.history.flatMap(toOccupied).map(({ id }) => id));
  const unsaid = people.filter(({ id }) => !said.has(id));
  if (unsaid.length > 0) noteEvent(draft, { kind: "occupied", people: unsaid });
}

/** Of whom that line says that they are in another alarm. */
function toOccupied(line: HistoryLine): readonly Person[] {
  if (line.kind === "occupied") return line.people;
  return line.kind === "now-elsewhere" ? [line.by] : [];
}
