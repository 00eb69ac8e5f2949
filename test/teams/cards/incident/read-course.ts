import type { HistoryLine } from "../../../../bot/domain/incident/history.ts";
import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import { toIncidentCard, toSummary } from "../../../../bot/teams/cards/incident/incident-card.ts";
import { toClockTime } from "../../../../bot/words/shared/time.ts";
import type { Course } from "../../../domain/incident/course.ts";
import { nl } from "../../../dutch.ts";
import { textOf } from "../read-card.ts";
import { toContext } from "./incidents.ts";

/** The time of day as the card writes it. */
export function clock(at: number): string {
  return toClockTime(at, "Europe/Amsterdam", "nl");
}

/** The card's text, its headline apart, and what stands behind a label; null: there is no such row. */
export function readCard({ incident, history, policy }: Course) {
  const isClosed = incident?.closedAt !== null;
  const context = { ...toContext("nl"), policy, history: isClosed ? history : [] };
  const text = textOf(toIncidentCard(incident as Incident, context));
  const lines = text.split("\n");
  return {
    text,
    headline: lines[0] ?? "",
    summary: toSummary(incident as Incident, context),
    row: (label: string) => lines.find((line) => line.startsWith(`${label}: `))?.slice(label.length + 2) ?? null,
  };
}

type GuardLine = Extract<HistoryLine, { who?: string }>;

/** The parts of a pager's row that the history asks for, found line by line: each looks around in the history anew. */
export function readSecurity(history: readonly HistoryLine[], pager: string): string[] {
  const isOf = (line: HistoryLine) => "pager" in line && line.pager === pager;
  const isGuard = (line: HistoryLine): line is GuardLine => isOf(line) && line.kind.startsWith("guard-");
  const sincePress = (end: number) => {
    const before = history.slice(0, end);
    return before.slice(before.findLastIndex((each) => each.kind === "round-started" && each.reason === "press") + 1);
  };
  const stateOf = (who: string | undefined, end: number) => {
    const lines = sincePress(end).filter((line) => (isGuard(line) && line.who === who) || line.kind === "called-off");
    if (lines.some(({ kind }) => kind === "guard-arrived")) return "there";
    return lines.findLast(({ kind }) => kind !== "guard-help")?.kind === "guard-accepted" ? "coming" : null;
  };
  const lastOff = history.findLastIndex(({ kind }) => kind === "called-off");
  const whos = new Set(history.filter(isGuard).map(({ who }) => who));
  const seen = new Set<string>();
  const parts: string[] = [];
  for (const [index, line] of history.entries()) {
    const half = index > lastOff ? "after" : "before";
    const isFirst = (name: string) => seen.size !== seen.add(`${half} ${name}`).size;
    const at = clock(line.at);
    if (index === lastOff && history.slice(0, index).some(isOf)) parts.push(nl.past["called-off"](at));
    if (line.kind === "check-missed") {
      for (const who of whos) {
        const rest = history.slice(index).filter((each) => isGuard(each) && each.kind === "guard-arrived");
        const isBack = rest.some((each) => isGuard(each) && each.who === who);
        if (stateOf(who, index) !== "there" || isBack) continue;
        const arrivedAt = history.findLastIndex(
          (each) => isGuard(each) && each.kind === "guard-arrived" && each.who === who,
        );
        const missedBefore = history.slice(arrivedAt, index).some(({ kind }) => kind === "check-missed");
        if (!missedBefore) parts.push(nl.past.silent(at));
      }
    }
    if (!isOf(line)) continue;
    if (line.kind === "page-failed" && isFirst(`failed ${line.reason}`))
      parts.push(nl.past.failed(nl.terms.failure[line.reason], at));
    if (line.kind === "page-accepted" && isFirst("paged")) parts.push(nl.past.paged(at));
    if (!isGuard(line)) continue;
    const isOtherComing = [...whos].some((who) => who !== line.who && stateOf(who, index) !== null);
    if (line.kind === "guard-declined" && isOtherComing) continue;
    // Somebody who answers was called, whatever the provider said.
    const hasPaged = [...seen].some((each) => each.endsWith(" paged"));
    if (!hasPaged && isFirst("paged")) parts.push("?");
    if (isFirst(line.kind)) parts.push(nl.past[line.kind](at));
  }
  return parts;
}
