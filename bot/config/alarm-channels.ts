import type { Policy } from "../domain/incident/policy.ts";
import { respondersOf } from "../domain/location.ts";
import type { AlarmChannels } from "../ports/directory.ts";
import { type Chained, listChains, type NamedPolicies, toChain } from "./chains.ts";
import type { ButtonEntry, Configuration } from "./configuration.ts";
import { toLocations } from "./roster.ts";

/** Creates what tells to which channels alarms go. */
export function createAlarmChannels(configuration: Configuration, policies: NamedPolicies): AlarmChannels {
  const { sources, locations, buttons, people } = configuration;
  const chains = listChains(configuration);
  const known = toLocations(configuration);
  const ofButtons = new Map<string, ReadonlyMap<string, string>>();
  const ofSources = new Map<string, readonly string[]>();
  for (const [name, own] of Map.groupBy(buttons, (button) => button.source)) {
    const source = sources[name];
    if (source === undefined) continue;
    const channelOf = (button: ButtonEntry) =>
      toChain(source, locations[button.location ?? source.location ?? ""], button).channel;
    const byId = new Map(own.map((button) => [button.id.toLowerCase(), channelOf(button)]));
    ofButtons.set(name, byId);
    ofSources.set(name, [...new Set([source.channel, ...byId.values()])]);
  }
  const ofUnlisted = (name: string) => {
    const source = sources[name];
    return source && toChain(source, locations[source.location ?? ""], null).channel;
  };
  const of = (isMeant: (chain: Chained) => boolean) => [
    ...new Set(chains.filter(isMeant).map(({ channel }) => channel)),
  ];
  return {
    all: of(() => true),
    ofSource: (name) => [...new Set([ofUnlisted(name) ?? [], ...(ofSources.get(name) ?? [])].flat())],
    ofButton: (source, id) => ofButtons.get(source)?.get(id.toLowerCase()) ?? ofUnlisted(source) ?? null,
    ofPager: (pager) => of((chain) => hasPager(policies.of(chain).policy, pager)),
    ofPerson({ id }) {
      const stationed = people?.filter((person) => person.id === id.toLowerCase()) ?? [];
      // An alarm of which nobody knows where it is may ring them, too, but is posted where its source belongs.
      const found = of((chain) => respondersOf(stationed, known, { ...chain, source: null }).length > 0);
      // Of somebody for whom no alarm is meant yet, everybody is told.
      return found.length === 0 ? of(() => true) : found;
    },
  };
}

function hasPager({ steps }: Policy, pager: string): boolean {
  return steps.some((step) => step.kind !== "tell" && step.pager === pager);
}
