import type { Position } from "../alarm.ts";
import { placeOf } from "../location.ts";
import type { Person } from "../person.ts";
import { notifyOnDuty } from "./colleagues/deliveries.ts";
import { occupy, occupyPressers } from "./colleagues/occupied.ts";
import type { DecisionReason, Press } from "./command.ts";
import { changeIncident, changeRound, type Draft, noteEvent, withoutPressers } from "./draft.ts";
import type { Incident, Presser, Responder, Verification } from "./incident.ts";
import { verifications } from "./incident.ts";
import type { Policy } from "./policy.ts";
import { hasArrived } from "./presence.ts";
import { pageWhenNobodyIsOnDuty, startLoudRound, startPressRound, toPressRound } from "./round.ts";

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
    channel: press.channel,
    place: press.place,
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
export function pressAgain(draft: Draft, press: Press): DecisionReason {
  const before = draft.incident;
  const { source, button, via, holder, place } = press;
  const isOther = !before.pressers.some((presser) => isOf(presser, press));
  if (press.isOngoing && !isOther) return press.position === null ? "still-pressed" : locate(draft, press.position);
  const presser = toPresser(press, draft.now);
  const moved = toMoved(before, press);
  changeIncident(draft, {
    presses: before.presses + 1,
    lastPressAt: draft.now,
    lateMs: press.lateMs,
    mayBeRepeat: before.mayBeRepeat && press.mayBeRepeat,
    position: press.position ?? before.position,
    place: press.updatesPlace || moved !== null ? place : (before.place ?? place),
    ...moved,
    // A new press undoes a cancel.
    cancelledAt: null,
    pressers: isOther
      ? [...before.pressers, presser]
      : before.pressers.map((known) => (isOf(known, press) ? toPressedAgain(known, presser) : known)),
    // Somebody who presses needs help, and no longer counts as coming.
    responders: before.responders.filter((responder) => responder.person.id !== holder?.id),
  });
  if (holder?.id != null) occupy(draft, holder.id);
  if (moved !== null) changeRound(draft, { onDuty: withoutPressers(draft.incident, draft.onDuty) });
  if (moved !== null && before.location !== undefined) forgetClaims(draft);
  const elsewhere = place === draft.incident.place ? null : place;
  noteEvent(draft, { kind: "pressed-again", source, button, via, presses: draft.incident.presses, elsewhere });
  const verified = isOther && verify(draft, toVerification(before, press), null);
  if (hasArrived(before) || before.round.guards.some(({ state }) => state !== "declined")) startPressRound(draft);
  else notifyOnDuty(draft);
  return verified ? "verified" : "repeated";
}

/**
 * What a press changes that joins an incident from another location than that had; null: it is where it was. The
 * responders of the new one are asked to come (rule 22), and of those of the old one nobody is mentioned for it.
 */
function toMoved(before: Incident, { location, directions }: Press): Partial<Incident> | null {
  if (location === null || location === before.location) return null;
  return { location, directions, deliveries: [] };
}

/** Who promised to come goes to the location of before, so nobody counts as coming until they click again. */
function forgetClaims(draft: Draft): void {
  const { responders } = draft.incident;
  const asked = responders.map((each): Responder => {
    return each.state === "coming" ? { ...each, state: "none", since: draft.now } : each;
  });
  changeIncident(draft, { responders: asked });
  changeRound(draft, { firstClaimAt: null });
}

/**
 * Replaces the place by the one that the presser says now. Whoever was asked to come is asked again, because they may
 * be on their way to another door; nothing else changes, and nothing is taken back.
 */
export function correctPlace(draft: Draft, by: Person, place: string): DecisionReason {
  if (draft.incident.place === place) return "already-so";
  changeIncident(draft, { place });
  noteEvent(draft, { kind: "place-corrected", place, by });
  notifyOnDuty(draft);
  return "place-corrected";
}

/** Records where the button is now. Only the card shows it, and closing deletes it (rule 20). */
export function locate(draft: Draft, position: Position): DecisionReason {
  if (draft.incident.position === null) noteEvent(draft, { kind: "located" });
  changeIncident(draft, { position });
  return "located";
}

function toPresser({ source, button, via, hasDownlink, holder }: Press, at: number): Presser {
  return { source, button, via, hears: hasDownlink, holder, at };
}

/** A device stays one, which still hears, also where its holder typed this time. */
function toPressedAgain(known: Presser, again: Presser): Presser {
  return known.via === "button" && again.via !== "button" ? { ...known, at: again.at } : again;
}

function isOf(presser: Presser, { source, button }: Press): boolean {
  return presser.source === source && presser.button === button;
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
    before.pressers.some((presser) => presser.holder !== null && presser.holder.name !== holder.name);
  return byAnother ? "second-person" : "second-button";
}

/** The press that would open that incident now. */
export function toPress(incident: Incident): Press {
  const { id, source, button, location = null, channel, place, fixedPlace, directions, position, policy } = incident;
  const { unreadable, lateMs, mayBeRepeat } = incident;
  const [first] = incident.pressers;
  return {
    ...{ incident: id, source, button, location, channel, place, fixedPlace, directions, position, policy },
    ...{ unreadable, lateMs, mayBeRepeat },
    ...{ via: first?.via ?? "button", holder: first?.holder ?? null },
    ...{ isOngoing: false, hasDownlink: false, updatesPlace: false },
  };
}
