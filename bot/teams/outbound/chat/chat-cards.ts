import { isAskable } from "../../../domain/incident/colleagues/inside.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Language } from "../../../domain/language.ts";
import type { Names } from "../../../domain/names.ts";
import type { Person } from "../../../domain/person.ts";
import type { DeliveryError } from "../../../errors.ts";
import type { Log } from "../../../log.ts";
import type { IsOccupied } from "../../../ports/occupied.ts";
import { done, type SendOutcome } from "../../../ports/send-outcome.ts";
import type { ChatCard } from "../../../ports/store/personal-cards.ts";
import type { Store } from "../../../ports/store/store.ts";
import type { Clock } from "../../../ports/time.ts";
import { type AlarmInChat, toChatCard } from "../../cards/chat/chat-card.ts";
import type { CardContext } from "../../cards/context.ts";
import type { ConnectorFor } from "../../wire/budget/connector-for.ts";
import type { OutgoingActivity } from "../../wire/connector.ts";
import { isAnswerLost, isGone, isRefused } from "../../wire/failure.ts";
import { toAnswerActivity, toDigest } from "../../wire/outgoing.ts";
import type { Channels } from "../channels.ts";
import { findCardLink } from "../incident/card-link.ts";
import { isWorthTrying, RefusedEdits } from "./refused-edits.ts";

/** Shown on a card that was posted without an answer: it may stand there, and is posted once more at most. */
const answerLost = "lost";
/** When to come again for whom something else is done. */
const busyForMs = 500;
/** Nobody looks at a card that long after closing. */
const shownForMs = 24 * 3_600_000;

export interface ChatCardsOptions {
  readonly channels: Channels;
  readonly connectorFor: ConnectorFor;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  readonly timezone: string;
  readonly names: Names;
  readonly loadContext: (incident: Incident) => Promise<CardContext>;
  readonly isOccupied: IsOccupied;
}

interface Rendered {
  readonly activity: OutgoingActivity;
  readonly digest: string;
  /** When the last of its alarms was closed; null: one is open. */
  readonly endedAt: number | null;
  /** Whether a new card may ring this person now: it does no good beside an aggressor. */
  readonly mayRing: boolean;
}

/**
 * Posts the cards that follow messages 1:1, and keeps them up to date. They are posted after what rings somebody, and
 * one that Teams does not take holds up nothing. Methods reject with DeliveryError.
 */
export class ChatCards {
  readonly #options: ChatCardsOptions;
  /** By whose card it is and the message that it follows. */
  readonly #refused: RefusedEdits;
  /** Whose cards are worked on: one call after another, so that alarms that share a card do not post it twice. */
  readonly #busy = new Set<string>();

  constructor(options: ChatCardsOptions) {
    this.#options = options;
    this.#refused = new RefusedEdits(options.clock);
  }

  /** What `TeamsSender.syncChatCards` promises. */
  async sync(incident: string, person: Person, signal: AbortSignal): Promise<SendOutcome> {
    // It is not waited for, because a chat that hangs must not hold up those of others.
    if (this.#busy.has(person.id)) return { kind: "again", at: this.#options.clock.now() + busyForMs };
    this.#busy.add(person.id);
    try {
      return await this.#sync(incident, person, signal);
    } finally {
      this.#busy.delete(person.id);
    }
  }

  /**
   * The card for who clicked in their chat: the one that they clicked, else that of the alarm alone. `clicked`: its
   * activity id; null: it is not known.
   */
  async loadAnswer(incident: Incident, person: Person, clicked: string | null): Promise<ReturnType<typeof toChatCard>> {
    const { store } = this.#options;
    const cards = await store.read((reader) => reader.listChatCards(incident.id, person.id));
    const card = cards.find(({ activity }) => activity !== null && activity !== "" && activity === clicked);
    const shared = card === undefined ? [] : await store.read((reader) => reader.listSharedChatCard(card));
    const alarms = shared.length > 1 ? await this.#loadAlarms(shared) : [await this.#toAlarm(incident, false)];
    return toChatCard(alarms, person, this.#options);
  }

  async #sync(id: string, person: Person, signal: AbortSignal): Promise<SendOutcome> {
    const { store, clock } = this.#options;
    const cards = await store.read((reader) => reader.listChatCards(id, person.id));
    let againAt: number | null = null;
    let failure: unknown = null;
    // The newest first, because that is what is acted upon.
    for (const card of cards.toReversed()) {
      try {
        const at = await this.#show(card, person, card === cards.at(-1), signal);
        if (at !== null) againAt = Math.min(at, againAt ?? at);
      } catch (error) {
        // Another card of theirs does not wait for this one.
        failure ??= error;
      }
    }
    if (failure !== null) throw failure;
    return againAt === null ? done : { kind: "again", at: Math.max(againAt, clock.now()) };
  }

  /** Brings one card up to date; resolves with when that may be done again, or null where it is done. */
  async #show(card: ChatCard, person: Person, isNewest: boolean, signal: AbortSignal): Promise<number | null> {
    const { clock } = this.#options;
    // It can't be changed; or a newer one is there, or comes, before this one was posted.
    if (card.activity === "" || (card.activity === null && !isNewest)) return null;
    const rendered = await this.#render(card, person);
    if (rendered === null || rendered.digest === card.shown) return null;
    if (card.activity === null && rendered.endedAt !== null) {
      await this.#save({ ...card, activity: "" });
      return null;
    }
    if (card.activity === null && !rendered.mayRing) return null;
    const freeAt = this.#refused.freeAt(toKey(card), rendered.digest, toShownAt(card));
    if (clock.now() < freeAt) return freeAt;
    try {
      const activity = await this.#send(card, rendered, signal);
      this.#refused.forget(toKey(card));
      await this.#save({ ...card, activity, shown: rendered.digest, shownAt: clock.now() });
    } catch (error) {
      if (card.activity === null && isAnswerLost(error)) return this.#noteLost(card, error);
      if (!isRefused(error)) throw error;
      return this.#noteRefusal(card, rendered, error);
    }
    return null;
  }

