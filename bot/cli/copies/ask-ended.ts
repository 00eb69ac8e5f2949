import { createInterface } from "node:readline/promises";
import { type Outcome, outcomes } from "../../domain/incident/incident.ts";
import type { RestoreWords } from "../../words/database/restore.ts";
import type { Terminal } from "../ring/confirm-press.ts";

/** What was asked, and what was said to it; null: nothing. */
type Answers<Question> = ReadonlyMap<Question, string | null>;

/**
 * Asks whoever sits at the terminal each question in turn, again where `isAnswer` refuses; where nobody sits there, or
 * the input ends, the rest has no answer. Rejects with `stopped` at Ctrl-C.
 */
async function askEach<Question extends string>(
  { input, output }: Terminal,
  asked: readonly (readonly [question: Question, text: string])[],
  isAnswer: (typed: string) => boolean,
  again: string,
  stopped: string,
): Promise<Answers<Question>> {
  const answers = new Map<Question, string | null>();
  if (input.isTTY !== true) return answers;
  const terminal = createInterface({ input, output });
  const ended = Promise.withResolvers<null>();
  let [isStopped, isClosed] = [false, false];
  terminal.once("SIGINT", () => {
    isStopped = true;
    terminal.close();
  });
  terminal.once("close", () => {
    isClosed = true;
    ended.resolve(null);
  });
  const ask = (shown: string) => (isClosed ? null : Promise.race([terminal.question(`${shown} `), ended.promise]));
  try {
    for (const [question, text] of asked) {
      for (let shown = text; ; shown = again) {
        const typed = await ask(shown);
        if (isStopped) throw new Error(stopped);
        const answer = typed?.trim().toLowerCase() ?? null;
        if (answer !== null && !isAnswer(answer)) continue;
        answers.set(question, answer);
        break;
      }
    }
  } finally {
    terminal.close();
  }
  return answers;
}

/**
 * Asks of each alarm, by its id, whether it is over since; only what is typed as an outcome ends one. `alarms`: what is
 * said of each before it is asked. Rejects with a sentence at Ctrl-C.
 */
export async function askEnded(
  terminal: Terminal,
  alarms: readonly (readonly [id: string, text: string])[],
  words: RestoreWords,
): Promise<Readonly<Record<string, Outcome>>> {
  const toOutcome = (typed: string | null) => outcomes.find((outcome) => words.typed[outcome] === typed);
  const isAnswer = (typed: string) => typed === "" || toOutcome(typed) !== undefined;
  const asked = alarms.map(([id, text]) => [id, `${text}\n${words.ask}`] as const);
  const answers = await askEach(terminal, asked, isAnswer, words.askAgain, words.stopped);
  return Object.fromEntries(
    [...answers].flatMap(([id, typed]) => {
      const outcome = toOutcome(typed);
      return outcome === undefined ? [] : [[id, outcome]];
    }),
  );
}

/** Asks whether alarms may be left; rejects with a sentence unless somebody says so at a terminal. */
export async function confirmLost(terminal: Terminal, words: RestoreWords): Promise<void> {
  if (terminal.input.isTTY !== true) throw new Error(words.lostRefused);
  const answers = await askEach(terminal, [["lost", words.askLost]], () => true, "", words.stopped);
  if (answers.get("lost") !== words.yes) throw new Error(words.stopped);
}
