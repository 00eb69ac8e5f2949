import { personalVerbs } from "../bot/teams/wire/personal-command.ts";
import { buttonsOf, incidentOf } from "./card-text.ts";
import type { FakeTeams, PostedCard } from "./fakes/teams.ts";

type Cards = Pick<FakeTeams, "cards" | "removed" | "unanswered">;

/** What was found before, because a story may have a thousand cards. */
const known = new WeakMap<PostedCard, string | undefined>();

/**
 * The incident that a card was posted for; undefined for an answer, and for one that is of none, or was closed by then.
 */
export function alarmOf(card: PostedCard): string | undefined {
  const content = card.shown[0]?.attachments?.[0]?.content;
  if (!known.has(card)) known.set(card, isAnswer(card) ? undefined : incidentOf(content));
  return known.get(card);
}

/** Whether a card answers whoever typed there, by its buttons: it may be posted before their alarm's own, or after. */
export function isAnswer({ shown: [posted] }: PostedCard): boolean {
  return buttonsOf(posted?.attachments?.[0]?.content).some(({ verb }) => ownVerbs.has(verb));
}

/** What one clicks for oneself. */
const ownVerbs: ReadonlySet<string> = new Set(personalVerbs.filter((verb) => !/^(test|ring)-/.test(verb)));

/**
 * Whether that card follows another of its alarm that Teams answered for: because a round began, or since that one was
 * lost.
 */
export function isFurther(card: PostedCard, { cards, removed, unanswered }: Cards): boolean {
  const incident = alarmOf(card);
  if (incident === undefined) return false;
  const earlier = [...removed, ...cards].filter(({ id }) => Number(id) < Number(card.id) && !unanswered.has(id));
  return earlier.some((each) => alarmOf(each) === incident);
}

/** That card, and those that followed it, the newest last. */
export function withFurther(card: PostedCard, teams: Cards): readonly PostedCard[] {
  const incident = alarmOf(card);
  const isLater = ({ id }: PostedCard) => Number(id) > Number(card.id);
  return [card, ...teams.cards.filter((each) => isLater(each) && alarmOf(each) === incident && isFurther(each, teams))];
}
