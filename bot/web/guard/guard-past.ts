import type { HistoryLine } from "../../domain/incident/history.ts";
import { unnamed } from "../../domain/incident/incident.ts";
import type { GuardCase } from "../../ports/guard.ts";

const answerKinds = ["guard-accepted", "guard-declined", "guard-arrived", "guard-help"] as const;
type Answered = HistoryLine & { readonly kind: (typeof answerKinds)[number] };

/**
 * What a guard said who did not say since the newest press that they are there. `help`: asked for help since.
 * `was-there`: was there or asked for help before it, and may be there still.
 */
export interface Earlier {
  readonly who: string;
  readonly said: "help" | "was-there";
  /** In epoch milliseconds. */
  readonly since: number;
}

/**
 * Those guards of that page's pager by what each of them said last, in the order of their first answers. The round of a
 * press forgets who was there (rule 3), so this reads the history. Who has said anything else since is none of them.
 */
export function guardsOfBefore({ history, pager, incident }: GuardCase): readonly Earlier[] {
  const pressedAt = history.findLastIndex((line) => line.kind === "round-started" && line.reason === "press");
  const last = new Map<string, { line: Answered; isSincePress: boolean }>();
  for (const [index, line] of history.entries()) {
    // Lines of before guards were told apart are of those who did not say who they are.
    if (isAnswer(line) && line.pager === pager)
      last.set(line.who ?? unnamed.link, { line, isSincePress: index > pressedAt });
  }
  const isThere = (who: string) =>
    incident.round.guards.some((guard) => guard.pager === pager && guard.who === who && guard.state === "there");
  return [...last].flatMap(([who, { line, isSincePress }]): Earlier[] => {
    if (isThere(who)) return [];
    if (isSincePress) return line.kind === "guard-help" ? [{ who, said: "help", since: line.at }] : [];
    const wasThere = line.kind === "guard-arrived" || line.kind === "guard-help";
    return wasThere ? [{ who, said: "was-there", since: line.at }] : [];
  });
}

function isAnswer(line: HistoryLine): line is Answered {
  return answerKinds.some((kind) => kind === line.kind);
}
