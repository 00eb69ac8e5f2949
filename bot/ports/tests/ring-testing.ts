import type { Person } from "../../domain/person.ts";
import type { RingTest } from "../../domain/ring-test/ring-test.ts";

/**
 * What came of asking for a ring test. `under-way`: that one is not over. `alarm`: an alarm is open, which goes first.
 * `no-roster`: no people are configured. `nobody-on-duty`: there is nobody to ask now.
 */
export type RingTestStart =
  | { readonly kind: "started" | "under-way"; readonly test: RingTest }
  | { readonly kind: "alarm" | "no-roster" | "nobody-on-duty" };

/** Tests of whether people hear that they are rung, for callers outside the engine. */
export interface RingTesting {
  /**
   * Asks everybody on duty whether they hear it who may be asked to come to alarms of that channel, and with null for a
   * channel to the locations of `by`, who wants it. Rejects when the storage is down.
   */
  start(by: Person, channel: string | null): Promise<RingTestStart>;
  /** Loads that test; null when it is not the newest one. Rejects when the storage is down. */
  load(id: string): Promise<RingTest | null>;
  /** Records that this person heard it in their chat. Rejects when the storage is down. */
  hearInChat(person: Person, test: string): Promise<void>;
}
