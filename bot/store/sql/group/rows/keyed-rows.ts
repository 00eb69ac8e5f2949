import { toStorableRow } from "../../storable.ts";
import { type Changes, Known } from "./known.ts";

export interface KeyedTable<Key extends object, Value extends Key> {
  readonly toText: (key: Key) => string;
  read(keys: readonly Key[]): Promise<readonly Value[]>;
  /** Inserts or replaces rows; no two have one key. */
  save(values: readonly Value[]): Promise<unknown>;
}

/** The rows of a table that are only looked up and replaced by their keys, as works see them. */
export class KeyedRows<Key extends object, Value extends Key> {
  readonly #table: KeyedTable<Key, Value>;
  readonly #known: Known<Value | null>;

  constructor(changes: Changes, table: KeyedTable<Key, Value>) {
    this.#table = table;
    this.#known = new Known(changes);
  }

  async read(keys: readonly Key[]): Promise<void> {
    const { read, toText } = this.#table;
    const unknown = this.#known.listUnknown(keys, toText);
    if (unknown.length === 0) return;
    for (const value of await read(unknown)) this.#known.learn(toText(value), value);
    for (const key of unknown) this.#known.learn(toText(key), null);
  }

  /** There is no row of that key. */
  learnNone(key: Key): void {
    this.#known.learn(this.#table.toText(key), null);
  }

  async find(key: Key): Promise<Value | null> {
    await this.read([key]);
    return this.#known.get(this.#table.toText(key)) ?? null;
  }

  save(value: Value): void {
    this.#known.change(this.#table.toText(value), toStorableRow(value));
  }

  /** Asks for what has changed to be written, in the order of the keys. */
  async write(): Promise<void> {
    const { save, toText } = this.#table;
    const changed = this.#known
      .listChanged()
      .flatMap((value) => (value === null ? [] : ([[toText(value), value]] as const)));
    if (changed.length === 0) return;
    await save(changed.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value));
  }

  get size(): number {
    return this.#known.size;
  }

  noteWritten(): void {
    this.#known.noteWritten((value) => value);
  }

  forget(): void {
    this.#known.clear();
  }
}
