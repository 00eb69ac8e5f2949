import { createInterface } from "node:readline/promises";
import type { Terminal } from "../ring/confirm-press.ts";

/** How to ask: `yes` is how an answer begins that means it. */
export type AskWords = Readonly<Record<"yes" | "notSent" | "noTerminal", string>>;

/**
 * Asks whoever sits at the terminal before something is sent. Rejects after any answer but yes, and where nobody gives
 * one, or sits there.
 */
export async function askToSend({ input, output }: Terminal, question: string, words: AskWords): Promise<void> {
  if (input.isTTY !== true) throw new Error(words.noTerminal);
  const terminal = createInterface({ input, output });
  // Whoever ends the input, or the whole command, has not agreed.
  const ended = Promise.withResolvers<string>();
  terminal.once("SIGINT", () => terminal.close()).once("close", () => ended.resolve(""));
  const typed = await Promise.race([terminal.question(`${question} `), ended.promise]);
  terminal.close();
  if (!typed.trim().toLowerCase().startsWith(words.yes)) throw new Error(words.notSent);
}
