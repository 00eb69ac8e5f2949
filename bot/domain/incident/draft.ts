import type { Person } from "../person.ts";
import type { Effect, Elsewhere } from "./command.ts";
import type { HistoryEvent, HistoryLine } from "./history.ts";
import type { Incident, Round, StepProgress } from "./incident.ts";
import type { Policy, Step } from "./policy.ts";

/** A decision in the making. It stays inside `decide`, which returns what it comes to. */
export interface Draft {
  incident: Incident;
  readonly history: HistoryLine[];
  readonly effects: Effect[];
  /** As of when it is decided, in epoch milliseconds. */
  readonly now: number;
  /** As of `Moment`. */
  readonly decidedAt: number;
  readonly policy: Policy;
  readonly onDuty: readonly Person[] | null;
  /** Ids of those whom another alarm keeps from being asked for this one. */
  readonly occupied: ReadonlySet<string>;
  /** Since when another alarm has them, by the ids of those who count in this one. */
  readonly elsewhere: ReadonlyMap<string, Elsewhere>;
  /** Ids of those who count in this one and belong to other locations than where it is by now. */
  readonly ofOthers: ReadonlySet<string>;
  readonly isTeamsBusy: boolean;
}

export function noteEvent(draft: Draft, event: HistoryEvent): void {
  draft.history.push({ ...event, at: draft.now });
}

export function changeIncident(draft: Draft, part: Partial<Incident>): void {
  draft.incident = { ...draft.incident, ...part };
}

export function changeRound(draft: Draft, part: Partial<Round>): void {
  changeIncident(draft, { round: { ...draft.incident.round, ...part } });
}

export function changeStep(draft: Draft, index: number, part: Partial<StepProgress>): void {
  const steps = draft.incident.round.steps.map((progress, at) => (at === index ? { ...progress, ...part } : progress));
  changeRound(draft, { steps });
}

/** Pairs each step of the policy with its progress in this round and its index. */
export function stepsOf(draft: Draft): { step: Step; progress: StepProgress; index: number }[] {
  return draft.policy.steps.flatMap((step, index) => {
    const progress = draft.incident.round.steps[index];
    return progress === undefined ? [] : [{ step, progress, index }];
  });
}

/** Leaves out the people who pressed, because they are neither mentioned nor messaged (rule 7). */
export function withoutPressers(incident: Incident, people: readonly Person[] | null): readonly Person[] | null {
  return people === null ? null : people.filter((person) => !isPresser(incident, person));
}

/** Whether this person wears a button that pressed for this incident (rule 7). */
export function isPresser(incident: Incident, person: Pick<Person, "id">): boolean {
  return incident.pressers.some((presser) => presser.holder?.id === person.id);
}
