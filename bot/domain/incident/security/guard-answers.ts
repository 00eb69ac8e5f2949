import { type Role, refusalFrom } from "../../who-may.ts";
import { closeIncident } from "../closing.ts";
import type { Command, DecisionReason, GuardId } from "../command.ts";
import { changeRound, type Draft, noteEvent } from "../draft.ts";
import { type Guard, type Incident, type Outcome, unnamed } from "../incident.ts";
import { guardsComing, guardsThere } from "../presence.ts";
import { pageForHelp } from "../round.ts";
import { bringNextPageForward, changePager, changePageStep, type FoundPage, findAnsweredPage } from "./found-page.ts";

/** How many guards of one round are told apart; whoever answers after them is one who did not say who they are. */
const maxGuards = 40;

/** A guard who did not say who they are. */
const anyGuard: GuardId = { who: unnamed.link, isCertain: false };

/** Applies what a guard answered to that page (rules 11, 14, 15 and 18), if they may (rule 28). */
export function answerByGuard(draft: Draft, command: Extract<Command, { kind: "guard" }>): DecisionReason {
  const { pageKey, guard = anyGuard } = command;
  const found = findAnsweredPage(draft, pageKey);
  const from = guard.who === unnamed.route ? "phone" : "page";
  const refused = refusalFrom(`guard-${command.answer}`, from, rolesOfGuard(draft.incident, found, guard));
  if (found === null || refused === "elsewhere") return "unknown-page";
  if (refused !== null) return refused;
  switch (command.answer) {
    case "accept":
      return acceptByGuard(draft, found, pageKey, guard);
    case "decline":
      return declineByGuard(draft, found, pageKey, guard);
    case "arrived":
      return arriveByGuard(draft, found, pageKey, guard);
    case "help":
      return askHelpByGuard(draft, found, guard);
    case "safe":
      return resolveByGuard(draft, command.outcome);
  }
}

/** What a guard is in this incident, for `rights`. `found`: the page of it that they have; null: none. */
function rolesOfGuard(incident: Incident, found: FoundPage | null, { who }: GuardId): readonly Role[] {
  if (found === null) return [];
  return guardOf(incident, found.pager, who)?.state === "there" ? ["guard", "guard-there"] : ["guard"];
}

/** "Ik kom eraan", through the page's link or by a key on the phone: the guard promises to come (rules 14 and 15). */
function acceptByGuard(draft: Draft, found: FoundPage, key: string, by: GuardId): DecisionReason {
  const { pager } = found;
  const { who, isUnsure } = toAccepting(draft.incident, pager, by);
  const known = guardOf(draft.incident, pager, who);
  if (isUnsure ? known === null : known === null || !isExpected(known)) {
    setGuard(draft, pager, who, { state: "coming", lapsedAt: isUnsure ? draft.now : null });
  } else if (isAnsweredPage(draft, pager)) {
    return isUnsure ? "stands" : "already-so";
  }
  noteAnswered(draft, found, key);
  noteEvent(draft, { kind: "guard-accepted", pager, who });
  return isUnsure ? "stands" : "guard-accepted";
}

/**
 * Whose promise an acceptance is. `isUnsure`: perhaps the same guard's once more, perhaps another one's; that is on
 * record, and yet no promise that holds back a page.
 */
function toAccepting(incident: Incident, pager: string, by: GuardId): { who: string; isUnsure: boolean } {
  const { who, isCertain } = toKnown(incident, pager, by);
  if (who !== unnamed.link || isCertain) return { who, isUnsure: false };
  const isUnsure = [...guardsComing(incident), ...guardsThere(incident)].some((guard) => guard.pager === pager);
  // A promise never takes the place of the arrival of somebody who fell silent.
  const isTaken = isUnsure || guardOf(incident, pager, who)?.state === "there";
  return { who: isTaken ? unnamed.another : who, isUnsure };
}

/**
 * "Ik kan niet komen", also after a promise of the same guard: the next page step is due now (rule 14). It undoes no
 * arrival, and of another guard neither a promise nor an arrival.
 */
