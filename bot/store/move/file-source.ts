import Database from "better-sqlite3";
import { newestMigration } from "../migrations/migrate.ts";
import type { Numbered } from "../sql/group/rows/sequences.ts";
import { toStorable } from "../sql/storable.ts";
import { DatabaseLock } from "../sqlite/database-lock.ts";
import { requireBase, requireFile, toRealPath } from "../sqlite/database-path.ts";
import { readState } from "../sqlite/database-version.ts";
import type { Table } from "./column.ts";
import { MoveRefused } from "./move-refused.ts";

/** What belongs to a database and is made anew in another one. */
const own = /^(kysely_|sqlite_)/;

/** A file from which everything is read, and that nobody else has meanwhile. */
export class FileSource implements Disposable {
  readonly tables: readonly Table[];
  readonly #resources: DisposableStack;
  readonly #database: Database.Database;

  /** Throws MoveRefused, DatabaseInUse where a bot has it, or what the system or SQLite says. Changes nothing in it. */
  constructor(path: string) {
    requireFile(path);
    using resources = new DisposableStack();
    const real = toRealPath(path);
    requireBase(real);
    resources.use(new DatabaseLock()).take(real);
    const options = { readonly: true, fileMustExist: true };
    this.#database = resources.adopt(new Database(real, options), (each) => each.close());
    // All of it as it is at one moment.
    this.#database.exec("begin");
    const { done } = readState(this.#database);
    if (done.length === 0) throw new MoveRefused("no-database");
    if (done.at(-1) !== newestMigration) throw new MoveRefused("other-version");
    this.tables = this.#listTables();
    this.#resources = resources.move();
  }

  /** How many rows there are in all tables. */
  count(): number {
    const count = ({ name }: Table) =>
      this.#database.prepare<[], number>(`select count(*) from "${name}"`).pluck().get();
    return this.tables.map(count).reduce<number>((sum, each) => sum + (each ?? 0), 0);
  }

  /** Each row as every database takes it. */
  *rows({ name, columns }: Table): Iterable<readonly unknown[]> {
    const list = columns.map((column) => `"${column.name}"`).join(", ");
    const rows = this.#database.prepare<[], unknown[]>(`select ${list} from "${name}"`).raw().iterate();
    for (const row of rows) yield row.map((value, at) => toStorable(columns[at]?.name ?? "", value));
  }

  /** The largest number that a row of that table ever had; 0: none had one. */
  lastNumber(table: Numbered): number {
    const asked = this.#database.prepare<[string], number>("select seq from sqlite_sequence where name = ?");
    return asked.pluck().get(table) ?? 0;
  }

  countOpen(): number {
    const asked = this.#database.prepare<[], number>("select count(*) from incidents where closed_at is null");
    return asked.pluck().get() ?? 0;
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }

  /** Incidents come first, because the rows of `history` name theirs. */
  #listTables(): readonly Table[] {
    const columns = this.#database.prepare<[string], { readonly name: string; readonly type: string }>(
      "select name, type from pragma_table_info(?)",
    );
    return this.#database
      .prepare<[], string>("select name from sqlite_schema where type = 'table' order by name <> 'incidents', name")
      .pluck()
      .all()
      .filter((name) => !own.test(name))
      .map((name) => {
        const found = columns.all(name);
        return { name, columns: found.map((column) => ({ name: column.name, isReal: /real/i.test(column.type) })) };
      });
  }
}
