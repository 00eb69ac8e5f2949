import { concernedOf } from "../../../domain/incident/colleagues/occupied.ts";
import type { Circumstances, Command, Elsewhere, Press } from "../../../domain/incident/command.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Person } from "../../../domain/person.ts";
import type { FindElsewhere, IsOccupied } from "../../../ports/occupied.ts";

/** Knows who is in which open alarm. */
export interface InAlarms {
  readonly isOccupied: IsOccupied;
  readonly findElsewhere: FindElsewhere;
}

/** What is asked of an incident, as far as it matters who asks. */
type Asked =
  | { readonly kind: "press"; readonly press: Press }
  | { readonly kind: "claim" | "arrive"; readonly by: Person }
  | { readonly kind: Exclude<Command["kind"], "press" | "claim" | "arrive"> };

/** What a decision has to know of other alarms: who of them is occupied, and since when who answered in this one. */
export function toInAlarms(
  before: Incident | null,
  request: Asked,
  onDuty: Circumstances["onDuty"],
  { isOccupied, findElsewhere }: InAlarms,
): Pick<Circumstances, "occupied" | "elsewhere"> {
  const id = before?.id ?? (request.kind === "press" ? request.press.incident : "");
  const rung = before?.deliveries.map(({ person }) => person) ?? [];
  const people = [...(onDuty ?? []), ...(before === null ? [] : concernedOf(before)), ...rung];
  const occupied = new Set(people.flatMap((person) => (isOccupied(person, id) ? [person.id] : [])));
  const known = before === null ? [] : concernedOf(before);
  return { occupied, elsewhere: toElsewhere([...known, ...listAsking(request)], id, findElsewhere) };
}

/** Who answers or presses with that. */
function listAsking(request: Asked): readonly Pick<Person, "id">[] {
  if (request.kind === "claim" || request.kind === "arrive") return [request.by];
  const id = request.kind === "press" ? (request.press.holder?.id ?? null) : null;
  return id === null ? [] : [{ id }];
}

/** By id, since when another alarm than that has each of them. */
export function toElsewhere(
  people: readonly Pick<Person, "id">[],
  incident: string,
  findElsewhere: FindElsewhere,
): ReadonlyMap<string, Elsewhere> {
  return new Map(
    people.flatMap((person): [string, Elsewhere][] => {
      const elsewhere = findElsewhere(person, incident);
      return elsewhere === null ? [] : [[person.id, elsewhere]];
    }),
  );
}
