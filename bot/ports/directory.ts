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

/** The configuration as the engine sees it. */
export interface Directory {
  /** Joins a press with its button, place, channel and policy. `incident`: the id a new incident gets. */
  toPress(source: string, alarm: Alarm, incident: string, receivedAt: number): Press;
  /** The policy a press of this source opens with; `hash` is what a Press and an incident name it by. */
  policyOf(source: string): NamedPolicy;
  /** All that a press may open with: they are on disk before the doors open (rule 6). */
  readonly policies: readonly NamedPolicy[];
  /** Buttons and sources whose silence is a trouble. */
  readonly expected: Expected;
  /** Who is on duty at that moment; null when no roster is configured. */
  onDuty(at: number): readonly Person[] | null;
  isLead(person: Person): boolean;
  /** By their id; null for somebody who is not in the configuration. */
  personOf(id: string): Person | null;
  /** With its country, as "+31600000001"; null where none is configured. */
  phoneOf(person: Person): string | null;
}
