import type { Incident, Outcome } from "../../domain/incident/incident.ts";
import { isGuardComing, isGuardThere } from "../../domain/incident/presence.ts";
import { parsePageKey } from "../../domain/message-key.ts";
import type { GuardAnswer } from "../../ports/guard.ts";
import type { GuardState } from "../../words/guard/guard-view.ts";

export type { GuardState } from "../../words/guard/guard-view.ts";

/** The state of an incident for the guard who holds the link of that page. */
export function toGuardState(incident: Incident, pageKey: string, pager: string): GuardState {
  if (incident.closedAt !== null) return "closed";
  const { guard, checkAskedAt } = incident.round;
  const isMine = guard?.pageKey === pageKey;
  // A call-off changes nothing for a guard who is there, because it only says that nobody need come.
  if (isMine && guard.arrivedAt !== null && guard.lapsedAt === null) {
    return guard.silentAt !== null || checkAskedAt !== null ? "check" : "there";
  }
  const progress = incident.pagers[pager];
  if ((progress?.callOff ?? null) !== null) return "called-off";
  if (isMine) return guard.lapsedAt === null ? "coming" : "lapsed";
  if (isAnswered(incident, pageKey)) return "coming";
  if (progress?.key === pageKey && progress.failure === "guard-declined") return "declined";
  // Another guard who did not keep the promise, or fell silent, is no reason to stay away.
  if (isGuardThere(incident)) return "other-there";
  return isGuardComing(incident) ? "other-guard" : "asked";
}

/**
 * Whether a second guard accepted with this page. That is recorded with its step, because the round's guard is still
 * the first one.
 */
function isAnswered(incident: Incident, pageKey: string): boolean {
  const parsed = parsePageKey(pageKey);
  if (parsed === null || parsed.round !== incident.round.number) return false;
  return incident.round.steps[parsed.step]?.state === "answered";
}

export type Offer =
  | { readonly answer: Exclude<GuardAnswer, "safe">; readonly words: "accept" | "decline" | "arrived" | "stillHere" }
  | { readonly answer: "safe"; readonly outcome: Outcome; readonly words: "safeReal" | "safeFalse" };

const accept = { answer: "accept", words: "accept" } as const;
const decline = { answer: "decline", words: "decline" } as const;
const arrived = { answer: "arrived", words: "arrived" } as const;
const stillHere = { answer: "arrived", words: "stillHere" } as const;
const safeReal = { answer: "safe", outcome: "real", words: "safeReal" } as const;
const safeFalse = { answer: "safe", outcome: "false", words: "safeFalse" } as const;

/**
 * The buttons of each state, the expected one first; nothing is expected of somebody who was called off. An answer that
 * is not offered may still come in, from a page that was open before, and the incident's rules say what it does. *Still
 * here* is offered before it is asked, because a page without scripts does not notice that the question came up.
 */
export const offers = {
  asked: [accept, decline],
  declined: [accept],
  "other-guard": [accept, decline],
  "other-there": [accept, decline],
  coming: [arrived, decline],
  lapsed: [arrived, decline],
  there: [safeReal, safeFalse, stillHere],
  check: [stillHere, safeReal, safeFalse],
  "called-off": [accept, arrived],
  closed: [],
} as const satisfies Record<GuardState, readonly Offer[]>;

/** The buttons while the state can't be read: what a guard may have to say. */
export const offersUnseen = [accept, decline, arrived] as const satisfies readonly Offer[];
