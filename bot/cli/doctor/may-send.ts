import { createInterface } from "node:readline/promises";
import type { Terminal } from "../confirm-press.ts";

/**
 * Asks whoever sits at the terminal before something is sent; scripts, which have none, have asked by the command.
 * `yes`: how an answer begins that means yes. Rejects with `refusal` after any other answer, and when nobody gives one.
 */
export async function askToSend(
  { input, output }: Terminal,
  question: string,
  yes: string,
  refusal: string,
): Promise<void> {
  if (input.isTTY !== true) return;
  const terminal = createInterface({ input, output });
  // Whoever ends the input, or the whole command, has not agreed.
  const ended = Promise.withResolvers<string>();
  terminal.once("SIGINT", () => terminal.close()).once("close", () => ended.resolve(""));
  const typed = await Promise.race([terminal.question(`${question} `), ended.promise]);
  terminal.close();
  if (!typed.trim().toLowerCase().startsWith(yes)) throw new Error(refusal);
}
