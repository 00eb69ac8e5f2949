import type { ProvenRoute } from "../../domain/ring-test/proven-route.ts";

/** Names one route of one person, by `Person.id`. */
export type RouteOfPerson = Pick<ProvenRoute, "person" | "route">;

/** Reads on which day each person's routes were proven. It is personal data, and no moment is stored with it. */
export interface ProvenRouteReader {
  listProvenRoutes(): Promise<readonly ProvenRoute[]>;
  loadProvenRoute(of: RouteOfPerson): Promise<ProvenRoute | null>;
}

/** Reads and changes on which day each person's routes were proven. */
export interface ProvenRouteTx extends ProvenRouteReader {
  saveProvenRoute(route: ProvenRoute): Promise<void>;
  /** Resolves with false where there was none. */
  deleteProvenRoute(of: RouteOfPerson): Promise<boolean>;
}
