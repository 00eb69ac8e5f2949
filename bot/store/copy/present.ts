import Database from "better-sqlite3";
import { type Outcome, outcomes } from "../../domain/incident/incident.ts";
import { isEmpty } from "../sqlite/database-path.ts";
import { readImage } from "../sqlite/remains/image.ts";
import { salvageOpen } from "../sqlite/remains/salvage.ts";

/** An alarm that is open in the present database and in no way in a copy. */
export interface OpenSince {
  readonly number: number;
  /** Epoch milliseconds. */
  readonly openedAt: number;
  readonly button: string;
}

/** How an alarm of a copy ended since. */
export interface EndedSince {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly outcome: Outcome | null;
}

/** What the present database knows that a copy does not; as far as it can be read. */
export interface Present {
  readonly isRead: boolean;
  readonly openSince: readonly OpenSince[];
  /** By the ids of alarms that are open in the copy. */
  readonly ended: ReadonlyMap<string, EndedSince>;
}

const nothing: Present = { isRead: true, openSince: [], ended: new Map() };

/** Compares the present database at `path`, which nobody has open, with a copy. Changes neither, and never throws. */
export function comparePresent(path: string, copy: string): Present {
  if (isEmpty(path) && isEmpty(`${path}-wal`)) return nothing;
  for (const toSource of [() => path, () => readImage(path)]) {
    try {
      using stack = new DisposableStack();
      const present = stack.adopt(new Database(toSource(), { readonly: true }), closeDatabase);
      present.prepare("select count(*) from sqlite_schema").get();
      const other = stack.adopt(new Database(copy, { readonly: true, fileMustExist: true }), closeDatabase);
      return { isRead: true, openSince: listOpenSince(present, other), ended: listEnded(present, other) };
    } catch {
      // The next way, or none.
    }
  }
  return { ...nothing, isRead: false };
}

function listOpenSince(present: Database.Database, copy: Database.Database): readonly OpenSince[] {
  const find = copy.prepare("select 1 from incidents where id = ?");
  const open = salvageOpen(present).map(({ remains }) => remains);
  return open.filter(({ id }) => find.get(id) === undefined).toSorted((a, b) => a.number - b.number);
}

function listEnded(present: Database.Database, copy: Database.Database): ReadonlyMap<string, EndedSince> {
  const open = copy.prepare<[], string>("select id from incidents where closed_at is null").pluck().all();
  const find = present.prepare<[string], { at: number; outcome: unknown }>(
    `select closed_at as at, case when json_valid(body) then body ->> '$.outcome' end as outcome
     from incidents where id = ? and closed_at is not null`,
  );
  return new Map(
    open.flatMap((id) => {
      const found = find.get(id);
      const outcome = outcomes.find((each) => each === found?.outcome) ?? null;
      return found === undefined ? [] : [[id, { at: found.at, outcome }] as const];
    }),
  );
}

function closeDatabase(database: Database.Database): void {
  database.close();
}
