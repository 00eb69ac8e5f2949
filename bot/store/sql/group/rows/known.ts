import { toStorable } from "../../storable.ts";

/** What a work has changed in memory, so that it can be undone by itself. */
export class Changes {
  #undo: (() => void)[] = [];

  /** Notes how one change is undone. */
  note(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** They stand: the next ones are another work's. */
  keep(): void {
    this.#undo = [];
  }

  /** Undoes them, the last one first. */
  undo(): void {
    for (const each of this.#undo.reverse()) each();
    this.#undo = [];
  }
}

/** What is known of rows, by a key: as they were read or written, or as a work has left them. */
export class Known<Value> {
  readonly #changes: Changes;
  readonly #values = new Map<string, Value>();
  /** Keys of what works have changed since it was read or written. */
  readonly #changed = new Set<string>();

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  get size(): number {
    return this.#values.size;
  }

  /** Those keys of which nothing is known, each once. */
  listUnknown<Key>(keys: readonly Key[], toText: (key: Key) => string): readonly Key[] {
    const unknown = new Map(keys.map((key) => [toText(key), key]));
    return Array.from(unknown).flatMap(([text, key]) => (this.#values.has(text) ? [] : [key]));
  }

  /** undefined: nothing is known. */
  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  /** What works have changed, as it is now. */
  listChanged(): readonly Value[] {
    return Array.from(this.#changed).flatMap((key) => {
      const value = this.#values.get(key);
      return value === undefined ? [] : [value];
    });
  }

  /** Notes what was read, unless a work knows better. */
  learn(key: string, value: Value): void {
    if (!this.#values.has(key)) this.#values.set(key, value);
  }

  /** Notes what a work has changed. */
  change(key: string, value: Value): void {
    const before = this.#values.get(key);
    const [isKnown, isChanged] = [this.#values.has(key), this.#changed.has(key)];
    this.#changes.note(() => {
      if (isKnown && before !== undefined) this.#values.set(key, before);
      else this.#values.delete(key);
      if (!isChanged) this.#changed.delete(key);
    });
    this.#values.set(key, value);
    this.#changed.add(key);
  }

  /** What was changed is written, and from now on `toWritten` of it. */
  noteWritten(toWritten: (value: Value) => Value): void {
    for (const key of this.#changed) {
      const value = this.#values.get(key);
      if (value !== undefined) this.#values.set(key, toWritten(value));
    }
    this.#changed.clear();
  }

  clear(): void {
    this.#values.clear();
    this.#changed.clear();
  }
}

/**
 * One text for a key of those columns, the same for what is asked for and for what comes back from the database; no
 * text that can be stored has a NUL in it.
 */
export function toText(...parts: readonly string[]): string {
  return parts.map((part) => toStorable("key", part)).join("\0");
}
