import type { Colleague } from "./teams-activity.ts";
import { listMentioned } from "./teams-mentions.ts";
import type { Delivered, Message, MessageBody, PostedCard, TeamsRoute } from "./teams-wire.ts";

/** What was delivered, in order, and what people did with it. */
export class TeamsMessages {
  readonly cards: PostedCard[] = [];
  /** Cards that somebody deleted. */
  readonly removed: PostedCard[] = [];
  readonly replies: Message[] = [];
  /** Root texts in channels. */
  readonly texts: Message[] = [];
  /** 1:1 messages, `to` whom. */
  readonly direct: (Message & { readonly to: string })[] = [];
  /** Messages that came with text and card together: split, and never to be updated. */
  readonly split: Message[] = [];
  /** What other messages than cards were changed into. */
  readonly edits: Message[] = [];
  /** How Teams answers for a message that somebody deleted, by its id. */
  readonly #answers = new Map<string, 403 | 404>();
  #lastId = 1_795_476_602_000;

  /** A card that stood there before; what is posted from now on gets later ids. */
  remember(card: PostedCard): void {
    this.cards.push(card);
    this.#lastId = Math.max(this.#lastId, Number(card.id));
  }

  remove(id: string, answer: 403 | 404): void {
    const index = this.cards.findIndex((card) => card.id === id);
    if (index >= 0) this.removed.push(...this.cards.splice(index, 1));
    this.#answers.set(id, answer);
  }

  /** The refusal of a reply under that message, or of its update; null: it stands. */
  findLost(id: string): Delivered | null {
    // Both were seen of a deleted message.
    if (this.#answers.get(id) === 403) return { status: 403, code: "ServiceError" };
    const isThere =
      !this.#answers.has(id) &&
      [...this.cards, ...this.texts, ...this.replies, ...this.direct].some((each) => each.id === id);
    return isThere ? null : { status: 404, code: "ActivityNotFoundInConversation" };
  }

  /** `to`: whose chat it is; null: a channel. */
  post(route: TeamsRoute, conversation: string, root: string | null, to: Colleague | null, body: MessageBody): Message {
    const posted: Message = { id: String(++this.#lastId), conversation, root, body };
    if (isSplit(body)) this.split.push(posted);
    else if (to !== null) this.direct.push({ ...posted, to: to.teamsId });
    else if (root !== null) this.replies.push(posted);
    else if (route === "card") this.cards.push({ ...posted, shown: [body] });
    else this.texts.push(posted);
    return posted;
  }

  /** Shows a message anew; null when there is no such message in that conversation. */
  update(conversation: string, id: string, body: MessageBody): Message | null {
    const isIt = (posted: Message) => posted.id === id && posted.conversation === conversation;
    const card = this.cards.find(isIt);
    card?.shown.push(body);
    if (card !== undefined) return { ...card, body };
    const other = [...this.texts, ...this.replies, ...this.direct].find(isIt);
    if (other === undefined) return null;
    const edited = { ...other, body };
    this.edits.push(edited);
    return edited;
  }

  /**
   * How often that colleague's devices rang: 1:1 messages, and posts that mention them. What an update mentions rings
   * nobody.
   */
  countRings({ teamsId, aadObjectId }: Colleague): number {
    const isThem = (id: string) => id === teamsId || id.toLowerCase() === aadObjectId;
    const posts = [...this.cards, ...this.texts, ...this.replies];
    const mentioning = posts.filter(({ body }) => listMentioned(body).some(({ id, isTag }) => !isTag && isThem(id)));
    return this.direct.filter(({ to }) => to === teamsId).length + mentioning.length;
  }
}

export function isSplit(body: MessageBody): boolean {
  return body.text !== undefined && (body.attachments?.length ?? 0) > 0;
}
