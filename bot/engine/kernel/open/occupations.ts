import { latestOf, listInside, toNewer } from "../../../domain/incident/colleagues/elsewhere.ts";
import { insideOf } from "../../../domain/incident/colleagues/inside.ts";
import { isInForce, occupationsOf } from "../../../domain/incident/colleagues/occupied.ts";
import type { Elsewhere } from "../../../domain/incident/command.ts";
import type { Incident, Occupation } from "../../../domain/incident/incident.ts";
import type { Person } from "../../../domain/person.ts";

/** So many alarms occupy people at most; of more than that the first are forgotten, and their people rung. */
const maxAlarms = 20_000;

const nobody: Known = { recorded: [], unrecorded: [], all: [] };

/** Somebody inside an alarm, or on the way to it. */
interface Inside {
  readonly person: string;
  /** Whether they may be beside an aggressor there. */
  readonly isInside: boolean;
  /** Since when it keeps them from being asked for others, epoch milliseconds; null: it does not. */
  readonly occupiedAt: number | null;
  /** As others see it; null: of what an earlier version wrote it is not known. */
  readonly elsewhere: Elsewhere | null;
}

/** The same, by what is not on disk yet; `at`: when they said the last of that, in epoch milliseconds. */
interface Unrecorded extends Inside {
  readonly at: number;
}

/** Who is in one alarm, by what is on disk and what is not, and by both. */
interface Known {
  readonly recorded: readonly Inside[];
  readonly unrecorded: readonly Unrecorded[];
  readonly all: readonly Inside[];
}

/**
 * Who is inside which alarm, and occupied by it, as last committed, and as far as it could not be recorded. It is in
 * memory, because every decision, every ring and every call-back asks it, also while the storage is down; a start reads
 * it from what is open on disk.
 */
export class Occupations {
  readonly #byAlarm = new Map<string, Known>();
  /** Ids of the alarms in which somebody is, by that person's id. */
  readonly #alarmsOf = new Map<string, Set<string>>();
  /** Ids of those who are on a visit, and since when they are asked whether all is well; null: they are not. */
  readonly #visiting = new Map<string, number | null>();
  readonly #subscribers: ((people: readonly string[]) => void)[] = [];

  /** Notes who is inside that incident now, and whom it occupies; of an open one beside what is not on disk yet. */
  note(incident: Incident, now: number): void {
    const inForce = occupationsOf(incident).filter((each) => isInForce(each, now));
    const occupiedAt = new Map(inForce.map(({ person, at }) => [person, at]));
    const elsewhere = listInside(incident);
    const inside = new Set([...insideOf(incident), ...occupiedAt.keys()]);
    const recorded = Array.from(new Set([...inside, ...elsewhere.keys()]), (person): Inside => {
      const since = { occupiedAt: occupiedAt.get(person) ?? null, elsewhere: elsewhere.get(person) ?? null };
      return { person, isInside: inside.has(person), ...since };
    });
    this.#set(incident.id, { recorded, ...(incident.closedAt === null ? {} : { unrecorded: [] }) });
  }

  /**
   * Notes that an alarm occupies somebody, which is not on disk yet. `elsewhere`: as others see it; null: they did
   * nothing, because it is a visit that nobody ended.
   */
  add(alarm: string, { person, at }: Occupation, elsewhere: Elsewhere | null): void {
    this.#addUnrecorded(alarm, { person, isInside: true, occupiedAt: at, elsewhere, at });
  }

  /** Notes that somebody promised to come there, which is not on disk yet and occupies them no more than before. */
  addComing(alarm: string, person: string, comingSince: number): void {
    const elsewhere = { since: null, thereSince: null, comingSince };
    this.#addUnrecorded(alarm, { person, isInside: false, occupiedAt: null, elsewhere, at: comingSince });
  }

  /** What somebody said by then of that alarm waits for the disk no more: it is there, or came to nothing. */
  settle(alarm: string, person: string, saidAt: number): void {
    const unrecorded = this.#byAlarm.get(alarm)?.unrecorded ?? [];
    const left = unrecorded.filter((each) => each.person !== person || each.at > saidAt);
    if (left.length < unrecorded.length) this.#set(alarm, { unrecorded: left });
  }

