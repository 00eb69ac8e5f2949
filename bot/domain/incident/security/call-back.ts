import type { Person } from "../../person.ts";
import { isAskable } from "../colleagues/inside.ts";
import type { DecisionReason } from "../command.ts";
import { type Draft, noteEvent } from "../draft.ts";
import type { Incident } from "../incident.ts";
import { pagersToUpdate } from "./call-off.ts";

/**
 * Whom external security calls back where that is who is on duty: the first of `onDuty` who has a phone, is inside no
 * open alarm and has not said that they can't come; null: nobody. A phone rings beside whoever has it. `isInside`:
 * whether somebody is inside any open alarm, as memory knows it.
 */
export function findCallee(
  incident: Incident,
  onDuty: readonly Person[] | null,
  hasPhone: (person: Person) => boolean,
  isInside: (person: Person) => boolean,
): Person | null {
  const mayRing = (person: Person) => {
    return isAskable(incident, person) && !hasDeclined(incident, person.id) && !isInside(person);
  };
  return onDuty?.find((person) => mayRing(person) && hasPhone(person)) ?? null;
}

function hasDeclined({ responders }: Incident, id: string): boolean {
  return responders.some(({ person, state }) => person.id === id && state === "declined");
}

/** The pagers by which external security is called on and not called off, so that it may ring back. */
export function listPaging(incident: Incident): readonly string[] {
  return Object.keys(incident.pagers).filter((pager) => mayCallBack(incident, pager));
}

/** Whether whoever is paged by that pager may ring a colleague back: it is not over, and they were not called off. */
export function mayCallBack({ closedAt, pagers }: Incident, pager: string): boolean {
  return closedAt === null && (pagers[pager]?.callOff ?? null) === null;
}

/**
 * Notes that external security calls back somebody else from now on, or nobody, and has those told by whose pagers a
 * number was given. Whose it was or is stands nowhere.
 */
export function changeCallBack(draft: Draft, told: readonly string[]): DecisionReason {
  noteEvent(draft, { kind: "call-back-changed" });
  for (const [pager, { key }] of pagersToUpdate(draft)) {
    if (told.includes(pager)) draft.effects.push({ kind: "update", pager, key });
  }
  return "call-back-changed";
}
