import type { Incident } from "../../../domain/incident/incident.ts";
import type { Person } from "../../../domain/person.ts";
import type { OpenIncidents } from "./open-incidents.ts";

/** The open alarm of theirs in which somebody pressed last; null: none of theirs is open. */
export function findPress(openIncidents: Pick<OpenIncidents, "listNearest">, { id }: Person): Incident | null {
  const pressed = openIncidents.listNearest().flatMap(({ incident }) => {
    const moments = incident.pressers.flatMap(({ holder, at }) => (holder?.id === id ? [at] : []));
    return moments.length === 0 ? [] : [{ incident, at: Math.max(...moments) }];
  });
  const newest = pressed.toSorted((one, other) => one.at - other.at || one.incident.number - other.incident.number);
  return newest.at(-1)?.incident ?? null;
}
