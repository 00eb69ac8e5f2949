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
  #isKnown = false;
  /** Since they were read or kept. */
  #isTaken = false;

  constructor(numbers: LastNumbers) {
    this.#numbers = numbers;
  }

  /** Whether it goes by what was read or taken before. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Reads where they are, unless that is known. */
  async read(): Promise<void> {
    if (this.#isKnown) return;
    for (const { name, seq } of await this.#numbers.load()) this.#last.set(name, seq);
    this.#isKnown = true;
  }

  /** Takes the next number, which no row has had before. */
  async take(table: Numbered): Promise<number> {
    await this.read();
    this.#isTaken = true;
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
    if (this.#isTaken) await this.#numbers.keep(this.#last);
  }

  noteWritten(): void {
    this.#isTaken = false;
  }

  /** Called when statements may have numbered rows, or the transaction that holds the numbers may be over. */
  forget(): void {
    this.#last.clear();
    this.#isKnown = false;
    this.#isTaken = false;
  }
}
