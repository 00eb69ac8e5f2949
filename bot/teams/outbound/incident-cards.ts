import { createHash } from "node:crypto";
import type { RecordedLine } from "../../domain/incident/history.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { DeliveryError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { done, type SendOutcome } from "../../ports/send-outcome.ts";
import type { Store } from "../../ports/store/store.ts";
import type { CardState } from "../../ports/store/teams.ts";
import type { Clock } from "../../ports/time.ts";
import type { CardContext } from "../cards/context.ts";
import { toIncidentCard, toSummary } from "../cards/incident/incident-card.ts";
import { toReply } from "../cards/incident/thread.ts";
import type { Connector, OutgoingActivity } from "../wire/connector.ts";
import { ActivityLost } from "../wire/failure.ts";
import { toCardActivity } from "../wire/outgoing.ts";
import type { Channels } from "./channels.ts";
import type { Mentions } from "./mention.ts";

/**
 * Teams allows 7 messages a second in a conversation, updates and replies included; one update leaves room for the
 * rest.
 */
const updateEveryMs = 1_000;
/** About one update in a thousand is answered "not found" although the card is there (msteams-docs#6139). */
const maxLostTries = 3;

/** How long after closing a card is still posted: later it helps nobody, and would delay that of a new incident. */
const postableForMs = 24 * 3_600_000;

export interface IncidentCardsOptions {
  readonly channels: Channels;
  readonly connector: Connector;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly loadContext: (incident: Incident) => Promise<CardContext>;
  readonly mentions: Mentions;
}

/** A card ready to be sent, and the digest by which it is known again. */
interface RenderedCard {
  readonly activity: OutgoingActivity;
  readonly digest: string;
}

/** Posts and updates an incident's card and the thread under it. Methods reject with DeliveryError. */
export class IncidentCards {
  readonly #options: IncidentCardsOptions;
  /** Updates in a row that found no card, by incident. */
  readonly #lost = new Map<string, number>();

  constructor(options: IncidentCardsOptions) {
    this.#options = options;
  }

  /** Posts the card, unless it was posted before or its incident closed too long ago. */
  async postCard(id: string, signal: AbortSignal): Promise<SendOutcome> {
    const { store, clock } = this.#options;
    const [incident, state] = await store.read(
      async (reader) => [await reader.loadIncident(id), await reader.loadCard(id)] as const,
    );
    if (incident === null || state !== null) return done;
    if (incident.closedAt !== null && clock.now() - incident.closedAt > postableForMs) return done;
    return { ...done, ...(await this.#postRoot(incident, 0, signal)) };
  }

  /** Posts the replies that are still missing, in order, then shows the newest state. */
  async syncCard(id: string, signal: AbortSignal): Promise<SendOutcome> {
    const found = await this.#loadCard(id);
    if (found === null) return done;
    const { state, incident, lines } = found;
    const freeAt = toFreeAt(state, this.#options.clock.now());
    const card = await this.#renderCard(incident);
    const isStale = state.shown !== card.digest;
    if (state.activity === "") return isStale ? this.#replace(state, incident, signal) : done;
    let saved = state;
    try {
      const replied = await this.#replyAll(saved, lines, incident, (reached) => (saved = reached), signal);
      const isShown = isStale && this.#options.clock.now() >= freeAt;
      const reached = isShown ? await this.#updateCard(replied, card, signal) : replied;
      this.#lost.delete(id);
      const record = reached === saved ? {} : toRecord(reached);
      return isStale && !isShown ? { kind: "again", at: freeAt, ...record } : { ...done, ...record };
    } catch (error) {
      if (!isLost(error)) throw error;
      return this.#replaceLost(saved, incident, error, signal);
    }
  }

  #loadCard(id: string) {
    return this.#options.store.read(async (reader) => {
      const state = await reader.loadCard(id);
      const incident = state === null ? null : await reader.loadIncident(id);
      if (state === null || incident === null) return null;
      return { state, incident, lines: await reader.loadHistory(id, state.repliedTo) };
    });
  }

