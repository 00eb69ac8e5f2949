import type { Language } from "../../domain/language.ts";
import type { Visit } from "../../domain/visit/visit.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Log } from "../../log.ts";
import type { PersonalVisits } from "../../ports/personal.ts";
import type { Clock } from "../../ports/time.ts";
import { channel } from "../../words/colleague/channel.ts";
import { toPersonalCard } from "../cards/personal-card.ts";
import type { Origin } from "../wire/activity.ts";
import type { Replies } from "./replies.ts";

/** Longest that looking for a visit may take; without it there is the usual help. */
const visitWithinMs = 2_000;

export interface HelpOptions {
  readonly replies: Replies;
  readonly visits: PersonalVisits;
  /** Whether an alarm can be raised from Teams. */
  readonly isSetUp: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  readonly timezone: string;
}

/** Says what can be done here. Who is out and types "yes" or "help" means it: they get the question of their visit. */
export async function sendHelp(origin: Origin, options: HelpOptions): Promise<void> {
  const visit = origin.scope === "personal" ? await findVisit(origin, options) : null;
  if (visit === null) return sendWelcome(origin, options);
  // Never the usual help, and never silence until it is an alarm.
  await options.replies.show(origin, toPersonalCard({ kind: "visit-unanswered", visit }, options));
}

/** The usual help. */
export async function sendWelcome(origin: Origin, options: HelpOptions): Promise<void> {
  const { replies, isSetUp, language } = options;
  const words = channel[language];
  const { bot, scope } = origin;
  if (!isSetUp) return replies.say(origin, words.help(bot.name));
  if (scope !== "personal") return replies.say(origin, `${words.help(bot.name)}\n\n${words.helpAlarm(bot.name)}`);
  // Who types "help" to the bot alone may mean it: the button is right there.
  await replies.show(origin, toPersonalCard({ kind: "welcome" }, options));
}

/** The visit that somebody is on; null too when that can't be found out now, because help comes anyway. */
async function findVisit({ from }: Origin, { visits, clock, log }: HelpOptions): Promise<Visit | null> {
  try {
    const visit = await withTimeout(clock, visitWithinMs, visits.visitOf(from));
    if (visit === late) log.warn({}, "visit-late");
    return visit === late ? null : visit;
  } catch (error) {
    log.warn({ err: error }, "visit-not-read");
    return null;
  }
}
