import type { Language } from "../../domain/language.ts";
import type { Person } from "../../domain/person.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Log } from "../../log.ts";
import type { RouteTesting } from "../../ports/route-testing.ts";
import type { Clock } from "../../ports/time.ts";
import { routeTest } from "../../words/colleague/route-test.ts";
import type { PersonalCard } from "../cards/personal-card.ts";
import { toRouteTestCard, toSentenceCard } from "../cards/route-test-card.ts";
import type { Origin } from "../wire/activity.ts";
import { withNote } from "../wire/outgoing.ts";
import type { TestCommand } from "../wire/personal-command.ts";
import { answerWithinMs } from "./clicks.ts";

export interface TestingOptions {
  readonly routeTests: RouteTesting;
  /** Who may call external security for a test, and say that it arrived. */
  readonly mayTest: (person: Person) => boolean;
  /** The channel of the configuration that this conversation is; null: none. */
  readonly channelOf: (conversation: string) => string | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  readonly timezone: string;
}

/** Starts a test of the routes, or shows how it stands. The answer: always one, and always in time. Never rejects. */
export async function handleTestCommand(
  origin: Origin,
  command: TestCommand,
  options: TestingOptions,
): Promise<PersonalCard> {
  const { clock, log, language } = options;
  const undone = routeTest[language].undone;
  const shown = await withTimeout(clock, answerWithinMs, act(origin, command, options)).catch((error: unknown) => {
    log.error({ command: command.kind, err: error }, "test-wish-failed");
    return toSentenceCard(undone, options);
  });
  if (shown !== late) return shown;
  log.error({ command: command.kind }, "test-wish-late");
  return toSentenceCard(undone, options);
}

async function act(
  { from, conversation }: Origin,
  command: TestCommand,
  options: TestingOptions,
): Promise<PersonalCard> {
  const { routeTests, mayTest, channelOf, language } = options;
  const words = routeTest[language];
  const isAllowed = mayTest(from);
  if (command.kind === "test") {
    if (!isAllowed) return toSentenceCard(words.forbidden, options);
    return toRouteTestCard(await routeTests.start(from.name, channelOf(conversation)), options);
  }
  const isConfirmed = command.kind === "test-confirm" && isAllowed;
  const test = await (isConfirmed ? routeTests.confirm(command.test, command.pager) : routeTests.load(command.test));
  if (test === null) return toSentenceCard(words.gone, options);
  const shown = toRouteTestCard(test, options);
  if (command.kind === "test-look" || isAllowed) return shown;
  return { ...shown, card: withNote(shown.card, words.forbidden) };
}
