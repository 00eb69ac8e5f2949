import type { Person } from "../person.ts";
import { refusalOf } from "../who-may.ts";
import { acceptDelivery, failDelivery, noteReached, startDelivery, withholdDelivery } from "./colleagues/deliveries.ts";
import { release } from "./colleagues/occupied.ts";
import { arrive, askHelp, checkIn, claim, decline, notePolice, resolve, witness } from "./colleagues/respond.ts";
import { failRing, ringChannel } from "./colleagues/ring.ts";
import { takeBack } from "./colleagues/take-back.ts";
import type { Command, Decision, DecisionReason } from "./command.ts";
import { changeIncident, type Draft, noteEvent } from "./draft.ts";
import { advanceIncident, giveUpTeams, toNextAt } from "./escalate.ts";
import { noteFeedback, notifyPressers } from "./feedback.ts";
import type { Incident } from "./incident.ts";
import type { Policy } from "./policy.ts";
import { locate, openIncident, pressAgain, restore, toIncident } from "./press.ts";
import { isTypedBy, rolesIn } from "./roles.ts";
import { changeCallBack } from "./security/call-back.ts";
import { callOff, failCallOff, takeCallOff } from "./security/call-off.ts";
import { answerByGuard } from "./security/guard-answers.ts";
import { acceptPage, failPage, notePageBefore, startPage } from "./security/paging.ts";
import { replacePolicy } from "./security/replace-policy.ts";
import { updatePagers } from "./security/update.ts";
import { isSince } from "./time/is-since.ts";
import { bringBack } from "./time/moments.ts";
import { returnFromCopy } from "./time/return.ts";
import { correctPlace } from "./whereabouts/correct-place.ts";

/** How long a press in Teams can be taken back (rule 19). */
export const undoWithinMs = 10_000;

/** What no card shows of an incident. */
const unseen: ReadonlySet<string> = new Set<keyof Incident>(["cardPostedAt", "nextAt", "version"]);
const nobody: ReadonlySet<string> = new Set();
const nowhere: Draft["elsewhere"] = new Map();

/**
 * Decides what a command changes in an incident, as the only function that does. Pure: no clock, no await. `incident`
 * is null only for a press that opens one; `now` is epoch milliseconds UTC; `policy` is the one the incident opened
 * with, or with `replace-policy` the one that takes over (rule 6).
 * When nothing changes the very same incident comes back, without history and effects, with the reason why.
 * Throws RangeError for a command other than a press without an incident, because that is a mistake in the caller.
 */
export function decide(incident: Incident | null, command: Command, now: number, policy: Policy): Decision {
  // A call-off is sent after the incident closed, so its result must still be recorded on the closed incident.
  const isOfCallOff = command.kind === "call-off-taken" || command.kind === "call-off-failed";
  if (incident?.closedAt != null && !isOfCallOff) {
    return { incident, history: [], effects: [], reason: "already-closed" };
  }
  const known = incident && toKnown(incident, command, policy, now);
  const before = known ?? toOpening(command, policy, now);
  const {
    onDuty,
    occupied = nobody,
    elsewhere = nowhere,
    ofOthers = nobody,
    isTeamsBusy = false,
    decidedAt = now,
  } = command;
  const world = { now, decidedAt, policy, onDuty, occupied, elsewhere, ofOthers, isTeamsBusy };
  const draft: Draft = { incident: before, history: [], effects: [], ...world };
  // First, because what they say now is new.
  takeBack(draft, command.kind === "help" ? command.by : null);
  const reason = incident === null ? openIncident(draft) : applyCommand(draft, command);
  if (draft.incident.closedAt === null) advanceIncident(draft);
  if (draft.incident === incident && draft.history.length === 0) return { incident, history: [], effects: [], reason };
  noteReached(draft);
  ringChannel(draft, command);
  updatePagers(draft, before);
  notifyPressers(draft, known);
  changeIncident(draft, { version: before.version + 1, nextAt: toNextAt(draft) });
  const { position, occupied: leftOut } = draft.incident;
  const isChanged = position !== before.position || leftOut !== before.occupied || known !== incident;
  const isSeen = draft.history.length > 0 || isChanged;
  if (isSeen) draft.effects.unshift({ kind: isShown(command, before, draft.incident) ? "card-link" : "card" });
  return { incident: draft.incident, history: draft.history, effects: draft.effects, reason };
}

/**
 * Brings back what a clock that was ahead has moved. Only for commands that no sender gave, because one that came in
 * may be decided on later than `now`.
 */
function toKnown(incident: Incident, { kind }: Command, policy: Policy, now: number): Incident {
  return kind === "deadline" || kind === "restore" || kind === "return" ? bringBack(incident, policy, now) : incident;
}

