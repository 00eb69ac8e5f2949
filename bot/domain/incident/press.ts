import type { Position } from "../alarm.ts";
import { placeOf } from "../location.ts";
import type { Person } from "../person.ts";
import { notifyOnDuty } from "./colleagues/deliveries.ts";
import { forgetNobodyFree, occupy, occupyPressers, occupyStill } from "./colleagues/occupied.ts";
import type { DecisionReason, Press } from "./command.ts";
import { changeIncident, changeRound, type Draft, noteEvent, withoutPressers } from "./draft.ts";
import type { Incident, Presser, Verification } from "./incident.ts";
import { verifications } from "./incident.ts";
import type { Policy } from "./policy.ts";
import { hasComeSince, isMet } from "./presence.ts";
import { pageWhenNobodyIsOnDuty, startLoudRound, startPressRound, toPressRound } from "./round.ts";
import { isSince } from "./time/is-since.ts";
import {
  isMovedBy,
  isOf,
  move,
  noteElsewhere,
  noteNamed,
  notePlaceUsual,
  placeAfter,
  tellLetGo,
  whereAfter,
  whereOf,
} from "./whereabouts/move.ts";
import { withoutOutweighed } from "./whereabouts/outweighed.ts";
import { noteSaidWhere, toSaidWhere } from "./whereabouts/said-where.ts";

/** Makes the incident that a press opens, before anything is decided on it. */
export function toIncident(press: Press, policy: Policy, now: number): Incident {
  return {
    id: press.incident,
    number: 0,
    version: 0,
    source: press.source,
    button: toJoiningButton(press),
    unreadable: press.unreadable,
    ...(press.location === null ? {} : { location: press.location }),
    ...(press.mayBeAt === undefined ? {} : { mayBeAt: press.mayBeAt }),
    ...(press.isLocationNamed ? { isLocationNamed: true, locationNamedAt: now } : {}),
    ...(press.mayBeElsewhere ? { mayBeElsewhere: true } : {}),
    channel: press.channel,
    place: press.place,
    ...(press.isPlaceUsual ? { isPlaceUsual: true } : {}),
    fixedPlace: press.fixedPlace,
    directions: press.directions,
    position: press.position,
    policy: press.policy,
    openedAt: now,
    lateMs: press.lateMs,
    mayBeRepeat: press.mayBeRepeat,
    presses: 1,
    lastPressAt: now,
    pressers: [toPresser(press, now)],
    cancelledAt: null,
    verification: "none",
    responders: [],
    round: toPressRound(1, policy, now, null),
    pagers: {},
    deliveries: [],
    cardPostedAt: null,
    teamsLostAt: null,
    closedAt: null,
    closedBy: null,
    outcome: null,
    nextAt: null,
  };
}

/** What is left of an incident that can't be read as a whole. */
export interface IncidentRemains {
  readonly id: string;
  readonly number: number;
  readonly version: number;
  readonly source: string;
  readonly button: string;
  readonly channel: string;
  readonly fixedPlace: string | null;
  readonly openedAt: number;
  readonly closedAt: number | null;
}

/**
 * Makes an incident of what is left of one. `press`: what its button would press now; `cardPostedAt`: when its card was
 * posted, null for not yet or not known.
 */
export function toRestored(
  remains: IncidentRemains,
  press: Press,
  policy: Policy,
  cardPostedAt: number | null,
): Incident {
  const { id, number, version, source, button, channel, fixedPlace, openedAt, closedAt } = remains;
  const opened = toIncident({ ...press, source }, policy, openedAt);
  return {
    ...opened,
    ...{ id, number, version, button, channel, fixedPlace, closedAt },
    unreadable: button === "",
    place: press.place ?? (fixedPlace && placeOf(fixedPlace)),
    // A round takes a commit of its own at least, so that no page had the key of a page of a later round than this.
    round: { ...opened.round, number: version },
    cardPostedAt,
  };
}

/** Begins anew, louder than before: who was coming is not known any more. */
export function restore(draft: Draft): DecisionReason {
  changeIncident(draft, { restoredAt: draft.now });
  occupyPressers(draft);
  noteEvent(draft, { kind: "restored" });
  startLoudRound(draft, "repeat");
  return "restored";
}

/**
 * The button by which a press joins an open incident; "" for unreadable messages, because all of one source are one
 * incident (rule 5).
 */
export function toJoiningButton({ unreadable, button }: Press): string {
  return unreadable ? "" : button;
}

/** Applies the press that opens the incident. */
export function openIncident(draft: Draft): DecisionReason {
  const { source, lateMs, pressers } = draft.incident;
  for (const { button, via } of pressers) noteEvent(draft, { kind: "opened", source, button, via, lateMs });
  changeRound(draft, { onDuty: withoutPressers(draft.incident, draft.onDuty) });
  occupyPressers(draft);
  pageWhenNobodyIsOnDuty(draft);
  return "opened";
}

