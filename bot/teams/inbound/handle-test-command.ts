import type { Language } from "../../domain/language.ts";
import type { Names } from "../../domain/names.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Log } from "../../log.ts";
import type { RouteTesting } from "../../ports/tests/route-testing.ts";
import type { Clock } from "../../ports/time.ts";
import { routeTest } from "../../words/operator/route-test.ts";
import type { PersonalCard } from "../cards/personal-card.ts";
import { toRouteTestCard, toSentenceCard } from "../cards/tests/route-test-card.ts";
import { toTestAnswer } from "../cards/tests/teams-test-card.ts";
import type { TeamsTests } from "../outbound/teams-test/teams-tests.ts";
import type { Origin } from "../wire/activity.ts";
import { withNote } from "../wire/outgoing.ts";
import type { TestCommand } from "../wire/personal-command.ts";
import { answerWithinMs } from "./answers/submit-answer.ts";
import type { Askers } from "./askers.ts";

export interface TestingOptions {
  readonly routeTests: RouteTesting;
  readonly teamsTests: Pick<TeamsTests, "takeClick">;
  readonly askers: Askers;
  /** Names the channel of the configuration that this conversation is; null when it is none. */
  readonly channelOf: (conversation: string) => string | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  readonly timezone: string;
  readonly names: Names;
}

/**
 * Runs a command about a test, of the routes or of Teams, and resolves with the card that answers it; it never rejects,
 * and always ends in time.
 */
export async function handleTestCommand(
  origin: Origin,
  command: TestCommand,
  options: TestingOptions,
): Promise<PersonalCard> {
  const { clock, log, language } = options;
  const failureText = routeTest[language].undone;
  const answer = await withTimeout(clock, answerWithinMs, runTestCommand(origin, command, options)).catch(
    (error: unknown) => {
      log.error({ command: command.kind, err: error }, "test-wish-failed");
      return toSentenceCard(failureText, options);
    },
  );
  if (answer !== late) return answer;
  log.error({ command: command.kind }, "test-wish-late");
  return toSentenceCard(failureText, options);
}

async function runTestCommand(origin: Origin, command: TestCommand, options: TestingOptions): Promise<PersonalCard> {
  const { routeTests, teamsTests, askers, channelOf, language } = options;
  if (command.kind === "test-click") {
    const mayCount = askers.refusalOf("test-click", origin) === null;
    const isTaken = mayCount && teamsTests.takeClick(command.test, origin.conversation, origin.client);
    return toTestAnswer(!isTaken, language);
  }
  const words = routeTest[language];
  const forbidden = askers.hasLeads ? words.forbidden : words.wrongCode;
  const isAllowed = askers.refusalOf(command.kind, origin, command.kind === "test" ? command.code : null) === null;
  if (command.kind === "test") {
    if (!isAllowed) return toSentenceCard(forbidden, options);
    return toRouteTestCard(await routeTests.start(origin.from, channelOf(origin.conversation)), options);
  }
  // Who may not look is told no more than of a test that is not there.
  if (!isAllowed && askers.refusalOf("test-look", origin) !== null) return toSentenceCard(words.gone, options);
  const isConfirmed = command.kind === "test-confirm" && isAllowed;
  const test = await (isConfirmed ? routeTests.confirm(command.test, command.pager) : routeTests.load(command.test));
  if (test === null) return toSentenceCard(words.gone, options);
  const testCard = toRouteTestCard(test, options);
  if (command.kind === "test-look" || isAllowed) return testCard;
  return { ...testCard, card: withNote(testCard.card, forbidden) };
}
