import type { Person } from "../person.ts";
import type { Role } from "../who-may.ts";
import { isPresser } from "./draft.ts";
import type { Incident, Presser } from "./incident.ts";

/** What a colleague is in this incident, for `rights`. `isLead`: a team lead, which only the configuration knows. */
export function rolesIn(incident: Incident, { by, isLead = false }: { by: Person; isLead?: boolean }): Role[] {
  const responder = incident.responders.find(({ person }) => person.id === by.id);
  const roles: readonly (readonly [Role, boolean])[] = [
    ["lead", isLead],
    ["presser", isPresser(incident, by)],
    ["typist", incident.pressers.some((presser) => isTypedBy(presser, by))],
    ["answered", responder !== undefined],
    ["arrived", responder !== undefined && responder.arrivedAt !== null],
    ["there", responder?.state === "there"],
    ["silent", responder?.state === "there" && responder.silentAt !== null],
  ];
  return roles.flatMap(([role, isSo]) => (isSo ? [role] : []));
}

/** Whether this person pressed so in Teams; whoever wears a button has a button to take it back with. */
export function isTypedBy({ via, holder }: Presser, person: Person): boolean {
  return via !== "button" && holder?.id === person.id;
}
