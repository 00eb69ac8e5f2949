import type { Position } from "./alarm.ts";

/** A building or area that has responders of its own. */
export interface Location {
  readonly name: string;
  /** What else people call it. */
  readonly aliases: readonly string[];
  /** The channels to which its alarms go: its own, else those of its buttons and sources. */
  readonly channels: readonly string[];
  /** The sources that have buttons there. */
  readonly sources: readonly string[];
}

export type Reception = { readonly kind: "number"; readonly number: string } | { readonly kind: "on-duty" };

/** Where somebody from outside has to go, as the configuration says it. */
export interface Site {
  readonly organisation: string;
  /** What people call the location; null: nobody knows at which one it is. */
  readonly location: string | null;
  /** What people call those of which it is at one, where that is all that is known; empty: not even that. */
  readonly mayBeAt: readonly string[];
  /** Where whoever pressed usually is, who may be elsewhere or is; null: `location` says where it is. */
  readonly usual: string | null;
  readonly address: string | null;
  readonly entrance: string | null;
  /** Whom external security calls back: a number such as "+31300000000", or who is on duty there; null: nobody said. */
  readonly reception: Reception | null;
  /** The number of this location at the alarm centre; null: that of the pager. */
  readonly account: string | null;
  /** The middle of it, in degrees, and how many metres around it belong to it. */
  readonly position: (Point & { readonly radius: number }) | null;
}

interface Point {
  readonly lat: number;
  readonly lon: number;
}

/** What of a press or an incident says whether it is where its location is. */
export interface Bearings {
  /** Whoever pressed is on a visit, carries their button, or typed and named no location; left out: not so. */
  readonly mayBeElsewhere?: true;
  readonly position?: Position | null;
}

/**
 * The site of an alarm's location, as it may be told of that alarm. Where its position lies outside of the location, or
 * nobody knows where whoever pressed is, that location is only where they usually are: then neither its address nor its
 * account is that of the alarm (rule 22). A location that is unknown stays so.
 */
export function toSiteOf(site: Site, { mayBeElsewhere, position = null }: Bearings): Site {
  // Who is on a visit is at none of those at which they may usually be.
  if (site.location === null) return mayBeElsewhere === true ? { ...site, mayBeAt: [] } : site;
  const isWithin = position === null || site.position === null ? null : isIn(site.position, position);
  if (isWithin ?? mayBeElsewhere !== true) return site;
  const nowhere = { location: null, address: null, entrance: null, account: null, position: null };
  return { ...site, ...nowhere, usual: site.location };
}

const metresPerDegree = 111_320;

/** Whether a position may lie within that radius, by how exact it is. Flat, which is right for some kilometres. */
function isIn(middle: Point & { readonly radius: number }, { lat, lon, accuracyM }: Position): boolean {
  const [north, east] = [lat - middle.lat, (lon - middle.lon) * Math.cos((middle.lat * Math.PI) / 180)];
  return Math.hypot(north, east) * metresPerDegree <= middle.radius + (accuracyM ?? 0);
}

/** Whom whoever gets a page calls back: that number, or nobody, because no number may be told or there is none. */
export type CallBack = { readonly kind: "number"; readonly number: string } | { readonly kind: "impossible" };

/** What a page says of it; `callBack` null: nobody said. */
export interface PageSite extends Omit<Site, "reception"> {
  readonly callBack: CallBack | null;
}

/**
 * Where an alarm is, as far as it is known. `location`: its key in the configuration; null: unknown. `mayBeAt`: the
 * keys of those of which it is at one, where that is all that is known; left out: not even that.
 */
export interface Whereabouts {
  readonly location: string | null;
  readonly mayBeAt?: readonly string[];
  readonly channel: string;
  /** From where the alarm came; null: from any source. */
  readonly source: string | null;
}

/** Where whoever is asked to come to that press or incident has to go (rule 22). */
export function toWhereabouts({
  location = null,
  mayBeAt,
  channel,
  source,
}: Partial<Pick<Whereabouts, "location" | "mayBeAt">> & {
  readonly channel: string;
  readonly source: string;
}): Whereabouts {
  return { location, ...(mayBeAt === undefined ? {} : { mayBeAt }), channel, source };
}

/** At which locations somebody may be asked to come, by their keys; null: everywhere. */
export interface Stationed {
  readonly locations: readonly string[] | null;
}

/**
 * The people who may be asked to come there, or to one of these locations (rule 22): those of each location that may be
 * meant, and where any may be, everybody.
 */
export function respondersOf<Somebody extends Stationed>(
  people: readonly Somebody[],
  locations: ReadonlyMap<string, Location>,
  where: Whereabouts | Stationed,
): readonly Somebody[] {
  const keys = "channel" in where ? listMeant(where, locations) : where.locations;
  return keys === null ? people : people.filter((somebody) => isStationedAt(somebody, keys));
}

/** The keys of the locations whose alarms go to that channel. */
export function listLocationsIn(channel: string, locations: ReadonlyMap<string, Location>): readonly string[] {
  return [...locations].flatMap(([key, { channels }]) => (channels.includes(channel) ? [key] : []));
}

/** Whether somebody is a responder of one of these locations. */
export function isStationedAt({ locations }: Stationed, keys: readonly string[]): boolean {
  return locations === null || locations.some((key) => keys.includes(key));
}

/**
 * The keys of the locations that may be meant: an alarm's own. Where that is unknown, or has left the configuration,
 * those at which it may be; where of those nothing is known, those whose alarms go to the same channel, or where its
 * source has buttons; null: where there is none of these, any.
 */
export function listMeant(
  { location, mayBeAt = [], channel, source }: Whereabouts,
  locations: ReadonlyMap<string, Location>,
): readonly string[] | null {
  if (location !== null && locations.has(location)) return [location];
  const known = mayBeAt.filter((key) => locations.has(key));
  if (known.length > 0) return known;
  const keys = [...locations].flatMap(([key, { channels, sources }]) => {
    return channels.includes(channel) || (source !== null && sources.includes(source)) ? [key] : [];
  });
  return keys.length === 0 ? null : keys;
}

/** Names a place within its location, so that "Balie" here and "Balie" there are two (rules 3 and 4). */
export function toFixedPlace(location: string | null, place: string): string {
  return location === null ? place : `${location}${separator}${place}`;
}

/** The place as people call it. */
export function placeOf(fixedPlace: string): string {
  return fixedPlace.slice(fixedPlace.indexOf(separator) + 1);
}

/** It stands in no name and in no place. */
const separator = "\n";
