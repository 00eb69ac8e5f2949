import { notifyOnDuty } from "../colleagues/deliveries.ts";
import { forgetNobodyFree } from "../colleagues/occupied.ts";
import type { Command, DecisionReason } from "../command.ts";
import { changeIncident, changeRound, type Draft, noteEvent, withoutPressers } from "../draft.ts";
import type { Incident } from "../incident.ts";
import { isMet } from "../presence.ts";
import { isTypedBy } from "../roles.ts";
import { pageWhenNobodyIsOnDuty, startPressRound } from "../round.ts";
import { isSince } from "../time/is-since.ts";
import { move, noteNamed, notePlaceUsual, tellLetGo, toNews, type Where, whereOf } from "./move.ts";
import { noteSaidWhere } from "./said-where.ts";

export type Correction = Pick<Extract<Command, { kind: "correct-place" }>, "by" | "place" | "where" | "saidAt">;

/** Where that incident is once it has that correction, at `now`. */
export function whereCorrected(before: Incident, correction: Pick<Correction, "where" | "saidAt">, now: number): Where {
  const where = newestOf(before, correction, now);
  return (where && toNews(before, where)) ?? whereOf(before);
}

/** The location that is said, unless another was named since. */
function newestOf(
  { locationNamedAt }: Incident,
  { where, saidAt = Number.POSITIVE_INFINITY }: Pick<Correction, "where" | "saidAt">,
  now: number,
): Where | undefined {
  return isSince(locationNamedAt, { now: saidAt, decidedAt: now }) ? undefined : where;
}

/**
 * Replaces the place and the location by what the presser says now. Whoever is of that location is asked to come now,
 * because they may be on their way to another door; where somebody was at another one by then, in a new round, as by a
 * press (rule 3).
 */
export function correctPlace(draft: Draft, correction: Correction): DecisionReason {
  const { incident, now } = draft;
  const { by, place: said, saidAt = now } = correction;
  const where = newestOf(incident, correction, now);
  const news = where === undefined ? null : toNews(incident, where);
  const place = said ?? incident.place;
  const isConfirmed = where !== undefined && incident.mayBeElsewhere === true;
  const isPlaceConfirmed = said !== null && incident.isPlaceUsual === true;
  if (news !== null) moveTo(draft, news, place);
  else if (place !== incident.place) changeIncident(draft, { place });
  if (where !== undefined) noteNamed(draft, saidAt);
  if (said !== null) notePlaceUsual(draft, undefined);
  noteWhere(draft, correction, where);
  if (news === null && place === incident.place && !isConfirmed && !isPlaceConfirmed) return "already-so";
  const { location, mayBeAt = [] } = news ?? { location: null };
  const locations = location === null ? mayBeAt : [location];
  noteEvent(draft, { kind: "place-corrected", place, by, ...(locations.length === 0 ? {} : { locations }) });
  tellLetGo(draft, incident);
  const isElsewhere = news !== null && incident.location !== undefined;
  if (isElsewhere && isMet(incident)) {
    startPressRound(draft);
    return "place-corrected";
  }
  if (news !== null) pageWhenNobodyIsOnDuty(draft);
  notifyOnDuty(draft);
  return "place-corrected";
}

/** Notes on what they typed by then that it is known where that was, or at which location. */
function noteWhere(draft: Draft, { by, place, saidAt = draft.now }: Correction, where: Where | undefined): void {
  const location = where?.location ?? null;
  const said = {
    ...(place === null ? {} : { isWhereKnown: true }),
    ...(location === null ? {} : { namedLocation: location }),
  };
  noteSaidWhere(draft, said, (presser) => isTypedBy(presser, by) && presser.at <= saidAt);
}

function moveTo(draft: Draft, news: Where, place: string | null): void {
  move(draft, { ...news, place, fixedPlace: null, directions: null });
  changeRound(draft, { onDuty: withoutPressers(draft.incident, draft.onDuty) });
  forgetNobodyFree(draft);
}
