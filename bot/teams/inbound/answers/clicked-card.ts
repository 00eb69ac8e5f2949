import type { Reader } from "../../../ports/store/store.ts";
import type { CardState } from "../../../ports/store/teams.ts";
import type { Origin } from "../../wire/activity.ts";

/** The cards of an incident as they stand in its channels. */
export interface StandingCards {
  /** null: none stands yet. */
  readonly newest: CardState | null;
  /** The activity ids of those that a newer one has followed. */
  readonly older: readonly string[];
}

export async function loadStandingCards(
  incident: string,
  reader: Pick<Reader, "loadCard" | "listMessages">,
): Promise<StandingCards> {
  const newest = await reader.loadCard(incident);
  const messages = await reader.listMessages(incident);
  const cards = messages.filter(({ kind }) => kind === "card" || kind === "old-card");
  return { newest, older: cards.flatMap(({ activity }) => (activity === newest?.activity ? [] : [activity])) };
}

/** The card that follows the one that was clicked; null: that is the newest, or no card in a channel. */
export function findNewer({ thread }: Pick<Origin, "thread">, { newest, older }: StandingCards): CardState | null {
  const clicked = /;messageid=(.+)$/s.exec(thread)?.[1];
  return clicked !== undefined && older.includes(clicked) && newest?.activity !== "" ? newest : null;
}
