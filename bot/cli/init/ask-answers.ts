import { createInterface } from "node:readline/promises";
import { type InitWords, init } from "../../words/terminal/init.ts";
import type { Terminal } from "../ring/confirm-press.ts";
import { type Given, isAsked, questions, readAnswer } from "./answers.ts";

/**
 * Asks whoever sits at the terminal, one question after the other, and again where an answer can't be used. Rejects
 * with a sentence when they end it, or nobody sits there.
 */
export async function askAnswers({ input, output }: Terminal, first: InitWords): Promise<Given> {
  if (input.isTTY !== true) throw new Error(first.noTerminal);
  const terminal = createInterface({ input, output });
  let isOpen = true;
  terminal
    .once("SIGINT", () => terminal.close())
    .once("close", () => {
      isOpen = false;
    });
  // Lines that come at once, as several answers that are pasted, wait for their questions.
  const lines = terminal[Symbol.asyncIterator]();
  const given: Given = {};
  try {
    for (const question of questions) {
      if (!isAsked(question, given)) continue;
      for (let isAnswered = false; !isAnswered; ) {
        const words = init[given.language === "en" ? "en" : "nl"];
        terminal.setPrompt(`${words.ask[question]} `);
        if (isOpen) terminal.prompt();
        const line = await lines.next();
        if (line.done === true) throw new Error(words.stopped);
        const read = readAnswer(question, line.value);
        isAnswered = read !== null;
        if (read !== null) given[question] = read.value;
        else output.write(`${words.again(words.needed[question])}\n`);
      }
    }
  } finally {
    terminal.close();
  }
  return given;
}
