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
  const channels = new Map<string, Set<string>>();
  function add(key: string | null | undefined, channel: string): void {
    if (key != null) channels.set(key, (channels.get(key) ?? new Set()).add(channel));
  }
  for (const { location, channel } of Object.values(sources)) add(location, channel);
  for (const button of buttons) {
    const source = sources[button.source];
    const key = button.location ?? source?.location;
    if (source !== undefined) add(key, toChain(source, locations[key ?? ""], button).channel);
  }
  return new Map(
    Object.entries(locations).map(([key, { name, channel }]) => {
      return [key, { name, channels: channel === null ? [...(channels.get(key) ?? [])] : [channel] }];
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
