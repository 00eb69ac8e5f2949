import type { BackupWords } from "../../words/terminal/backup.ts";

/** One line on a terminal that shows how far it is, and that is gone at the end; nothing elsewhere. */
export class Progress implements Disposable {
  readonly #words: BackupWords;
  #shown = "";

  constructor(words: BackupWords) {
    this.#words = words;
  }

  show(share: number): void {
    if (process.stderr.isTTY) this.#write(this.#words.progress(Math.floor(share * 100)));
  }

  [Symbol.dispose](): void {
    if (this.#shown !== "") this.#write("");
  }

  #write(text: string): void {
    process.stderr.write(`\r${text.padEnd(this.#shown.length)}${text === "" ? "\r" : ""}`);
    this.#shown = text;
  }
}
