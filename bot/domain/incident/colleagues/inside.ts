import type { Person } from "../../person.ts";
import { isPresser } from "../draft.ts";
import type { Incident } from "../incident.ts";

/**
 * Whether this person may be asked to come, as far as this alarm tells: nobody who may be beside an aggressor, because
 * they pressed, are or were there, or asked for help in any round, until they say that they can't come. Another alarm
 * may occupy them.
 */
export function isAskable(incident: Incident, { id }: Pick<Person, "id">): boolean {
  const responder = incident.responders.find(({ person }) => person.id === id);
  if (isPresser(incident, { id }) || responder?.state === "there" || responder?.helpAt !== undefined) return false;
  const { occupies } = incident;
  if (occupies !== undefined) return occupies.every(({ person }) => person !== id);
  return (responder?.arrivedAt ?? null) === null || responder?.state === "declined";
}

/** Ids of those who may be beside an aggressor in this alarm; nobody once it is closed. */
export function insideOf(incident: Incident): readonly string[] {
  if (incident.closedAt !== null) return [];
  const { pressers, responders, occupies = [] } = incident;
  const holders = pressers.flatMap(({ holder }) => holder?.id ?? []);
  const known = [...holders, ...responders.map(({ person }) => person.id), ...occupies.map(({ person }) => person)];
  return [...new Set(known)].filter((id) => !isAskable(incident, { id }));
}
