import { notifyOnDuty } from "../colleagues/deliveries.ts";
import { forgetNobodyFree } from "../colleagues/occupied.ts";
import type { Command, DecisionReason } from "../command.ts";
import { changeIncident, changeRound, type Draft, noteEvent, withoutPressers } from "../draft.ts";
import type { Incident } from "../incident.ts";
import { isMet } from "../presence.ts";
import { pageWhenNobodyIsOnDuty, startPressRound } from "../round.ts";
import { move, noteNamed, notePlaceUsual, tellLetGo, toNews, type Where, whereOf } from "./move.ts";

export type Correction = Pick<Extract<Command, { kind: "correct-place" }>, "by" | "place" | "where" | "saidAt">;

/** Where that incident is once it has that correction, at `now`. */
export function whereCorrected(before: Incident, correction: Pick<Correction, "where" | "saidAt">, now: number): Where {
  const where = newestOf(before, correction, now);
  return (where && toNews(before, where)) ?? whereOf(before);
}

/** The location that is said, unless another was named since; what lies ahead was noted under a clock that was. */
function newestOf(
  { locationNamedAt = Number.NEGATIVE_INFINITY }: Incident,
  { where, saidAt = Number.POSITIVE_INFINITY }: Pick<Correction, "where" | "saidAt">,
  now: number,
): Where | undefined {
  return saidAt < locationNamedAt && locationNamedAt <= now ? undefined : where;
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
  if (news !== null) moveTo(draft, news, place);
  else if (place !== incident.place) changeIncident(draft, { place });
  if (where !== undefined) noteNamed(draft, saidAt);
  if (news === null && place === incident.place && !isConfirmed) return "already-so";
  if (said !== null) notePlaceUsual(draft, undefined);
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

function moveTo(draft: Draft, news: Where, place: string | null): void {
  move(draft, { ...news, place, fixedPlace: null, directions: null });
  changeRound(draft, { onDuty: withoutPressers(draft.incident, draft.onDuty) });
  forgetNobodyFree(draft);
}
