import type { HistoryLine } from "../../../domain/incident/history.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Language } from "../../../domain/language.ts";
import type { Names } from "../../../domain/names.ts";
import { late, withTimeout } from "../../../kit/with-timeout.ts";
import type { CommandResult } from "../../../ports/click.ts";
import type { CardState } from "../../../ports/store/teams.ts";
import { type CardWords, card as cardWords } from "../../../words/colleague/card.ts";
import { channel } from "../../../words/colleague/channel.ts";
import { toChatCard } from "../../cards/chat/chat-card.ts";
import type { CardContext } from "../../cards/context.ts";
import { toIncidentCard } from "../../cards/incident/incident-card.ts";
import { toOldCard } from "../../cards/incident/old-card.ts";
import { toRefusal } from "../../cards/incident/refusal.ts";
import { toTagOnCard } from "../../cards/incident/tag.ts";
import type { Channels } from "../../outbound/channels.ts";
import type { ChatCards } from "../../outbound/chat/chat-cards.ts";
import { findCardLink } from "../../outbound/incident/card-link.ts";
import type { InboundActivity } from "../../wire/activity.ts";
import { type InvokeAnswer, toCardAnswer, toSentenceAnswer, withNote } from "../../wire/outgoing.ts";
import { findNewer, type StandingCards } from "./clicked-card.ts";
import { type NoResult, type SubmitOptions, submitAnswer } from "./submit-answer.ts";

/** The answer waits this much longer for the history of a closed incident, and as long for its cards. */
const loadWithinMs = 500;

export interface ClicksOptions extends SubmitOptions {
  readonly language: Language;
  readonly timezone: string;
  readonly names: Names;
  /** Loads the history of an incident, oldest first; rejects when the storage is down. */
  readonly loadHistory: (incident: string) => Promise<readonly HistoryLine[]>;
  /** Loads the cards of an incident; rejects when the storage is down. */
  readonly loadCards: (incident: string) => Promise<StandingCards>;
  readonly channels: Pick<Channels, "namesOf" | "findLink">;
  readonly chatCards: Pick<ChatCards, "loadAnswer">;
}

type ClickActivity = Extract<InboundActivity, { kind: "click" }>;

/** Handles clicks on cards. */
export class Clicks {
  readonly #options: ClicksOptions;
  /** Shown when a click has no result; the log says why. */
  readonly #sentences: Readonly<Record<NoResult, string>>;

  constructor(options: ClicksOptions) {
    const words = channel[options.language];
    this.#options = options;
    this.#sentences = { kept: words.clickFailed, "not-kept": words.clickNotKept, unknown: words.clickUnknown };
  }

  /** Handles a click and resolves with what the person is shown; never rejects, and always ends in time. */
  async answer(inbound: InboundActivity): Promise<InvokeAnswer> {
    const result = await this.#handleClick(inbound);
    if (typeof result === "string") return toSentenceAnswer(this.#sentences[result]);
    if (isInChat(inbound)) return this.#answerInChat(inbound, result);
    const { language, timezone, names } = this.#options;
    const { incident, policy, reason } = result;
    const history = incident.closedAt === null ? [] : await this.#loadHistory(incident.id);
    const cards = await this.#inTime(this.#options.loadCards(incident.id), { newest: null, older: [] });
    const context = { language, timezone, names, policy, history };
    const refusal = toRefusal(reason, language);
    const newer = findNewer(inbound.origin, cards);
    if (newer !== null) return this.#answerOnOldCard(newer, incident, context, refusal);
    const tag = toTagOnCard(incident, policy, cards.newest?.isTagRung === true);
    const fresh = toIncidentCard(incident, context, [], tag);
    // An answer holds a card or a sentence. The card shows the present state; the sentence on it is seen by this person
    // alone.
    return toCardAnswer(refusal === null ? fresh : withNote(fresh, refusal));
  }

  /** Where it can't be read which card was clicked, the card of the alarm alone, without the way to the channel. */
  async #answerInChat({ origin, card }: ClickActivity, result: CommandResult): Promise<InvokeAnswer> {
    const { language, timezone, names, chatCards } = this.#options;
    const { incident, policy, reason } = result;
    const context = { language, timezone, names, policy, history: [] };
    const loaded = await this.#inTime(chatCards.loadAnswer(incident, origin.from, card), null);
    const alone = { incident, context, link: null, isFollowed: false };
    const fresh = loaded ?? toChatCard([alone], origin.from, context);
    const refusal = toRefusal(reason, language);
    return toCardAnswer(refusal === null ? fresh.card : withNote(fresh.card, refusal));
  }

  /** What comes back to an old card is an old card, because nothing would bring it up to date in that place. */
  async #answerOnOldCard(
    newer: CardState,
    incident: Incident,
    context: CardContext,
    refusal: string | null,
  ): Promise<InvokeAnswer> {
    const link = await findCardLink(newer, incident.channel, this.#options.channels);
    const { old }: CardWords = cardWords[context.language];
    return toCardAnswer(withNote(toOldCard(incident, link, context).card, refusal ?? old.counted));
  }

  /**
   * Handles a click from a client without Action.Execute, which takes a sentence only; null when the card will show it.
   */
  async reply(inbound: InboundActivity): Promise<string | null> {
    const result = await this.#handleClick(inbound);
    return typeof result === "string" ? this.#sentences[result] : toRefusal(result.reason, this.#options.language);
  }

  /** Loads what a closed card tells. */
  #loadHistory(incident: string): Promise<readonly HistoryLine[]> {
    return this.#inTime(this.#options.loadHistory(incident), []);
  }

  /** Resolves with what is loaded, or `without` it: then the card says less, but comes in time. */
  async #inTime<T>(loading: Promise<T>, without: T): Promise<T> {
    const loaded = await withTimeout(
      this.#options.clock,
      loadWithinMs,
      loading.catch(() => without),
    );
    return loaded === late ? without : loaded;
  }

  async #handleClick(inbound: InboundActivity): Promise<CommandResult | NoResult> {
    return inbound.kind === "click" ? submitAnswer(inbound.origin, inbound, this.#options) : "unknown";
  }
}

/** Whether it is a click that somebody made in their own chat. */
function isInChat(inbound: InboundActivity): inbound is ClickActivity {
  return inbound.kind === "click" && inbound.origin.scope === "personal";
}
