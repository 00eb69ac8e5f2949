import type { Problems } from "../../words/settings/problems.ts";
import { type ButtonEntry, type Configuration, type PersonEntry, teamsType } from "../configuration.ts";
import type { Path } from "../document/document.ts";
import type { Findings } from "../document/findings.ts";

/** The section `people`: null when it is not in the file. */
export interface Roster {
  readonly configured: readonly PersonEntry[] | null;
}

/**
 * Finds a name that refers to nothing; `path` says where it stands. `known` null: the section of those names can't be
 * read, so that any may be there.
 */
export function checkReference(
  what: keyof Problems["noSuch"],
  name: string,
  path: Path,
  known: readonly string[] | null,
  findings: Findings,
): void {
  const { problems, readings } = findings.words;
  if (known?.includes(name) === false)
    findings.addProblem(path, { wrong: problems.noSuch[what], expected: readings.oneOf(known) });
}

/** Finds two channels that are one conversation, which would get every card twice. */
export function checkChannels(channels: Configuration["channels"], findings: Findings): void {
  const seen = new Set<string>();
  for (const [name, { conversation }] of Object.entries(channels)) {
    if (conversation === null) continue;
    const path = ["channels", name, "conversation"];
    if (seen.has(conversation)) findings.addProblem(path, findings.words.problems.sameConversation);
    seen.add(conversation);
  }
}

/** Finds two sources, or two pagers, that people would call the same, because nobody could say which is meant. */
export function checkLabels(
  section: "sources" | "pagers",
  entries: Readonly<Record<string, { readonly label: string | null }>>,
  findings: Findings,
): void {
  const seen = new Set(Object.keys(entries));
  for (const [name, { label }] of Object.entries(entries)) {
    if (label === null || label === name) continue;
    if (seen.has(label)) findings.addProblem([section, name, "label"], findings.words.problems.sameLabel);
    seen.add(label);
  }
}

/** Finds a second source of the type `teams`, because nobody could say which of them a typed alarm is meant for. */
export function checkTeamsSources(sources: Configuration["sources"], findings: Findings): void {
  const names = Object.entries(sources).flatMap(([name, { type }]) => (type === teamsType ? [name] : []));
  for (const name of names.slice(1)) {
    findings.addProblem(["sources", name, "type"], findings.words.problems.secondTeams);
  }
}

/** Finds people who can't be told apart. */
export function checkPeople(roster: Roster, findings: Findings): void {
  const seen = new Set<string>();
  roster.configured?.forEach(({ id }, index) => {
    if (seen.has(id)) findings.addProblem(["people", index, "id"], findings.words.problems.sameId);
    seen.add(id);
  });
}

/** Finds buttons of no source, buttons that are there twice, and names of holders that nobody or two people have. */
export function checkButtons(
  buttons: readonly ButtonEntry[],
  sources: readonly string[] | null,
  roster: Roster | null,
  findings: Findings,
): void {
  const seen = new Set<string>();
  const places = new Map<string, string>();
  buttons.forEach(({ source, id, holder, place }, index) => {
    const path = ["buttons", index];
    checkReference("source", source, [...path, "source"], sources, findings);
    // Ids are looked up without regard to capitals, so they have to differ in more than those.
    const key = JSON.stringify([source, id.toLowerCase()]);
    if (seen.has(key)) findings.addProblem([...path, "id"], findings.words.problems.sameButton);
    seen.add(key);
    checkHolder(holder, index, roster, findings);
    if (place === null) return;
    const same = places.get(place.toLowerCase()) ?? place;
    if (same !== place) findings.addWarning(`buttons[${index}]`, findings.words.warnings.placeInCapitals);
    places.set(place.toLowerCase(), same);
  });
}

function checkHolder(holder: string | null, index: number, roster: Roster | null, findings: Findings): void {
  if (holder === null || roster === null) return;
  const path = ["buttons", index, "holder"];
  const holders = roster.configured?.filter(({ name }) => name === holder) ?? [];
  if (holders.length > 1) findings.addProblem(path, findings.words.problems.twoHolders);
  if (holders.length > 0) return;
  findings.addWarning(`buttons[${index}]`, findings.words.warnings.holderUnknown);
}
