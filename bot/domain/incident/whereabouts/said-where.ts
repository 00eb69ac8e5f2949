import type { Press } from "../command.ts";
import { changeIncident, type Draft } from "../draft.ts";
import type { Incident, Presser } from "../incident.ts";

/** What a press says of where it is. */
type Said = Pick<Press, "place" | "isPlaceUsual" | "position" | "location" | "isLocationNamed">;

/** What a press said of where it was, as far as others have to know: theirs may be the same place. */
export type SaidWhere = Pick<Presser, "isWhereKnown" | "namedLocation">;

export function toSaidWhere({ place, isPlaceUsual, position, location, isLocationNamed }: Said): SaidWhere {
  const isWhereKnown = position !== null || (place !== null && isPlaceUsual !== true);
  return { isWhereKnown, ...(isLocationNamed && location !== null ? { namedLocation: location } : {}) };
}

/**
 * What the newest press of this person said; null: they did not press. An earlier one says nothing of where they are
 * now. Of what an earlier version wrote, what is known of the incident.
 */
export function saidWhereBy(incident: Incident, person: string): SaidWhere | null {
  const own = incident.pressers.filter(({ holder }) => holder?.id === person);
  const [newest] = own.toSorted((one, other) => other.at - one.at);
  if (newest === undefined) return null;
  return newest.isWhereKnown === undefined ? toSaidWhere({ ...incident, location: null }) : newest;
}

/** Notes what is known by now of where these pressed. */
export function noteSaidWhere(draft: Draft, said: SaidWhere, isTheirs: (presser: Presser) => boolean): void {
  const { pressers } = draft.incident;
  const isNews = (presser: Presser) => {
    const { isWhereKnown, namedLocation } = { ...presser, ...said };
    const isSame = isWhereKnown === presser.isWhereKnown && namedLocation === presser.namedLocation;
    return isTheirs(presser) && !isSame;
  };
  if (!pressers.some(isNews)) return;
  changeIncident(draft, { pressers: pressers.map((each) => (isNews(each) ? { ...each, ...said } : each)) });
}
