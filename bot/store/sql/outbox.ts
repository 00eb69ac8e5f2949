import { type Kysely, sql } from "kysely";
import type { DeliveryReason } from "../../domain/incident/incident.ts";
import { parseKey } from "../../domain/message-key.ts";
import {
  type LaneName,
  type NewOutboxRow,
  type OutboxReader,
  type OutboxRow,
  type OutboxTx,
  type Outgoing,
  toPager,
} from "../../ports/store/outbox.ts";
import type { Connection } from "./connection.ts";
import { fromJson } from "./json.ts";
import { prepare, type Slot } from "./query.ts";
import type { Tables } from "./tables.ts";

const rowColumns = [
  "id",
  "key",
  "lane",
  "incident",
  "outgoing",
  "due_at as dueAt",
  "attempts",
  "wanted as revision",
  "leased_until as leasedUntil",
] as const;

/** Reads when the outbox has something to do. */
export function outboxReader(db: Kysely<Tables>, on: Connection) {
  const count = prepare(on, () => db.selectFrom("outbox").select(({ fn }) => fn.countAll<number>().as("count")));
  const next = prepare(on, () =>
    withLanes(db)
      .selectFrom("lanes")
      .where("lanes.lane", "is not", null)
      .select((from) =>
        from
          .selectFrom("outbox")
          .select("ready_at")
          .whereRef("outbox.lane", "=", "lanes.lane")
          .orderBy("ready_at")
          .limit(1)
          .$asScalar()
          .$notNull()
          .as("at"),
      ),
  );
  // Lanes of pagers begin alike, and ";" is the sign after ":".
  const readyPages = prepare(on, (slot: Slot<{ now: number; limit: number }>) =>
    db
      .selectFrom("outbox")
      .select(rowColumns)
      .where(sql.ref("lane"), ">", "pager:")
      .where(sql.ref("lane"), "<", "pager;")
      .where("ready_at", "<=", slot("now"))
      .orderBy("id")
      .limit(slot("limit")),
  );
  return {
    async listReadyPages(now, limit) {
      return (await readyPages.all({ now, limit })).map(readRow);
    },
    async countOutbox() {
      return (await count.one({}))?.count ?? 0;
    },
    async nextOutboxAt() {
      const rows = await next.all({});
      return rows.length === 0 ? null : Math.min(...rows.map(({ at }) => at));
    },
  } satisfies OutboxReader;
}

/** Fills and empties the outbox. A row is ready when it is due and its lease, if any, is over. */
export function outboxTx(db: Kysely<Tables>, on: Connection) {
  const insert = prepareInsert(db, on);
  const lease = prepareLease(db, on);
  const lanes = prepare(on, () =>
    withLanes(db).selectFrom("lanes").select("lane").$narrowType<{ lane: LaneName }>().where("lane", "is not", null),
  );
  const remove = prepare(on, (slot: Slot<{ id: number; revision: number }>) =>
    db.deleteFrom("outbox").where("id", "=", slot("id")).where("wanted", "=", slot("revision")),
  );
  const requeue = prepare(on, (slot: Slot<{ id: number; dueAt: number }>) =>
    db
      .updateTable("outbox")
      .set({ due_at: slot("dueAt"), ready_at: slot("dueAt"), leased_until: 0 })
      .where("id", "=", slot("id")),
  );
  const postpone = prepare(on, (slot: Slot<Postponement>) =>
    db
      .updateTable("outbox")
      .set((now) => ({
        due_at: slot("dueAt"),
        ready_at: slot("dueAt"),
        leased_until: 0,
        attempts: now("attempts", "+", slot("failures")),
        last_reason: slot("reason"),
      }))
      .where("id", "=", slot("id")),
  );
  const bringForward = prepareBringForward(db, on);

  return {
    ...outboxReader(db, on),
    async enqueue(rows, leasedUntil) {
      const added: OutboxRow[] = [];
      for (const row of rows) {
        const readyAt = Math.max(row.dueAt, leasedUntil);
        const stored = await insert.one({ ...row, outgoing: JSON.stringify(row.outgoing), leasedUntil, readyAt });
        if (stored?.revision === 1) added.push({ ...row, ...stored, attempts: 0, leasedUntil });
      }
      return added;
    },
    async lease(lane, now, leasedUntil, limit) {
      const rows = await lease.all({ lane, now, leasedUntil, limit });
      // A RETURNING clause promises no order.
      return rows.map(readRow).sort((a, b) => a.id - b.id);
    },
    async lanes() {
      const rows = await lanes.all({});
      return rows.map(({ lane }) => lane);
    },
    async settle({ id, revision }, againAt) {
      const removed = await remove.run({ id, revision });
      // Neither removed nor found: another sender, who got it after our lease, has settled it.
      return removed === 1 || (await requeue.run({ id, dueAt: againAt })) === 0;
    },
    async postpone({ id }, dueAt, reason) {
      await postpone.run({ id, dueAt, reason, failures: reason === null ? 0 : 1 });
    },
    async bringForward(lane, now) {
      await bringForward.run({ lane, now });
    },
  } satisfies OutboxTx;
}

