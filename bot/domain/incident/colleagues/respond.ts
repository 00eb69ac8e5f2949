import type { Person } from "../../person.ts";
import { closeIncident } from "../closing.ts";
import type { DecisionReason } from "../command.ts";
import { changeIncident, changeRound, type Draft, isPresser, noteEvent } from "../draft.ts";
import type { Incident, Outcome, Responder } from "../incident.ts";
import { countResponding } from "../presence.ts";
import { verify } from "../press.ts";
import { pageForHelp } from "../round.ts";
import { occupy, occupyStill, release } from "./occupied.ts";
import { type PoliceVerb, toldAt } from "./police.ts";

/** When a colleague said it; see Command. */
interface Said {
  readonly by: Person;
  readonly saidAt?: number;
}

/** "Ik ga": the colleague promises to come (rules 7 and 10). `byPhone`: by a key on the phone that was called. */
export function claim(draft: Draft, { by, saidAt, byPhone = false }: Said & { byPhone?: boolean }): DecisionReason {
  const known = responderOf(draft.incident, by);
  const promisedAt = saidAt ?? draft.now;
  const isInNeed = draft.elsewhere.get(by.id)?.helpSince !== undefined;
  const need = isInNeed || known?.isInNeed ? { isInNeed } : {};
  const promise = byPhone ? { byPhone } : { byPhone, promisedAt };
  if (known?.state === "coming" || known?.state === "there") {
    // Said in Teams as well, it no longer depends on who picks up the phone; nor is it one of an earlier version.
    const isFirstInTeams = known.byPhone === true || (known.state === "coming" && known.promisedAt === undefined);
    if (isFirstInTeams && !byPhone) setResponder(draft, by, promise);
    // Said again once that is over, it holds.
    if (known.isInNeed && !isInNeed) setResponder(draft, by, need);
    return "already-so";
  }
  const isFirst = countResponding(draft.incident) === 0;
  setResponder(draft, by, { state: "coming", ...promise, ...need, since: promisedAt });
  changeRound(draft, { firstClaimAt: draft.incident.round.firstClaimAt ?? draft.now });
  noteEvent(draft, { kind: isFirst ? "claimed" : "also-coming", by });
  return isFirst ? "claimed" : "also-coming";
}

/**
 * "Ik kan niet": the colleague can't come, also after a claim or an arrival (rule 9). By phone it takes back only what
 * was said by phone, because anybody may pick that up.
 */
export function decline(draft: Draft, by: Person, byPhone: boolean): DecisionReason {
  const known = responderOf(draft.incident, by);
  if (known?.state === "declined") return "already-so";
  const isPromised = known?.state === "coming" || known?.state === "there";
  if (byPhone && isPromised && known.byPhone !== true) return "stands";
  setResponder(draft, by, { state: "declined", byPhone });
  release(draft, by.id);
  noteEvent(draft, { kind: "declined", by });
  return "declined";
}

/** "Ik ben er": the colleague is there, with or without a claim before (rule 11). */
export function arrive(draft: Draft, { by, saidAt = draft.now }: Said): DecisionReason {
  const known = responderOf(draft.incident, by);
  if (known?.state === "there") return checkIn(draft, by);
  const arrivedAt = known?.arrivedAt ?? saidAt;
  const there = { since: saidAt, arrivedAt, signAt: saidAt, silentAt: null, byPhone: false };
  setResponder(draft, by, { state: "there", ...there });
  occupy(draft, by.id, saidAt);
  changeRound(draft, { checkAskedAt: null });
  noteEvent(draft, { kind: "arrived", by });
  return "arrived";
}

/** "Het gaat goed": the colleague answers the check (rule 11). */
export function checkIn(draft: Draft, by: Person): DecisionReason {
  const known = responderOf(draft.incident, by);
  if (draft.incident.round.checkAskedAt === null && (known?.silentAt ?? null) === null) return "already-so";
  setResponder(draft, by, { signAt: draft.now, silentAt: null });
  occupyStill(draft, by.id);
  changeRound(draft, { checkAskedAt: null });
  noteEvent(draft, { kind: "checked-in", by });
  return "checked-in";
}

/** "Het is echt": somebody who is or was there confirms the alarm (rule 17). */
export function witness(draft: Draft, by: Person): DecisionReason {
  if (responderOf(draft.incident, by)?.witnessedAt === undefined) setResponder(draft, by, { witnessedAt: draft.now });
  return verify(draft, "witnessed", by) ? "witnessed" : "already-so";
}

/**
 * "Ik heb hulp nodig": always pages at once; with no step left a new round begins (rule 11). Whoever was on the way
 * does not count as that any more.
 */
export function askHelp(draft: Draft, { by, saidAt = draft.now }: Said): DecisionReason {
  noteEvent(draft, { kind: "help", by });
  occupy(draft, by.id, saidAt);
  const isComing = responderOf(draft.incident, by)?.state === "coming";
  const helping = { helpAt: saidAt, ...(isComing ? { state: "none" as const } : {}) };
  if (!isPresser(draft.incident, by)) setResponder(draft, by, helping);
  pageForHelp(draft, "colleague");
  return "help-asked";
}

/** "112 gebeld", "politie is er": kept with its time; what is done next is decided by nothing of it. */
export function notePolice(draft: Draft, by: Person, told: PoliceVerb): DecisionReason {
  if (toldAt(draft.incident, told) !== undefined) return "already-so";
  changeIncident(draft, told === "112-called" ? { called112At: draft.now } : { policeThereAt: draft.now });
  noteEvent(draft, { kind: told, by });
  return "noted";
}

/** "Alarm afsluiten": closes the incident (rule 18). */
export function resolve(draft: Draft, by: Person, outcome: Outcome): DecisionReason {
  closeIncident(draft, by, outcome);
  return "resolved";
}

function responderOf(incident: Incident, person: Person): Responder | undefined {
  return incident.responders.find((responder) => responder.person.id === person.id);
}

function setResponder(draft: Draft, person: Person, part: Partial<Responder>): void {
  const { now, incident } = draft;
  const known = responderOf(incident, person);
  const before = known ?? { person, state: "none", since: now, arrivedAt: null, signAt: null, silentAt: null };
  const since = part.since ?? (part.state === undefined ? before.since : now);
  const after: Responder = { ...before, ...part, person, since };
  const responders = known
    ? incident.responders.map((responder) => (responder === known ? after : responder))
    : [...incident.responders, after];
  changeIncident(draft, { responders });
}
