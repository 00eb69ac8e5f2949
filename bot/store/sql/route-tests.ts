import type { Kysely } from "kysely";
import type { RouteTest } from "../../domain/route-test/route-test.ts";
import type { RouteTestReader, RouteTestTx } from "../../ports/store/route-tests.ts";
import type { Connection } from "./connection.ts";
import { fromJson } from "./json.ts";
import { prepare, type Slot } from "./query.ts";
import type { Tables } from "./tables.ts";

/** Reads tests of the routes to external security. */
export function routeTestReader(db: Kysely<Tables>, on: Connection) {
  const all = db.selectFrom("route_tests").select("body");
  const one = prepare(on, (slot: Slot<{ id: string }>) => all.where("id", "=", slot("id")));
  const running = prepare(on, () => all.where("next_at", "is not", null).orderBy("next_at"));
  return {
    async loadRouteTest(id) {
      const row = await one.one({ id });
      return row === null ? null : fromJson<RouteTest>(row.body);
    },
    async loadRunningTest() {
      const rows = await running.all({});
      return rows.map(({ body }) => fromJson<RouteTest>(body)).find((test) => test !== null) ?? null;
    },
  } satisfies RouteTestReader;
}

/**
 * Stores tests of the routes to external security, those that are over too, because they are the record of which routes
 * were verified.
 */
export function routeTestTx(db: Kysely<Tables>, on: Connection) {
  const save = prepare(on, (slot: Slot<Tables["route_tests"]>) =>
    db
      .insertInto("route_tests")
      .values({ id: slot("id"), next_at: slot("next_at"), body: slot("body") })
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet((row) => ({
          next_at: row.ref("excluded.next_at"),
          body: row.ref("excluded.body"),
        })),
      ),
  );
  return {
    ...routeTestReader(db, on),
    async saveRouteTest(test) {
      await save.run({ id: test.id, next_at: test.nextAt, body: JSON.stringify(test) });
    },
  } satisfies RouteTestTx;
}