  /**
   * Notes that somebody is on a visit, where nobody knows what sits beside their phone, or not any more. `askedAt`:
   * since when they are asked whether all is well; null: they are not.
   */
  noteVisit(person: string, visit: { readonly askedAt: number | null } | null): void {
    const [before, after] = [this.#visiting.get(person), visit?.askedAt];
    if (visit === null) this.#visiting.delete(person);
    else this.#visiting.set(person, visit.askedAt);
    if (before !== after) for (const onChange of this.#subscribers) onChange([person]);
  }

  isVisiting(person: string): boolean {
    return this.#visiting.has(person);
  }

  /**
   * Calls it with the ids of those whom an alarm occupies that did not before, or anew, or does not any more, and of
   * those whose visit begins, is asked about or ends.
   */
  subscribe(onChange: (people: readonly string[]) => void): void {
    this.#subscribers.push(onChange);
  }

  /**
   * Whether an alarm other than that occupies this person now, `since` then or later, or the question about their visit
   * that they did not answer yet: they may be in danger there.
   */
  isOccupied(person: Pick<Person, "id">, alarm: string, now: number, since = Number.NEGATIVE_INFINITY): boolean {
    const askedAt = this.#visiting.get(person.id) ?? null;
    const isAsked = askedAt !== null && askedAt >= since && isInForce({ person: person.id, at: askedAt }, now);
    return isAsked || this.isInAnother(person, alarm, now, since);
  }

  /** As `isOccupied`, whatever became of their visit. */
  isInAnother({ id }: Pick<Person, "id">, alarm: string, now: number, since = Number.NEGATIVE_INFINITY): boolean {
    for (const other of this.#alarmsOf.get(id) ?? []) {
      const at = this.#byAlarm.get(other)?.all.find(({ person }) => person === id)?.occupiedAt ?? null;
      if (other === alarm || at === null || at < since) continue;
      if (isInForce({ person: id, at }, now)) return true;
    }
    return false;
  }

  /** What `FindElsewhere` promises. */
  findElsewhere({ id }: Pick<Person, "id">, alarm: string): Elsewhere | null {
    let found: Elsewhere | null = null;
    for (const other of this.#alarmsOf.get(id) ?? []) {
      const elsewhere = this.#byAlarm.get(other)?.all.find(({ person }) => person === id)?.elsewhere ?? null;
      if (other === alarm || elsewhere === null) continue;
      found = found === null ? elsewhere : toNewer(found, elsewhere);
    }
    return found;
  }

  /** Whether this person may be beside an aggressor: in any open alarm, since whenever that is, or on a visit. */
  isInside({ id }: Pick<Person, "id">): boolean {
    for (const alarm of this.#alarmsOf.get(id) ?? []) {
      if (this.#byAlarm.get(alarm)?.all.some(({ person, isInside }) => person === id && isInside)) return true;
    }
    return this.isVisiting(id);
  }

  #addUnrecorded(alarm: string, added: Unrecorded): void {
    const known = this.#byAlarm.get(alarm)?.unrecorded ?? [];
    const before = known.find(({ person }) => person === added.person);
    const others = known.filter((each) => each !== before);
    const at = Math.max(added.at, before?.at ?? added.at);
    this.#set(alarm, { unrecorded: [...others, { ...toBoth(before, added), at }] });
  }

  #set(alarm: string, change: Partial<Pick<Known, "recorded" | "unrecorded">>): void {
    const { all: former, ...before } = this.#byAlarm.get(alarm) ?? nobody;
    const { recorded, unrecorded } = { ...before, ...change };
    // Of most alarms nobody is known yet.
    if (former.length + recorded.length + unrecorded.length === 0) return;
    const byPerson = new Map(recorded.map((each) => [each.person, each]));
    for (const each of unrecorded) byPerson.set(each.person, toBoth(byPerson.get(each.person), each));
    const all = [...byPerson.values()];
    for (const { person } of former) this.#leave(person, alarm);
    this.#byAlarm.delete(alarm);
    if (all.length > 0) this.#byAlarm.set(alarm, { recorded, unrecorded, all });
    for (const { person } of all) this.#alarmsOf.set(person, (this.#alarmsOf.get(person) ?? new Set()).add(alarm));
    const changed = listChanged(former, all);
    if (changed.length > 0) for (const onChange of this.#subscribers) onChange(changed);
    const [first] = this.#byAlarm.keys();
    if (this.#byAlarm.size > maxAlarms && first !== undefined) this.#set(first, nobody);
  }

  #leave(person: string, alarm: string): void {
    const alarms = this.#alarmsOf.get(person);
    alarms?.delete(alarm);
    if (alarms?.size === 0) this.#alarmsOf.delete(person);
  }
}

/** The same person by what was known and what they said since. */
function toBoth(known: Inside | undefined, { person, isInside, occupiedAt, elsewhere }: Inside): Inside {
  if (known === undefined) return { person, isInside, occupiedAt, elsewhere };
  const [one, other] = [known.elsewhere, elsewhere];
  return {
    person,
    isInside: known.isInside || isInside,
    occupiedAt: latestOf(known.occupiedAt, occupiedAt),
    elsewhere: one === null || other === null ? (one ?? other) : toNewer(one, other),
  };
}

/** Ids of those who are occupied or on the way in one of the two only, or in the second one by something newer. */
function listChanged(former: readonly Inside[], inside: readonly Inside[]): readonly string[] {
  const before = new Map(former.map((each) => [each.person, each]));
  const after = new Map(inside.map((each) => [each.person, each]));
  return [...new Set([...before.keys(), ...after.keys()])].filter((person) => {
    const [one, other] = [before.get(person), after.get(person)];
    if (isOccupied(one) !== isOccupied(other) || isNewer(other?.elsewhere, one?.elsewhere)) return true;
    return one?.elsewhere?.comingSince !== undefined && other?.elsewhere?.comingSince === undefined;
  });
}

function isOccupied(inside: Inside | undefined): boolean {
  return inside !== undefined && inside.occupiedAt !== null;
}

/** Whether it is of a later moment, or has another location for where nobody knows where that is. */
function isNewer(one: Elsewhere | null | undefined, other: Elsewhere | null | undefined): boolean {
  const never = Number.NEGATIVE_INFINITY;
  if (one == null) return false;
  if (one.lostSince != null && one.lostAt !== other?.lostAt) return true;
  const moments = ["since", "thereSince", "lostSince", "comingSince"] as const;
  return moments.some((moment) => (one[moment] ?? never) > (other?.[moment] ?? never));
}
