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
const lostTries = 3;

/** The card of an incident that was closed this long ago helps nobody, and would stand in the way of a new one. */
const forgottenMs = 24 * 3_600_000;

export interface IncidentCardsOptions {
  readonly channels: Channels;
  readonly connector: Connector;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly toContext: (incident: Incident) => Promise<CardContext>;
  readonly mentions: Mentions;
}

/** A card ready to be sent, and the digest by which it is known again. */
interface Rendered {
  readonly activity: OutgoingActivity;
  readonly digest: string;
}

/** The incident's card and the thread under it. Rejects with DeliveryError. */
export class IncidentCards {
  readonly #options: IncidentCardsOptions;
  /** Updates in a row that found no card, by incident. */
  readonly #lost = new Map<string, number>();

  constructor(options: IncidentCardsOptions) {
    this.#options = options;
  }

  /** Posts the card, once: a card that stands there already is left to `sync`. */
  async post(id: string, signal: AbortSignal): Promise<SendOutcome> {
    const { store, clock } = this.#options;
    const [incident, state] = await store.read(
      async (reader) => [await reader.loadIncident(id), await reader.loadCard(id)] as const,
    );
    if (incident === null || state !== null) return done;
    if (incident.closedAt !== null && clock.now() - incident.closedAt > forgottenMs) return done;
    return { ...done, ...(await this.#postRoot(incident, 0, signal)) };
  }

  /** Replies what was not told yet, in order, then shows the newest state. */
  async sync(id: string, signal: AbortSignal): Promise<SendOutcome> {
    const found = await this.#load(id);
    if (found === null) return done;
    const { state, incident, lines } = found;
    const freeAt = state.shownAt + updateEveryMs;
    const card = await this.#render(incident);
    const isStale = state.shown !== card.digest;
    if (state.activity === "") return isStale ? this.#replace(state, incident, signal) : done;
    let saved = state;
    try {
      const replied = await this.#replyAll(saved, lines, incident, (reached) => (saved = reached), signal);
      const isShown = isStale && this.#options.clock.now() >= freeAt;
      const reached = isShown ? await this.#show(replied, card, signal) : replied;
      this.#lost.delete(id);
      const record = reached === saved ? {} : toRecord(reached);
      return isStale && !isShown ? { kind: "again", at: freeAt, ...record } : { ...done, ...record };
    } catch (error) {
      if (!isLost(error)) throw error;
      return this.#giveUp(saved, incident, error, signal);
    }
  }

  #load(id: string) {
    return this.#options.store.read(async (reader) => {
      const state = await reader.loadCard(id);
      const incident = state === null ? null : await reader.loadIncident(id);
      if (state === null || incident === null) return null;
      return { state, incident, lines: await reader.loadHistory(id, state.repliedTo) };
    });
  }

  async #save(state: CardState): Promise<CardState> {
    await this.#options.store.write((tx) => tx.saveCard(state));
    return state;
  }

  async #render(incident: Incident): Promise<Rendered> {
    const context = await this.#options.toContext(incident);
    const activity = toCardActivity(toIncidentCard(incident, context), toSummary(incident, context));
    return { activity, digest: createHash("sha256").update(JSON.stringify(activity)).digest("base64") };
  }

  /**
   * A reset after the post counts as "perhaps posted" and the outbox repeats it: rather two cards than none, and the
   * later one is the one that is updated. Teams answers a card alone with its id; should it ever not, the card stands
   * there and can't be updated, so that the next change posts another.
   */
  async #postRoot(incident: Incident, repliedTo: number, signal: AbortSignal): Promise<Pick<SendOutcome, "record">> {
    const { channels, connector, clock, log } = this.#options;
    const { conversation, serviceUrl } = await channels.resolve(incident.channel);
    const card = await this.#render(incident);
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
   * Progress is saved after each reply: a crash repeats one line at most. Lines without a reply are saved with the
   * next.
   */
  async #replyAll(
    start: CardState,
    lines: readonly RecordedLine[],
    incident: Incident,
    progress: (state: CardState) => void,
    signal: AbortSignal,
  ): Promise<CardState> {
    const { connector, log, toContext, mentions } = this.#options;
    const context = await toContext(incident);
    let state = start;
    for (const line of lines) {
      const reply = toReply(line, incident, context);
      state = { ...state, repliedTo: line.seq };
      if (reply === null) continue;
      const activity = await mentions.address(reply, state, signal);
      try {
        await connector.post(state.serviceUrl, `${state.conversation};messageid=${state.activity}`, activity, signal);
      } catch (error) {
        if (!isRefused(error) || isLost(error)) throw error;
        // One line that Teams does not take must not keep the card from telling what is so.
        log.warn({ incident: incident.id, seq: line.seq, err: error }, "reply-refused");
      }
      progress(await this.#save(state));
    }
    return state;
  }

  async #show(state: CardState, card: Rendered, signal: AbortSignal): Promise<CardState> {
    const { connector, clock } = this.#options;
    await connector.update(state.serviceUrl, state.conversation, state.activity, card.activity, signal);
    return { ...state, shown: card.digest, shownAt: clock.now() };
  }

  /** Too often "not found": somebody deleted the card, and a new one takes its place and its thread. */
  async #giveUp(state: CardState, incident: Incident, cause: unknown, signal: AbortSignal): Promise<SendOutcome> {
    const tries = (this.#lost.get(incident.id) ?? 0) + 1;
    this.#lost.set(incident.id, tries);
    if (tries < lostTries) throw new DeliveryError("unreachable", "The card was not found", { cause });
    this.#options.log.warn({ incident: incident.id }, "card-replaced");
    return this.#replace(state, incident, signal);
  }

  async #replace(state: CardState, incident: Incident, signal: AbortSignal): Promise<SendOutcome> {
    const { clock } = this.#options;
    const freeAt = state.shownAt + updateEveryMs;
    if (clock.now() < freeAt) return { kind: "again", at: freeAt };
    const record = await this.#postRoot(incident, state.repliedTo, signal);
    this.#lost.delete(incident.id);
    return { kind: "again", at: clock.now(), ...record };
  }
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