function declineByGuard(draft: Draft, found: FoundPage, key: string, by: GuardId): DecisionReason {
  const { pager } = found;
  const { who, isCertain } = toKnown(draft.incident, pager, by);
  const known = guardOf(draft.incident, pager, who);
  if (known?.state === "there") return "stands";
  // Only whoever promised takes a promise back; a page that was opened before it may be in anybody's hands.
  const isOwn = isCertain || (who !== unnamed.link && known?.state === "coming");
  if (!isOwn && isAnyExpected(draft.incident, pager)) return "stands";
  const before = draft.incident.pagers[pager];
  const isRepeat = before?.failure === "guard-declined" || isAnyExpected(draft.incident, pager);
  if (known?.state === "declined" && isRepeat) return "already-so";
  setGuard(draft, pager, who, { state: "declined" });
  noteEvent(draft, { kind: "guard-declined", pager, who });
  if (isAnyExpected(draft.incident, pager)) return "guard-declined";
  // Of somebody who is late it is not known either whether they come.
  if (!draft.incident.round.guards.some((guard) => guard.pager === pager && guard.state === "coming")) {
    changePageStep(draft, found, "failed");
    changePager(draft, pager, key, { state: "failed", failure: "guard-declined", at: draft.now });
  }
  // After a call-off nobody need come, so the next page stays where it is.
  if ((before?.callOff ?? null) === null) bringNextPageForward(draft, found);
  return "guard-declined";
}

/**
 * "Ik ben er", with or without a promise before: the guard is there. A second time it answers the check (rules 11 and
 * 15).
 */
function arriveByGuard(draft: Draft, found: FoundPage, key: string, by: GuardId): DecisionReason {
  const { pager } = found;
  const { who } = toKnown(draft.incident, pager, by);
  const known = guardOf(draft.incident, pager, who);
  const isAsked = draft.incident.round.checkAskedAt !== null || (known?.silentAt ?? null) !== null;
  if (known?.state === "there" && !isAsked) return "already-so";
  noteAnswered(draft, found, key);
  const since = known?.state === "there" ? known.since : draft.now;
  setGuard(draft, pager, who, { state: "there", since, signAt: draft.now });
  changeRound(draft, { checkAskedAt: null });
  noteEvent(draft, { kind: "guard-arrived", pager, who });
  return "guard-arrived";
}

/**
 * "Ik heb hulp nodig": pages at once, as for a colleague, whether or not the guard said to be there (rule 11). Where it
 * is not known which guard asks, it may be each of those who are there.
 */
function askHelpByGuard(draft: Draft, found: FoundPage, by: GuardId): DecisionReason {
  const { pager } = found;
  const { who, isCertain } = toKnown(draft.incident, pager, by);
  const known = guardOf(draft.incident, pager, who);
  if (known !== null) setGuard(draft, pager, who, { ...known, helpAt: draft.now });
  if (known === null || (!isCertain && who === unnamed.link)) {
    const { helpOfAnyGuard } = draft.incident.round;
    changeRound(draft, { helpOfAnyGuard: { ...helpOfAnyGuard, [pager]: draft.now } });
  }
  noteEvent(draft, { kind: "guard-help", pager, who });
  pageForHelp(draft, "guard");
  return "help-asked";
}

/** "Iedereen is veilig", by a guard who is there: closes the incident (rule 18). */
function resolveByGuard(draft: Draft, outcome: Outcome): DecisionReason {
  closeIncident(draft, "guard", outcome);
  return "resolved";
}

/** What that guard answered in this round; null when nothing. */
export function guardOf({ round }: Incident, pager: string, who: string): Guard | null {
  return round.guards.find((guard) => guard.pager === pager && guard.who === who) ?? null;
}

/** Whether this guard is there, also when they fell silent, or promised to come and is not late. */
export function isExpected({ state, lapsedAt }: Guard): boolean {
  return state === "there" || (state === "coming" && lapsedAt === null);
}

function isAnyExpected({ round }: Incident, pager: string): boolean {
  return round.guards.some((guard) => guard.pager === pager && isExpected(guard));
}

/** The guard who answers, or one who did not say who they are once there are too many to tell apart. */
function toKnown(incident: Incident, pager: string, by: GuardId): GuardId {
  const isKnown = incident.round.guards.length < maxGuards || guardOf(incident, pager, by.who) !== null;
  return isKnown ? by : anyGuard;
}

function setGuard(draft: Draft, pager: string, who: string, part: Partial<Guard> & Pick<Guard, "state">): void {
  const { guards } = draft.incident.round;
  const known = guardOf(draft.incident, pager, who);
  const fresh = { pager, who, since: draft.now, signAt: null, silentAt: null, lapsedAt: null };
  const after: Guard = { ...fresh, helpAt: known?.helpAt ?? null, ...part };
  changeRound(draft, {
    guards: known === null ? [...guards, after] : guards.map((guard) => (guard === known ? after : guard)),
  });
}

function isAnsweredPage({ incident }: Draft, pager: string): boolean {
  const progress = incident.pagers[pager];
  return progress?.state === "answered" && progress.callOff === null;
}

/**
 * Records that a human answered this page. It undoes a call-off of the page, because a guard who comes all the same is
 * believed.
 */
function noteAnswered(draft: Draft, found: FoundPage, key: string): void {
  changePageStep(draft, found, "answered");
  changePager(draft, found.pager, key, { state: "answered", failure: null, at: draft.now, callOff: null });
}
