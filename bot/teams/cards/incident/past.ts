import type { HistoryLine } from "../../../domain/incident/history.ts";
import type { Person } from "../../../domain/person.ts";
import { type SecurityPast, toSecurityPast } from "./past-security.ts";

/** Something that somebody did, and when (epoch milliseconds UTC). */
export interface Mark<By = Person> {
  readonly by: By;
  readonly at: number;
}

/**
 * How an incident went, by its history: every first counts, and nothing that came later replaces it. Who was at another
 * location than where it turned out to be was not there.
 */
export interface Past {
  readonly firstClaim: Mark | null;
  readonly firstArrival: Mark<Person | "guard"> | null;
  /** Colleagues who were there, by their first arrival. */
  readonly arrived: readonly Mark[];
  /** Colleagues who said that they go, did not take it back, were not there and in no other alarm since. */
  readonly wentOnly: readonly Mark[];
  /** Colleagues whose last answer is that they can't, and who were not there. */
  readonly declined: readonly Mark[];
  /** Colleagues who were there, did not answer the check, and gave no sign since. */
  readonly silent: readonly Mark[];
  /** Colleagues who were rung, each once. */
  readonly rung: readonly Person[];
  /** When each round began. */
  readonly rounds: readonly number[];
  readonly pagers: ReadonlyMap<string, SecurityPast>;
}

/** Tells how an incident went; null where no history is known. */
export function toPast(all: readonly HistoryLine[]): Past | null {
  const opened = all.find(({ kind }) => kind === "opened");
  if (opened === undefined) return null;
  const history = withoutLetGo(all);
  const arrived = toArrived(history);
  const isAbsent = ({ by }: Mark) => !arrived.some((mark) => mark.by.id === by.id);
  const answers = lastAnswers(history).filter(isAbsent);
  return {
    firstClaim: toMark(all.find((line) => line.kind === "claimed" || line.kind === "also-coming")),
    firstArrival: toArrival(history.find((line) => line.kind === "arrived" || line.kind === "guard-arrived")),
    arrived,
    wentOnly: answers.filter(({ kind }) => kind === "claimed" || kind === "also-coming"),
    declined: answers.filter(({ kind }) => kind === "declined"),
    silent: toSilent(all),
    rung: toRungPeople(history),
    rounds: [opened.at, ...history.flatMap(({ kind, at }) => (kind === "round-started" ? [at] : []))],
    pagers: toSecurityPast(history),
  };
}

/** Without what people said before it turned out that they are at another location. */
function withoutLetGo(history: readonly HistoryLine[]): readonly HistoryLine[] {
  const outSince = new Map<string, number>();
  for (const [index, line] of history.entries())
    if (line.kind === "let-go") for (const { id } of line.people) outSince.set(id, index);
  return history.filter((line, index) => {
    return !(line.kind === "arrived" || isAnswer(line)) || index > (outSince.get(line.by.id) ?? -1);
  });
}

type Answer = "claimed" | "also-coming" | "declined" | "now-elsewhere";

function toRungPeople(history: readonly HistoryLine[]): readonly Person[] {
  const people = history.flatMap((line) => (line.kind === "rung" ? line.people : []));
  return [...new Map(people.map((person) => [person.id, person])).values()];
}

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

/** The newest claim or decline of each colleague, and whether they were in another alarm since. */
function lastAnswers(history: readonly HistoryLine[]): readonly (Mark & { readonly kind: Answer })[] {
  const last = new Map<string, Mark & { readonly kind: Answer }>();
  for (const line of history) {
    if (!isAnswer(line)) continue;
    last.set(line.by.id, { kind: line.kind, by: line.by, at: line.at });
  }
  return [...last.values()];
}

function isAnswer(line: HistoryLine): line is HistoryLine & { readonly kind: Answer } {
  return ["claimed", "also-coming", "declined", "now-elsewhere"].includes(line.kind);
}

function toSilent(history: readonly HistoryLine[]): readonly Mark[] {
  let asked: readonly Person[] = [];
  const silent = new Map<string, Mark>();
  for (const line of history) {
    if (line.kind === "check-asked") asked = line.people;
    if (line.kind === "check-missed") for (const by of asked) silent.set(by.id, { by, at: line.at });
    if (line.kind === "arrived" || line.kind === "checked-in" || line.kind === "declined") silent.delete(line.by.id);
    if (line.kind === "let-go") for (const { id } of line.people) silent.delete(id);
  }
  return [...silent.values()];
}
