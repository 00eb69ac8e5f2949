import type { Kysely } from "kysely";
import type { HistoryLine } from "../../domain/incident/history.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { Policy } from "../../domain/incident/policy.ts";
import type { IncidentRemains } from "../../domain/incident/press.ts";
import { DamagedIncident, StaleIncident } from "../../errors.ts";
import type { IncidentReader, IncidentTx } from "../../ports/store/incidents.ts";
import type { Connection } from "./connection.ts";
import { prepareAppend } from "./history.ts";
import { fromJson, isObject } from "./json.ts";
import { prepare, type Slot } from "./query.ts";
import { incidentShape, type StoredBody, toNewestShape } from "./shapes/incident-shapes.ts";
import { toNewestLine } from "./shapes/line-shape.ts";
import type { Tables } from "./tables.ts";

/** The columns by which an incident is known beside its body. */
export const incidentColumns = [
  "number",
  "shape",
  "id",
  "version",
  "source",
  "button",
  "channel",
  "fixed_place as fixedPlace",
  "opened_at as openedAt",
  "closed_at as closedAt",
] as const;

/** An incident as it is stored. */
export interface StoredIncident extends IncidentRemains {
  readonly shape: number;
  readonly body: string;
}

/**
 * Reads incidents, their history and their policies. An incident of which only the columns can be read, or that is
 * stored in a shape of a newer version, is DamagedIncident when it is asked for by name, and left out of lists; so is a
 * line of the history, and a policy is then as one that is not there.
 */
export function incidentReader(db: Kysely<Tables>, on: Connection) {
  const incidents = db.selectFrom("incidents").select([...incidentColumns, "body"]);
  const open = db.selectFrom("incidents").where("closed_at", "is", null);
  const byId = prepare(on, (slot: Slot<{ id: string }>) => incidents.where("id", "=", slot("id")));
  // Few of all incidents are open, and each of those has a deadline. Ordered by a sum, because SQLite, offered the
  // plain number, would walk back through all incidents there ever were.
  const newest = prepare(on, (slot: Slot<{ limit: number }>) =>
    incidents
      .where("number", "in", (from) =>
        from
          .selectFrom("incidents")
          .select("number")
          .where("closed_at", "is", null)
          .where("next_at", ">", 0)
          .orderBy((row) => row("number", "+", 0), "desc")
          .limit(slot("limit")),
      )
      .orderBy("number", "desc"),
  );
  const due = prepare(on, (slot: Slot<{ now: number; limit: number }>) =>
    open.select("id").where("next_at", "<=", slot("now")).orderBy("next_at").limit(slot("limit")),
  );
  const next = prepare(on, () =>
    open
      .select("next_at")
      .$narrowType<{ next_at: number }>()
      .where("next_at", "is not", null)
      .orderBy("next_at")
      .limit(1),
  );
  // Each open incident has a deadline, and those have an index.
  const counted = open.select(({ fn }) => fn.countAll<number>().as("count")).where("next_at", ">", 0);
  const count = prepare(on, () => counted);
  const countIn = prepare(on, (slot: Slot<{ channel: string }>) => counted.where("channel", "=", slot("channel")));
  const closed = prepare(on, (slot: Slot<{ source: string; since: number; limit: number }>) =>
    incidents
      .where("source", "=", slot("source"))
      .where("closed_at", ">", slot("since"))
      .orderBy("closed_at", "desc")
      .limit(slot("limit")),
  );
  const lines = prepare(on, (slot: Slot<{ incident: string; after: number }>) =>
    db
      .selectFrom("history")
      .select(["seq", "body"])
      .where("incident", "=", slot("incident"))
      .where("seq", ">", slot("after"))
      .orderBy("seq"),
  );
  /**
   * Policies by hash. They are named by their content, so one that was read never changes; there are as many as there
   * were versions of the configuration.
   */
  const policies = new Map<string, Policy>();
  const policy = prepare(on, (slot: Slot<{ hash: string }>) =>
    db.selectFrom("policies").select("body").where("hash", "=", slot("hash")),
  );

  return {
    async loadIncident(id) {
      return toIncident(await byId.one({ id }));
    },
    async countOpen(channel) {
      const row = channel === null ? await count.one({}) : await countIn.one({ channel });
      return row?.count ?? 0;
    },
    async listClosed(source, since, limit) {
      const rows = await closed.all({ source, since, limit });
      return readWholeOnes(rows);
    },
    async loadHistory(incident, afterSeq) {
      const rows = await lines.all({ incident, after: afterSeq });
      return rows.flatMap(({ seq, body }) => {
        const line = fromJson<HistoryLine>(body);
        return line === null ? [] : [{ ...toNewestLine(line), seq }];
      });
    },
    async loadPolicy(hash) {
      const row = policies.get(hash) === undefined ? await policy.one({ hash }) : null;
      const loaded = policies.get(hash) ?? (row && parsePolicy(row.body));
      if (loaded !== null) policies.set(hash, loaded);
      return loaded;
    },
    async listOpen(limit) {
      const rows = await newest.all({ limit });
      return readWholeOnes(rows);
    },
    async listDue(now, limit) {
      const rows = await due.all({ now, limit });
      return rows.map(({ id }) => id);
    },
    async nextDeadline() {
      return (await next.one({}))?.next_at ?? null;
    },
  } satisfies IncidentReader;
}

