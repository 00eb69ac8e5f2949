import type { Person } from "../person.ts";
import { acceptDelivery, failDelivery, noteReached, startDelivery } from "./colleagues/deliveries.ts";
import { arrive, askHelp, checkIn, claim, decline, resolve, witness } from "./colleagues/respond.ts";
import type { Command, Decision, DecisionReason } from "./command.ts";
import { advance, giveUpTeams, toNextAt } from "./escalate.ts";
import { noteFeedback, notifyPressers } from "./feedback.ts";
import type { Incident } from "./incident.ts";
import type { Policy } from "./policy.ts";
import { locate, open, pressAgain, toIncident } from "./press.ts";
import { callOff, failCallOff, takeCallOff } from "./security/call-off.ts";
import { acceptByGuard, arriveByGuard, declineByGuard, resolveByGuard } from "./security/guard-answers.ts";
import { acceptPage, failPage, startPage } from "./security/paging.ts";
import { updatePagers } from "./security/update.ts";
import { change, note, type Turn } from "./turn.ts";

/** How long a press in Teams can be taken back (rule 19). */
export const oopsWithinMs = 10_000;

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
  const turn: Turn = { incident: before, history: [], effects: [], now, policy, onDuty: command.onDuty };
  const reason = incident === null ? open(turn) : act(turn, command);
  if (turn.incident.closedAt === null) advance(turn);
  if (turn.incident === incident && turn.history.length === 0) return { incident, history: [], effects: [], reason };
  noteReached(turn);
  updatePagers(turn, before);
  notifyPressers(turn, incident);
  change(turn, { version: before.version + 1, nextAt: toNextAt(turn) });
  const isSeen = turn.history.length > 0 || turn.incident.position !== before.position;
  if (isSeen) turn.effects.unshift({ kind: "card" });
  return { incident: turn.incident, history: turn.history, effects: turn.effects, reason };
}

function toOpening(command: Command, policy: Policy, now: number): Incident {
  if (command.kind !== "press") throw new RangeError(`${command.kind} without an incident`);
  return toIncident(command.press, policy, now);
}

function act(turn: Turn, command: Command): DecisionReason {
  switch (command.kind) {
    case "press":
      return pressAgain(turn, command.press);
    case "cancel":
      return cancel(turn);
    case "oops":
      return oops(turn, command.by);
    case "position":
      return locate(turn, command.position);
    case "feedback-sent":
    case "feedback-failed":
      return noteFeedback(turn, command.kind, command.button, command.what);
    case "claim":
      return claim(turn, command.by);
    case "decline":
      return decline(turn, command.by);
    case "arrive":
      return arrive(turn, command.by);
    case "check-in":
      return checkIn(turn, command.by);
    case "witness":
      return witness(turn, command.by);
    case "help":
      return askHelp(turn, command.by);
    case "call-off":
      return callOff(turn, command.by);
    case "resolve":
      return resolve(turn, command.by, command.lead, command.outcome);
    case "guard":
      return answerByGuard(turn, command);
    case "deadline":
      return (turn.incident.nextAt ?? 0) > turn.now ? "not-due" : "advanced";
    case "card-posted":
      return postCard(turn);
    case "card-failed":
      // Only what won't get better by itself; a passing fault has until `teamsWithin` (rule 16).
      if (command.reason === "misconfigured" || command.reason === "refused") giveUpTeams(turn);
      return "card-failed";
    case "page-starting":
      return startPage(turn, command.key);
    case "page-accepted":
      return acceptPage(turn, command.key);
    case "page-failed":
      return failPage(turn, command.key, command.reason);
    case "delivery-starting":
      return startDelivery(turn, command.key);
    case "delivery-accepted":
      return acceptDelivery(turn, command.key);
    case "delivery-failed":
      return failDelivery(turn, command.key, command.reason);
    case "call-off-taken":
      return takeCallOff(turn, command.page);
    case "call-off-failed":
      return failCallOff(turn, command.page, command.reason);
  }
}

/** What a guard answered to that page (rules 14, 15 and 18). */
function answerByGuard(turn: Turn, command: Extract<Command, { kind: "guard" }>): DecisionReason {
  switch (command.answer) {
    case "accept":
      return acceptByGuard(turn, command.pageKey);
    case "decline":
      return declineByGuard(turn, command.pageKey);
    case "arrived":
      return arriveByGuard(turn, command.pageKey);
    case "safe":
      return resolveByGuard(turn, command.pageKey, command.outcome);
  }
}

/** Rule 19: ends nothing; somebody goes and looks. */
function cancel(turn: Turn): DecisionReason {
  if (turn.incident.cancelledAt !== null) return "already-so";
  change(turn, { cancelledAt: turn.now });
  note(turn, { kind: "cancelled" });
  return "cancelled";
}

/** The presser takes a press in Teams back. After ten seconds others may be on their way, and go and look anyway. */
function oops(turn: Turn, by: Person): DecisionReason {
  const presser = turn.incident.pressers.find(({ via, holder }) => via !== "button" && holder?.id === by.id);
  if (presser === undefined) return "not-allowed";
  if (turn.incident.cancelledAt !== null) return "already-so";
  if (turn.now - presser.at > oopsWithinMs) return "too-late";
  return cancel(turn);
}

function postCard(turn: Turn): DecisionReason {
  if (turn.incident.cardPostedAt !== null) return "already-so";
  change(turn, { cardPostedAt: turn.now });
  note(turn, { kind: "card-posted" });
  return "card-posted";
}
