import type { Person } from "../person.ts";
import { acceptDelivery, failDelivery, noteReached, startDelivery } from "./colleagues/deliveries.ts";
import { arrive, askHelp, checkIn, claim, decline, resolve, witness } from "./colleagues/respond.ts";
import type { Command, Decision, DecisionReason } from "./command.ts";
import { change, type Draft, note } from "./draft.ts";
import { advance, giveUpTeams, toNextAt } from "./escalate.ts";
import { noteFeedback, notifyPressers } from "./feedback.ts";
import type { Incident } from "./incident.ts";
import type { Policy } from "./policy.ts";
import { locate, open, pressAgain, toIncident } from "./press.ts";
import { callOff, failCallOff, takeCallOff } from "./security/call-off.ts";
import { acceptByGuard, arriveByGuard, declineByGuard, resolveByGuard } from "./security/guard-answers.ts";
import { acceptPage, failPage, startPage } from "./security/paging.ts";
import { updatePagers } from "./security/update.ts";

/** How long a press in Teams can be taken back (rule 19). */
export const undoWithinMs = 10_000;

/**
 * The only function that changes an incident. Pure: no clock, no await. `incident` is null only for a press that opens
 * one; `now` is epoch milliseconds UTC; `policy` is the one the incident opened with (rule 6).
 * Nothing changed: the very same incident comes back, without history and effects, with the reason why.
 * Throws RangeError for anything but a press without an incident: that is a mistake in the caller.
 */
export function decide(incident: Incident | null, command: Command, now: number, policy: Policy): Decision {
  // That it is over goes out after closing, and whether it was taken comes back.
  const isOfCallOff = command.kind === "call-off-taken" || command.kind === "call-off-failed";
  if (incident?.closedAt != null && !isOfCallOff) {
    return { incident, history: [], effects: [], reason: "already-closed" };
  }
  const before = incident ?? toOpening(command, policy, now);
  const draft: Draft = { incident: before, history: [], effects: [], now, policy, onDuty: command.onDuty };
  const reason = incident === null ? open(draft) : act(draft, command);
  if (draft.incident.closedAt === null) advance(draft);
  if (draft.incident === incident && draft.history.length === 0) return { incident, history: [], effects: [], reason };
  noteReached(draft);
  updatePagers(draft, before);
  notifyPressers(draft, incident);
  change(draft, { version: before.version + 1, nextAt: toNextAt(draft) });
  const isSeen = draft.history.length > 0 || draft.incident.position !== before.position;
  if (isSeen) draft.effects.unshift({ kind: "card" });
  return { incident: draft.incident, history: draft.history, effects: draft.effects, reason };
}

function toOpening(command: Command, policy: Policy, now: number): Incident {
  if (command.kind !== "press") throw new RangeError(`${command.kind} without an incident`);
  return toIncident(command.press, policy, now);
}

function act(draft: Draft, command: Command): DecisionReason {
  switch (command.kind) {
    case "press":
      return pressAgain(draft, command.press);
    case "cancel":
      return cancel(draft);
    case "oops":
      return undo(draft, command.by);
    case "position":
      return locate(draft, command.position);
    case "feedback-sent":
    case "feedback-failed":
      return noteFeedback(draft, command.kind, command.button, command.what);
    case "claim":
      return claim(draft, command.by);
    case "decline":
      return decline(draft, command.by);
    case "arrive":
      return arrive(draft, command.by);
    case "check-in":
      return checkIn(draft, command.by);
    case "witness":
      return witness(draft, command.by);
    case "help":
      return askHelp(draft, command.by);
    case "call-off":
      return callOff(draft, command.by);
    case "resolve":
      return resolve(draft, command.by, command.isLead, command.outcome);
    case "guard":
      return answerByGuard(draft, command);
    case "deadline":
      return (draft.incident.nextAt ?? 0) > draft.now ? "not-due" : "advanced";
    case "card-posted":
      return postCard(draft);
    case "card-failed":
      // Only what won't get better by itself; a passing fault has until `teamsWithin` (rule 16).
      if (command.reason === "misconfigured" || command.reason === "refused") giveUpTeams(draft);
      return "card-failed";
    case "page-starting":
      return startPage(draft, command.key);
    case "page-accepted":
      return acceptPage(draft, command.key);
    case "page-failed":
      return failPage(draft, command.key, command.reason);
    case "delivery-starting":
      return startDelivery(draft, command.key);
    case "delivery-accepted":
      return acceptDelivery(draft, command.key);
    case "delivery-failed":
      return failDelivery(draft, command.key, command.reason);
    case "call-off-taken":
      return takeCallOff(draft, command.page);
    case "call-off-failed":
      return failCallOff(draft, command.page, command.reason);
  }
}

/** What a guard answered to that page (rules 14, 15 and 18). */
function answerByGuard(draft: Draft, command: Extract<Command, { kind: "guard" }>): DecisionReason {
  switch (command.answer) {
    case "accept":
      return acceptByGuard(draft, command.pageKey);
    case "decline":
      return declineByGuard(draft, command.pageKey);
    case "arrived":
      return arriveByGuard(draft, command.pageKey);
    case "safe":
      return resolveByGuard(draft, command.pageKey, command.outcome);
  }
}

/** Rule 19: ends nothing; somebody goes and looks. */
function cancel(draft: Draft): DecisionReason {
  if (draft.incident.cancelledAt !== null) return "already-so";
  change(draft, { cancelledAt: draft.now });
  note(draft, { kind: "cancelled" });
  return "cancelled";
}

/** The presser takes a press in Teams back. After ten seconds others may be on their way, and go and look anyway. */
function undo(draft: Draft, by: Person): DecisionReason {
  const presser = draft.incident.pressers.find(({ via, holder }) => via !== "button" && holder?.id === by.id);
  if (presser === undefined) return "not-allowed";
  if (draft.incident.cancelledAt !== null) return "already-so";
  if (draft.now - presser.at > undoWithinMs) return "too-late";
  return cancel(draft);
}

function postCard(draft: Draft): DecisionReason {
  if (draft.incident.cardPostedAt !== null) return "already-so";
  change(draft, { cardPostedAt: draft.now });
  note(draft, { kind: "card-posted" });
  return "card-posted";
}
