import { alarmInChat } from "../bot/words/chat/alarm-in-chat.ts";
import { presser } from "../bot/words/chat/presser.ts";
import { card } from "../bot/words/colleague/card.ts";
import { channel } from "../bot/words/colleague/channel.ts";
import { headline } from "../bot/words/colleague/headline.ts";
import { past } from "../bot/words/colleague/past.ts";
import { personal } from "../bot/words/colleague/personal.ts";
import { refusal } from "../bot/words/colleague/refusal.ts";
import { ringTest } from "../bot/words/colleague/ring-test.ts";
import { security } from "../bot/words/colleague/security.ts";
import { thread } from "../bot/words/colleague/thread.ts";
import { together } from "../bot/words/colleague/together.ts";
import { trouble } from "../bot/words/colleague/trouble.ts";
import { typedAnswer } from "../bot/words/colleague/typed-answer.ts";
import { type VisitText, visit } from "../bot/words/colleague/visit.ts";
import { guardButtons } from "../bot/words/guard/guard-buttons.ts";
import { guardMessage } from "../bot/words/guard/guard-message.ts";
import { guardState } from "../bot/words/guard/guard-state.ts";
import { guardView } from "../bot/words/guard/guard-view.ts";
import { page } from "../bot/words/guard/page.ts";
import { readOut } from "../bot/words/guard/read-out.ts";
import { voice } from "../bot/words/guard/voice.ts";
import { routeTest } from "../bot/words/operator/route-test.ts";
import { secretUse } from "../bot/words/operator/secret-use.ts";
import { signOfLife } from "../bot/words/operator/sign-of-life.ts";
import { teamsTest } from "../bot/words/operator/teams-test.ts";
import { teamsTrouble } from "../bot/words/operator/teams-trouble.ts";
import { troubleReport } from "../bot/words/operator/trouble-report.ts";
import { otherAlarm } from "../bot/words/shared/other-alarm.ts";
import { terms } from "../bot/words/shared/terms.ts";

/** All that the bot says in Dutch, for tests that ask whether it says it; what it says exactly stands in test/words. */
export const nl = {
  alarmInChat: alarmInChat.nl,
  card: { ...card.nl, headline: headline.nl },
  channel: channel.nl,
  otherAlarm: otherAlarm.nl,
  past: past.nl,
  personal: personal.nl,
  presser: presser.nl,
  refusal: refusal.nl,
  ringTest: ringTest.nl,
  routeTest: routeTest.nl,
  secretUse: secretUse.nl,
  security: security.nl,
  signOfLife: signOfLife.nl,
  teamsTest: teamsTest.nl,
  teamsTrouble: teamsTrouble.nl,
  thread: thread.nl,
  together: together.nl,
  trouble: trouble.nl,
  troubleReport: troubleReport.nl,
  typedAnswer: typedAnswer.nl,
  visit: visit.nl,
  guardButtons: guardButtons.nl,
  guardMessage: guardMessage.nl,
  guardState: guardState.nl,
  guardView: guardView.nl,
  readOut: readOut.nl,
  page: page.nl,
  voice: voice.nl,
  terms: terms.nl,
};

/** A sentence as a card shows it: what is bold has no marks. */
export function shown(sentence: string): string {
  return sentence.replaceAll("**", "");
}

/** An answer as a card shows it. */
export function says({ headline, text }: VisitText): string {
  return shown([headline, ...text].join("\n"));
}

/** A sentence as a card shows it, up to the first thing that it is given. */
export function upTo(sentence: (first: string) => string): string {
  return shown(sentence("\0")).split("\0")[0] as string;
}

/** The words by which every sentence on a card asks for a click: they stand before the name of the button. */
export const click = /\w+ op(?= \*\*)/.exec(nl.card.ask.resolve)?.[0] as string;

/** The last word of a sentence, for tests that nothing at all is said of that. */
export function lastWord(sentence: string): string {
  return /\w+(?=\W*$)/.exec(sentence)?.[0] as string;
}

/** A line of a card: its label, and who or what it names. */
export function line(
  label: Exclude<keyof typeof nl.card.label, "security">,
  ...named: readonly (string | { readonly name: string })[]
) {
  const names = named.map((each) => (typeof each === "string" ? each : each.name));
  return `${nl.card.label[label]}: ${names.join(", ")}`;
}

/** The line of a card that says how that way to security stands. */
export function way(pager: string, state: string): string {
  return `${nl.card.label.security(pager)}: ${state}`;
}

/** As a message mentions them. */
export function mention(...who: readonly { readonly name: string }[]): string {
  return who.map(({ name }) => `<at>${name}</at>`).join(", ");
}

/** What a locked phone shows of an answer. */
export function summary({ headline, text }: VisitText): string {
  return shown(`${headline} – ${text[0]}`);
}
