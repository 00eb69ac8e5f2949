import type { Alarm } from "../domain/alarm.ts";
import type { Expected } from "../domain/device/trouble.ts";
import type { Press } from "../domain/incident/command.ts";
import type { Policy } from "../domain/incident/policy.ts";
import type { Person } from "../domain/person.ts";

/** A policy and the hash of its content. */
export interface NamedPolicy {
  readonly hash: string;
  readonly policy: Policy;
}

/** The part of the configuration that the engine uses. */
export interface Directory {
  /**
   * Joins an alarm with its button, place, channel and policy. `incident`: the id of the incident that it may open;
   * `receivedAt` is epoch milliseconds.
   */
  toPress(source: string, alarm: Alarm, incident: string, receivedAt: number): Press;
  /** The policy with which a press of this source opens an incident; a Press and an incident name it by `hash`. */
  policyOf(source: string): NamedPolicy;
  /**
   * All policies with which a press may open an incident (rule 6). They are written at the start, and while the disk
   * does not take them again each second.
   */
  readonly policies: readonly NamedPolicy[];
  /** The pagers and channels that the policy names and that are not configured. */
  goneFrom(policy: Policy): readonly string[];
  /** Buttons and sources whose silence is a trouble. */
  readonly expected: Expected;
  /** Everybody of the configuration; nobody where no roster is configured. */
  readonly people: readonly Person[];
  /** The people on duty at that moment; null when no roster is configured. */
  onDuty(at: number): readonly Person[] | null;
  /** What this person is in the configuration. */
  rolesOf(person: Person): readonly ("listed" | "lead")[];
  /** Whether anybody is a team lead; else a code stands in for one. */
  readonly hasLeads: boolean;
  /** The person with that id; null for somebody who is not in the configuration. */
  personOf(id: string): Person | null;
  /**
   * How somebody hears what becomes of their own press (rule 27): by a card that is changed without a sound, or by
   * messages; null: they wear no button.
   */
  presserHearsBy(person: Person): "card" | "message" | null;
  /** A phone number with its country, as "+31600000001"; null when none is configured. */
  phoneOf(person: Person): string | null;
}
