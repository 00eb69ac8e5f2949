import { type Location, respondersOf } from "../domain/location.ts";
import type { Person } from "../domain/person.ts";
import type { Directory } from "../ports/directory.ts";
import { toChain } from "./chains.ts";
import type { Configuration } from "./configuration.ts";
import { isOnDuty, openWallClock } from "./duty.ts";

const minuteMs = 60_000;

/** The locations of the configuration, by their keys. */
export function toLocations(
  configuration: Pick<Configuration, "locations" | "sources" | "buttons">,
): ReadonlyMap<string, Location> {
  const { locations, sources, buttons } = configuration;
  const found = new Map<string, { channels: Set<string>; sources: Set<string> }>();
  function add(key: string | null | undefined, source: string, channel: string): void {
    if (key == null) return;
    const at = found.get(key) ?? { channels: new Set(), sources: new Set() };
    at.channels.add(channel);
    at.sources.add(source);
    found.set(key, at);
  }
  for (const [name, { location, channel }] of Object.entries(sources)) add(location, name, channel);
  for (const button of buttons) {
    const source = sources[button.source];
    const key = button.location ?? source?.location;
    if (source !== undefined) add(key, button.source, toChain(source, locations[key ?? ""], button).channel);
  }
  return new Map(
    Object.entries(locations).map(([key, { name, aliases, channel }]) => {
      const { channels = [], sources: there = [] } = found.get(key) ?? {};
      return [key, { name, aliases, channels: channel === null ? [...channels] : [channel], sources: [...there] }];
    }),
  );
}

/**
 * Creates what answers who is on duty, there or, without a place, anywhere. The answer changes on the minute at most,
 * so it is kept for the minute it was asked in.
 */
export function createRoster(configuration: Configuration): Directory["onDuty"] {
  const { people, timezone } = configuration;
  if (people === null) return () => null;
  const wallClock = openWallClock(timezone);
  const locations = toLocations(configuration);
  const roster = people.map(({ id, name, onDuty, locations: at }) => ({ person: { id, name }, onDuty, locations: at }));
  let minute = Number.NaN;
  let present = roster;
  const known = new Map<string, readonly Person[]>();
  return (at, where) => {
    const askedMinute = Math.floor(at / minuteMs);
    if (askedMinute !== minute) {
      const now = wallClock(at);
      present = roster.filter(({ onDuty }) => isOnDuty(onDuty, now));
      minute = askedMinute;
      known.clear();
    }
    const key = JSON.stringify(where);
    const persons =
      known.get(key) ??
      (where === null ? present : respondersOf(present, locations, where)).map(({ person }) => person);
    known.set(key, persons);
    return persons;
  };
}
