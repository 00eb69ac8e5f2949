import type { Incident, Outcome } from "../incident/incident.ts";
import { parsePageKey } from "../incident/round.ts";

export const guardAnswers = ["accept", "decline", "arrived", "safe"] as const;
export type GuardAnswer = (typeof guardAnswers)[number];

/** Where this guard stands with this incident. */
export type Standing = "asked" | "declined" | "other-guard" | "coming" | "lapsed" | "there" | "check" | "closed";

/** What stands for the guard who holds the link of that page. */
export function toStanding(incident: Incident, pageKey: string, pager: string): Standing {
  if (incident.closedAt !== null) return "closed";
  const { guard, checkAskedAt } = incident.round;
  if (guard?.pageKey === pageKey) {
    if (guard.lapsedAt !== null) return "lapsed";
    if (guard.arrivedAt === null) return "coming";
    return guard.silentAt !== null || checkAskedAt !== null ? "check" : "there";
  }
  if (isAnswered(incident, pageKey)) return "coming";
  const progress = incident.pagers[pager];
  if (progress?.key === pageKey && progress.failure === "guard-declined") return "declined";
  return guard !== null && guard.lapsedAt === null ? "other-guard" : "asked";
}

/** A second guard's promise: it stands with its step, while the round's guard is still the first one. */
function isAnswered(incident: Incident, pageKey: string): boolean {
  const parsed = parsePageKey(pageKey);
  if (parsed === null || parsed.round !== incident.round.number) return false;
  return incident.round.steps[parsed.step]?.state === "answered";
}

type Offer =
  | { readonly answer: Exclude<GuardAnswer, "safe">; readonly words: "accept" | "decline" | "arrived" | "stillHere" }
  | { readonly answer: "safe"; readonly outcome: Outcome; readonly words: "safeReal" | "safeFalse" };

const accept = { answer: "accept", words: "accept" } as const;
const decline = { answer: "decline", words: "decline" } as const;
const arrived = { answer: "arrived", words: "arrived" } as const;
const stillHere = { answer: "arrived", words: "stillHere" } as const;
const safeReal = { answer: "safe", outcome: "real", words: "safeReal" } as const;
const safeFalse = { answer: "safe", outcome: "false", words: "safeFalse" } as const;

/**
 * The buttons of each standing, the expected one first. An answer that is not offered may still come in, from a page
 * that was open before: what it does is for the incident's rules to say. *Still here* is offered before it is asked,
 * since a page without scripts does not notice that the question came up.
 */
export const offers = {
  asked: [accept, decline],
  declined: [accept],
  "other-guard": [accept, decline],
  coming: [arrived, decline],
  lapsed: [arrived, decline],
  there: [stillHere, safeReal, safeFalse],
  check: [stillHere, safeReal, safeFalse],
  closed: [],
} as const satisfies Record<Standing, readonly Offer[]>;