  /** Resolves with the id of the card; "" where Teams did not say one. */
  async #send(card: ChatCard, { activity }: Rendered, signal: AbortSignal): Promise<string> {
    const { connectorFor } = this.#options;
    const { serviceUrl, conversation } = card;
    if (card.activity === null)
      return (await connectorFor("chat", 0).post(serviceUrl, conversation, activity, signal)) ?? "";
    await connectorFor("chat", 0).update(serviceUrl, conversation, card.activity, activity, signal);
    return card.activity;
  }

  /** A card that may stand there is posted once more, because its buttons matter, and then let go: each one rings. */
  async #noteLost(card: ChatCard, error: DeliveryError): Promise<null> {
    const isLetGo = card.shown === answerLost;
    await this.#save({ ...card, activity: isLetGo ? "" : null, shown: answerLost });
    if (!isLetGo) throw error;
    this.#letGo(card, error);
    return null;
  }

  /** Only what is not there any more is let go at once. Resolves with when it is tried again. */
  async #noteRefusal(card: ChatCard, { digest, endedAt }: Rendered, error: DeliveryError): Promise<number | null> {
    const { clock, log } = this.#options;
    const key = toKey(card);
    if ((card.activity !== null && isGone(error)) || !isWorthTrying(endedAt, clock.now())) {
      await this.#save({ ...card, activity: "" });
      this.#letGo(card, error);
      return null;
    }
    const times = this.#refused.note(key, digest);
    if (times === 1) log.warn({ incident: card.incident, person: card.person, err: error }, "chat-card-refused");
    return this.#refused.freeAt(key, digest, toShownAt(card));
  }

  #letGo(card: ChatCard, err: DeliveryError): void {
    this.#refused.forget(toKey(card));
    this.#options.log.warn({ incident: card.incident, person: card.person, err }, "chat-card-left");
  }

  #save({ person, message, activity, shown, shownAt }: ChatCard): Promise<void> {
    return this.#options.store.write((tx) => tx.saveChatCard({ person, message, activity, shown, shownAt }));
  }

  /** null: all of its alarms were closed so long ago that nobody looks at it. */
  async #render(card: ChatCard, person: Person): Promise<Rendered | null> {
    const { store, clock, isOccupied } = this.#options;
    const alarms = await this.#loadAlarms(await store.read((reader) => reader.listSharedChatCard(card)));
    const ended = alarms.map(({ incident }) => incident.closedAt);
    const open = alarms.flatMap(({ incident }) => (incident.closedAt === null ? [incident] : []));
    const endedAt = open.length > 0 ? null : Math.max(...ended.map((at) => at ?? 0));
    if (alarms.length === 0 || (endedAt !== null && endedAt < clock.now() - shownForMs)) return null;
    const { card: content, summary } = toChatCard(alarms, person, this.#options);
    const activity = toAnswerActivity(content, summary);
    const mayRing = open.every((incident) => isAskable(incident, person) && !isOccupied(person, incident.id));
    return { activity, digest: toDigest(activity), endedAt, mayRing };
  }

  /** An alarm that can't be read hides no other; rejects where none can. */
  async #loadAlarms(shared: readonly ChatCard[]): Promise<readonly AlarmInChat[]> {
    const loaded = await Promise.allSettled(shared.map((card) => this.#loadAlarm(card)));
    const failed = loaded.find((each) => each.status === "rejected");
    const found = loaded.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    if (failed !== undefined && found.length === 0) throw failed.reason;
    return found.flat();
  }

  async #loadAlarm({ incident: id, person, message }: ChatCard): Promise<readonly AlarmInChat[]> {
    const [incident, cards] = await this.#options.store.read(async (reader) => {
      return [await reader.loadIncident(id), await reader.listChatCards(id, person)] as const;
    });
    return incident === null ? [] : [await this.#toAlarm(incident, cards.at(-1)?.message !== message)];
  }

  async #toAlarm(incident: Incident, isFollowed: boolean): Promise<AlarmInChat> {
    const { store, channels, loadContext } = this.#options;
    const state = await store.read((reader) => reader.loadCard(incident.id));
    const stands = state !== null && state.activity !== "";
    const link = stands ? await findCardLink(state, incident.channel, channels) : null;
    return { incident, context: await loadContext(incident), link, isFollowed };
  }
}

function toKey({ person, message }: ChatCard): string {
  return `${person} ${message}`;
}

/** One that is still to be posted waits for nothing. */
function toShownAt({ activity, shownAt }: ChatCard): number {
  return activity === null ? 0 : shownAt;
}
