import type { IContainer, IExecuteAction } from "@microsoft/teams.cards";
import type { RouteTest } from "../../../domain/route-test/route-test.ts";
import { toLine } from "../../../kit/safe-text.ts";
import { routeTest, toPagerWords, toTestHeadline } from "../../../words/operator/route-test.ts";
import { maxLineLengths } from "../../../words/shared/line.ts";
import type { CardSettings } from "../context.ts";
import { toBanner, toBlock, toButtonRows, toLabelled, toRuns } from "../elements.ts";
import { toExecute } from "../execute.ts";
import { toClock } from "../incident/ask.ts";
import { toMessageText } from "../message.ts";
import type { PersonalCard } from "../personal-card.ts";

type Context = CardSettings;

/**
 * Teams shows six buttons of a card; one of them refreshes. What does not fit comes up once one of these is confirmed.
 * https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference#adaptive-card
 */
const maxConfirmButtons = 5;

/** The card of a test of the routes; while the test runs, with a button for each route that a colleague can confirm. */
export function toRouteTestCard(test: RouteTest, context: Context): PersonalCard {
  const { language, names } = context;
  const words = routeTest[language];
  const headline = toTestHeadline(test, language);
  const isOver = test.nextAt === null;
  const confirmable = isOver ? [] : toConfirmable(test);
  const sentences = [
    isOver ? words.again : words.intro(toClock(test.endsAt, context)),
    ...(confirmable.length === 0 ? [] : [words.ask]),
    test.by === null
      ? words.startedByDoctor
      : words.startedBy(toLine(test.by, maxLineLengths.name).replaceAll("*", "")),
  ];
  const buttons = confirmable.slice(0, maxConfirmButtons).map((pager): IExecuteAction => {
    return toExecute(words.button.confirm(names.pager(pager)), "test-confirm", { test: test.id, pager });
  });
  const refresh = toExecute(words.button.refresh, "test-look", { test: test.id });
  return {
    summary: headline,
    card: {
      type: "AdaptiveCard",
      version: "1.5",
      lang: language,
      fallbackText: headline,
      body: [
        toBanner(headline, toTestStyle(test)),
        ...Object.entries(test.routes).map(([pager, route]) => {
          return toLabelled(names.pager(pager), toPagerWords(route, isOver, language, context.timezone));
        }),
        ...sentences.map((sentence, index) => toBlock(toRuns(sentence), index === 0 ? "Medium" : "Small")),
        ...toButtonRows(isOver ? [] : [refresh, ...buttons]),
      ],
    },
  };
}

/** A card of one sentence about a test, in place of the test. */
export function toSentenceCard(sentence: string, { language }: Context): PersonalCard {
  const summary = sentence.replaceAll("**", "");
  const body = [toBlock(toRuns(sentence))];
  return { summary, card: { type: "AdaptiveCard", version: "1.5", lang: language, fallbackText: summary, body } };
}

/** The result of a test, in markdown, a paragraph a line. */
export function toTestResult(test: RouteTest, { language, timezone, names }: Context): string {
  const words = routeTest[language];
  return [
    toTestHeadline(test, language),
    ...Object.entries(test.routes).map(
      ([pager, route]) =>
        `- ${toMessageText(names.pager(pager), maxLineLengths.technical)}: ${toPagerWords(route, true, language, timezone)}`,
    ),
    test.by === null ? words.startedByDoctor : words.startedBy(toMessageText(test.by, maxLineLengths.name)),
  ].join("\n\n");
}

function toConfirmable({ routes }: RouteTest): string[] {
  return Object.entries(routes).flatMap(([pager, { state }]) => (state === "accepted" ? [pager] : []));
}

function toTestStyle({ routes, nextAt }: RouteTest): NonNullable<IContainer["style"]> {
  if (Object.values(routes).every(({ state }) => state === "answered")) return "good";
  return nextAt === null ? "warning" : "emphasis";
}
