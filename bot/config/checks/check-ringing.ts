import type { Chain } from "../chains.ts";
import {
  type ButtonEntry,
  type ChannelEntry,
  type PersonEntry,
  type SourceEntry,
  teamsType,
} from "../configuration.ts";
import type { Findings } from "../document/findings.ts";
import type { PolicyEntry } from "../document/policy-format.ts";

/** Longest that nothing may ring but Teams, which people mute. */
const quietMs = 60_000;

/** Refuses a tag of which nobody says that it may ring who pressed (rule 7). */
export function checkTags(channels: Readonly<Record<string, ChannelEntry>>, findings: Findings): void {
  for (const [name, { tag }] of Object.entries(channels)) {
    if (tag === null || tag.mayRingPresser) continue;
    findings.addProblem(
      ["channels", name, "tag"],
      "a tag rings everybody who has it, also who pressed: their phone may sound beside an aggressor",
      "mayRingPresser: true in it, when that is accepted; else people, of whom the presser is left out",
    );
  }
}

/** Warns of channels whose cards ring nobody: those who are in a channel get no sound of what is only posted there. */
export function checkRung(
  chains: readonly Chain[],
  channels: Readonly<Record<string, ChannelEntry>>,
  people: readonly PersonEntry[] | null,
  findings: Findings,
): void {
  if (people !== null) return;
  for (const name of new Set(chains.map(({ channel }) => channel))) {
    if (!Object.hasOwn(channels, name) || channels[name]?.tag !== null) continue;
    findings.addWarning(
      `channels.${name}: there are no people and it has no tag, so a card stands in that channel and rings nobody`,
    );
  }
}

/** Warns of policies by which Teams is all that rings for a minute and longer, whoever may have muted it. */
export function checkBesidesTeams(policies: Readonly<Record<string, PolicyEntry>>, findings: Findings): void {
  for (const [name, { steps }] of Object.entries(policies)) {
    if (steps.some(({ kind, afterMs }) => kind === "call" || (kind === "page" && afterMs <= quietMs))) continue;
    findings.addWarning(
      `policies.${name}: it calls no phone and pages nobody within 60 s, so that long nothing rings but Teams, which ` +
        "people mute",
    );
  }
}

/** Warns of people whom `tellPresser` tells nothing: they wear no button, and nobody can type an alarm. */
export function checkPressersTold(
  people: readonly Pick<PersonEntry, "name" | "tellPresser">[] | null,
  buttons: readonly Pick<ButtonEntry, "holder">[],
  sources: Readonly<Record<string, Pick<SourceEntry, "type">>>,
  findings: Findings,
): void {
  if (Object.values(sources).some(({ type }) => type === teamsType)) return;
  people?.forEach(({ name, tellPresser }, index) => {
    if (!tellPresser || buttons.some(({ holder }) => holder === name)) return;
    findings.addWarning(`people[${index}]: tellPresser tells nothing to who wears no button and can type no alarm`);
  });
}
