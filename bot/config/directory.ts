import type { Alarm } from "../domain/alarm.ts";
import type { Expected } from "../domain/device/trouble.ts";
import type { Press } from "../domain/incident/command.ts";
import type { Step } from "../domain/incident/policy.ts";
import { listLocationsIn, toFixedPlace } from "../domain/location.ts";
import { createLocationReader } from "../domain/location-name.ts";
import type { Holder } from "../domain/person.ts";
import type { Directory } from "../ports/directory.ts";
import { createAlarmChannels } from "./alarm-channels.ts";
import { type NamedPolicies, namePolicies, toChain, toShared } from "./chains.ts";
import type { ButtonEntry, Configuration, SourceEntry } from "./configuration.ts";
import { createRoster, toLocations } from "./roster.ts";
import { createSites } from "./sites.ts";
import { createWherePressed, type WherePressed } from "./where-pressed.ts";

const minuteMs = 60_000;

interface KnownSource {
  readonly entry: SourceEntry;
  /** Where all of it is; null: its buttons are at several locations, or nobody knows. */
  readonly location: string | null;
  readonly hasDownlink: boolean;
  /** By id in lower case, because what is printed on a device and what its network says differ in that at times. */
  readonly buttons: ReadonlyMap<string, KnownButton>;
}

interface KnownButton {
  readonly entry: ButtonEntry;
  readonly holder: Holder | null;
}

/** Names the device whose messages count for that button of a source of that type; null when only its own do. */
type ParentOf = (type: string, button: string) => string | null;

/**
 * Creates what the engine asks about the configuration, with every look-up made beforehand, because a flood of presses
 * goes through here. `withDownlink`: sources whose devices can be sent something.
 */
export function createDirectory(
  configuration: Configuration,
  withDownlink: ReadonlySet<string>,
  parentOf: ParentOf,
): Directory {
  const sources = toSources(configuration, withDownlink);
  const policies = namePolicies(configuration);
  const people = new Map(configuration.people?.map((entry) => [entry.id.toLowerCase(), entry]));
  const worn = Map.groupBy(
    configuration.buttons.filter(({ holder }) => holder !== null),
    ({ holder }) => holder,
  );
  const located = toLocations(configuration);
  const wherePressed = createWherePressed(configuration);
  const locationIn = createLocationReader(located);

  function sourceOf(name: string): KnownSource {
    const source = sources.get(name);
    if (source === undefined) throw new Error("An alarm came from a source that is not configured.");
    return source;
  }

  return {
    toPress(source, alarm, incident, receivedAt) {
      const known = { configuration, policies, wherePressed };
      return toPress({ name: source, ...sourceOf(source) }, alarm, incident, receivedAt, known);
    },
    policyOf({ source, button, unreadable, location = null, channel }) {
      const { entry, buttons } = sourceOf(source);
      const known = unreadable ? undefined : buttons.get(button.toLowerCase());
      const chain = toChain(entry, configuration.locations[location ?? ""], known?.entry);
      return policies.of(Object.hasOwn(configuration.channels, channel) ? { ...chain, channel } : chain);
    },
    policies: policies.used,
    goneFrom: ({ steps }) => [
      ...new Set(steps.flatMap((step) => (isConfigured(step, configuration) ? [] : toTarget(step)))),
    ],
    channels: createAlarmChannels(configuration, policies),
    expected: toExpected(configuration, parentOf),
    people: [...people.values()].map(({ id, name }) => ({ id, name })),
    onDuty: createRoster(configuration),
    personOf(id) {
      const entry = people.get(id.toLowerCase());
      return entry === undefined ? null : { id: entry.id, name: entry.name };
    },
    presserHearsBy(person, location) {
      const own = people.get(person.id.toLowerCase())?.tellPresser ?? null;
      return (own ?? configuration.locations[location ?? ""]?.tellPresser) === true ? "message" : "card";
    },
    locationsOfWearer(person) {
      const name = people.get(person.id.toLowerCase())?.name ?? null;
      return (worn.get(name) ?? []).map(({ location, source }) => location ?? sourceOf(source).entry.location);
    },
    siteOf: createSites(configuration),
    accountsIn(channel) {
      const keys = channel === null ? [] : listLocationsIn(channel, located);
      const meant = keys.length === 0 ? Object.keys(configuration.locations) : keys;
      const own = keys.length === 0 ? [null] : [];
      return [...new Set([...own, ...meant.map((key) => configuration.locations[key]?.account ?? null)])];
    },
    locationIn,
    isLocation: (key) => Object.hasOwn(configuration.locations, key),
    stationOf: ({ id }) => ({ locations: people.get(id.toLowerCase())?.locations ?? null }),
    mayShowPhones: (pager) => configuration.pagers[pager]?.mayShowPhones ?? false,
    phoneOf: (person) => people.get(person.id.toLowerCase())?.phone ?? null,
    rolesOf(person) {
      const entry = people.get(person.id.toLowerCase());
      if (entry === undefined) return [];
      return entry.lead ? ["listed", "lead"] : ["listed"];
    },
    hasLocations: Object.keys(configuration.locations).length > 0,
    hasLeads: [...people.values()].some(({ lead }) => lead),
  };
}

function toTarget(step: Step): string {
  return step.kind === "tell" ? step.channel : step.pager;
}

function isConfigured(step: Step, { channels, pagers, troubles }: Configuration): boolean {
  if (step.kind === "tell") return Object.hasOwn(channels, step.channel);
  // Nobody is paged by what now tells troubles.
  return Object.hasOwn(pagers, step.pager) && step.pager !== troubles.tell;
}

