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

/** What the works of a group know of rows, by a key: as they were read, or as a work has left them. */
export class Known<Value> {
  readonly #changes: Changes;
  readonly #values = new Map<string, Value>();

  constructor(changes: Changes) {
    this.#changes = changes;
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

  values(): Iterable<Value> {
    return this.#values.values();
  }

  /** Notes what was read, unless a work knows better. */
  learn(key: string, value: Value): void {
    if (!this.#values.has(key)) this.#values.set(key, value);
  }

  /** Notes what a work has changed. */
  change(key: string, value: Value): void {
    const before = this.#values.get(key);
    const isKnown = this.#values.has(key);
    this.#changes.note(() => {
      if (isKnown && before !== undefined) this.#values.set(key, before);
      else this.#values.delete(key);
    });
    this.#values.set(key, value);
  }

  clear(): void {
    this.#values.clear();
  }
}

/** One text for a key of those columns, the same for what is asked for and for what comes back from the database. */
export function toText(...parts: readonly string[]): string {
  return JSON.stringify(parts.map((part) => toStorable("key", part)));
}
