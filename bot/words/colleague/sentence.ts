import type { HistoryEvent, RecordedLine } from "../../domain/incident/history.ts";
import type { Closer, Outcome, Verification } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { Names } from "../../domain/names.ts";
import type { Person } from "../../domain/person.ts";
import { toLine } from "../../kit/safe-text.ts";
import { maxLineLengths } from "../shared/line.ts";
import { type OtherAlarmWords, otherAlarm, toAway } from "../shared/other-alarm.ts";
import { terms, toCause, toLateSentence } from "../shared/terms.ts";
import { toClockTime } from "../shared/time.ts";
import { card } from "./card.ts";
import { type ThreadWords, thread } from "./thread.ts";

/** Puts names and other text from outside into a sentence: as they are, or escaped for a message. */
export interface Voice {
  person(person: Person): string;
  outside(text: string): string;
  /** A place, which may be longer. */
  place(text: string): string;
  readonly names: Names;
}

/** What a colleague answered, or is, by its name among the words. */
const answers = {
  claimed: "claimed",
  "also-coming": "alsoComing",
  declined: "declined",
  arrived: "arrived",
  "checked-in": "checkedIn",
  help: "help",
} as const;

/** Sentences with nothing in them. */
const plain = {
  "nobody-on-duty": "nobodyOnDuty",
  "nobody-free": "nobodyFree",
  "all-declined": "allDeclined",
  "check-missed": "checkMissed",
  "card-posted": "cardPosted",
  "teams-unreachable": "teamsUnreachable",
  "teams-busy": "teamsBusy",
  cancelled: "cancelled",
  restored: "restored",
  returned: "returned",
  located: "located",
  "call-back-changed": "callBackChanged",
} as const;

/** Says in one sentence what happened, without its time; `**…**` is the title of a button. */
export function toSentence(line: HistoryEvent, language: Language, voice: Voice): string {
  const words: ThreadWords = thread[language];
  const others: OtherAlarmWords = otherAlarm[language];
  const pager = (key: string) => voice.outside(voice.names.pager(key));
  const names = (people: readonly Person[]) => people.map(voice.person).join(", ") || words.nobody;
  if (isOneOf(plain, line)) return words[plain[line.kind]];
  if (isOneOf(answers, line)) return words[answers[line.kind]](voice.person(line.by));
  switch (line.kind) {
    case "opened":
      return toOpened(
        words.opened[line.via](voice.outside(voice.names.source(line.source)), voice.outside(line.button) || "–"),
        line.lateMs,
        language,
      );
    case "pressed-again":
      return toPressedAgain(line, words, voice);
    case "place-corrected":
      return words.placeCorrected(toCorrected(line, language, voice), voice.person(line.by));
    case "round-started":
      return words.round[line.reason](line.round);
    case "rung":
    case "called":
      return words[line.kind](names(line.people));
    case "occupied":
      return others.occupied(names(line.people));
    case "now-elsewhere":
      return others.away[toAway(line)](voice.person(line.by));
    case "told":
      return words.told(voice.outside(line.channel));
    case "not-delivered":
      return words.notDelivered[line.route](voice.person(line.person), terms[language].failure[line.reason]);
    case "not-mentioned":
      return words.notMentioned(toUnmentioned(line, words, voice), terms[language].failure[line.reason]);
    case "withheld":
      return others.withheld[line.route](voice.person(line.person));
    case "112-called":
    case "police-there":
      return words.police[line.kind](voice.person(line.by));
    case "let-go":
      return words.letGo(names(line.people));
    case "lapsed":
      return line.people.length === 0 ? words.lapsedNobody : words.lapsed(names(line.people));
    case "check-asked":
      // No colleague is there, so the guard is asked.
      return words.checkAsked(line.people.length === 0 ? card[language].remark.byRole.guard : names(line.people));
    case "verified":
      return toVerified(line.verification, line.by === null ? null : voice.person(line.by), language);
    case "policy-replaced":
      return words.policyReplaced(line.gone.map(pager).join(", "));
    case "feedback-sent":
      return words.feedback[line.what];
    case "feedback-failed":
      return words.feedbackFailed[line.what];
    case "page-queued":
      return words.pageQueued(pager(line.pager), words.why[toCause(line.reason, line.responding)]);
    case "page-failed":
      return words.pageFailed(pager(line.pager), terms[language].failure[line.reason]);
    case "page-held":
    case "page-accepted":
    case "guard-accepted":
    case "guard-declined":
    case "guard-arrived":
    case "guard-lapsed":
    case "guard-help":
    case "call-off-taken":
    case "call-off-failed":
      return toPagerSentence(line.kind, words)(pager(line.pager));
    case "called-off":
      return words.calledOff(voice.person(line.by));
    case "closed":
      return toClosed(line.outcome, toCloser(line.by, language, voice), language);
  }
}

