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

/** Whether external security is called on and not called off, so that it may ring back; `pagers`: by which ways. */
export function listPaging({ closedAt, pagers }: Incident): readonly string[] {
  if (closedAt !== null) return [];
  return Object.entries(pagers).flatMap(([name, { callOff }]) => (callOff === null ? [name] : []));
}
