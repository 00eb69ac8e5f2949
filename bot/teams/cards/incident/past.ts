import type { HistoryLine } from "../../../domain/incident/history.ts";
import type { DeliveryFailure } from "../../../domain/incident/incident.ts";
import type { Person } from "../../../domain/person.ts";

/** Something that somebody did, and when (epoch milliseconds UTC). */
export interface Mark<By = Person> {
  readonly by: By;
  readonly at: number;
}

/** What becomes of a guard who was reached. */
export const guardEvents = ["guard-accepted", "guard-declined", "guard-lapsed", "guard-arrived", "guard-help"] as const;
export type GuardEvent = (typeof guardEvents)[number];

/** How one way to external security went. */
export interface PagerPast {
  /** When its first page was queued; null when that was withheld. */
  readonly queuedAt: number | null;
  /** Whether a page is known to have been sent, or tried. */
  readonly hasLeft: boolean;
  /** Each kind once, in the order of its first time. */
  readonly answers: readonly { readonly kind: GuardEvent; readonly at: number }[];
  /** Why the newest page failed; null when the provider had it, or nothing is known. */
  readonly failure: DeliveryFailure | null;
}

const nothingYet: PagerPast = { queuedAt: null, hasLeft: false, answers: [], failure: null };

/** How an incident went, by its history: every first counts, and nothing that came later replaces it. */
export interface Past {
  readonly firstClaim: Mark | null;
  readonly firstArrival: Mark<Person | "guard"> | null;
  /** Colleagues who were there, by their first arrival. */
  readonly arrived: readonly Mark[];
  /** Colleagues who said that they go, did not take it back and were not there. */
  readonly wentOnly: readonly Mark[];
  /** Colleagues whose last answer is that they can't, and who were not there. */
  readonly declined: readonly Mark[];
  /** Colleagues who were there, did not answer the check, and gave no sign since. */
  readonly silent: readonly Mark[];
  /** When each round began. */
  readonly rounds: readonly number[];
  readonly pagers: ReadonlyMap<string, PagerPast>;
}

/** Tells how an incident went; null where no history is known. */
export function toPast(history: readonly HistoryLine[]): Past | null {
  const opened = history.find(({ kind }) => kind === "opened");
  if (opened === undefined) return null;
  const arrived = toArrived(history);
  const isAbsent = ({ by }: Mark) => !arrived.some((mark) => mark.by.id === by.id);
  const answers = lastAnswers(history).filter(isAbsent);
  return {
    firstClaim: toMark(history.find((line) => line.kind === "claimed" || line.kind === "also-coming")),
    firstArrival: toArrival(history.find((line) => line.kind === "arrived" || line.kind === "guard-arrived")),
    arrived,
    wentOnly: answers.filter(({ kind }) => kind !== "declined"),
    declined: answers.filter(({ kind }) => kind === "declined"),
    silent: toSilent(history),
    rounds: [opened.at, ...history.flatMap(({ kind, at }) => (kind === "round-started" ? [at] : []))],
    pagers: toPagers(history),
  };
}

type Answer = "claimed" | "also-coming" | "declined";

function toMark(line: HistoryLine | undefined): Mark | null {
  return line?.kind === "claimed" || line?.kind === "also-coming" ? { by: line.by, at: line.at } : null;
}

function toArrival(line: HistoryLine | undefined): Past["firstArrival"] {
  if (line?.kind === "arrived") return { by: line.by, at: line.at };
  return line === undefined ? null : { by: "guard", at: line.at };
}

function toArrived(history: readonly HistoryLine[]): readonly Mark[] {
  const first = new Map<string, Mark>();
  for (const line of history) {
    if (line.kind === "arrived" && !first.has(line.by.id)) first.set(line.by.id, { by: line.by, at: line.at });
  }
  return [...first.values()];
}

/** The newest claim or decline of each colleague. */
function lastAnswers(history: readonly HistoryLine[]): readonly (Mark & { readonly kind: Answer })[] {
  const last = new Map<string, Mark & { readonly kind: Answer }>();
  for (const line of history) {
    if (line.kind !== "claimed" && line.kind !== "also-coming" && line.kind !== "declined") continue;
    last.set(line.by.id, { kind: line.kind, by: line.by, at: line.at });
  }
  return [...last.values()];
}

function toSilent(history: readonly HistoryLine[]): readonly Mark[] {
  let asked: readonly Person[] = [];
  const silent = new Map<string, Mark>();
  for (const line of history) {
    if (line.kind === "check-asked") asked = line.people;
    if (line.kind === "check-missed") for (const by of asked) silent.set(by.id, { by, at: line.at });
    if (line.kind === "arrived" || line.kind === "checked-in" || line.kind === "declined") silent.delete(line.by.id);
  }
  return [...silent.values()];
}

function toPagers(history: readonly HistoryLine[]): ReadonlyMap<string, PagerPast> {
  const pagers = new Map<string, PagerPast>();
  for (const line of history) {
    const past = isOfPager(line) ? (pagers.get(line.pager) ?? nothingYet) : null;
    if (!isOfPager(line) || past === null) continue;
    pagers.set(line.pager, addLine(past, line));
  }
  return pagers;
}

type PagerLine = Extract<
  HistoryLine,
  { kind: "page-queued" | "page-held" | "page-accepted" | "page-failed" | GuardEvent }
>;

function isOfPager(line: HistoryLine): line is PagerLine {
  return line.kind.startsWith("page-") || guardEvents.some((kind) => kind === line.kind);
}

function addLine(past: PagerPast, line: PagerLine): PagerPast {
  switch (line.kind) {
    case "page-queued":
      return { ...past, queuedAt: past.queuedAt ?? line.at };
    case "page-held":
      return past.hasLeft ? past : { ...past, queuedAt: null };
    case "page-accepted":
    case "page-failed": {
      const failure = line.kind === "page-failed" ? line.reason : null;
      return { ...past, queuedAt: past.queuedAt ?? line.at, hasLeft: true, failure };
    }
    default: {
      const isNew = !past.answers.some(({ kind }) => kind === line.kind);
      const answers = isNew ? [...past.answers, { kind: line.kind, at: line.at }] : past.answers;
      return { ...past, queuedAt: past.queuedAt ?? line.at, hasLeft: true, answers };
    }
  }
}
