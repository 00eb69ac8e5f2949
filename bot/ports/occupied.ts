import type { Elsewhere } from "../domain/incident/command.ts";
import type { Person } from "../domain/person.ts";

/**
 * Whether another open alarm than that incident keeps this person from being asked to come now (rule 7). As far as
 * memory knows, so that it can be asked at every moment, also while the storage is down. `since`: only what occupies
 * them since then or later, in epoch milliseconds; left out: whatever does.
 */
export type IsOccupied = (person: Pick<Person, "id">, incident: string, since?: number) => boolean;

/** Since when another open alarm than that incident has this person, as far as memory knows; null: none does. */
export type FindElsewhere = (person: Pick<Person, "id">, incident: string) => Elsewhere | null;
