import type { Alarm } from "../domain/alarm.ts";
import type { Expected } from "../domain/device/trouble.ts";
import type { Press } from "../domain/incident/command.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { Policy } from "../domain/incident/policy.ts";
import type { Site, Stationed, Whereabouts } from "../domain/location.ts";
import type { Person } from "../domain/person.ts";

/** A policy and the hash of its content. */
export interface NamedPolicy {
  readonly hash: string;
  readonly policy: Policy;
}

/** What of a press or an incident says which policy it has. */
export type Origin = Pick<Incident, "source" | "button" | "unreadable" | "channel"> & {
  readonly location?: string | null;
};

/** To which channels alarms go (rule 23), so that what is wrong is told where it matters. */
export interface AlarmChannels {
  readonly all: readonly string[];
  ofSource(source: string): readonly string[];
  /** null: there is no such source. */
  ofButton(source: string, button: string): string | null;
  /** For whose alarms this pager is called. */
  ofPager(pager: string): readonly string[];
  /** Whose alarms may ask this person to come. */
  ofPerson(person: Pick<Person, "id">): readonly string[];
}

/** The part of the configuration that the engine uses. */
export interface Directory {
  /**
   * Joins an alarm with its button, place, location, channel and policy. `incident`: the id of the incident that it may
   * open; `receivedAt` is epoch milliseconds.
   */
  toPress(source: string, alarm: Alarm, incident: string, receivedAt: number): Press;
  /**
   * The policy with which an alarm there opens an incident now (rule 23), for the channel in which that stands; a Press
   * and an incident name it by `hash`.
   */
  policyOf(alarm: Origin): NamedPolicy;
  /**
   * All policies with which a press may open an incident (rule 6). They are written at the start, and while the disk
   * does not take them again each second.
   */
  readonly policies: readonly NamedPolicy[];
  /** The pagers and channels that the policy names and that are not configured. */
  goneFrom(policy: Policy): readonly string[];
  readonly channels: AlarmChannels;
  /** Buttons and sources whose silence is a trouble. */
  readonly expected: Expected;
  /** Everybody of the configuration; nobody where no roster is configured. */
  readonly people: readonly Person[];
  /**
   * The people on duty at that moment who may be asked to come there, or to one of these locations (rule 22), and with
   * null for a place wherever they belong; null when no roster is configured.
   */
  onDuty(at: number, where: Whereabouts | Stationed | null): readonly Person[] | null;
  /** Where whoever comes there has to go, as far as it is known; null where there are no locations. */
  siteOf(where: Partial<Pick<Whereabouts, "location" | "mayBeAt">>): Site | null;
  /**
   * The numbers at the alarm centre under which alarms of that channel may begin, null for that of the pager itself;
   * channel null: of all of them.
   */
  accountsIn(channel: string | null): readonly (string | null)[];
  /** The location that a text names and says little else, by its key; null: none, several, or it says more. */
  locationIn(text: string): string | null;
  /** Whether a location has that key. */
  isLocation(key: string): boolean;
  /** Where this person may be asked to come. */
  stationOf(person: Person): Stationed;
  /** What this person is in the configuration. */
  rolesOf(person: Person): readonly ("listed" | "lead")[];
  /** Whether there are locations at all; else everybody is everywhere. */
  readonly hasLocations: boolean;
  /** Whether anybody is a team lead; else a code stands in for one. */
  readonly hasLeads: boolean;
  /** The person with that id; null for somebody who is not in the configuration. */
  personOf(id: string): Person | null;
  /**
   * How somebody hears what becomes of their own press there (rule 27): by a card that is changed without a sound, or
   * by messages. Their own setting goes before that of the location; null: that is not known.
   */
  presserHearsBy(person: Person, location: string | null): "card" | "message";
  /** Where the buttons belong that this person wears; empty: they wear none. */
  locationsOfWearer(person: Person): readonly (string | null)[];
  /** Whether that pager may tell external security the phone of a colleague. */
  mayShowPhones(pager: string): boolean;
  /** A phone number with its country, as "+31600000001"; null when none is configured. */
  phoneOf(person: Person): string | null;
}

/**
 * What came of reading the configuration again. `refused`: it has mistakes; `restart-needed`: it has other sources,
 * channels or pagers than the bot was started with; `not-stored`: its policies could not be written. Then nothing has
 * changed.
 */
export type ReloadAnswer =
  | { readonly kind: "reloaded"; readonly needsRestart: readonly string[] }
  | { readonly kind: "refused" | "restart-needed" | "not-stored"; readonly problems: readonly string[] };
