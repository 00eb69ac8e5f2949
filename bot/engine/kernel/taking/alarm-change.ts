import type { AlarmOutcome } from "../../../ports/store/alarms.ts";
import type { AlarmReceipt } from "../../../ports/take-alarms.ts";
import type { Commit } from "../handle.ts";

/** What became of an alarm: which incident has it, if any, and what was committed for that. */
export interface AlarmChange {
  readonly incident: string | null;
  readonly outcome: AlarmOutcome;
  readonly commits: readonly Commit[];
}

export const seen: AlarmReceipt = { incident: null, outcome: "seen" };
export const noChange: AlarmChange = { ...seen, outcome: "seen", commits: [] };

/** How a press was answered that joined an open incident, by the reason of the decision. */
export function toOutcome(reason: string | undefined): AlarmOutcome {
  if (reason === "verified") return "verified";
  return reason === "still-pressed" || reason === "located" ? "seen" : "repeated";
}
