import type { IAdaptiveCard } from "@microsoft/teams.cards";
import type { Language } from "../../../domain/language.ts";
import type { Person } from "../../../domain/person.ts";
import { teamsTest } from "../../../words/operator/teams-test.ts";
import { toBanner, toBlock, toRuns } from "../elements.ts";
import { toExecute } from "../execute.ts";
import { toEntities, toMentionBlock } from "../mentions.ts";
import { toMentions } from "../message.ts";
import type { PersonalCard } from "../personal-card.ts";

/** What a test of Teams says as plain text, by its name in the words. */
export function toTestText(what: "post" | "edited" | "reply" | "chat" | "over", language: Language): string {
  const words = teamsTest[language];
  return `${words.headline}. ${words[what]}`;
}

/** The card that mentions the one person who is rung, by their Entra object id, as the card of an incident does. */
export function toTestMention(person: Person, language: Language): PersonalCard {
  const words = teamsTest[language];
  const mentioned = toMentions([person], words.nameless);
  return toTestCard(words.mention, language, [toMentionBlock(words.label, mentioned)], {
    msteams: { entities: toEntities(mentioned) },
  });
}

/** The card with a button that does nothing but arrive. */
export function toTestButton(test: string, language: Language): PersonalCard {
  const words = teamsTest[language];
  return toTestCard(words.ask, language, [], { actions: [toExecute(words.button, "test-click", { test })] });
}

/** The answer to a click. `isOver`: on the card of a test that is over. */
export function toTestAnswer(isOver: boolean, language: Language): PersonalCard {
  const words = teamsTest[language];
  return toTestCard(isOver ? words.gone : words.clicked, language);
}

/** What the cards say in the end. */
export function toTestOver(language: Language): PersonalCard {
  return toTestCard(teamsTest[language].over, language);
}

function toTestCard(
  sentence: string,
  language: Language,
  blocks: readonly NonNullable<IAdaptiveCard["body"]>[number][] = [],
  more: Pick<IAdaptiveCard, "actions" | "msteams"> = {},
): PersonalCard {
  const { headline } = teamsTest[language];
  const summary = `${headline}. ${sentence.replaceAll("**", "")}`;
  const body = [toBanner(headline, "emphasis"), toBlock(toRuns(sentence)), ...blocks];
  return {
    summary,
    card: { type: "AdaptiveCard", version: "1.5", lang: language, fallbackText: summary, body, ...more },
  };
}
