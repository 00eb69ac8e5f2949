import { isInForce, occupationsOf } from "../../../domain/incident/colleagues/occupied.ts";
import type { Incident, Occupation } from "../../../domain/incident/incident.ts";
import type { Person } from "../../../domain/person.ts";

/** So many alarms occupy people at most; of more than that the first are forgotten, and their people rung. */
const maxAlarms = 20_000;

/**
 * Who is occupied by which alarm, as last committed, and as far as it could not be recorded. It is in memory, because
 * every decision and every ring asks it, also while the storage is down; a start reads it from what is open on disk.
 */
export class Occupations {
  readonly #byAlarm = new Map<string, readonly Occupation[]>();
  /** Ids of the alarms that occupy somebody, by that person's id. */
  readonly #alarmsOf = new Map<string, Set<string>>();

  /** Notes whom that incident occupies now. Answers with the ids of those whom no alarm did before. */
  note(incident: Incident, now: number): readonly string[] {
    const occupations = occupationsOf(incident).filter((each) => isInForce(each, now));
    const added = occupations.flatMap(({ person }) => (this.#isOccupied(person, null, now) ? [] : [person]));
    this.#set(incident.id, occupations);
    return added;
  }

  /** Notes that an alarm occupies somebody beside those of whom that is known. */
  add(alarm: string, occupation: Occupation): void {
    const others = (this.#byAlarm.get(alarm) ?? []).filter(({ person }) => person !== occupation.person);
    this.#set(alarm, [...others, occupation]);
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

  #set(alarm: string, occupations: readonly Occupation[]): void {
    this.forget(alarm);
    if (occupations.length === 0) return;
    this.#byAlarm.set(alarm, occupations);
    for (const { person } of occupations)
      this.#alarmsOf.set(person, (this.#alarmsOf.get(person) ?? new Set()).add(alarm));
    const [first] = this.#byAlarm.keys();
    if (this.#byAlarm.size > maxAlarms && first !== undefined) this.forget(first);
  }

  /** `besides` null: any alarm. */
  #isOccupied(person: string, besides: string | null, now: number): boolean {
    for (const alarm of this.#alarmsOf.get(person) ?? []) {
      const occupation = this.#byAlarm.get(alarm)?.find((each) => each.person === person);
      if (alarm !== besides && occupation !== undefined && isInForce(occupation, now)) return true;
    }
    return false;
  }
}
