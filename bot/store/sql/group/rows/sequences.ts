/** Tables whose rows are numbered. */
export type Numbered = "incidents" | "outbox";

/** The last numbers of tables, as a database has them. */
export interface LastNumbers {
  /** 0, or no row: none of it had one. */
  load(): Promise<readonly { readonly name: Numbered; readonly seq: number }[]>;
  /** Has the database number on from there. */
  keep(last: ReadonlyMap<Numbered, number>): Promise<void>;
}

/**
 * Numbers rows before they are written, so that a decision knows the number of the incident that it opens. This relies
 * on nobody else numbering rows while a transaction is open; whatever a database has for that, it says so. Were it not
 * so, rows would be refused, and each work run by itself.
 */
export class Sequences {
  readonly #numbers: LastNumbers;
  readonly #last = new Map<Numbered, number>();

  constructor(numbers: LastNumbers) {
    this.#numbers = numbers;
  }

  /** Takes the next number, which no row has had before. */
  async take(table: Numbered): Promise<number> {
    if (this.#last.size === 0) for (const { name, seq } of await this.#numbers.load()) this.#last.set(name, seq);
    const number = (this.#last.get(table) ?? 0) + 1;
    this.#last.set(table, number);
    return number;
  }

  /** Gives the last number that was taken back, because what took it was undone. */
  giveBack(table: Numbered, number: number): void {
    this.#last.set(table, number - 1);
  }

  /** Called when the rows that took numbers are written. */
  async keep(): Promise<void> {
    if (this.#last.size > 0) await this.#numbers.keep(this.#last);
  }

  /** Called when statements may have numbered rows, or the transaction that holds the numbers may be over. */
  forget(): void {
    this.#last.clear();
  }
}
