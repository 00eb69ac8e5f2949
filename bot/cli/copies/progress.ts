import type { BackupWords } from "../../words/database/backup.ts";

/** Where it is shown, as standard error is. */
type Output = Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean };

/** One line on a terminal that shows how far it is, and that is gone at the end; nothing elsewhere. */
export class Progress implements Disposable {
  readonly #words: Pick<BackupWords, "progress">;
  readonly #output: Output;
  #shown = "";

  constructor(words: Pick<BackupWords, "progress">, output: Output) {
    this.#words = words;
    this.#output = output;
  }

  show(share: number): void {
    if (this.#output.isTTY === true) this.#write(this.#words.progress(Math.floor(share * 100)));
  }

  [Symbol.dispose](): void {
    if (this.#shown !== "") this.#write("");
  }

  #write(text: string): void {
    this.#output.write(`\r${text.padEnd(this.#shown.length)}${text === "" ? "\r" : ""}`);
    this.#shown = text;
  }
}