interface PressContext {
  readonly configuration: Configuration;
  readonly policies: NamedPolicies;
  readonly wherePressed: ReturnType<typeof createWherePressed>;
}

function toPress(
  source: KnownSource & { readonly name: string },
  alarm: Alarm,
  incident: string,
  receivedAt: number,
  { configuration, policies, wherePressed }: PressContext,
): Press {
  const isUnreadable = alarm.kind === "unreadable";
  const known = source.buttons.get(alarm.button.toLowerCase());
  const { id = alarm.button, place = null, directions = null, fixed = false } = known?.entry ?? {};
  const underwayMs = alarm.at === null ? 0 : receivedAt - alarm.at;
  const { colleague } = alarm;
  // One incident a source holds all of its unreadable messages, wherever they are from. Nothing in one is believed, and
  // its body stays out of Teams (rule 5).
  const believed = isUnreadable ? undefined : known?.entry;
  const { place: sentPlace, ...where }: WherePressed = isUnreadable
    ? { location: source.location, place: null }
    : wherePressed(alarm, { source: source.name, entry: source.entry, button: believed });
  const { location, mayBeAt = [location ?? ""] } = where;
  const settings = mayBeAt.map((key) => configuration.locations[key]);
  const chain = toChain(source.entry, toShared(settings), believed);
  return {
    incident,
    source: source.name,
    button: id,
    via: colleague?.via ?? "button",
    // What the source said before decides these two.
    isOngoing: false,
    mayBeRepeat: false,
    hasDownlink: source.hasDownlink && colleague === null && id !== "",
    holder: colleague === null ? (known?.holder ?? null) : { id: colleague.id, name: colleague.name },
    ...where,
    ...(isCarried(alarm, believed, where) ? { mayBeElsewhere: true } : {}),
    channel: chain.channel,
    place: place ?? sentPlace,
    ...(isUsual(alarm, place === null ? null : fixed) ? { isPlaceUsual: true } : {}),
    updatesPlace: isPlaceNews(alarm, { isConfigured: !isUnreadable && place !== null, fixed, sentPlace }),
    fixedPlace: isUnreadable || !fixed || place === null ? null : toFixedPlace(location, place),
    directions,
    position: isUnreadable ? null : alarm.position,
    policy: policies.of(chain).hash,
    unreadable: isUnreadable,
    lateMs: underwayMs > minuteMs ? underwayMs : null,
  };
}

/**
 * Whether whoever pressed may be elsewhere than at that location: on a visit, with a button that is carried, or with a
 * phone on which they named none (rule 22).
 */
function isCarried({ colleague }: Alarm, button: ButtonEntry | undefined, where: Omit<WherePressed, "place">): boolean {
  if (colleague?.via === "chat") return where.location !== null && where.isLocationNamed !== true;
  return colleague?.via === "visit" || button?.fixed === false;
}

/**
 * Whether its place is only where its presser usually is: that of a button that is carried, or what a colleague keeps
 * to. `isFixed`: whether the button with that place hangs there; null: no place is configured.
 */
function isUsual({ colleague, place }: Alarm, isFixed: boolean | null): boolean {
  if (isFixed !== null) return !isFixed;
  return colleague !== null && place !== null && !colleague.isPlaceTyped;
}

/**
 * Whether a press says a place that goes before the one that was known: the presser typed it, or the configuration has
 * another one by now for a button that is carried. That of one that hangs is where the alarm is (rule 22).
 */
function isPlaceNews(
  { colleague }: Alarm,
  known: { readonly isConfigured: boolean; readonly fixed: boolean; readonly sentPlace: string | null },
): boolean {
  if (known.isConfigured) return !known.fixed;
  return colleague?.isPlaceTyped === true && known.sentPlace !== null;
}

function toExpected({ sources, buttons }: Configuration, parentOf: ParentOf): Expected {
  return {
    sources: Object.entries(sources).map(([name, { channel, silentAfter }]) => {
      return { name, channel, isExpectedDaily: silentAfter !== null };
    }),
    buttons: buttons.map(({ source, id, place, fixed }) => {
      const { type = "", silentAfter = null } = sources[source] ?? {};
      const silentAfterMs = silentAfter && (fixed ? silentAfter.fixedMs : silentAfter.fieldMs);
      return { source, id, place, parent: parentOf(type, id), silentAfterMs };
    }),
  };
}

function toSources(configuration: Configuration, withDownlink: ReadonlySet<string>): ReadonlyMap<string, KnownSource> {
  const ids = new Map(configuration.people?.map(({ name, id }) => [name, id]));
  const bySource = Map.groupBy(configuration.buttons, ({ source }) => source);
  const sources = new Map<string, KnownSource>();
  for (const [name, entry] of Object.entries(configuration.sources)) {
    const buttons = new Map<string, KnownButton>();
    const listed = bySource.get(name) ?? [];
    for (const button of listed) {
      const { id, holder } = button;
      const known = { entry: button, holder: holder === null ? null : { id: ids.get(holder) ?? null, name: holder } };
      buttons.set(id.toLowerCase(), known);
    }
    const [location = null, ...others] = new Set([
      entry.location,
      ...listed.map((each) => each.location ?? entry.location),
    ]);
    sources.set(name, {
      entry,
      location: others.length === 0 ? location : null,
      hasDownlink: withDownlink.has(name),
      buttons,
    });
  }
  return sources;
}
