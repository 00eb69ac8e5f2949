import { Copied, skippedNumbers } from "../../domain/incident/time/return.ts";
import type { SettingSubject } from "../../ports/store/settings.ts";
import { type Connection, requireCount } from "../sql/connection.ts";
import { momentReader } from "../sql/moments/moments.ts";
import type { Tables } from "../sql/tables.ts";
import type { Asked } from "./exchange.ts";
import { PostgresFault } from "./fault.ts";
import type { PostgresClient } from "./postgres-client.ts";
import { builderOn } from "./prepare-tables.ts";

/** Where a database says that it stands, which each dump of it says as well; null: it was never started on. */
interface Home {
  readonly noted: string | null;
  readonly now: string;
}

/** What a database says of copies and alarms; what it has none of is 0 or null. */
interface Content {
  /** The number of the newest incident. */
  readonly newest: number;
  /** When that was opened, in epoch milliseconds. */
  readonly openedAt: number;
  readonly copied: string | null;
  /** As `copied-told` is stored. */
  readonly told: string | null;
}

/** The numbers that a server gave the database and its table `owner`, which no migration ever makes anew. */
const numbers = "(select oid from pg_database where datname = current_database()), 'owner'::regclass::oid";
/** Behind them, because it is not always known. */
const server = "(select system_identifier from pg_control_system())";

/**
 * Resolves with the statements by which a database notes where it stands, for the transaction in which it is taken.
 * Where it stands elsewhere than it says, it is a dump that was put back: they have it say of itself that it is a copy
 * (see `Copied`), and give no number again that an alarm may have had since. Rejects with PostgresFault.
 */
export async function settle(client: PostgresClient): Promise<readonly Asked[]> {
  const { noted, now } = await loadHome(client);
  if (noted === null) return [save("home", now)];
  if (!isSame(noted, now)) return [...(await toCopy(client)), save("home", now)];
  return noted.length < now.length ? [save("home", now)] : [];
}

async function loadHome(client: PostgresClient): Promise<Home> {
  const ask = async (parts: string) => {
    const asked = `select (${settingOf("home")}) as noted, concat_ws(' ', ${parts}) as now`;
    const { rows } = await client.query<Home>(asked, []);
    return requireRow(rows);
  };
  try {
    return await ask(`${numbers}, ${server}`);
  } catch (error) {
    if (!(error instanceof PostgresFault) || error.isBroken) throw error;
    // Whoever runs the server may keep from us which it is.
    return ask(numbers);
  }
}

/** Where one of them does not say which server it is, that may be any. */
function isSame(noted: string, now: string): boolean {
  return `${now} `.startsWith(`${noted} `) || `${noted} `.startsWith(`${now} `);
}

/** Nobody else writes: what is read here holds in the transaction too, or that is undone. */
async function toCopy(client: PostgresClient): Promise<readonly Asked[]> {
  const { rows } = await client.query<Content>(
    `select coalesce(max(number), 0) as newest,
      coalesce((select opened_at from incidents order by number desc limit 1), 0) as "openedAt",
      (${settingOf("copied")}) as copied, (${settingOf("copied-told")}) as told from incidents`,
    [],
  );
  const { newest, openedAt, copied, told } = requireRow(rows);
  const known = parseCopied(copied);
  const heardAt = await momentReader(builderOn<Tables>(null), connectionOn(client)).newestMoment();
  const next: Copied = {
    // What has gone on from one copy must know the next one from it.
    at: Math.max(heardAt ?? 0, openedAt, known === null ? 0 : known.at + 1),
    upTo: newest,
    // What a person said of a copy holds until somebody has gone on from that.
    ended: known === null || told === String(known.at) ? {} : known.ended,
  };
  return [
    save("copied", JSON.stringify(next)),
    { text: "delete from settings where subject = 'pager-memory'" },
    {
      text: "select setval('incidents_number_seq', greatest(last_value, $1::bigint)) from incidents_number_seq",
      values: [newest + skippedNumbers],
    },
  ];
}

function parseCopied(text: string | null): Copied | null {
  try {
    return Copied.parse(JSON.parse(text ?? "null"));
  } catch {
    return null;
  }
}

function settingOf(subject: SettingSubject): string {
  return `select value from settings where subject = '${subject}' and name = 'database'`;
}

function save(subject: SettingSubject, value: string): Asked {
  return {
    text: `insert into settings (subject, name, value) values ($1, 'database', $2)
      on conflict (subject, name) do update set value = excluded.value`,
    values: [subject, value],
  };
}

function connectionOn(client: PostgresClient): Connection {
  return {
    prepare<Row>(text: string) {
      return async (values: readonly unknown[], mustBe?: number) => {
        const result = await client.query<Row>(text, values);
        requireCount(mustBe, result);
        return result;
      };
    },
  };
}

function requireRow<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error("the server answered without a row");
  return row;
}
