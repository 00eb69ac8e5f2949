import { type Kinds, parseEntries, parseLocations, parsePagers, parseSources } from "./entries.ts";
import {
  Buttons,
  ChannelEntry,
  ContactEntry,
  Name,
  People,
  PolicyName,
  Root,
  Settings,
  TeamsEntry,
  TroublesEntry,
} from "./file-format.ts";
import type { Findings } from "./findings.ts";
import { PolicyEntry } from "./policy-format.ts";
import { parseSection } from "./section.ts";

/** The sections of a configuration, each as far as it can be read. */
export type Parts = NonNullable<ReturnType<typeof parseParts>>;

/** Parses every section by itself, so that a mistake in one hides none in another; null when there are no sections. */
export function parseParts(root: unknown, kinds: Kinds, findings: Findings) {
  const sections = parseSections(root, findings);
  if (sections === null) return null;
  return {
    settings: parseSection(Settings, sections, [], findings),
    teams: parseSection(TeamsEntry, sections.teams, ["teams"], findings),
    people: parseSection(People, sections.people, ["people"], findings),
    buttons: parseSection(Buttons, sections.buttons, ["buttons"], findings),
    channels: parseEntries("channels", sections.channels, Name, ChannelEntry, findings),
    policies: parseEntries("policies", sections.policies, PolicyName, PolicyEntry, findings),
    sources: parseSources(sections.sources, kinds, findings),
    pagers: parsePagers(sections.pagers, kinds, findings),
    locations: parseLocations(sections.locations, findings),
    contact: parseSection(ContactEntry, sections.contact, ["contact"], findings),
    troubles: parseSection(TroublesEntry, sections.troubles, ["troubles"], findings),
  };
}

/** Returns the sections by name; null when the file is not a mapping at all. */
function parseSections(root: unknown, findings: Findings): Readonly<Record<string, unknown>> | null {
  parseSection(Root, root, [], findings);
  return typeof root === "object" && root !== null && !Array.isArray(root) ? { ...root } : null;
}
