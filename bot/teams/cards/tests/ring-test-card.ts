import type { IAdaptiveCard, IContainer, IExecuteAction } from "@microsoft/teams.cards";
import type { Language } from "../../../domain/language.ts";
import type { Asked, RingTest } from "../../../domain/ring-test/ring-test.ts";
import { toLine } from "../../../kit/safe-text.ts";
import { ringTest } from "../../../words/colleague/ring-test.ts";
import { maxLineLengths } from "../../../words/shared/line.ts";
import { toBanner, toBlock, toLabelled, toRuns } from "../elements.ts";
import { toExecute } from "../execute.ts";
import type { PersonalCard } from "../personal-card.ts";

interface Context {
  readonly language: Language;
}

/** More people than this do not fit a card that Teams takes; those of whom nothing was heard stand first. */
const maxPeople = 60;

/** The card that asks somebody whether they hear it. */
export function toRingAskCard(test: string, { language }: Context): PersonalCard {
  const { ask, button } = ringTest[language];
  const actions = [{ ...toExecute(button.heard, "ring-heard", { test }), style: "positive" } as const];
  return toCard(ask.headline, ask.text, "emphasis", language, actions);
}

/** The same once they have said so. */
export function toRingHeardCard({ language }: Context): PersonalCard {
  const { heard } = ringTest[language];
  return toCard(heard.headline, heard.text, "good", language);
}

/** How far a ring test came. `mayName`: whoever sees it may know who was asked and who has answered. */
export function toRingTestCard(test: RingTest, mayName: boolean, { language }: Context): PersonalCard {
  const words = ringTest[language];
  const heard = test.asked.filter(({ state }) => state === "heard").length;
  const isAll = heard === test.asked.length;
  const text = [
    words.heardCount(heard, test.asked.length),
    ...(mayName ? [] : [words.namesElsewhere]),
    ...(isAll ? [] : [words.intro]),
    words.again,
    words.startedBy(toLine(test.by, maxLineLengths.name).replaceAll("*", "")),
  ];
  const refresh = toExecute(words.button.refresh, "ring-look", { test: test.id });
  const made = toCard(isAll ? words.allHeard : words.running, text, isAll ? "good" : "emphasis", language, [refresh]);
  const [banner, ...sentences] = made.card.body ?? [];
  if (!mayName || banner === undefined) return made;
  return { ...made, card: { ...made.card, body: [banner, ...toPeople(test, language), ...sentences] } };
}

function toPeople({ asked }: RingTest, language: Language) {
  const words = ringTest[language];
  const byPerson = [...Map.groupBy(asked, ({ person }) => person.id).values()];
  const silentFirst = byPerson.toSorted((a, b) => Number(isHeard(a)) - Number(isHeard(b)));
  const rest = silentFirst.length - maxPeople;
  return [
    ...silentFirst.slice(0, maxPeople).map((routes) => {
      const name = toLine(routes[0]?.person.name ?? "", maxLineLengths.name);
      return toLabelled(
        name,
        routes.map(({ route, state }) => `${words.route[route]}: ${words.state[state]}`).join(", "),
      );
    }),
    ...(rest > 0 ? [toBlock(toRuns(words.more(rest)))] : []),
  ];
}

function isHeard(routes: readonly Asked[]): boolean {
  return routes.every(({ state }) => state === "heard");
}

function toCard(
  headline: string,
  text: readonly string[],
  style: NonNullable<IContainer["style"]>,
  language: Language,
  actions: IExecuteAction[] = [],
): PersonalCard & { readonly card: IAdaptiveCard } {
  const body = [
    toBanner(headline, style),
    ...text.map((sentence, index) => toBlock(toRuns(sentence), index === 0 ? "Medium" : "Small")),
  ];
  return {
    summary: headline,
    isUnrecorded: true,
    card: { type: "AdaptiveCard", version: "1.5", lang: language, fallbackText: headline, body, actions },
  };
}
