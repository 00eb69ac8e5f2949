import type { HistoryLine } from "../../domain/incident/history.ts";
import type { GuardState } from "./guard-state.ts";

/** What changes why or where a guard is needed. A call for help comes first, however much happened since. */
const newsKinds = [
  "help",
  "guard-help",
  "check-missed",
  "pressed-again",
  "place-corrected",
  "call-back-changed",
  "lapsed",
  "all-declined",
  "nobody-free",
] as const;
type NewsKind = (typeof newsKinds)[number];

/** What happened at that moment, in epoch milliseconds, and makes the page's own reason an old one. */
export interface News {
  readonly kind: NewsKind;
  readonly at: number;
}

/**
 * What came last since the page with that key went out; null when nothing did. `me`: which guard of that pager is
 * looking, because nobody needs to be told what they said themselves.
 */
export function toNews(
  history: readonly HistoryLine[],
  state: GuardState,
  { pageKey, pager, me }: { readonly pageKey: string; readonly pager: string; readonly me: string | null },
): News | null {
  if (state === "closed" || state === "called-off") return null;
  const pagedAt = history.findIndex((line) => line.kind === "page-queued" && line.key === pageKey);
  const news: News[] = [];
  for (const line of history.slice(pagedAt + 1)) {
    const kind = newsKinds.find((each) => each === line.kind);
    const isOwn = line.kind === "guard-help" && line.pager === pager && line.who === me;
    // Who is asked whether they are safe is the one who did not answer.
    const isAsked = line.kind === "check-missed" && state === "check";
    if (kind !== undefined && !isOwn && !isAsked) news.push({ kind, at: line.at });
  }
  const isHelp = ({ kind }: News) => kind === "help" || kind === "guard-help";
  return news.findLast(isHelp) ?? news.at(-1) ?? null;
}
