import type { Alarm } from "../domain/alarm.ts";
import type { Expected } from "../domain/device/trouble.ts";
import type { Press } from "../domain/incident/command.ts";
import type { Policy, Step } from "../domain/incident/policy.ts";
import type { Holder, Person } from "../domain/person.ts";
import { toDigest } from "../kit/digest.ts";
import { toPlace } from "../kit/safe-text.ts";
import type { Directory } from "../ports/directory.ts";
import type { Configuration } from "./configuration.ts";
import { isOnDuty, openWallClock } from "./duty.ts";

const minuteMs = 60_000;

interface KnownSource {
  readonly channel: string;
  readonly hash: string;
  readonly policy: Policy;
  readonly hasDownlink: boolean;
  /** By id in lower case, because what is printed on a device and what its network says differ in that at times. */
  readonly buttons: ReadonlyMap<string, KnownButton>;
}

interface KnownButton {
  readonly id: string;
  readonly place: string | null;
  readonly fixedPlace: string | null;
  readonly directions: string | null;
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
  const people = new Map(configuration.people?.map((entry) => [entry.id.toLowerCase(), entry]));
  const holders = new Set(configuration.buttons.map(({ holder }) => holder));

  function sourceOf(name: string): KnownSource {
    const source = sources.get(name);
    if (source === undefined) throw new Error("An alarm came from a source that is not configured.");
    return source;
  }

  return {
    toPress(source, alarm, incident, receivedAt) {
      return toPress(source, sourceOf(source), alarm, incident, receivedAt);
    },
    policyOf(source) {
      const { hash, policy } = sourceOf(source);
      return { hash, policy };
    },
    policies: [...sources.values()].map(({ hash, policy }) => ({ hash, policy })),
    goneFrom: ({ steps }) => [
      ...new Set(steps.flatMap((step) => (isConfigured(step, configuration) ? [] : toTarget(step)))),
    ],
    expected: toExpected(configuration, parentOf),
    people: [...people.values()].map(({ id, name }) => ({ id, name })),
    onDuty: createRoster(configuration),
    personOf(id) {
      const entry = people.get(id.toLowerCase());
      return entry === undefined ? null : { id: entry.id, name: entry.name };
    },
    presserHearsBy(person) {
      const entry = people.get(person.id.toLowerCase());
      if (entry === undefined) return null;
      if (entry.tellPresser) return "message";
      return holders.has(entry.name) ? "card" : null;
    },
    phoneOf: (person) => people.get(person.id.toLowerCase())?.phone ?? null,
    rolesOf(person) {
      const entry = people.get(person.id.toLowerCase());
      if (entry === undefined) return [];
      return entry.lead ? ["listed", "lead"] : ["listed"];
    },
    hasLeads: [...people.values()].some(({ lead }) => lead),
  };
}

/**
 * The content hash by which an incident keeps the policy it opened with (rule 6): SHA-256 in hex over its JSON with
 * sorted keys.
 */
export function toPolicyHash(policy: Policy): string {
  const canonical = JSON.stringify(policy, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
  return toDigest(canonical);
}

function toTarget(step: Step): string {
  return step.kind === "tell" ? step.channel : step.pager;
}

function isConfigured(step: Step, { channels, pagers, troubles }: Configuration): boolean {
  if (step.kind === "tell") return Object.hasOwn(channels, step.channel);
  // Nobody is paged by what now tells troubles.
  return Object.hasOwn(pagers, step.pager) && step.pager !== troubles.tell;
}

function toPress(name: string, source: KnownSource, alarm: Alarm, incident: string, receivedAt: number): Press {
  const isUnreadable = alarm.kind === "unreadable";
  const button = source.buttons.get(alarm.button.toLowerCase());
  const id = button?.id ?? alarm.button;
  const underwayMs = alarm.at === null ? 0 : receivedAt - alarm.at;
  const { colleague } = alarm;
  // Nothing in an unreadable message is believed, and its body stays out of Teams (rule 5).
  const sentPlace = isUnreadable ? null : toPlace(alarm.place ?? "");
  return {
    incident,
    source: name,
    button: id,
    via: colleague?.via ?? "button",
    // What the source said before decides these two.
    isOngoing: false,
    mayBeRepeat: false,
    hasDownlink: source.hasDownlink && colleague === null && id !== "",
    holder: colleague === null ? (button?.holder ?? null) : { id: colleague.id, name: colleague.name },
    channel: source.channel,
    place: button?.place ?? sentPlace,
    updatesPlace: colleague?.isPlaceTyped ?? false,
    // One incident a source holds all of its unreadable messages, wherever they are from, so it has no place.
    fixedPlace: isUnreadable ? null : (button?.fixedPlace ?? null),
    directions: button?.directions ?? null,
    position: isUnreadable ? null : alarm.position,
    policy: source.hash,
    unreadable: isUnreadable,
    lateMs: underwayMs > minuteMs ? underwayMs : null,
  };
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
  const sources = new Map<string, KnownSource>();
  for (const [name, { channel, policy: policyName }] of Object.entries(configuration.sources)) {
    const policy = configuration.policies[policyName];
    if (policy === undefined) throw new Error("A source has a policy that is not configured.");
    const buttons = new Map<string, KnownButton>();
    for (const { source, id, place, directions, holder, fixed } of configuration.buttons) {
      if (source !== name) continue;
      buttons.set(id.toLowerCase(), {
        id,
        place,
        fixedPlace: fixed ? place : null,
        directions,
        holder: holder === null ? null : { id: ids.get(holder) ?? null, name: holder },
      });
    }
    sources.set(name, { channel, hash: toPolicyHash(policy), policy, hasDownlink: withDownlink.has(name), buttons });
  }
  return sources;
}

/**
 * Creates what answers who is on duty. The answer changes on the minute at most, so it is kept for the minute it was
 * asked in.
 */
function createRoster({ people, timezone }: Configuration): (at: number) => readonly Person[] | null {
  if (people === null) return () => null;
  const wallClock = openWallClock(timezone);
  const roster = people.map(({ id, name, onDuty }) => ({ person: { id, name }, onDuty }));
  let minute = Number.NaN;
  let persons: readonly Person[] = [];
  return (at) => {
    const askedMinute = Math.floor(at / minuteMs);
    if (askedMinute !== minute) {
      const now = wallClock(at);
      persons = roster.filter(({ onDuty }) => isOnDuty(onDuty, now)).map(({ person }) => person);
      minute = askedMinute;
    }
    return persons;
  };
}
