import type { HistoryLine } from "../../domain/incident/history.ts";
import type { GuardState } from "./guard-state.ts";

/** What changes why a guard is needed. A call for help comes first, however much happened since. */
const newsKinds = ["help", "guard-help", "check-missed", "pressed-again", "lapsed", "all-declined"] as const;
type NewsKind = (typeof newsKinds)[number];
const maxNews = 2;

/** What happened at that moment, in epoch milliseconds, and makes the page's own reason an old one. */
export interface News {
  readonly kind: NewsKind;
  readonly at: number;
}

/**
 * What happened since the page with that key went out, at most two things: who asked for help first, then the newest.
 * `me`: which guard of that pager is looking, because nobody needs to be told what they said themselves.
 */
export function toNews(
  history: readonly HistoryLine[],
  state: GuardState,
  { pageKey, pager, me }: { readonly pageKey: string; readonly pager: string; readonly me: string | null },
): readonly News[] {
  if (state === "closed" || state === "called-off") return [];
  const pagedAt = history.findIndex((line) => line.kind === "page-queued" && line.key === pageKey);
  const newest = new Map<NewsKind, News>();
  for (const line of history.slice(pagedAt + 1)) {
    const kind = newsKinds.find((each) => each === line.kind);
    const isOwn = line.kind === "guard-help" && line.pager === pager && line.who === me;
    // Who is asked whether they are safe is the one who did not answer.
    const isAsked = line.kind === "check-missed" && state === "check";
    if (kind !== undefined && !isOwn && !isAsked) newest.set(kind, { kind, at: line.at });
  }
  const isHelp = ({ kind }: News) => kind === "help" || kind === "guard-help";
  const byTime = [...newest.values()].toSorted((one, other) => other.at - one.at);
  return [...byTime.filter(isHelp), ...byTime.filter((news) => !isHelp(news))].slice(0, maxNews);
}
