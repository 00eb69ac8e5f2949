import { isInForce, occupationsOf } from "../../../domain/incident/colleagues/occupied.ts";
import type { Incident, Occupation } from "../../../domain/incident/incident.ts";
import type { Person } from "../../../domain/person.ts";

/** So many alarms occupy people at once at most; of more than that the first are forgotten, and their people rung. */
const maxKept = 20_000;

/**
 * Who is occupied by which alarm, as last committed and as far as it could not be recorded. It is in memory, because
 * every decision and every ring asks it, also while the storage is down; a start reads it from what is open on disk.
 */
export class Occupations {
  readonly #ofPerson = new Map<string, Map<string, Occupation>>();
  /** Ids of people, by alarm. */
  readonly #ofAlarm = new Map<string, readonly string[]>();

  /** Notes whom that incident occupies now. Answers with the ids of those whom no alarm did before. */
  note(incident: Incident, now: number): readonly string[] {
    return this.noteAll(incident.id, occupationsOf(incident), now);
  }

  /** The same for an alarm of which more is known than is on disk. */
  noteAll(alarm: string, occupations: readonly Occupation[], now: number): readonly string[] {
    const inForce = occupations.filter((each) => isInForce(each, now));
    const added = inForce.filter(({ person }) => !this.#isOccupied(person, null, now)).map(({ person }) => person);
    this.forget(alarm);
    if (inForce.length === 0) return [];
    this.#ofAlarm.set(
      alarm,
      inForce.map(({ person }) => person),
    );
    for (const each of inForce) {
      const alarms = this.#ofPerson.get(each.person) ?? new Map<string, Occupation>();
      this.#ofPerson.set(each.person, alarms.set(alarm, each));
    }
    const [first] = this.#ofAlarm.keys();
    if (this.#ofAlarm.size > maxKept && first !== undefined) this.forget(first);
    return added;
  }

  forget(alarm: string): void {
    for (const person of this.#ofAlarm.get(alarm) ?? []) {
      const alarms = this.#ofPerson.get(person);
      alarms?.delete(alarm);
      if (alarms?.size === 0) this.#ofPerson.delete(person);
    }
    this.#ofAlarm.delete(alarm);
  }

  /** Whether an alarm other than that occupies this person now. */
  isOccupied({ id }: Pick<Person, "id">, alarm: string, now: number): boolean {
    return this.#isOccupied(id, alarm, now);
  }

  /** `besides` null: any alarm. */
  #isOccupied(person: string, besides: string | null, now: number): boolean {
    const alarms = this.#ofPerson.get(person);
    if (alarms === undefined) return false;
    for (const [alarm, occupation] of alarms) if (alarm !== besides && isInForce(occupation, now)) return true;
    return false;
  }
}
