import type { Person } from "../person.ts";
import type { Effect } from "./command.ts";
import type { HistoryEvent, HistoryLine } from "./history.ts";
import type { Incident, Round, StepProgress } from "./incident.ts";
import type { Policy, Step } from "./policy.ts";

/** One decision in the making: local to `decide`, which hands out only what came of it. */
export interface Draft {
  incident: Incident;
  readonly history: HistoryLine[];
  readonly effects: Effect[];
  readonly now: number;
  readonly policy: Policy;
  readonly onDuty: readonly Person[] | null;
}

export function note(draft: Draft, event: HistoryEvent): void {
  draft.history.push({ ...event, at: draft.now });
}

export function change(draft: Draft, part: Partial<Incident>): void {
  draft.incident = { ...draft.incident, ...part };
}

export function changeRound(draft: Draft, part: Partial<Round>): void {
  change(draft, { round: { ...draft.incident.round, ...part } });
}

export function changeStep(draft: Draft, index: number, part: Partial<StepProgress>): void {
  const steps = draft.incident.round.steps.map((progress, at) => (at === index ? { ...progress, ...part } : progress));
  changeRound(draft, { steps });
}

/** The steps of the policy beside where they stand, with their index. */
export function stepsOf(draft: Draft): { step: Step; progress: StepProgress; index: number }[] {
  return draft.policy.steps.flatMap((step, index) => {
    const progress = draft.incident.round.steps[index];
    return progress === undefined ? [] : [{ step, progress, index }];
  });
}

/** The people on duty less those who pressed: they are not mentioned and not messaged (rule 7). */
export function withoutPressers(incident: Incident, people: readonly Person[] | null): readonly Person[] | null {
  return people === null ? null : people.filter((person) => !isPresser(incident, person));
}

/** Whether this person wears a button that pressed for this incident (rule 7). */
export function isPresser(incident: Incident, person: Person): boolean {
  return incident.pressers.some((presser) => presser.holder?.id === person.id);
}
