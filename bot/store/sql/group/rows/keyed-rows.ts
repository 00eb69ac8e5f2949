import { toStorableRow } from "../../storable.ts";
import { type Changes, Known } from "./known.ts";

export interface KeyedTable<Key extends object, Value extends Key> {
  readonly toText: (key: Key) => string;
  read(keys: readonly Key[]): Promise<readonly Value[]>;
  /** Inserts or replaces rows; no two have one key. */
  save(values: readonly Value[]): Promise<unknown>;
  /** Rejects where there is any; left out: there most often is, so that nobody takes it that there is none. */
  findNone?(keys: readonly Key[]): Promise<unknown>;
}

/** The rows of a table that are only looked up and replaced by their keys, as works see them. */
export class KeyedRows<Key extends object, Value extends Key> {
  readonly #table: KeyedTable<Key, Value>;
  readonly #known: Known<Value | null>;
  /** Keys of which it takes it that there is no row. */
  #assumed: Key[] = [];

  constructor(changes: Changes, table: KeyedTable<Key, Value>) {
    this.#table = table;
    this.#known = new Known(changes);
  }

  /** `mayAssume`: it may take it that there are none; then `write` rejects where there are. */
  async read(keys: readonly Key[], mayAssume = false): Promise<void> {
    const { read, toText, findNone } = this.#table;
    const unknown = this.#known.listUnknown(keys, toText);
    if (unknown.length === 0) return;
    if (mayAssume && findNone !== undefined) this.#assumed.push(...unknown);
    else for (const value of await read(unknown)) this.#known.learn(toText(value), value);
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

  /** Asks for what has changed to be written, in the order of the keys, and whether it was right in what it took. */
  write(): Promise<unknown> {
    const { save, toText, findNone } = this.#table;
    const changed = this.#known
      .listChanged()
      .flatMap((value) => (value === null ? [] : ([[toText(value), value]] as const)))
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Promise.all([
      this.hasAssumed ? findNone?.(this.#assumed) : null,
      changed.length > 0 ? save(changed.map(([, value]) => value)) : null,
    ]);
  }

  /** Whether it takes it of some keys that there is no row. */
  get hasAssumed(): boolean {
    return this.#assumed.length > 0;
  }

  get size(): number {
    return this.#known.size;
  }

  noteWritten(): void {
    this.#known.noteWritten((value) => value);
    this.#assumed = [];
  }

  forget(): void {
    this.#known.clear();
    this.#assumed = [];
  }
}
