import type { Press } from "../../../domain/incident/command.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Policy } from "../../../domain/incident/policy.ts";
import { toJoiningButton } from "../../../domain/incident/press.ts";
import type { Person } from "../../../domain/person.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { FindElsewhere, IsOccupied } from "../../../ports/occupied.ts";
import type { Clock } from "../../../ports/time.ts";
import { Occupations } from "./occupations.ts";
import { byDeadline, type OpenIncident, type Outline } from "./open-incident.ts";
import { PackedIncidents } from "./packed-incidents.ts";

/** So many are kept, those with the nearest deadlines: of others nothing goes out while the storage can't be read. */
export const maxKept = 100_000;
/** As many of these are at hand, as they are; the others are packed. */
export const maxNear = 2_000;
/** So many more there may be until the farthest are packed, because in a flood each press would pay for that. */
const maxMore = 200;

/**
 * The open incidents as they were last committed, for the time when the storage can't be read, and what people know
 * them by, for the log.
 */
export class OpenIncidents {
  readonly #near = new Map<string, OpenIncident>();
  readonly #far = new PackedIncidents(maxKept - maxNear);
  readonly #names = new Map<string, Pick<Incident, "number" | "place" | "version">>();
  readonly #clock: Pick<Clock, "now">;
  /** Whom they occupy, with what could not be recorded. */
  readonly occupations = new Occupations();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** Keeps the newest state of an incident; of a closed one only the name, because its last cards still go out. */
  note({ incident, policy }: OpenIncident): void {
    const { id, version, closedAt, number, place } = incident;
    if (Math.max(this.#names.get(id)?.version ?? 0, this.versionOf(id) ?? 0) > version) return;
    this.#noteName(id, { number, place, version });
    this.#near.delete(id);
    this.#far.delete(id);
    if (closedAt === null) this.#near.set(id, { incident, policy });
    if (this.#near.size > maxNear + maxMore) this.#packFarthest();
    else if (this.#far.size > 0 && this.#hasRoom()) this.#unpackNearest();
    this.occupations.note(incident, this.#clock.now());
  }

  /** What people know an incident by that was open while this process ran; null for others. */
  nameOf(id: string): Pick<Incident, "number" | "place"> | null {
    const name = this.#names.get(id) ?? this.#outlineOf(id);
    return name === null ? null : { number: name.number, place: name.place };
  }

  readonly isOccupied: IsOccupied = (person, incident, since) => {
    return this.occupations.isOccupied(person, incident, this.#clock.now(), since);
  };

  /** As `isOccupied`, for what is said of their own visit. */
  readonly isInAnother: IsOccupied = (person, incident, since) => {
    return this.occupations.isInAnother(person, incident, this.#clock.now(), since);
  };

  readonly findElsewhere: FindElsewhere = (person, incident) => this.occupations.findElsewhere(person, incident);

  /**
   * Whether this person may be beside an aggressor: they pressed, are there or asked for help in any open alarm, since
   * whenever that is, or are on a visit, as far as memory knows.
   */
  readonly isInside = (person: Pick<Person, "id">): boolean => this.occupations.isInside(person);

  /**
   * Notes that a colleague said at `at` that they are there, asked for help or promised in Teams to come, before that
   * can be on disk; nothing where it is not open.
   */
  noteInside(incident: string, { id: person }: Pick<Person, "id">, at: number, by: "arrive" | "help" | "claim"): void {
    if (!this.has(incident)) return;
    if (by === "claim") this.occupations.addComing(incident, person, at);
    else {
      const said = by === "arrive" ? { thereSince: at } : { thereSince: null, helpSince: at };
      this.occupations.add(incident, { person, at }, { since: at, ...said });
    }
  }

  get hasOpen(): boolean {
    return this.#near.size + this.#far.size > 0;
  }

  /** How many are open in that channel; null: in all of them. */
  count(channel: string | null): number {
    if (channel === null) return this.#near.size + this.#far.size;
    let count = 0;
    for (const each of this.#outlines()) if (each.channel === channel) count += 1;
    return count;
  }

  has(id: string): boolean {
    return this.versionOf(id) !== null;
  }

  /** Null: memory does not know it, or it is closed. */
  versionOf(id: string): number | null {
    return this.#outlineOf(id)?.version ?? null;
  }

  of(id: string): OpenIncident | null {
    return this.#near.get(id) ?? this.#far.get(id);
  }

  /** The policy by which that incident goes, as far as memory has it; null: it has to be read. */
  recallPolicy({ id, policy: hash }: Incident, { policies }: Pick<Directory, "policies">): Policy | null {
    const near = this.#near.get(id);
    if (near?.incident.policy === hash) return near.policy;
    return policies.find((each) => each.hash === hash)?.policy ?? this.#far.policyOf(hash);
  }

  /** The one that a press of now joins; null: it opens one. */
  joinedBy(press: Press): OpenIncident | null {
    const joined = findJoined(this.#outlines(), press);
    return joined === null ? null : this.of(joined.id);
  }

  /** Those with the nearest deadlines: all, as long as these are no more than `maxNear`. */
  listNearest(): readonly OpenIncident[] {
    return [...this.#near.values()];
  }

  /** Ids of all, the nearest deadline first. */
  listIds(): readonly string[] {
    return [...this.#outlines()].sort(byDeadline).map(({ id }) => id);
  }

  /** Ids of those with `nextAt <= now`, the earliest first. */
  listDue(now: number): readonly string[] {
    const due: Outline[] = [];
    for (const each of this.#outlines()) if (each.nextAt !== null && each.nextAt <= now) due.push(each);
    return due.sort(byDeadline).map(({ id }) => id);
  }

  #outlineOf(id: string): Outline | null {
    return this.#near.get(id)?.incident ?? this.#far.outlineOf(id);
  }

  /** One by one: with 100,000 an array of them, made for each press and each look, takes some eight times as long. */
  *#outlines(): Generator<Outline, void> {
    for (const { incident } of this.#near.values()) yield incident;
    yield* this.#far.outlines();
  }

  /** Where all would be at hand they are. Else others come in bulk, because each time all that is packed is sorted. */
  #hasRoom(): boolean {
    return this.#near.size < maxNear / 2 || this.#near.size + this.#far.size <= maxNear;
  }

  #packFarthest(): void {
    const nearest = this.listNearest().toSorted((one, other) => byDeadline(one.incident, other.incident));
    for (const each of nearest.slice(maxNear)) {
      this.#near.delete(each.incident.id);
      this.#far.add(each);
    }
  }

  #unpackNearest(): void {
    for (const each of this.#far.takeNearest(maxNear - this.#near.size)) this.#near.set(each.incident.id, each);
  }

  #noteName(id: string, name: Pick<Incident, "number" | "place" | "version">): void {
    this.#names.delete(id);
    this.#names.set(id, name);
    if (this.#names.size <= maxNear + maxMore) return;
    const [oldest] = this.#names.keys();
    if (oldest !== undefined) this.#names.delete(oldest);
  }
}

/** The one of these that a press joins, by its button or else by its place (rules 3 and 4). */
export function findJoined<T extends Pick<Incident, "source" | "button" | "channel" | "fixedPlace">>(
  open: Iterable<T>,
  press: Press,
): T | null {
  const { source, channel, fixedPlace } = press;
  const button = toJoiningButton(press);
  let byPlace: T | null = null;
  for (const each of open) {
    if (each.source === source && each.button === button) return each;
    if (fixedPlace !== null && each.channel === channel && each.fixedPlace === fixedPlace) byPlace ??= each;
  }
  return byPlace;
}
