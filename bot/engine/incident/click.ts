import type { Click, CommandResult } from "../../ports/click.ts";
import type { Directory } from "../../ports/directory.ts";
import type { AnswerBuffer } from "./answer-buffer.ts";

/** Submits a click as a command; resolves and rejects as `AnswerBuffer.submit` does. */
export async function answerClick(
  { incident, verb, by, outcome }: Click,
  answers: AnswerBuffer,
  directory: Pick<Directory, "isLead">,
): Promise<CommandResult | null | "buffered"> {
  if (verb !== "resolve") return answers.submit({ incident, who: by.id, request: { kind: verb, by } });
  if (outcome === null) throw new RangeError("resolve needs an outcome");
  const request = { kind: "resolve", by, isLead: directory.isLead(by), outcome } as const;
  return answers.submit({ incident, who: by.id, request });
}
