import type { Kysely } from "kysely";
import type { ProvenRoute } from "../../../domain/ring-test/proven-route.ts";
import type { ProvenRouteReader, ProvenRouteTx, RouteOfPerson } from "../../../ports/store/proven-routes.ts";
import type { Connection } from "../connection.ts";
import { prepare, type Slot } from "../query.ts";
import type { Tables } from "../tables.ts";

type Row = Tables["proven_routes"];

/** Reads on which day each person's routes were proven. */
export function provenRouteReader(db: Kysely<Tables>, on: Connection) {
  const all = db.selectFrom("proven_routes").selectAll();
  const list = prepare(on, () => all.orderBy("person").orderBy("route"));
  const one = prepare(on, (slot: Slot<RouteOfPerson>) =>
    all.where("person", "=", slot("person")).where("route", "=", slot("route")),
  );
  return {
    async listProvenRoutes() {
      return (await list.all({})).map(toProvenRoute);
    },
    async loadProvenRoute({ person, route }) {
      const row = await one.one({ person, route });
      return row === null ? null : toProvenRoute(row);
    },
  } satisfies ProvenRouteReader;
}

/** Stores on which day each person's routes were proven, for as long as they are in the configuration. */
export function provenRouteTx(db: Kysely<Tables>, on: Connection) {
  const save = prepare(on, (slot: Slot<Row>) =>
    db
      .insertInto("proven_routes")
      .values({
        person: slot("person"),
        route: slot("route"),
        known_on: slot("known_on"),
        asked_on: slot("asked_on"),
        proven_on: slot("proven_on"),
      })
      .onConflict((conflict) =>
        conflict.columns(["person", "route"]).doUpdateSet((row) => ({
          known_on: row.ref("excluded.known_on"),
          asked_on: row.ref("excluded.asked_on"),
          proven_on: row.ref("excluded.proven_on"),
        })),
      ),
  );
  const remove = prepare(on, (slot: Slot<RouteOfPerson>) =>
    db.deleteFrom("proven_routes").where("person", "=", slot("person")).where("route", "=", slot("route")),
  );
  return {
    ...provenRouteReader(db, on),
    async saveProvenRoute({ person, route, knownOn, askedOn, provenOn }) {
      await save.run({ person, route, known_on: knownOn, asked_on: askedOn, proven_on: provenOn });
    },
    async deleteProvenRoute({ person, route }) {
      return (await remove.run({ person, route })) > 0;
    },
  } satisfies ProvenRouteTx;
}

function toProvenRoute({ person, route, known_on, asked_on, proven_on }: Row): ProvenRoute {
  return { person, route, knownOn: known_on, askedOn: asked_on, provenOn: proven_on };
}
