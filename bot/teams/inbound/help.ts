import type { Visit } from "../../domain/visit/visit.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Log } from "../../log.ts";
import type { PersonalVisits } from "../../ports/personal.ts";
import type { AnswerableAlarms } from "../../ports/teams-requests.ts";
import type { Clock } from "../../ports/time.ts";
import { channel } from "../../words/colleague/channel.ts";
import type { CardSettings } from "../cards/context.ts";
import { toPersonalCard } from "../cards/personal-card.ts";
import { toTypedAnswerCard } from "../cards/typed-answer-card.ts";
import type { Origin } from "../wire/activity.ts";
import { parseCall } from "../wire/personal-command.ts";
import { askWhetherHelp } from "./answers/judge-typed-answer.ts";
import type { Askers } from "./askers.ts";
import type { Replies } from "./replies.ts";

/** Longest that looking for a visit may take; after that the usual help is sent. */
const visitWithinMs = 2_000;

export interface HelpOptions extends CardSettings {
  readonly replies: Replies;
  readonly answerable: Pick<AnswerableAlarms, "listOpen">;
  readonly visits: PersonalVisits;
  readonly askers: Pick<Askers, "hasLeads">;
  /** Whether an alarm can be raised from Teams. */
  readonly isSetUp: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Sends what can be done here. Somebody on a visit gets the question of that visit, because their "yes" or "help" is
 * meant for it; who pressed reads that their alarm is open, which they may doubt or take for closed; and who is coming
 * or there is asked whether they need help, because "he has a knife" is no word that is understood.
 */
export async function sendHelp(origin: Origin, text: string, options: HelpOptions): Promise<void> {
  if (origin.scope !== "personal") return sendWelcome(origin, options);
  const visit = await findVisit(origin, options);
  // The usual help, or no answer at all, would leave them alone until the visit becomes an alarm.
  const call = options.isSetUp ? parseCall(text) : null;
  if (visit !== null)
    return sendVisitQuestion(origin, visit, options, call === null ? "visit-unanswered" : "visit-help");
  const open = await options.answerable.listOpen(origin.from);
  const own = open.find(({ roles }) => roles.includes("presser"));
  const asking = askWhetherHelp(origin.from, open, options.isSetUp);
  const content = own === undefined ? asking : ({ kind: "own", incident: own.incident } as const);
  if (content === null) return call === null ? sendWelcome(origin, options) : sendAlarmButton(origin, call, options);
  await options.replies.showCard(origin, toTypedAnswerCard(content, options));
}

/**
 * Asks somebody on a visit what is asked of them now, because what they typed was no answer to it, or a call for help.
 * Never rejects.
 */
export function sendVisitQuestion(
  origin: Origin,
  visit: Visit,
  options: HelpOptions,
  kind: "visit-unanswered" | "visit-help" = "visit-unanswered",
): Promise<void> {
  const { replies, visits } = options;
  const { conversation, serviceUrl, from } = origin;
  return replies.showCard(origin, toPersonalCard({ kind, visit }, options), (activity) =>
    visits.followVisit(from, { conversation, serviceUrl, activity }),
  );
}

/** Sends the *Alarm* button to who called for help, or for an alarm with a slip; it takes along what they typed. */
function sendAlarmButton(origin: Origin, typed: string, options: HelpOptions): Promise<void> {
  return options.replies.showCard(origin, toPersonalCard({ kind: "called", typed, at: options.clock.now() }, options));
}

/** Sends the usual help. */
export async function sendWelcome(origin: Origin, options: HelpOptions): Promise<void> {
  const { replies, isSetUp, askers, language } = options;
  const words = channel[language];
  const { bot, scope } = origin;
  if (!isSetUp || scope !== "personal") {
    const more = [...(isSetUp ? [words.helpAlarm] : []), askers.hasLeads ? words.helpLeads : words.helpCode];
    return replies.sendText(origin, [words.help, ...more].map((part) => part(bot.name)).join("\n\n"));
  }
  // Whoever types "help" to the bot alone may be in danger, so they get the alarm button at once.
  await replies.showCard(origin, toPersonalCard({ kind: "welcome" }, options));
}

/**
 * Finds the visit that somebody is on; null too when that can't be read now, because the usual help is an answer as
 * well.
 */
export async function findVisit({ from }: Origin, { visits, clock, log }: HelpOptions): Promise<Visit | null> {
  try {
    const visit = await withTimeout(clock, visitWithinMs, visits.visitOf(from));
    if (visit === late) log.warn({}, "visit-late");
    return visit === late ? null : visit;
  } catch (error) {
    log.warn({ err: error }, "visit-not-read");
    return null;
  }
}
