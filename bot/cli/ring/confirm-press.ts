import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import type { RingWords } from "../../words/terminal/ring.ts";

/** Where somebody may sit: the process's own input and output, or a test's. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

/**
 * Asks whoever sits at the terminal to type `expected`, so that nobody rings by accident; capitals and spaces around it
 * don't matter. Rejects with a sentence when something else is typed, or nobody can be asked.
 */
export async function confirmPress({ input, output }: Terminal, expected: string, words: RingWords): Promise<void> {
  if (input.isTTY !== true) throw new Error(words.noTerminal);
  const terminal = createInterface({ input, output });
  // Whoever ends the input, or the whole command, has not confirmed.
  const ended = Promise.withResolvers<string>();
  terminal.once("SIGINT", () => terminal.close()).once("close", () => ended.resolve(""));
  const typed = await Promise.race([terminal.question(`${words.confirm(expected)} `), ended.promise]);
  terminal.close();
  if (normalize(typed) !== normalize(expected)) throw new Error(words.notConfirmed);
}

function normalize(text: string): string {
  return text.normalize("NFC").trim().toLowerCase();
}
