import { createInterface, type Interface } from "node:readline";
import type { Terminal } from "../ring/confirm-press.ts";

/** Hears whoever sits at the terminal say that they have seen enough: by Enter, or by Ctrl-C, which closes it. */
export class Enough implements Disposable {
  readonly #terminal: Interface | null;
  #isSaid = false;

  constructor({ input, output }: Terminal) {
    this.#terminal = input.isTTY === true ? createInterface({ input, output, terminal: true }) : null;
    for (const how of ["line", "close"]) {
      this.#terminal?.once(how, () => {
        this.#isSaid = true;
      });
    }
  }

  /** Whether anybody sits there. */
  get isAsked(): boolean {
    return this.#terminal !== null;
  }

  get isSaid(): boolean {
    return this.#isSaid;
  }

  [Symbol.dispose](): void {
    this.#terminal?.close();
  }
}