/** The columns of a row that is added, but how often it was wanted. */
export function toNewRow(slot: Slot<NewRow>) {
  return {
    key: slot("key"),
    lane: slot("lane"),
    incident: slot("incident"),
    outgoing: slot("outgoing"),
    due_at: slot("dueAt"),
    leased_until: slot("leasedUntil"),
    ready_at: slot("readyAt"),
    attempts: 0,
  };
}

/**
 * Prepares adding a row. `wanted` of a new row is 1 and only ever grows, which tells a new row from one that was
 * joined.
 */
function prepareInsert(db: Kysely<Tables>, on: Connection) {
  return prepare(on, (slot: Slot<NewRow>) =>
    db
      .insertInto("outbox")
      .values({ ...toNewRow(slot), wanted: 1 })
      .onConflict((conflict) =>
        conflict.column("key").doUpdateSet((now) => {
          const isEarlier = now("excluded.due_at", "<", now.ref("outbox.due_at"));
          const dueAt = now
            .case()
            .when(isEarlier)
            .then(now.ref("excluded.due_at"))
            .else(now.ref("outbox.due_at"))
            .end();
          const isLeased = now("outbox.leased_until", ">", dueAt);
          return {
            wanted: now("outbox.wanted", "+", 1),
            due_at: dueAt,
            ready_at: now.case().when(isLeased).then(now.ref("outbox.leased_until")).else(dueAt).end(),
          };
        }),
      )
      .returning(["id", "wanted as revision"]),
  );
}

/** Prepares leasing what is ready in a lane, oldest first. */
function prepareLease(db: Kysely<Tables>, on: Connection) {
  return prepare(on, (slot: Slot<{ lane: LaneName; now: number; leasedUntil: number; limit: number }>) =>
    db
      .updateTable("outbox")
      .set({ leased_until: slot("leasedUntil"), ready_at: slot("leasedUntil") })
      .where("id", "in", (from) =>
        from
          .selectFrom("outbox")
          .select("id")
          .where("lane", "=", slot("lane"))
          .where("ready_at", "<=", slot("now"))
          .orderBy("ready_at")
          .orderBy("id")
          .limit(slot("limit")),
      )
      .returning(rowColumns),
  );
}

/**
 * Prepares making the rows of a lane due at once. A row that is due later is ready later too, so the index finds it;
 * one that is being sent keeps its lease.
 */
function prepareBringForward(db: Kysely<Tables>, on: Connection) {
  return prepare(on, (slot: Slot<{ lane: LaneName; now: number }>) =>
    db
      .updateTable("outbox")
      .set((row) => {
        const isLeased = row("leased_until", ">", slot("now"));
        return {
          due_at: slot("now"),
          ready_at: row.case().when(isLeased).then(row.ref("leased_until")).else(slot("now")).end(),
        };
      })
      .where("lane", "=", slot("lane"))
      .where("ready_at", ">", slot("now"))
      .where("due_at", ">", slot("now")),
  );
}

interface NewRow extends Omit<NewOutboxRow, "outgoing"> {
  readonly outgoing: string;
  readonly leasedUntil: number;
  readonly readyAt: number;
}

interface Postponement {
  readonly id: number;
  readonly dueAt: number;
  readonly reason: DeliveryReason | null;
  readonly failures: number;
}

/**
 * Selects every lane that has rows, and one null, by as many index look-ups, because DISTINCT would walk over every
 * waiting row.
 */
function withLanes(db: Kysely<Tables>) {
  return db.withRecursive("lanes", (from) =>
    from
      .selectFrom("outbox")
      .select(({ fn }) => fn.min<LaneName | null>("outbox.lane").as("lane"))
      .unionAll((next) =>
        next
          .selectFrom("lanes")
          .where("lanes.lane", "is not", null)
          .select((later) =>
            later
              .selectFrom("outbox")
              .select(({ fn }) => fn.min<LaneName | null>("outbox.lane").as("lane"))
              .whereRef("outbox.lane", ">", "lanes.lane")
              .as("lane"),
          ),
      ),
  );
}

/** Reads a row; what its message was is told by its key and lane, when the message itself can't be read. */
function readRow(row: Omit<OutboxRow, "outgoing"> & { readonly outgoing: string }): OutboxRow {
  const outgoing = fromJson<Partial<Outgoing>>(row.outgoing);
  return { ...row, outgoing: isWhole(outgoing) ? outgoing : toOutgoing(row) };
}

/** Whether that says at least what it is; JSON that says nothing would be tried again for ever. */
function isWhole(outgoing: Partial<Outgoing> | null): outgoing is Outgoing {
  return typeof outgoing?.kind === "string";
}

function toOutgoing({ key: text, lane }: Pick<OutboxRow, "key" | "lane">): Outgoing {
  const key = parseKey(text);
  const pager = toPager(lane);
  if (key?.kind === "card" || key?.kind === "board") return { kind: key.kind };
  if (pager === null) return { kind: "unreadable" };
  if (key?.kind === "page") return { kind: "page", pager, page: text, reason: "repeat" };
  if (key?.kind === "update" || key?.kind === "call-off") return { kind: key.kind, pager, page: key.page };
  return { kind: "unreadable" };
}
