import type { Alarm } from "../../../domain/alarm.ts";
import { toStateName } from "../../../domain/device/button-state.ts";

/** More than any source has; of a state beyond it each time that it is said to be on is in doubt. */
const maxKnown = 100_000;

/**
 * Of which states this process has heard how they are, with all of that on disk. What a process before it was told may
 * not be there: it may have been killed while the disk took nothing, and until this one listened nobody did.
 */
export class HeardStates {
  readonly #heard = new Set<string>();

  /** Called as an alarm arrives: its state is in doubt until it is on disk that it is over. */
  doubt(source: string, alarm: Alarm): void {
    if (alarm.state?.isOn === false) this.#heard.delete(toKey(source, alarm));
  }

  /** Called once what an alarm says of its state is on disk. */
  note(source: string, alarm: Alarm): void {
    if (alarm.state !== null && this.#heard.size < maxKnown) this.#heard.add(toKey(source, alarm));
  }

  has(source: string, alarm: Alarm): boolean {
    return this.#heard.has(toKey(source, alarm));
  }
}

function toKey(source: string, alarm: Alarm): string {
  return JSON.stringify([source, toStateName(alarm)]);
}