/** The columns of an incident that is added, but its number. */
export function toNewIncident(slot: Slot<Omit<IncidentRemains, "number"> & { nextAt: number | null; body: string }>) {
  return {
    id: slot("id"),
    shape: incidentShape,
    version: slot("version"),
    source: slot("source"),
    button: slot("button"),
    channel: slot("channel"),
    fixed_place: slot("fixedPlace"),
    opened_at: slot("openedAt"),
    closed_at: slot("closedAt"),
    next_at: slot("nextAt"),
    body: slot("body"),
  };
}

/** Writes incidents, their history and their policies. */
export function incidentTx(db: Kysely<Tables>, on: Connection) {
  const open = db
    .selectFrom("incidents")
    .select(["id", "channel", "fixed_place as fixedPlace"])
    .where("closed_at", "is", null);
  const byButton = prepare(on, (slot: Slot<{ source: string; button: string }>) =>
    open.where("source", "=", slot("source")).where("button", "=", slot("button")),
  );
  const byPlace = prepare(on, (slot: Slot<{ channel: string; fixedPlace: string }>) =>
    open.where("channel", "=", slot("channel")).where("fixed_place", "=", slot("fixedPlace")),
  );
  // An open incident for this button or place raises no error that would have to be told apart: no row is returned.
  const insert = prepare(on, (slot: Slot<Incident & { body: string }>) =>
    db
      .insertInto("incidents")
      .values(toNewIncident(slot))
      .onConflict((conflict) => conflict.doNothing())
      .returning("number"),
  );
  const update = prepare(on, (slot: Slot<Incident & { body: string; before: number }>) =>
    db
      .updateTable("incidents")
      .set({
        shape: incidentShape,
        version: slot("version"),
        fixed_place: slot("fixedPlace"),
        closed_at: slot("closedAt"),
        next_at: slot("nextAt"),
        body: slot("body"),
      })
      .where("id", "=", slot("id"))
      .where("version", "=", slot("before")),
  );
  const append = prepareAppend(db, on);
  const insertPolicy = prepare(on, (slot: Slot<{ hash: string; body: string }>) =>
    db
      .insertInto("policies")
      .values({ hash: slot("hash"), body: slot("body") })
      // The same name is the same content, so that one that was damaged is whole again.
      .onConflict((conflict) => conflict.column("hash").doUpdateSet({ body: slot("body") })),
  );

  return {
    ...incidentReader(db, on),
    async loadOpenByButton(source, button) {
      return byButton.one({ source, button });
    },
    async loadOpenByPlace(channel, fixedPlace) {
      return byPlace.one({ channel, fixedPlace });
    },
    async insertIncident(incident) {
      const row = await insert.one({ ...incident, body: JSON.stringify(incident) });
      if (row === null)
        throw new StaleIncident("an incident of this id, or an open one for this button or place, is there by now");
      return { ...incident, number: row.number };
    },
    async updateIncident(incident) {
      const body = JSON.stringify(incident);
      const changed = await update.run({ ...incident, body, before: incident.version - 1 });
      if (changed !== 1) throw new StaleIncident("the incident on disk is newer");
    },
    async appendHistory(incident, lines) {
      await append(lines.map((line) => ({ incident, line })));
    },
    async savePolicy(hash, policy) {
      await insertPolicy.run({ hash, body: JSON.stringify(policy) });
    },
  } satisfies IncidentTx;
}

function toIncident(row: StoredIncident | null): Incident | null {
  return row === null ? null : readIncident(row);
}

/** Reads a stored incident of any shape; throws DamagedIncident when it can't be read as a whole. */
export function readIncident({ shape, body, ...remains }: StoredIncident): Incident {
  const { number } = remains;
  if (shape < 1 || shape > incidentShape)
    throw new DamagedIncident(remains, `incident ${number} is stored in shape ${shape}, newer than ${incidentShape}`);
  const incident = toNewestShape(shape, fromJson<StoredBody>(body));
  if (incident === null || !isWhole(incident, remains))
    throw new DamagedIncident(remains, `incident ${number} can't be read`);
  return { ...incident, number };
}

/**
 * Whether a body is that of the incident with those columns, and has all that a decision walks through: what can't be
 * decided on would be paged by nobody. The id and the version stand in both places.
 */
function isWhole(incident: Partial<Incident>, { id, version }: IncidentRemains): boolean {
  const { round, pagers, pressers, responders, deliveries } = incident;
  return (
    incident.id === id &&
    incident.version === version &&
    [pressers, responders, deliveries, round?.steps, round?.guards].every((each) => Array.isArray(each)) &&
    isObject(pagers)
  );
}

/** Reads those that can be read as a whole, and leaves the others out. */
export function readWholeOnes(rows: readonly StoredIncident[]): Incident[] {
  return rows.flatMap((row) => {
    try {
      return [readIncident(row)];
    } catch (error) {
      if (error instanceof DamagedIncident) return [];
      throw error;
    }
  });
}

function parsePolicy(body: string): Policy | null {
  const parsed = Policy.safeParse(fromJson(body));
  return parsed.success ? parsed.data : null;
}