/** Applies a press on an open incident, by its own button or by another one at the same place (rules 3 and 4). */
export function pressAgain(draft: Draft, given: Press): DecisionReason {
  const before = draft.incident;
  const press = withoutOutweighed(before, given, draft);
  const { source, button, via, holder, place: pressedAt } = given;
  const isMoved = isMovedBy(before, press);
  const isOther = !before.pressers.some((presser) => isOf(presser, press) && !presser.isElsewhere);
  if (press.isOngoing && !isOther && !isMoved) {
    if (holder?.id != null) occupyStill(draft, holder.id);
    return press.position === null ? "still-pressed" : locate(draft, press.position, press);
  }
  const place = placeAfter(before, press);
  const { fixedPlace, directions } = press;
  if (isMoved) move(draft, { ...whereAfter(before, press), place, fixedPlace, directions });
  if (press.isLocationNamed) noteNamed(draft, draft.now);
  else noteElsewhere(draft, press);
  notePlaceUsual(draft, place === press.place ? press.isPlaceUsual : before.isPlaceUsual);
  const { pressers, responders } = draft.incident;
  const isLate = isSince(before.lastPressAt, draft);
  const presser = toPresser(given, draft.now);
  const isKnown = pressers.some((known) => isOf(known, press));
  changeIncident(draft, {
    presses: before.presses + 1,
    lastPressAt: isLate ? before.lastPressAt : draft.now,
    lateMs: isLate ? before.lateMs : press.lateMs,
    mayBeRepeat: before.mayBeRepeat && press.mayBeRepeat,
    position: isLate && !isMoved ? (before.position ?? press.position) : (press.position ?? before.position),
    place,
    // A press undoes a cancel before it.
    cancelledAt: isSince(before.cancelledAt, draft) ? before.cancelledAt : null,
    pressers: isKnown
      ? pressers.map((known) => (isOf(known, press) ? toPressedAgain(draft, known, presser) : known))
      : [...pressers, presser],
    // Somebody who presses needs help, and no longer counts as coming.
    responders: responders.filter((responder) => responder.person.id !== holder?.id),
  });
  if (holder?.id != null) occupy(draft, holder.id);
  if (isMoved) changeRound(draft, { onDuty: withoutPressers(draft.incident, draft.onDuty) });
  const elsewhere = pressedAt === place ? null : pressedAt;
  noteEvent(draft, { kind: "pressed-again", source, button, via, presses: draft.incident.presses, elsewhere });
  if (isMoved) tellLetGo(draft, before);
  const verified = isOther && !isMoved && verify(draft, toVerification(before, given), null);
  const answeredThen = before.responders.filter((each) => !hasComeSince(each, draft));
  if (isMet({ ...before, responders: answeredThen })) startPressRound(draft);
  else notifyOnDuty(draft);
  forgetNobodyFree(draft);
  return verified ? "verified" : "repeated";
}

/** Records where that button is now. Only the card shows it, and closing deletes it (rule 20). */
export function locate(draft: Draft, position: Position, of: Pick<Press, "source" | "button">): DecisionReason {
  if (draft.incident.position === null) noteEvent(draft, { kind: "located" });
  changeIncident(draft, { position });
  noteSaidWhere(draft, { isWhereKnown: true }, (presser) => isOf(presser, of));
  return "located";
}

function toPresser(press: Press, at: number): Presser {
  const { source, button, via, hasDownlink, holder } = press;
  return { source, button, via, hears: hasDownlink, holder, at, ...toSaidWhere(press) };
}

/** A device stays one, which still hears, also where its holder typed this time. */
function toPressedAgain(draft: Draft, known: Presser, again: Presser): Presser {
  const [older, newer] = isSince(known.at, draft) ? [again, known] : [known, again];
  const { via, hears, holder } = older;
  const device = via === "button" && newer.via !== "button" ? { via, hears, holder } : {};
  return { ...newer, ...device };
}

/** Raises the verification; false when it was as high before. */
export function verify(draft: Draft, verification: Verification, by: Person | null): boolean {
  if (verifications.indexOf(verification) <= verifications.indexOf(draft.incident.verification)) return false;
  changeIncident(draft, { verification });
  noteEvent(draft, { kind: "verified", verification, by });
  return true;
}

/** `second-person` only where both holders are known and differ (rule 4). */
function toVerification(before: Incident, press: Press): Verification {
  const { holder } = press;
  if (before.fixedPlace === null || press.fixedPlace !== before.fixedPlace) return "none";
  const byAnother =
    holder !== null &&
    before.pressers.some((known) => !known.isElsewhere && known.holder !== null && known.holder.name !== holder.name);
  return byAnother ? "second-person" : "second-button";
}

/** Whether it says itself where that is, beside what is known of its button and of who presses. */
export function namesWhere({ updatesPlace, isLocationNamed }: Press): boolean {
  return updatesPlace || isLocationNamed === true;
}

/** The press that would open that incident now. */
export function toPress(incident: Incident): Press {
  const { id, source, button, channel, place, fixedPlace, directions, position, policy } = incident;
  const { unreadable, lateMs, mayBeRepeat, mayBeElsewhere, isLocationNamed, isPlaceUsual } = incident;
  const [first] = incident.pressers;
  return {
    ...{ incident: id, source, button, channel, place, fixedPlace, directions, position, policy },
    ...{ unreadable, lateMs, mayBeRepeat, ...whereOf(incident) },
    ...(isLocationNamed ? { isLocationNamed } : {}),
    ...(mayBeElsewhere ? { mayBeElsewhere } : {}),
    ...(isPlaceUsual ? { isPlaceUsual } : {}),
    ...{ via: first?.via ?? "button", holder: first?.holder ?? null },
    ...{ isOngoing: false, hasDownlink: false, updatesPlace: false },
  };
}
