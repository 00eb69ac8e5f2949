import type { Person } from "../../person.ts";
import { close } from "../closing.ts";
import type { DecisionReason } from "../command.ts";
import type { Incident, Outcome, Responder } from "../incident.ts";
import { countResponding } from "../presence.ts";
import { verify } from "../press.ts";
import { hastenPage, startLoudRound } from "../round.ts";
import { change, changeRound, isPresser, note, type Turn } from "../turn.ts";

/** "Ik ga": a promise to come (rules 7 and 10). */
export function claim(turn: Turn, by: Person): DecisionReason {
  if (isPresser(turn.incident, by)) return "presser";
  const known = responderOf(turn.incident, by);
  if (known?.state === "coming" || known?.state === "there") return "already-so";
  const isFirst = countResponding(turn.incident) === 0;
  setResponder(turn, by, { state: "coming" });
  changeRound(turn, { firstClaimAt: turn.incident.round.firstClaimAt ?? turn.now });
  note(turn, { kind: isFirst ? "claimed" : "also-coming", by });
  return isFirst ? "claimed" : "also-coming";
}

/** "Ik kan niet", also after a claim or an arrival (rule 9). */
export function decline(turn: Turn, by: Person): DecisionReason {
  if (isPresser(turn.incident, by)) return "presser";
  if (responderOf(turn.incident, by)?.state === "declined") return "already-so";
  setResponder(turn, by, { state: "declined" });
  note(turn, { kind: "declined", by });
  return "declined";
}

/** "Ik ben er", with or without a claim before (rule 11). */
export function arrive(turn: Turn, by: Person): DecisionReason {
  if (isPresser(turn.incident, by)) return "presser";
  const known = responderOf(turn.incident, by);
  if (known?.state === "there") return checkIn(turn, by);
  const { now } = turn;
  setResponder(turn, by, { state: "there", arrivedAt: known?.arrivedAt ?? now, signAt: now, silentAt: null });
  changeRound(turn, { checkAskedAt: null });
  note(turn, { kind: "arrived", by });
  return "arrived";
}

/** "Het gaat goed": the answer to the check (rule 11). */
export function checkIn(turn: Turn, by: Person): DecisionReason {
  const known = responderOf(turn.incident, by);
  if (known?.state !== "there") return "not-there";
  if (turn.incident.round.checkAskedAt === null && known.silentAt === null) return "already-so";
  setResponder(turn, by, { signAt: turn.now, silentAt: null });
  changeRound(turn, { checkAskedAt: null });
  note(turn, { kind: "checked-in", by });
  return "checked-in";
}

/** "Het is echt", by somebody who is or was there (rule 17). */
export function witness(turn: Turn, by: Person): DecisionReason {
  if (isPresser(turn.incident, by)) return "presser";
  if (!hasBeenThere(turn.incident, by)) return "not-there";
  return verify(turn, "witnessed", by) ? "witnessed" : "already-so";
}

/** "Ik heb hulp nodig": pages at once, always; with no step left everything goes out again (rule 11). */
export function askHelp(turn: Turn, by: Person): DecisionReason {
  note(turn, { kind: "help", by });
  changeRound(turn, { helpAskedAt: turn.now });
  if (!hastenPage(turn, "help")) startLoudRound(turn, "help");
  return "help-asked";
}

/** "Veilig": closes; only by somebody who has been there, or a team lead (rule 18). */
export function resolve(turn: Turn, by: Person, lead: boolean, outcome: Outcome): DecisionReason {
  if (isPresser(turn.incident, by)) return "presser";
  if (!lead && !hasBeenThere(turn.incident, by)) return "not-there";
  close(turn, by, outcome);
  return "resolved";
}

function responderOf(incident: Incident, person: Person): Responder | undefined {
  return incident.responders.find((responder) => responder.person.id === person.id);
}

function hasBeenThere(incident: Incident, person: Person): boolean {
  return (responderOf(incident, person)?.arrivedAt ?? null) !== null;
}

function setResponder(turn: Turn, person: Person, part: Partial<Responder>): void {
  const { now, incident } = turn;
  const known = responderOf(incident, person);
  const before = known ?? { person, state: "none", since: now, arrivedAt: null, signAt: null, silentAt: null };
  const after: Responder = { ...before, ...part, person, since: part.state === undefined ? before.since : now };
  const responders = known
    ? incident.responders.map((responder) => (responder === known ? after : responder))
    : [...incident.responders, after];
  change(turn, { responders });
}
