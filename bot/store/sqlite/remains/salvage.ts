import type Database from "better-sqlite3";
import type { IncidentRemains } from "../../../domain/incident/press.ts";
import type { StoredIncident } from "../../sql/incidents.ts";

/** An open incident of a damaged file. */
export interface Salvaged {
  readonly remains: IncidentRemains;
  /** All of it; null when its own page can't be read, so that only the indexes tell of it. */
  readonly stored: StoredIncident | null;
  /** When something is due; null when that can't be read. */
  readonly nextAt: number | null;
}

/** What one index tells of an incident. */
interface Traces {
  readonly number: number;
  readonly source?: string;
  readonly button?: string;
  readonly channel?: string;
  readonly fixedPlace?: string | null;
  readonly nextAt?: number | null;
}

/** More commits than an incident has, so that no page of the time before had the key of a page from now on. */
const unknownVersion = 1_000;

/**
 * Each look uses another part of the file: the table itself, and the indexes of what is open, which hold a copy of what
 * they order by. SQLite only.
 */
const looks = [
  "select number, next_at as nextAt from incidents indexed by incidents_next where closed_at is null",
  "select number, source, button from incidents indexed by incidents_open_button where closed_at is null",
  `select number, channel, fixed_place as fixedPlace from incidents indexed by incidents_open_place
    where closed_at is null and fixed_place is not null`,
  "select number from incidents not indexed where closed_at is null",
];

const whole = `select number, shape, id, version, source, button, channel, fixed_place as fixedPlace,
  opened_at as openedAt, closed_at as closedAt, next_at as nextAt, body from incidents where number = ?`;

const ids = "select number, id from incidents indexed by sqlite_autoindex_incidents_1";

/** Finds every open incident of which anything can be read, also where pages of the file are damaged. Never throws. */
export function salvageOpen(database: Database.Database): readonly Salvaged[] {
  const traces = new Map<number, Traces>();
  for (const look of looks) {
    for (const found of readUntilDamage<Traces>(database, look)) {
      traces.set(found.number, { ...traces.get(found.number), ...found });
    }
  }
  const found = [...traces.values()].map((each) => readWhole(database, each.number) ?? each);
  const isLost = (each: Salvaged | Traces): each is Traces => !("remains" in each);
  const idOf = found.some(isLost) ? readIds(database) : new Map<number, string>();
  return found.flatMap((each) => {
    if (isLost(each)) return [toSalvaged(each, idOf.get(each.number))];
    return each.remains.closedAt === null ? [each] : [];
  });
}

function readWhole(database: Database.Database, number: number): Salvaged | null {
  try {
    const row = database.prepare<[number], StoredIncident & { nextAt: number | null }>(whole).get(number);
    if (row === undefined) return null;
    const { nextAt, ...stored } = row;
    const { body: _, shape: __, ...remains } = stored;
    return { remains, stored, nextAt };
  } catch {
    return null;
  }
}

function readUntilDamage<Row>(database: Database.Database, query: string): Row[] {
  const rows: Row[] = [];
  try {
    for (const row of database.prepare<[], Row>(query).iterate()) rows.push(row);
  } catch {
    // What comes after the damage is found by another look.
  }
  return rows;
}

function readIds(database: Database.Database): ReadonlyMap<number, string> {
  const rows = readUntilDamage<{ number: number; id: string }>(database, ids);
  return new Map(rows.map(({ number, id }) => [number, id]));
}

function toSalvaged(traces: Traces, id = `damaged-${traces.number}`): Salvaged {
  const { number, source = "", button = "", channel = "", fixedPlace = null, nextAt = null } = traces;
  const openedAt = toMoment(id) ?? nextAt ?? 0;
  const remains = { id, number, version: unknownVersion, source, button, channel, fixedPlace, openedAt };
  return { remains: { ...remains, closedAt: null }, stored: null, nextAt };
}

/** The moment at which an id of version 7 was made (RFC 9562, section 5.7); null for another. */
function toMoment(id: string): number | null {
  const [, begin, rest] = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(id) ?? [];
  return begin === undefined ? null : Number.parseInt(`${begin}${rest}`, 16);
}