function toOpening(command: Command, policy: Policy, now: number): Incident {
  if (command.kind !== "press") throw new RangeError(`${command.kind} without an incident`);
  return toIncident(command.press, policy, now);
}

function applyCommand(draft: Draft, command: Command): DecisionReason {
  const refused = "by" in command ? refusalOf(command.kind, rolesIn(draft.incident, command)) : null;
  if (refused !== null) return refused;
  switch (command.kind) {
    case "press":
      return pressAgain(draft, command.press);
    case "cancel":
      return cancelPress(draft);
    case "oops":
      return undoPress(draft, command.by);
    case "correct-place":
      return correctPlace(draft, command);
    case "position":
      return locate(draft, command.position, draft.incident);
    case "feedback-sent":
    case "feedback-failed":
      return noteFeedback(draft, command.kind, command.button, command.what);
    case "claim":
      return claim(draft, command);
    case "decline":
      return decline(draft, command.by, command.byPhone ?? false);
    case "arrive":
      return arrive(draft, command);
    case "check-in":
      return checkIn(draft, command.by);
    case "witness":
      return witness(draft, command.by);
    case "help":
      return askHelp(draft, command);
    case "call-off":
      return callOff(draft, command.by);
    case "112-called":
    case "police-there":
      return notePolice(draft, command.by, command.kind);
    case "resolve":
      return resolve(draft, command.by, command.outcome);
    case "guard":
      return answerByGuard(draft, command);
    case "deadline":
      return (draft.incident.nextAt ?? 0) > draft.now ? "not-due" : "advanced";
    case "restore":
      return restore(draft);
    case "return":
      return returnFromCopy(draft, command);
    case "replace-policy":
      return replacePolicy(draft, command);
    case "card-posted":
      return noteCardPosted(draft);
    case "card-failed":
      // Only a failure that does not pass by itself counts here; any other has until `teamsWithin` (rule 16).
      if (command.reason === "misconfigured" || command.reason === "refused") giveUpTeams(draft, "teams-unreachable");
      return "card-failed";
    case "ring-failed":
      return failRing(draft, command);
    case "page-starting":
      return startPage(draft, command.key);
    case "page-accepted":
      return acceptPage(draft, command.key, command.sentAs);
    case "page-failed":
      return failPage(draft, command.key, command.reason, command.sentAs);
    case "page-before":
      return notePageBefore(draft, command);
    case "delivery-starting":
      return startDelivery(draft, command.key);
    case "delivery-withheld":
      return withholdDelivery(draft, command.key);
    case "delivery-accepted":
      return acceptDelivery(draft, command.key);
    case "delivery-failed":
      return failDelivery(draft, command.key, command.reason);
    case "call-back-changed":
      return changeCallBack(draft, command.pagers);
    case "call-off-taken":
      return takeCallOff(draft, command.page);
    case "call-off-failed":
      return failCallOff(draft, command.page, command.reason);
  }
}

/**
 * Records that the holder cancelled. The incident stays open, because somebody has to go and look (rule 19). One that
 * is written late cancels no press after it.
 */
function cancelPress(draft: Draft): DecisionReason {
  const { cancelledAt, lastPressAt } = draft.incident;
  if (cancelledAt !== null || isSince(lastPressAt, draft)) return "already-so";
  changeIncident(draft, { cancelledAt: draft.now });
  noteEvent(draft, { kind: "cancelled" });
  return "cancelled";
}

/**
 * Lets the presser take back a press in Teams. It is refused after ten seconds, because others may be on their way by
 * then.
 */
function undoPress(draft: Draft, by: Person): DecisionReason {
  if (draft.incident.cancelledAt !== null) return "already-so";
  const presses = draft.incident.pressers.filter((presser) => isTypedBy(presser, by));
  if (presses.every(({ at }) => draft.now - at > undoWithinMs)) return "too-late";
  const pressedOtherwise = draft.incident.pressers.some((each) => each.holder?.id === by.id && !isTypedBy(each, by));
  if (!pressedOtherwise) release(draft, by.id);
  return cancelPress(draft);
}

/** Whether the card that was posted shows the incident as that leaves it, so that nobody has to look at it again. */
function isShown(command: Command, before: Incident, after: Incident): boolean {
  if (command.kind !== "card-posted" || command.shown !== before.version) return false;
  const names = Object.keys(after);
  return names.every((name) => unseen.has(name) || Reflect.get(after, name) === Reflect.get(before, name));
}

function noteCardPosted(draft: Draft): DecisionReason {
  if (draft.incident.cardPostedAt !== null) return "already-so";
  changeIncident(draft, { cardPostedAt: draft.now });
  noteEvent(draft, { kind: "card-posted" });
  return "card-posted";
}
