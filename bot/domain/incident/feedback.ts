import type { Feedback, Incident, Presser } from "./incident.ts";
import { countResponding, isGuardComing, isGuardThere } from "./presence.ts";
import { note, type Turn } from "./turn.ts";

/**
 * Tells those who pressed, where their device can hear it: that the press is known, and that somebody is coming.
 * Nothing of the incident depends on it.
 */
export function notifyPressers(turn: Turn, before: Incident | null): void {
  if (turn.incident.closedAt !== null) return;
  const isComing = isAnybodyComing(turn.incident);
  const wasComing = before !== null && isAnybodyComing(before);
  for (const presser of turn.incident.pressers) {
    if (!presser.hears) continue;
    const isNew = !before?.pressers.some((known) => isSamePress(known, presser));
    if (isNew) queueFeedback(turn, presser, "received");
    if (isComing && (isNew || !wasComing)) queueFeedback(turn, presser, "coming");
  }
}

/** What became of it goes into the history, and changes nothing else. */
export function noteFeedback(turn: Turn, kind: "feedback-sent" | "feedback-failed", button: string, what: Feedback) {
  note(turn, { kind, button, what });
  return "feedback-noted" as const;
}

function queueFeedback(turn: Turn, { source, button }: Presser, what: Feedback): void {
  turn.effects.push({ kind: "feedback", source, button, what });
}

/** Whether the presser may be told that somebody is coming. */
export function isAnybodyComing(incident: Incident): boolean {
  return countResponding(incident) > 0 || isGuardComing(incident) || isGuardThere(incident);
}

function isSamePress(one: Presser, other: Presser): boolean {
  return one.source === other.source && one.button === other.button && one.at === other.at;
}
