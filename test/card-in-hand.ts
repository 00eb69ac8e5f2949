import { buttonsOf, incidentOf, textsOf, titlesOf } from "./card-text.ts";
import type { FakeTeams, PostedCard } from "./fakes/teams.ts";
import type { Settings } from "./settings.ts";

/** A card as a colleague sees it now. */
export interface CardInHand {
  readonly posted: PostedCard;
  /** All the text of the newest state, a line each. */
  readonly text: string;
  readonly buttons: readonly string[];
  /** The replies under it as they are now, the oldest first; what mentions nobody line by line. */
  readonly thread: readonly string[];
  readonly incident: string;
  /** How often it was updated. */
  readonly updates: number;
}

/** What the bot said in a chat: a card, or a text alone. */
export interface ChatCard {
  readonly conversation: string;
  /** The id of the message; left out: the answer to a click. */
  readonly id?: string;
  readonly text: string;
  readonly summary: string | undefined;
  readonly buttons: readonly string[];
  readonly actions: readonly { readonly title: string; readonly verb: string; readonly data: Settings }[];
}

export function toChatCard(
  conversation: string,
  content: unknown,
  text: string,
  { summary, id }: { readonly summary?: string | undefined; readonly id?: string } = {},
): ChatCard {
  const shown = content === undefined ? text : textsOf(content).join("\n");
  return {
    conversation,
    ...(id === undefined ? {} : { id }),
    text: shown,
    summary,
    buttons: titlesOf(content),
    actions: buttonsOf(content),
  };
}

/**
 * That card as it is now, with what stands under it. `roots`: its id and those of the cards that it followed, whose
 * replies count too.
 */
export function toCardInHand(
  posted: PostedCard,
  { replies, edits }: Pick<FakeTeams, "replies" | "edits">,
  roots: readonly string[] = [posted.id],
): CardInHand {
  const content = posted.shown.at(-1)?.attachments?.[0]?.content;
  return {
    posted,
    text: textsOf(content).join("\n"),
    buttons: titlesOf(content),
    thread: replies
      .filter(({ root }) => root !== null && roots.includes(root))
      .map((reply) => edits.findLast(({ id }) => id === reply.id) ?? reply)
      .flatMap(({ body: { text = "", entities } }) => (entities === undefined ? text.split("\n\n") : [text])),
    incident: incidentOf(content) ?? (lastIncidentOf(posted) as string),
    updates: posted.shown.length - 1,
  };
}

/** A closed card has no buttons that name its incident: the state before has. */
function lastIncidentOf(posted: PostedCard): string | undefined {
  return posted.shown.map((body) => incidentOf(body.attachments?.[0]?.content)).find((id) => id !== undefined);
}
