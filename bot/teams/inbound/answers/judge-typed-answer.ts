import { isAskable } from "../../../domain/incident/colleagues/inside.ts";
import type { ClickVerb, DecisionReason } from "../../../domain/incident/command.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Person } from "../../../domain/person.ts";
import { type Role, refusalOf } from "../../../domain/who-may.ts";
import type { AnswerableAlarm } from "../../../ports/teams-requests.ts";
import type { AskedAbout } from "../../../words/colleague/typed-answer.ts";
import type { Asking, TypedVerb } from "../../cards/typed-answer-card.ts";
import type { TypedAnswer } from "../../wire/typed-answer.ts";

/** What is done with what somebody typed. */
export type Judgement =
  /** It is answered as any other message. */
  | { readonly kind: "no-answer" }
  /** It would be an answer, and there is nothing open that it could be for. */
  | { readonly kind: "nothing-open" }
  | { readonly kind: "submit"; readonly incident: Incident; readonly verb: TypedVerb }
  /** `pressed`: the alarms of theirs that they press again; `helped`: those for which they need help. */
  | { readonly kind: "help"; readonly pressed: readonly Incident[]; readonly helped: readonly Incident[] }
  | { readonly kind: "refused"; readonly incident: Incident; readonly reason: DecisionReason }
  | Asking;

const whileAway = ["claim", "decline", "arrive", "help"] as const;
const whileThere = ["check-in", "decline", "help"] as const;

/**
 * Judges what somebody typed by the open alarms that they may answer. Help is never asked about; everything else is
 * where more than one thing may be meant, or more than one alarm. `isVisiting`: what they type may be about a visit.
 */
export function judgeTypedAnswer(
  answer: TypedAnswer,
  by: Person,
  open: readonly AnswerableAlarm[],
  isVisiting: boolean,
): Judgement {
  if (answer === "help") return judgeHelp(by, open);
  if (answer === "over") return judgeOver(open);
  const [only, ...others] = open;
  if (only === undefined) return answer === "unclear" || isVisiting ? noAnswer : { kind: "nothing-open" };
  const there = open.filter(({ roles }) => roles.includes("there"));
  if (answer === "safe" && there.length > 0) return toAsk("safe", there, () => ["check-in", "resolve"]);
  if (answer === "resolve") return askFor("outcome", answer, open);
  // Of who pressed it is about their own alarm, which is shown to them.
  if (answer === "safe" && open.some(({ roles }) => roles.includes("presser"))) return noAnswer;
  const isPromise = answer === "claim" || answer === "decline";
  // Who is there has nothing left to promise: "ik ga" may be that they leave, "kan niet" that it goes wrong.
  const isUnclear = answer === "unclear" || answer === "safe" || isVisiting || (isPromise && there.length > 0);
  if (isUnclear) return askWhatIsMeant(open);
  return others.length === 0
    ? { kind: "submit", incident: only.incident, verb: answer }
    : askFor("alarm", answer, open);
}

/**
 * Whether an answer that names a location may be for another alarm than their own. Who says that they are there may say
 * where their own one is, unless another one may be at that location.
 */
export function isForAnother(meant: TypedAnswer, location: string, open: readonly AnswerableAlarm[]): boolean {
  return open.some(({ roles, incident }) => {
    const mayBeThere = [incident.location ?? location, ...(incident.mayBeAt ?? [])].includes(location);
    return !roles.includes("presser") && (meant !== "arrive" || mayBeThere);
  });
}

/**
 * Judges a word that begins an alarm and says that one is over: null where they are in none that is open, because then
 * it is a press. `mayPress`: whether an alarm can be raised from Teams.
 */
export function judgeAlarmOver(by: Person, open: readonly AnswerableAlarm[], mayPress: boolean): Judgement | null {
  const own = listOwn(by, open);
  if (own.length === 0) return null;
  const about = own.some(({ roles }) => mayClose(roles)) ? "new-danger" : "still-open";
  return {
    ...toAsk(about, own, ({ roles }) => [mayClose(roles) ? "resolve" : "help"]),
    ...(mayPress ? { alarmButton: "first" } : {}),
  };
}

/**
 * What is asked of who is coming to an alarm, is at one or needed help there, and typed what is no answer: whether they
 * need help; null for everybody else. `mayPress` as above.
 */
export function askWhetherHelp(by: Person, open: readonly AnswerableAlarm[], mayPress: boolean): Asking | null {
  const helped = open.filter((alarm) => mayBeInDanger(alarm, by));
  if (helped.length === 0) return null;
  return { ...toAsk("help", helped, () => ["help"]), ...(mayPress ? { alarmButton: "last" } : {}) };
}

const noAnswer = { kind: "no-answer" } as const;

/** The alarms that they pressed, are coming to, are at, or needed help at. */
function listOwn(by: Person, open: readonly AnswerableAlarm[]): readonly AnswerableAlarm[] {
  return open.filter((alarm) => alarm.roles.includes("presser") || mayBeInDanger(alarm, by));
}

function mayClose(roles: readonly Role[]): boolean {
  return refusalOf("resolve", roles) === null;
}

/** Of who is at none of these it closes nothing, and is answered as any other message. */
function judgeOver(open: readonly AnswerableAlarm[]): Judgement {
  const there = open.filter(({ roles }) => roles.includes("there") && mayClose(roles));
  return there.length === 0 ? noAnswer : toAsk("outcome", there, () => ["resolve"]);
}

function judgeHelp(by: Person, open: readonly AnswerableAlarm[]): Judgement {
  const pressed = open.filter(({ roles }) => roles.includes("presser"));
  const helped = open.filter((alarm) => !pressed.includes(alarm) && mayBeInDanger(alarm, by));
  if (pressed.length + helped.length === 0) return noAnswer;
  return { kind: "help", pressed: pressed.map(incidentOf), helped: helped.map(incidentOf) };
}

function incidentOf({ incident }: AnswerableAlarm): Incident {
  return incident;
}

/** Whether they are coming or there, or asked for help; who was there before may still be. */
function mayBeInDanger({ incident }: AnswerableAlarm, { id }: Person): boolean {
  return incident.responders.some(({ person, state, arrivedAt }) => {
    const mayStillBe = state === "none" && (arrivedAt !== null || !isAskable(incident, person));
    return person.id === id && (state === "coming" || state === "there" || mayStillBe);
  });
}

/** Asks for which of these it is meant; refused where they may answer none of them so. */
function askFor(about: AskedAbout, verb: ClickVerb, open: readonly AnswerableAlarm[]): Judgement {
  const allowed = open.filter(({ roles }) => refusalOf(verb, roles) === null);
  const [first] = open;
  const reason = first && refusalOf(verb, first.roles);
  if (allowed.length === 0 && first && reason) return { kind: "refused", incident: first.incident, reason };
  return toAsk(about, allowed, () => [verb]);
}

function askWhatIsMeant(open: readonly AnswerableAlarm[]): Judgement {
  // Who pressed can't answer their own alarm, and is shown the button for a new one first.
  const others = open.filter(({ roles }) => !roles.includes("presser"));
  if (others.length === 0) return noAnswer;
  return toAsk("meaning", others, ({ roles }) => (roles.includes("there") ? whileThere : whileAway));
}

function toAsk(
  about: AskedAbout,
  alarms: readonly AnswerableAlarm[],
  toVerbs: (alarm: AnswerableAlarm) => readonly ClickVerb[],
): Asking {
  return { kind: "ask", about, choices: alarms.map((alarm) => ({ incident: alarm.incident, verbs: toVerbs(alarm) })) };
}
