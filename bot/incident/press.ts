import type { DecisionReason, Press } from "./command.ts";
import type { Incident, Person, Verification } from "./incident.ts";
import { verifications } from "./incident.ts";
import type { Policy } from "./policy.ts";
import { hasArrived } from "./presence.ts";
import { pageWhenNobodyIsOnDuty, startPressRound, toPressRound } from "./round.ts";
import { change, changeRound, note, ring, type Turn, withoutPressers } from "./turn.ts";

/** The incident that a press opens, before anything happened to it. */
export function toIncident(press: Press, policy: Policy, now: number): Incident {
  const { source, button, holder } = press;
  return {
    id: press.incident,
    number: 0,
    version: 0,
    source,
    button,
    unreadable: press.unreadable,
    channel: press.channel,
    place: press.place,
    fixedPlace: press.fixedPlace,
    directions: press.directions,
    position: press.position,
    policy: press.policy,
    openedAt: now,
    lateMs: press.lateMs,
    presses: 1,
    lastPressAt: now,
    pressers: [{ source, button, holder }],
    cancelledAt: null,
    verification: "none",
    responders: [],
    round: toPressRound(1, policy, now, null),
    pagers: {},
    cardPostedAt: null,
    teamsLostAt: null,
    closedAt: null,
    closedBy: null,
    outcome: null,
    nextAt: null,
  };
}

/** The opening press. */
export function open(turn: Turn): DecisionReason {
  const { source, button, lateMs } = turn.incident;
  note(turn, { kind: "opened", source, button, lateMs });
  changeRound(turn, { onDuty: withoutPressers(turn.incident, turn.onDuty) });
  pageWhenNobodyIsOnDuty(turn);
  return "opened";
}

/** A press on an open incident, by its own button or by another one at the same place (rules 3 and 4). */
export function pressAgain(turn: Turn, press: Press): DecisionReason {
  const before = turn.incident;
  const { source, button, holder } = press;
  const isOther = !before.pressers.some((presser) => presser.source === source && presser.button === button);
  change(turn, {
    presses: before.presses + 1,
    lastPressAt: turn.now,
    lateMs: press.lateMs,
    position: press.position ?? before.position,
    pressers: isOther ? [...before.pressers, { source, button, holder }] : before.pressers,
    // Who presses needs help and no longer counts as coming.
    responders: before.responders.filter((responder) => responder.person.id !== holder?.id),
  });
  note(turn, { kind: "pressed-again", source, button, presses: turn.incident.presses });
  const verified = isOther && verify(turn, toVerification(before, press), null);
  if (hasArrived(before) || before.round.guard !== null) startPressRound(turn);
  else ring(turn);
  return verified ? "verified" : "repeated";
}

/** Raises the verification; false when we were as sure before. */
export function verify(turn: Turn, verification: Verification, by: Person | null): boolean {
  if (verifications.indexOf(verification) <= verifications.indexOf(turn.incident.verification)) return false;
  change(turn, { verification });
  note(turn, { kind: "verified", verification, by });
  return true;
}

/** Rule 4: a second person only where both holders are known and differ. */
function toVerification(before: Incident, press: Press): Verification {
  const { holder } = press;
  if (before.fixedPlace === null || press.fixedPlace !== before.fixedPlace) return "none";
  const byAnother =
    holder !== null &&
    before.pressers.some((presser) => presser.holder !== null && presser.holder.name !== holder.name);
  return byAnother ? "second-person" : "second-button";
}
