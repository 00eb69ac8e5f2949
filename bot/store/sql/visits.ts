import type { Kysely, Selectable } from "kysely";
import type { Visit } from "../../domain/visit/visit.ts";
import type { VisitReader, VisitTx } from "../../ports/store/visits.ts";
import type { Connection } from "./connection.ts";
import { prepare, prepareKeys, type Slot } from "./query.ts";
import type { Tables } from "./tables.ts";

/** Reads announced visits. */
export function visitReader(db: Kysely<Tables>, on: Connection) {
  const all = db.selectFrom("visits").selectAll();
  const one = prepare(on, (slot: Slot<{ person: string }>) => all.where("person", "=", slot("person")));
  const due = prepare(on, (slot: Slot<{ now: number; limit: number }>) =>
    all.where("next_at", "<=", slot("now")).orderBy("next_at").limit(slot("limit")),
  );
  const next = prepare(on, () =>
    db.selectFrom("visits").select("next_at").where("next_at", ">", 0).orderBy("next_at").limit(1),
  );
  return {
    async loadVisit(person) {
      const row = await one.one({ person });
      return row === null ? null : toVisit(row);
    },
    async listDueVisits(now, limit) {
      const rows = await due.all({ now, limit });
      return rows.map(toVisit);
    },
    async nextVisitAt() {
      return (await next.one({}))?.next_at ?? null;
    },
  } satisfies VisitReader;
}

/** Prepares looking up the visits of many people. */
export function prepareFindVisits(db: Kysely<Tables>, on: Connection) {
  const find = prepareKeys(on, (keys: readonly Slot<{ person: string }>[]) => {
    const people = keys.map((slot) => slot("person"));
    return db.selectFrom("visits").selectAll().where("person", "in", people);
  });
  return {
    read: async (people: readonly { readonly person: string }[]) => (await find.run(people)).rows.map(toVisit),
    findNone: find.findNone,
  };
}

/** Stores announced visits, one per person, and nothing about them but who and until when. */
export function visitTx(db: Kysely<Tables>, on: Connection) {
  const save = prepare(on, (slot: Slot<Row>) =>
    db
      .insertInto("visits")
      .values({
        person: slot("person"),
        name: slot("name"),
        started_at: slot("started_at"),
        ends_at: slot("ends_at"),
        asked: slot("asked"),
        next_at: slot("next_at"),
      })
      .onConflict((conflict) =>
        conflict.column("person").doUpdateSet((row) => ({
          name: row.ref("excluded.name"),
          started_at: row.ref("excluded.started_at"),
          ends_at: row.ref("excluded.ends_at"),
          asked: row.ref("excluded.asked"),
          next_at: row.ref("excluded.next_at"),
        })),
      ),
  );
  const remove = prepare(on, (slot: Slot<{ person: string }>) =>
    db.deleteFrom("visits").where("person", "=", slot("person")),
  );
  return {
    ...visitReader(db, on),
    async saveVisit({ person, startedAt, endsAt, asked, nextAt }) {
      const row = { started_at: startedAt, ends_at: endsAt, asked, next_at: nextAt };
      await save.run({ person: person.id, name: person.name, ...row });
    },
    async deleteVisit(person) {
      return (await remove.run({ person })) > 0;
    },
  } satisfies VisitTx;
}

type Row = Selectable<Tables["visits"]>;

function toVisit({ person, name, started_at, ends_at, asked, next_at }: Row): Visit {
  return { person: { id: person, name }, startedAt: started_at, endsAt: ends_at, asked, nextAt: next_at };
}
