import type { Incident } from "../../../domain/incident/incident.ts";
import { done, type SendOutcome } from "../../../ports/send-outcome.ts";
import type { Store, Transaction } from "../../../ports/store/store.ts";
import type { CardState, SentMessage } from "../../../ports/store/teams.ts";
import type { Clock } from "../../../ports/time.ts";
import type { ConnectorFor } from "../../wire/budget/connector-for.ts";
import { isRefused } from "../../wire/failure.ts";
import type { Channels } from "../channels.ts";
import type { ChannelRings } from "./channel-rings.ts";
import type { FoundCard } from "./found-card.ts";
import type { LostCards } from "./lost-cards.ts";
import type { OldCards } from "./old-cards.ts";
import type { RenderedCard, RootCards } from "./root-cards.ts";
import type { Progress, RoundReplies } from "./round-replies.ts";
import type { Thread } from "./thread.ts";
import { toFreeAt } from "./when-free.ts";

/** How long to wait before an old card is tried again. */
const oldAgainMs = 1_000;

export interface CardSyncOptions {
  readonly channels: Pick<Channels, "findLink">;
  readonly connectorFor: ConnectorFor;
  readonly store: Store;
  readonly clock: Clock;
  readonly roots: RootCards;
  readonly oldCards: OldCards;
  readonly thread: Pick<Thread, "ask">;
  readonly replies: RoundReplies;
  readonly lost: LostCards;
  readonly rings: Pick<ChannelRings, "isUnderWay">;
}

/** Brings a card that stands up to date. */
export class CardSync {
  readonly #options: CardSyncOptions;

  constructor(options: CardSyncOptions) {
    this.#options = options;
  }

  /**
   * Shows the newest state, at most once a second, because that is what people act on; then has older cards lead to
   * this one, asks what is to be asked, and tells what happened once the card shows it. Rejects with DeliveryError.
   */
  async sync(found: FoundCard, signal: AbortSignal): Promise<SendOutcome> {
    const { state, incident, lines, asks, older } = found;
    const { clock, store, roots, oldCards, lost, rings } = this.#options;
    // Asked now and later, because a newer card may come and stand while this one is shown.
    const isRinging = rings.isUnderWay(incident.id);
    const card = await roots.render(incident, state);
    const isStale = state.shown !== card.digest;
    if (state.activity === "") return isStale ? lost.replaceCard(state, incident, true, signal) : done;
    const moved = await this.#followChannel(state, incident, signal);
    if (moved !== null) return moved;
    const freeAt = toFreeAt(state, clock.now());
    const isShown = isStale && clock.now() >= freeAt;
    if (isShown && !(await this.#show(state, card, incident, signal)))
      return lost.replaceCard(state, incident, false, signal);
    const shown = isShown ? { ...state, shown: card.digest, shownAt: clock.now() } : state;
    if (isShown && lines.length + asks.length + older.length > 0) await store.write((tx) => tx.saveShown(shown));
    const [here, elsewhere] = splitByPlace(older, state);
    const isHereDone = await oldCards.change(here, state, incident, signal);
    const isHeld = isRinging || rings.isUnderWay(incident.id);
    const thread = await this.#followUp(
      isHeld ? { ...found, lines: [], asks: [] } : found,
      card,
      isStale && !isShown,
      signal,
    );
    if (thread.kind === "lost") return lost.replaceCard(shown, incident, false, signal);
    const record = async (tx: Transaction) => {
      if (isShown) await tx.saveShown(shown);
      if (thread.repliedTo > state.repliedTo) await tx.saveRepliedTo(incident.id, thread.repliedTo);
    };
    if (thread.kind === "more") return { kind: "again", at: clock.now(), record };
    if (isStale && !isShown) return { kind: "again", at: freeAt, record };
    // The last of all, because a conversation of before may not answer any more.
    const isElsewhereDone = await oldCards.change(elsewhere, state, incident, signal);
    const waits = [thread.askAgainAt, isHereDone && isElsewhereDone ? null : clock.now() + oldAgainMs];
    const next = waits.filter((at) => at !== null);
    return next.length === 0 ? { ...done, record } : { kind: "again", at: Math.min(...next), record };
  }

  /**
   * Posts a new card where the alarms of that channel go by now, because whoever looks there has to see those that are
   * open; null: that is where it stands, or Teams does not take it there.
   */
  async #followChannel(state: CardState, incident: Incident, signal: AbortSignal): Promise<SendOutcome | null> {
    const { channels, lost } = this.#options;
    const link = await channels.findLink(incident.channel);
    if (incident.closedAt !== null || link === null || link.conversation === state.conversation) return null;
    try {
      return await lost.replaceCard(state, incident, false, signal);
    } catch (error) {
      // A channel that refuses it must not keep the card that stands from showing what is so.
      if (!isRefused(error)) throw error;
      return null;
    }
  }

  /** Answers false when the card is lost. */
  async #show(state: CardState, card: RenderedCard, incident: Incident, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#update(state, card, signal);
    } catch (error) {
      if (!isRefused(error)) throw error;
      this.#options.lost.noteRefusedCard(incident, error);
      return false;
    }
    this.#options.lost.noteFound(incident);
    return true;
  }

  /**
   * `isBehind`: the card does not show yet what there is to tell, so that it is told later, together with more.
   * `askAgainAt`: when what Teams refused is asked again, in epoch milliseconds; null: there is no such thing.
   */
  async #followUp(
    found: FoundCard,
    card: RenderedCard,
    isBehind: boolean,
    signal: AbortSignal,
  ): Promise<Progress & { readonly askAgainAt: number | null }> {
    const { thread, replies, lost } = this.#options;
    const { state, incident } = found;
    // An update tells whether the card is gone, or Teams does not take this reply.
    const isGone = async () => !(await this.#show(state, card, incident, signal));
    const asked = await thread.ask(found, signal, async () => lost.noteRefusal("card", incident) && (await isGone()));
    const askAgainAt = asked.kind === "waiting" ? asked.at : null;
    if (asked.kind === "lost" || isBehind)
      return { kind: asked.kind === "lost" ? "lost" : "done", repliedTo: state.repliedTo, askAgainAt };
    const progress = await replies.tell({ ...found, reply: asked.reply }, signal, (error) => {
      lost.noteRefusedCard(incident, error);
      return isGone();
    });
    return { ...progress, askAgainAt };
  }

  #update({ serviceUrl, conversation, activity }: CardState, card: RenderedCard, signal: AbortSignal): Promise<void> {
    return this.#options.connectorFor("update").update(serviceUrl, conversation, activity, card.activity, signal);
  }
}

/** Those that stand where the newest card does, and those that do not, because the channel was linked elsewhere. */
function splitByPlace(older: readonly SentMessage[], { conversation }: CardState) {
  const here = older.filter((each) => each.conversation === conversation);
  return [here, older.filter((each) => !here.includes(each))] as const;
}
