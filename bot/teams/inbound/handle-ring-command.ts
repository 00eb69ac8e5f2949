import type { RingTest } from "../../domain/ring-test/ring-test.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { RingTesting } from "../../ports/tests/ring-testing.ts";
import { ringTest } from "../../words/colleague/ring-test.ts";
import type { PersonalCard } from "../cards/personal-card.ts";
import { toRingAskCard, toRingHeardCard, toRingTestCard } from "../cards/tests/ring-test-card.ts";
import { toSentenceCard } from "../cards/tests/route-test-card.ts";
import type { Origin } from "../wire/activity.ts";
import { withNote } from "../wire/outgoing.ts";
import type { RingCommand } from "../wire/personal-command.ts";
import { answerWithinMs } from "./answers/submit-answer.ts";
import type { TestingOptions } from "./handle-test-command.ts";

export interface RingingOptions extends Omit<TestingOptions, "routeTests" | "teamsTests"> {
  readonly ringTests: RingTesting;
}

/**
 * Runs a command about whether people hear that they are rung, and resolves with the card that answers it; it never
 * rejects, and always ends in time.
 */
export async function handleRingCommand(
  origin: Origin,
  command: RingCommand,
  options: RingingOptions,
): Promise<PersonalCard> {
  const { clock, log } = options;
  const answer = await withTimeout(clock, answerWithinMs, runRingCommand(origin, command, options)).catch(
    (error: unknown) => {
      log.error({ command: command.kind, err: error }, "test-wish-failed");
      return toFailure(command, options);
    },
  );
  if (answer !== late) return answer;
  log.error({ command: command.kind }, "test-wish-late");
  return toFailure(command, options);
}

async function runRingCommand(origin: Origin, command: RingCommand, options: RingingOptions): Promise<PersonalCard> {
  const { ringTests, askers, channelOf, language } = options;
  const words = ringTest[language];
  if (command.kind === "ring-heard") {
    if (askers.refusalOf("ring-heard", origin) !== null) return toSentenceCard(words.notListed, options);
    await ringTests.hearInChat(origin.from, command.test);
    return toRingHeardCard(options);
  }
  if (command.kind !== "ring-test") {
    const isAllowed = askers.refusalOf("ring-look", origin) === null;
    const test = isAllowed ? await ringTests.load(command.test) : null;
    return test === null ? toSentenceCard(words.gone, options) : toOverview(test, origin, options);
  }
  if (askers.refusalOf("ring-test", origin, command.code) !== null)
    return toSentenceCard(askers.hasLeads ? words.forbidden : words.wrongCode, options);
  const started = await ringTests.start(origin.from, channelOf(origin.conversation));
  switch (started.kind) {
    case "started":
    case "under-way":
      return toOverview(started.test, origin, options);
    case "alarm":
      return toSentenceCard(words.alarm, options);
    case "no-roster":
      return toSentenceCard(words.noRoster, options);
    case "nobody-on-duty":
      return toSentenceCard(words.nobodyOnDuty, options);
  }
}

/** The names are for team leads, and not for a channel in which others read along. */
function toOverview(test: RingTest, origin: Origin, options: RingingOptions): PersonalCard {
  return toRingTestCard(test, options.askers.refusalOf("ring-names", origin) === null, options);
}

/** Who is asked keeps the button. */
function toFailure(command: RingCommand, options: RingingOptions): PersonalCard {
  const words = ringTest[options.language];
  if (command.kind !== "ring-heard") return toSentenceCard(words.undone, options);
  const asked = toRingAskCard(command.test, options);
  return { ...asked, card: withNote(asked.card, words.notKept) };
}
