import type { Person } from "../../person.ts";
import { isAskable } from "../draft.ts";
import type { Incident } from "../incident.ts";

/**
 * Whom external security calls back where that is who is on duty: the first of `onDuty` who has a phone, may be asked
 * to come and has not said that they can't; null: nobody. A phone rings beside whoever has it, so never of who pressed,
 * is there or asked for help.
 */
export function findCallee(
  incident: Incident,
  onDuty: readonly Person[] | null,
  hasPhone: (person: Person) => boolean,
): Person | null {
  const hasDeclined = ({ id }: Person) =>
    incident.responders.some(({ person, state }) => person.id === id && state === "declined");
  return onDuty?.find((person) => isAskable(incident, person) && !hasDeclined(person) && hasPhone(person)) ?? null;
}

/** The pagers by which external security is called on and not called off, so that it may ring back. */
export function listPaging(incident: Incident): readonly string[] {
  return Object.keys(incident.pagers).filter((pager) => mayCallBack(incident, pager));
}

/** Whether whoever is paged by that pager may ring a colleague back: it is not over, and they were not called off. */
export function mayCallBack({ closedAt, pagers }: Incident, pager: string): boolean {
  return closedAt === null && (pagers[pager]?.callOff ?? null) === null;
}
