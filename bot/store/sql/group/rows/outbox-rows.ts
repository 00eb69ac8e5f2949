import type { Kysely } from "kysely";
import type { NewOutboxRow, OutboxRow } from "../../../../ports/store/outbox.ts";
import type { Connection } from "../../connection.ts";
import type { Tables } from "../../tables.ts";
import { type Changes, Known, toText } from "./known.ts";
import { NotTogether } from "./not-together.ts";
import { type ChangedRow, prepareOutboxStatements, type RemovedRow, type WaitingRow } from "./outbox-statements.ts";
import type { Sequences } from "./sequences.ts";

interface Row extends WaitingRow {
  /** As it is on disk; null: a work of the group has added it. */
  readonly before: Pick<ChangedRow, "wantedBefore" | "leasedBefore"> | null;
  /** What it is made of; null: it is on disk. */
  readonly added: NewOutboxRow | null;
}

/** What waits to go out, as works see it. */
export class OutboxRows {
  readonly #changes: Changes;
  readonly #sequences: Sequences;
  readonly #rows: Known<Row | null>;
  /** Keys by ids; null: no row has that id. */
  readonly #keys: Known<string | null>;
  readonly #statements: ReturnType<typeof prepareOutboxStatements>;
  /** Incidents of which all is known that may wait. */
  readonly #foreseen = new Set<string>();
  #removed: readonly RemovedRow[] = [];

  constructor(db: Kysely<Tables>, on: Connection, changes: Changes, sequences: Sequences) {
    this.#changes = changes;
    this.#sequences = sequences;
    this.#rows = new Known(changes);
    this.#keys = new Known(changes);
    this.#statements = prepareOutboxStatements(db, on);
  }

  /** Reads those that are not known yet, in one statement for those that are named by key, and one by id. */
  async read(which: { readonly keys?: readonly string[]; readonly sent?: readonly { readonly id: number }[] }) {
    const { keys = [], sent = [] } = which;
    await Promise.all([this.#readByKey(keys), this.#readById(sent)]);
  }

  /** Takes it that of those incidents nothing waits but what is known by now; `write` rejects where something does. */
  foresee(incidents: readonly string[]): void {
    for (const id of incidents) this.#foreseen.add(id);
  }

  isForeseen(incident: string): boolean {
    return this.#foreseen.has(incident);
  }

  async enqueue(rows: readonly NewOutboxRow[], leasedUntil: number): Promise<readonly OutboxRow[]> {
    const unforeseen = rows.filter(({ incident }) => !this.isForeseen(incident));
    await this.read({ keys: unforeseen.map(({ key }) => key) });
    const added: OutboxRow[] = [];
    for (const row of rows) {
      const waiting = this.#rows.get(toText(row.key)) ?? null;
      if (waiting === null) added.push(await this.#add(row, leasedUntil));
      else {
        const dueAt = Math.min(row.dueAt, waiting.dueAt);
        this.#rows.change(toText(row.key), { ...waiting, wanted: waiting.wanted + 1, dueAt });
      }
    }
    return added;
  }

  async settle({ id, revision }: OutboxRow, againAt: number): Promise<boolean> {
    await this.read({ sent: [{ id }] });
    const key = this.#keys.get(toIdText({ id })) ?? null;
    const row = key === null ? null : (this.#rows.get(toText(key)) ?? null);
    // Another sender, who got it after our lease, has settled it.
    if (key === null || row === null) return true;
    // It was taken that nothing waits by that key, and a row was added by it: what is added says whether that is so.
    if (row.id !== id || row.before === null) throw new NotTogether("another row may have that key");
    if (row.wanted !== revision) {
      this.#rows.change(toText(key), { ...row, dueAt: againAt, leasedUntil: 0 });
      return false;
    }
    this.#rows.change(toText(key), null);
    this.#keys.change(toIdText({ id }), null);
    this.#remove({ id, wantedBefore: row.before.wantedBefore });
    return true;
  }

  /**
   * Asks for all that has changed to be written, in the order of the ids. Rejects where a row is not as it was read.
   */
  write(): Promise<unknown> {
    const { remove, update, insert } = this.#statements;
    const changed = this.#rows.listChanged().flatMap((row) => row ?? []);
    const sorted = changed.toSorted((a, b) => a.id - b.id);
    const removed = this.#removed.toSorted((a, b) => a.id - b.id);
    const updated = sorted.flatMap(({ before, ...row }) =>
      before === null ? [] : [{ ...row, ...before, readyAt: Math.max(row.dueAt, row.leasedUntil) }],
    );
    const added = sorted.flatMap(({ added: made, ...row }) => {
      if (made === null) return [];
      const { lane, incident, outgoing } = made;
      const readyAt = Math.max(row.dueAt, row.leasedUntil);
      return [{ ...row, lane, incident, outgoing: JSON.stringify(outgoing), readyAt }];
    });
    // A key may be free again only when its row is gone.
    return Promise.all([remove.change(removed), update.change(updated), insert.change(added)]);
  }

  /** All that was changed is on disk. */
  noteWritten(): void {
    this.#rows.noteWritten((row) => row && { ...row, before: toBefore(row), added: null });
    this.#keys.noteWritten((key) => key);
    this.#removed = [];
  }

  get size(): number {
    return this.#rows.size + this.#keys.size + this.#foreseen.size;
  }

  forget(): void {
    this.#rows.clear();
    this.#keys.clear();
    this.#foreseen.clear();
    this.#removed = [];
  }

  async #readByKey(keys: readonly string[]): Promise<void> {
    const unknown = this.#rows.listUnknown(keys, (key) => toText(key));
    if (unknown.length === 0) return;
    this.#learn((await this.#statements.byKey.run(unknown.map((key) => ({ key })))).rows);
    for (const key of unknown) this.#rows.learn(toText(key), null);
  }

  async #readById(sent: readonly { readonly id: number }[]): Promise<void> {
    const unknown = this.#keys.listUnknown(sent, toIdText);
    if (unknown.length === 0) return;
    this.#learn((await this.#statements.byId.run(unknown)).rows);
    for (const row of unknown) this.#keys.learn(toIdText(row), null);
  }

  async #add(row: NewOutboxRow, leasedUntil: number): Promise<OutboxRow> {
    const id = await this.#sequences.take("outbox");
    this.#changes.note(() => this.#sequences.giveBack("outbox", id));
    const { key, dueAt } = row;
    const state = { id, key, wanted: 1, dueAt, leasedUntil, before: null, added: row };
    this.#rows.change(toText(key), state);
    this.#keys.change(toIdText({ id }), key);
    return { ...row, id, revision: 1, attempts: 0, leasedUntil };
  }

  #remove(row: RemovedRow): void {
    const before = this.#removed;
    this.#changes.note(() => {
      this.#removed = before;
    });
    this.#removed = [...before, row];
  }

  #learn(rows: readonly WaitingRow[]): void {
    for (const row of rows) {
      this.#rows.learn(toText(row.key), {
        ...row,
        before: toBefore(row),
        added: null,
      });
      this.#keys.learn(toIdText(row), row.key);
    }
  }
}

function toBefore({ wanted, leasedUntil }: WaitingRow) {
  return { wantedBefore: wanted, leasedBefore: leasedUntil };
}

function toIdText({ id }: { readonly id: number }): string {
  return String(id);
}
