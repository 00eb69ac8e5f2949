import { listInside, toNewer } from "../../../domain/incident/colleagues/elsewhere.ts";
import { insideOf } from "../../../domain/incident/colleagues/inside.ts";
import { isInForce, occupationsOf } from "../../../domain/incident/colleagues/occupied.ts";
import type { Elsewhere } from "../../../domain/incident/command.ts";
import type { Incident, Occupation } from "../../../domain/incident/incident.ts";
import type { Person } from "../../../domain/person.ts";

/** So many alarms occupy people at most; of more than that the first are forgotten, and their people rung. */
const maxAlarms = 20_000;

/** Somebody inside an alarm, or on the way to it. */
interface Inside {
  readonly person: string;
  /** Whether they may be beside an aggressor there. */
  readonly isInside: boolean;
  /** Since when it keeps them from being asked for others, epoch milliseconds; null: it does not. */
  readonly occupiedAt: number | null;
  /** As others see it; null: of what an earlier version wrote it is not known. */
  readonly elsewhere: Elsewhere | null;
  /** When it became known that is not on disk yet; null: it is. */
  readonly unrecordedAt: number | null;
}

/**
 * Who is inside which alarm, and occupied by it, as last committed, and as far as it could not be recorded. It is in
 * memory, because every decision, every ring and every call-back asks it, also while the storage is down; a start reads
 * it from what is open on disk.
 */
export class Occupations {
  readonly #byAlarm = new Map<string, readonly Inside[]>();
  /** Ids of the alarms in which somebody is, by that person's id. */
  readonly #alarmsOf = new Map<string, Set<string>>();
  /** Ids of those who are on a visit, and since when they are asked whether all is well; null: they are not. */
  readonly #visiting = new Map<string, number | null>();
  readonly #subscribers: ((people: readonly string[]) => void)[] = [];

  /** Notes who is inside that incident now, and whom it occupies. */
  note(incident: Incident, now: number): void {
    const inForce = occupationsOf(incident).filter((each) => isInForce(each, now));
    const occupiedAt = new Map(inForce.map(({ person, at }) => [person, at]));
    const elsewhere = listInside(incident);
    const recorded = new Set([...insideOf(incident), ...occupiedAt.keys()]);
    const known = new Set([...recorded, ...elsewhere.keys()]);
    const inside = Array.from(known, (person): Inside => {
      const since = { occupiedAt: occupiedAt.get(person) ?? null, elsewhere: elsewhere.get(person) ?? null };
      return { person, isInside: recorded.has(person), ...since, unrecordedAt: null };
    });
    this.#set(incident.id, [...inside, ...this.#unrecordedBeside(incident, known)]);
  }

  /**
   * Notes that an alarm occupies somebody beside those of whom that is known. `how`: they said that they are there,
   * pressed where nobody knows where that is, or did nothing, because it is a visit that nobody ended.
   */
  add(alarm: string, { person, at }: Occupation, how: "there" | "lost" | "visit" | null = null): void {
    const others = (this.#byAlarm.get(alarm) ?? []).filter((each) => each.person !== person);
    const moment = how === "lost" ? { since: null, lostSince: at } : { since: at };
    const elsewhere = how === "visit" ? null : { thereSince: how === "there" ? at : null, ...moment };
    this.#set(alarm, [...others, { person, isInside: true, occupiedAt: at, elsewhere, unrecordedAt: at }]);
  }

  /** Notes that somebody promised to come there, which occupies them no more than what is known of them does. */
  addComing(alarm: string, person: string, comingSince: number): void {
    const all = this.#byAlarm.get(alarm) ?? [];
    const { isInside = false, occupiedAt = null, elsewhere = null } = all.find((each) => each.person === person) ?? {};
    const promise = { since: null, thereSince: null, comingSince };
    const known = elsewhere === null ? promise : toNewer(elsewhere, promise);
    const others = all.filter((each) => each.person !== person);
    this.#set(alarm, [...others, { person, isInside, occupiedAt, elsewhere: known, unrecordedAt: comingSince }]);
  }

  forget(alarm: string): void {
    this.#set(alarm, []);
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
      const at = this.#byAlarm.get(other)?.find(({ person }) => person === id)?.occupiedAt ?? null;
      if (other === alarm || at === null || at < since) continue;
      if (isInForce({ person: id, at }, now)) return true;
    }
    return false;
  }

  /** What `FindElsewhere` promises. */
  findElsewhere({ id }: Pick<Person, "id">, alarm: string): Elsewhere | null {
    let found: Elsewhere | null = null;
    for (const other of this.#alarmsOf.get(id) ?? []) {
      const elsewhere = this.#byAlarm.get(other)?.find(({ person }) => person === id)?.elsewhere ?? null;
      if (other === alarm || elsewhere === null) continue;
      found = found === null ? elsewhere : toNewer(found, elsewhere);
    }
    return found;
  }

  /** Whether this person may be beside an aggressor: in any open alarm, since whenever that is, or on a visit. */
  isInside({ id }: Pick<Person, "id">): boolean {
    for (const alarm of this.#alarmsOf.get(id) ?? []) {
      if (this.#byAlarm.get(alarm)?.some(({ person, isInside }) => person === id && isInside)) return true;
    }
    return this.isVisiting(id);
  }

  /** Who is inside it and not on disk yet, though something else was written since: what they answered waits. */
  #unrecordedBeside({ id, closedAt, responders }: Incident, recorded: ReadonlySet<string>): readonly Inside[] {
    if (closedAt !== null) return [];
    return (this.#byAlarm.get(id) ?? []).flatMap(({ person, isInside, unrecordedAt, elsewhere }): Inside[] => {
      if (unrecordedAt === null || recorded.has(person)) return [];
      const isAnswered = responders.some((each) => each.person.id === person && each.since >= unrecordedAt);
      return isAnswered ? [] : [{ person, isInside, occupiedAt: null, elsewhere, unrecordedAt }];
    });
  }

  #set(alarm: string, inside: readonly Inside[]): void {
    const former = this.#byAlarm.get(alarm) ?? [];
    for (const { person } of former) this.#leave(person, alarm);
    this.#byAlarm.delete(alarm);
    if (inside.length > 0) this.#byAlarm.set(alarm, inside);
    for (const { person } of inside) this.#alarmsOf.set(person, (this.#alarmsOf.get(person) ?? new Set()).add(alarm));
    const changed = listChanged(former, inside);
    if (changed.length > 0) for (const onChange of this.#subscribers) onChange(changed);
    const [first] = this.#byAlarm.keys();
    if (this.#byAlarm.size > maxAlarms && first !== undefined) this.forget(first);
  }

  #leave(person: string, alarm: string): void {
    const alarms = this.#alarmsOf.get(person);
    alarms?.delete(alarm);
    if (alarms?.size === 0) this.#alarmsOf.delete(person);
  }
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

function isNewer(one: Elsewhere | null | undefined, other: Elsewhere | null | undefined): boolean {
  const never = Number.NEGATIVE_INFINITY;
  if (one == null) return false;
  const moments = ["since", "thereSince", "lostSince", "comingSince"] as const;
  return moments.some((moment) => (one[moment] ?? never) > (other?.[moment] ?? never));
}