  async #saveCard(state: CardState): Promise<CardState> {
    await this.#options.store.write((tx) => tx.saveCard(state));
    return state;
  }

  async #renderCard(incident: Incident): Promise<RenderedCard> {
    const context = await this.#options.loadContext(incident);
    const activity = toCardActivity(toIncidentCard(incident, context), toSummary(incident, context));
    return { activity, digest: createHash("sha256").update(JSON.stringify(activity)).digest("base64") };
  }

  /**
   * Posts a card. A connection that is reset after the post counts as "perhaps posted" and the outbox repeats it,
   * because two cards are better than none; the later one is updated from then on. Teams answers a card alone with its
   * id; should it ever not, that card can't be updated, so that the next change posts another.
   */
  async #postRoot(incident: Incident, repliedTo: number, signal: AbortSignal): Promise<Pick<SendOutcome, "record">> {
    const { channels, connector, clock, log } = this.#options;
    const { conversation, serviceUrl } = await channels.resolveLink(incident.channel);
    const card = await this.#renderCard(incident);
    const activity = await connector.post(serviceUrl, conversation, card.activity, signal);
    if (activity === null) log.warn({ incident: incident.id }, "card-without-id");
    return toRecord({
      incident: incident.id,
      conversation,
      serviceUrl,
      activity: activity ?? "",
      shown: card.digest,
      shownAt: clock.now(),
      repliedTo,
    });
  }

  /**
   * Posts these lines as replies. Progress is saved after each reply, so that a crash repeats one at most; lines
   * without a reply are saved with the next.
   */
  async #replyAll(
    start: CardState,
    lines: readonly RecordedLine[],
    incident: Incident,
    onProgress: (state: CardState) => void,
    signal: AbortSignal,
  ): Promise<CardState> {
    const { connector, log, loadContext, mentions } = this.#options;
    const context = await loadContext(incident);
    let state = start;
    for (const line of lines) {
      const reply = toReply(line, incident, context);
      state = { ...state, repliedTo: line.seq };
      if (reply === null) continue;
      const activity = await mentions.addMentions(reply, state, signal);
      try {
        await connector.post(state.serviceUrl, `${state.conversation};messageid=${state.activity}`, activity, signal);
      } catch (error) {
        if (!isRefused(error) || isLost(error)) throw error;
        // One reply that Teams refuses must not keep the card from being updated.
        log.warn({ incident: incident.id, seq: line.seq, err: error }, "reply-refused");
      }
      onProgress(await this.#saveCard(state));
    }
    return state;
  }

  async #updateCard(state: CardState, card: RenderedCard, signal: AbortSignal): Promise<CardState> {
    const { connector, clock } = this.#options;
    await connector.update(state.serviceUrl, state.conversation, state.activity, card.activity, signal);
    return { ...state, shown: card.digest, shownAt: clock.now() };
  }

  /**
   * Counts a card that was not found, and throws until that has happened `maxLostTries` times in a row: then somebody
   * deleted it, and a new one takes its place.
   */
  async #replaceLost(state: CardState, incident: Incident, cause: unknown, signal: AbortSignal): Promise<SendOutcome> {
    const tries = (this.#lost.get(incident.id) ?? 0) + 1;
    this.#lost.set(incident.id, tries);
    if (tries < maxLostTries) throw new DeliveryError("unreachable", "The card was not found", { cause });
    this.#options.log.warn({ incident: incident.id }, "card-replaced");
    return this.#replace(state, incident, signal);
  }

  async #replace(state: CardState, incident: Incident, signal: AbortSignal): Promise<SendOutcome> {
    const { clock } = this.#options;
    const freeAt = toFreeAt(state, clock.now());
    if (clock.now() < freeAt) return { kind: "again", at: freeAt };
    const record = await this.#postRoot(incident, state.repliedTo, signal);
    this.#lost.delete(incident.id);
    return { kind: "again", at: clock.now(), ...record };
  }
}

/** From when a card may be shown again; one that seems to be shown later than now was shown under another clock. */
function toFreeAt({ shownAt }: CardState, now: number): number {
  return shownAt > now ? now : shownAt + updateEveryMs;
}

function toRecord(state: CardState): Pick<SendOutcome, "record"> {
  return { record: (tx) => tx.saveCard(state) };
}

function isRefused(error: unknown): boolean {
  return error instanceof DeliveryError && error.reason === "refused";
}

function isLost(error: unknown): boolean {
  return error instanceof DeliveryError && error.cause instanceof ActivityLost;
}
