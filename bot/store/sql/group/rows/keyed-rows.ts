import { toStorableRow } from "../../storable.ts";
import { type Changes, Known } from "./known.ts";

export interface KeyedTable<Key extends object, Value extends Key> {
  readonly toText: (key: Key) => string;
  read(keys: readonly Key[]): Promise<readonly Value[]>;
  /** Inserts or replaces rows; no two have one key. */
  save(values: readonly Value[]): Promise<unknown>;
}

interface Row<Value> {
  readonly value: Value;
  readonly isChanged: boolean;
}

/** The rows of a table that are only looked up and replaced by their keys, as the works of a group see them. */
export class KeyedRows<Key extends object, Value extends Key> {
  readonly #table: KeyedTable<Key, Value>;
  readonly #known: Known<Row<Value> | null>;

  constructor(changes: Changes, table: KeyedTable<Key, Value>) {
    this.#table = table;
    this.#known = new Known(changes);
  }

  async read(keys: readonly Key[]): Promise<void> {
    const { read, toText } = this.#table;
    const unknown = this.#known.listUnknown(keys, toText);
    if (unknown.length === 0) return;
    for (const value of await read(unknown)) this.#known.learn(toText(value), { value, isChanged: false });
    for (const key of unknown) this.#known.learn(toText(key), null);
  }

  async find(key: Key): Promise<Value | null> {
    await this.read([key]);
    return this.#known.get(this.#table.toText(key))?.value ?? null;
  }

  save(value: Value): void {
    this.#known.change(this.#table.toText(value), { value: toStorableRow(value), isChanged: true });
  }

  /** Writes what has changed, in the order of the keys. */
  async write(): Promise<void> {
    const { save, toText } = this.#table;
    const changed = [...this.#known.values()].flatMap((row) =>
      row?.isChanged ? [{ text: toText(row.value), value: row.value }] : [],
    );
    if (changed.length === 0) return;
    await save(changed.toSorted((a, b) => (a.text < b.text ? -1 : 1)).map(({ value }) => value));
  }

  forget(): void {
    this.#known.clear();
  }
}