function isOneOf<Kind extends HistoryEvent["kind"]>(
  kinds: Readonly<Record<Kind, string>>,
  line: HistoryEvent,
): line is Extract<HistoryEvent, { readonly kind: Kind }> {
  return Object.hasOwn(kinds, line.kind);
}

/** The events of which only their way to security is told. */
type PagerEvent = Extract<
  HistoryEvent["kind"],
  `guard-${string}` | `call-off-${string}` | "page-held" | "page-accepted"
>;

function toPagerSentence(kind: PagerEvent, words: ThreadWords) {
  return {
    "page-held": words.pageHeld,
    "page-accepted": words.pageAccepted,
    "guard-accepted": words.guardAccepted,
    "guard-declined": words.guardDeclined,
    "guard-arrived": words.guardArrived,
    "guard-lapsed": words.guardLapsed,
    "guard-help": words.guardHelp,
    "call-off-taken": words.callOffTaken,
    "call-off-failed": words.callOffFailed,
  }[kind];
}

/** A line of the history as plain text, with its clock time in that time zone: "14:03:20 A. Jansen gaat." */
export function toHistoryLine(line: RecordedLine, language: Language, timezone: string, names: Names): string {
  return `${toClockTime(line.at, timezone, language)} ${toSentence(line, language, toPlain(names)).replaceAll("**", "")}`;
}

function toPlain(names: Names): Voice {
  return {
    person: ({ name }) => toLine(name, maxLineLengths.name),
    outside: (text) => toLine(text, maxLineLengths.technical),
    place: (text) => toLine(text, maxLineLengths.place),
    names,
  };
}

function toOpened(sentence: string, lateMs: number | null, language: Language): string {
  if (lateMs === null) return sentence;
  return `${sentence} ${toLateSentence(lateMs, language)}`;
}

function toPressedAgain(
  line: Extract<HistoryEvent, { kind: "pressed-again" }>,
  words: ThreadWords,
  voice: Voice,
): string {
  const how = words.again[line.via](voice.outside(line.button) || "–");
  const again = words.pressedAgain(how, line.presses);
  return line.elsewhere === null ? again : `${again} ${words.elsewhere(voice.outside(line.elsewhere))}`;
}

/** The location that was named, or those of which it is one, and the place. */
function toCorrected(
  { place, locations = [] }: Extract<HistoryEvent, { kind: "place-corrected" }>,
  language: Language,
  voice: Voice,
): string {
  const names = locations.map((key) => voice.outside(voice.names.location(key)));
  const at = names.length === 0 ? [] : [names.join(` ${terms[language].or} `)];
  return [...at, ...(place === null ? [] : [voice.place(place)])].join(", ");
}

function toVerified(verification: Verification, name: string | null, language: Language): string {
  const words: ThreadWords = thread[language];
  const sentence = terms[language].verification[verification];
  return name === null ? sentence : words.verifiedBy(sentence, name);
}

function toCloser(by: Closer, language: Language, voice: Voice): string {
  return typeof by === "string" ? card[language].remark.byRole[by] : voice.person(by);
}

function toClosed(outcome: Outcome, name: string, language: Language): string {
  return thread[language].closed(name, terms[language].outcome[outcome]);
}

function toUnmentioned(
  { people, tag }: Pick<Extract<HistoryEvent, { kind: "not-mentioned" }>, "people" | "tag">,
  words: ThreadWords,
  voice: Voice,
): string {
  return [...people.map(voice.person), ...(tag === undefined ? [] : [words.tag(voice.outside(tag))])].join(", ");
}
