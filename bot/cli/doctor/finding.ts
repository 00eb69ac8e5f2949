import type { CheckState, CheckUpWords } from "../../words/terminal/check-up-words.ts";

/** What a check found, in finished sentences that hold no secret and no phone number. */
export interface Finding {
  /** What was looked at, as a program knows it: the same in every language. */
  readonly check: string;
  /** The same for people. */
  readonly subject: string;
  readonly state: CheckState;
  /** What it is like, and what to do about it. */
  readonly said: string;
}

/** The line of a finding, for a terminal. */
export function toLine({ subject, state, said }: Finding, words: CheckUpWords): string {
  const width = Math.max(...Object.values(words.state).map(({ length }) => length));
  return `${words.state[state].padEnd(width)}  ${subject}: ${said}`;
}
