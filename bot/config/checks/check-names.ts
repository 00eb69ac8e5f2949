import { type ButtonEntry, type Configuration, type PersonEntry, teamsType } from "../configuration.ts";
import type { Path } from "../document/document.ts";
import { expectOneOf } from "../document/expect-one-of.ts";
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
  what: string,
  name: string,
  path: Path,
  known: readonly string[] | null,
  findings: Findings,
): void {
  if (known?.includes(name) === false)
    findings.addProblem(path, `there is no ${what} of that name`, expectOneOf(known));
}

/** Finds two channels that are one conversation, which would get every card twice. */
export function checkChannels(channels: Configuration["channels"], findings: Findings): void {
  const seen = new Set<string>();
  for (const [name, { conversation }] of Object.entries(channels)) {
    if (conversation === null) continue;
    const path = ["channels", name, "conversation"];
    if (seen.has(conversation)) findings.addProblem(path, "another channel has this conversation", "one of its own");
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
    if (seen.has(label))
      findings.addProblem([section, name, "label"], "another one is called that", "a label of its own");
    seen.add(label);
  }
}

/** Finds a second source of the type `teams`, because nobody could say which of them a typed alarm is meant for. */
export function checkTeamsSources(sources: Configuration["sources"], findings: Findings): void {
  const names = Object.entries(sources).flatMap(([name, { type }]) => (type === teamsType ? [name] : []));
  for (const name of names.slice(1)) {
    findings.addProblem(["sources", name, "type"], "another source has this type", "one source of type teams at most");
  }
}

/** Finds people who can't be told apart. */
export function checkPeople(roster: Roster, findings: Findings): void {
  const seen = new Set<string>();
  roster.configured?.forEach(({ id }, index) => {
    if (seen.has(id)) {
      findings.addProblem(["people", index, "id"], "somebody else has this id", "an id of their own");
    }
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
    if (seen.has(key))
      findings.addProblem([...path, "id"], "this button is there already", "each button of a source once");
    seen.add(key);
    checkHolder(holder, index, roster, findings);
    if (place === null) return;
    const same = places.get(place.toLowerCase()) ?? place;
    if (same !== place)
      findings.addWarning(`buttons[${index}]: its place differs from another's in capitals only, so they count as two`);
    places.set(place.toLowerCase(), same);
  });
}

function checkHolder(holder: string | null, index: number, roster: Roster | null, findings: Findings): void {
  if (holder === null || roster === null) return;
  const path = ["buttons", index, "holder"];
  const holders = roster.configured?.filter(({ name }) => name === holder) ?? [];
  if (holders.length > 1) findings.addProblem(path, "two people have that name", "people with different names");
  if (holders.length > 0) return;
  findings.addWarning(`buttons[${index}]: its holder is not among the people, so could claim their own alarm`);
}
