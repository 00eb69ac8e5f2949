import { type Draft, noteEvent } from "./draft.ts";
import type { Feedback, Incident, Presser } from "./incident.ts";
import { countResponding, isGuardComing, isGuardThere } from "./presence.ts";

/**
 * Notifies the pressers whose devices have a down-link: that the press was received, and that somebody is coming.
 * Nothing else in the incident depends on it.
 */
export function notifyPressers(draft: Draft, before: Incident | null): void {
  if (draft.incident.closedAt !== null) return;
  const isComing = isAnybodyComing(draft.incident);
  const wasComing = before !== null && isAnybodyComing(before);
  for (const presser of draft.incident.pressers) {
    if (!presser.hears) continue;
    const isNew = !before?.pressers.some((known) => isSamePress(known, presser));
    if (isNew) queueFeedback(draft, presser, "received");
    if (isComing && (isNew || !wasComing)) queueFeedback(draft, presser, "coming");
  }
}

/** Records in the history whether the feedback was sent, and changes nothing else. */
export function noteFeedback(draft: Draft, kind: "feedback-sent" | "feedback-failed", button: string, what: Feedback) {
  noteEvent(draft, { kind, button, what });
  return "feedback-noted" as const;
}

function queueFeedback(draft: Draft, { source, button }: Presser, what: Feedback): void {
  draft.effects.push({ kind: "feedback", source, button, what });
}

/** Whether anybody is on the way or there, so that the presser may be notified of it. */
export function isAnybodyComing(incident: Incident): boolean {
  return countResponding(incident) > 0 || isGuardComing(incident) || isGuardThere(incident);
}

function isSamePress(one: Presser, other: Presser): boolean {
  return one.source === other.source && one.button === other.button && one.at === other.at;
}
