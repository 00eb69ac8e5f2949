import { isInForce, occupationsOf } from "../../../domain/incident/colleagues/occupied.ts";
import type { Incident, Occupation } from "../../../domain/incident/incident.ts";
import { insideOf } from "../../../domain/incident/security/call-back.ts";
import type { Person } from "../../../domain/person.ts";

/** So many alarms occupy people at most; of more than that the first are forgotten, and their people rung. */
const maxAlarms = 20_000;

/** Somebody inside an alarm. */
interface Inside {
  readonly person: string;
  /** Since when it keeps them from being asked for others, epoch milliseconds; null: it does not. */
  readonly occupiedAt: number | null;
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

  /** Notes who is inside that incident now. Answers with the ids of those whom it occupies and no alarm did before. */
  note(incident: Incident, now: number): readonly string[] {
    const occupations = occupationsOf(incident);
    const added = occupations.flatMap((each) => {
      return isInForce(each, now) && !this.#isOccupied(each.person, null, now) ? [each.person] : [];
    });
    const occupiedAt = new Map(occupations.map(({ person, at }) => [person, at]));
    const recorded = new Set([...insideOf(incident), ...occupiedAt.keys()]);
    const inside = Array.from(recorded, (person): Inside => {
      return { person, occupiedAt: occupiedAt.get(person) ?? null, unrecordedAt: null };
    });
    this.#set(incident.id, [...inside, ...this.#unrecordedBeside(incident, recorded)]);
    return added;
  }

  /** Notes that an alarm occupies somebody beside those of whom that is known. */
  add(alarm: string, { person, at }: Occupation): void {
    const others = (this.#byAlarm.get(alarm) ?? []).filter((each) => each.person !== person);
    this.#set(alarm, [...others, { person, occupiedAt: at, unrecordedAt: at }]);
  }

  forget(alarm: string): void {
    for (const { person } of this.#byAlarm.get(alarm) ?? []) {
      const alarms = this.#alarmsOf.get(person);
      alarms?.delete(alarm);
      if (alarms?.size === 0) this.#alarmsOf.delete(person);
    }
    this.#byAlarm.delete(alarm);
  }

  /** Whether an alarm other than that occupies this person now. */
  isOccupied({ id }: Pick<Person, "id">, alarm: string, now: number): boolean {
    return this.#isOccupied(id, alarm, now);
  }

  /** Whether this person may be beside an aggressor, in any alarm that is open, since whenever that is. */
  isInside({ id }: Pick<Person, "id">): boolean {
    return this.#alarmsOf.has(id);
  }

  /** Who is inside it and not on disk yet, though something else was written since: what they answered waits. */
  #unrecordedBeside({ id, closedAt, responders }: Incident, recorded: ReadonlySet<string>): readonly Inside[] {
    if (closedAt !== null) return [];
    return (this.#byAlarm.get(id) ?? []).flatMap(({ person, unrecordedAt }): Inside[] => {
      if (unrecordedAt === null || recorded.has(person)) return [];
      const isAnswered = responders.some((each) => each.person.id === person && each.since >= unrecordedAt);
      return isAnswered ? [] : [{ person, occupiedAt: null, unrecordedAt }];
    });
  }

  #set(alarm: string, inside: readonly Inside[]): void {
    this.forget(alarm);
    if (inside.length === 0) return;
    this.#byAlarm.set(alarm, inside);
    for (const { person } of inside) this.#alarmsOf.set(person, (this.#alarmsOf.get(person) ?? new Set()).add(alarm));
    const [first] = this.#byAlarm.keys();
    if (this.#byAlarm.size > maxAlarms && first !== undefined) this.forget(first);
  }

  /** `besides` null: any alarm. */
  #isOccupied(person: string, besides: string | null, now: number): boolean {
    for (const alarm of this.#alarmsOf.get(person) ?? []) {
      const at = this.#byAlarm.get(alarm)?.find((each) => each.person === person)?.occupiedAt ?? null;
      if (alarm !== besides && at !== null && isInForce({ person, at }, now)) return true;
    }
    return false;
  }
}
