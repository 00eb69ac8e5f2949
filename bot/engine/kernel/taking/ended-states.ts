import type { Alarm } from "../../../domain/alarm.ts";
import { toStateName } from "../../../domain/device/button-state.ts";

/** That a state is over is written again after this long, so that what is on disk can't stay wrong. */
const forMs = 3_600_000;
/** More than any source has; beyond it each sign that a state is over is written. */
const maxKnown = 100_000;

/**
 * Remembers which states are over on disk, so that not each of the many messages that say so needs a write. A state
 * that is wrongly on would swallow the next press, so it is remembered only after the commit, and forgotten as soon as
 * the state is heard to be on.
 */
export class EndedStates {
  /** Until when it is known, in epoch milliseconds; 0 while it is being written. */
  readonly #ended = new Map<string, { until: number }>();

  /**
   * Follows an alarm as it arrives. Returns what to call after its commit; null when its state is over on disk already,
   * or it says nothing of one, so that its state needs no write.
   */
  follow(source: string, alarm: Alarm, at: number): (() => void) | null {
    if (alarm.state === null) return null;
    const key = JSON.stringify([source, toStateName(alarm)]);
    if (!alarm.state.isOn && at < (this.#ended.get(key)?.until ?? 0)) return null;
    const ending = { until: 0 };
    if (alarm.state.isOn || this.#ended.size >= maxKnown) {
      this.#ended.delete(key);
    } else {
      this.#ended.set(key, ending);
    }
    // Whatever came meanwhile has put another entry in the place of this one, or none.
    return () => {
      ending.until = at + forMs;
    };
  }
}
