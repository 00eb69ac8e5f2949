import type { RingRoute } from "../person.ts";

const dayMs = 24 * 3_600_000;
/** A route is unproven after this many days; a test every month keeps it below. */
const maxProvenDays = 35;

/**
 * When a person's route was proven. Each is the date of a day as ISO 8601 writes it: nothing says how fast they are.
 */
export interface ProvenRoute {
  readonly person: string;
  readonly route: RingRoute;
  /** When it was first seen in the configuration. */
  readonly knownOn: string;
  /** When they were last asked; null: never. */
  readonly askedOn: string | null;
  /** When they last said that they were rung by it; null: never. */
  readonly provenOn: string | null;
}

/** How many people nobody knows of for long whether they hear that they are rung: for IT, and no alarm. */
export interface PeopleTrouble {
  readonly kind: "people-unproven";
  readonly count: number;
}

/** Finds the routes that are unproven for too long on that day. Pure. */
export function findUnproven(routes: readonly ProvenRoute[], today: string): readonly ProvenRoute[] {
  return routes.filter(({ provenOn, knownOn }) => countDays(provenOn ?? knownOn, today) > maxProvenDays);
}

/** The trouble of those routes, which names nobody. Pure. */
export function findPeopleTroubles(unproven: readonly ProvenRoute[]): PeopleTrouble[] {
  const people = new Set(unproven.map(({ person }) => person));
  return people.size === 0 ? [] : [{ kind: "people-unproven", count: people.size }];
}

/** Whether nobody has asked yet whether this route works, so that its person is asked when their duty begins. */
export function isNew({ askedOn, provenOn }: ProvenRoute): boolean {
  return askedOn === null && provenOn === null;
}

function countDays(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / dayMs;
}
