import { incidentOf } from "./card-text.ts";
import type { FakeTeams, PostedCard } from "./fakes/teams.ts";

type Cards = Pick<FakeTeams, "cards" | "removed" | "unanswered">;

/** What was found before, because a story may have a thousand cards. */
const known = new WeakMap<PostedCard, string | undefined>();

/** The incident that a card was posted for; undefined for one that is of none, or was closed by then. */
export function alarmOf(card: PostedCard): string | undefined {
  if (!known.has(card)) known.set(card, incidentOf(card.shown[0]?.attachments?.[0]?.content));
  return known.get(card);
}

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
