import { countedOf } from "../../../domain/incident/colleagues/elsewhere.ts";
import type { RecordedLine } from "../../../domain/incident/history.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Tag } from "../../../domain/incident/policy.ts";
import type { Person } from "../../../domain/person.ts";
import type { Log } from "../../../log.ts";
import type { IsOccupied } from "../../../ports/occupied.ts";
import type { Store, Transaction } from "../../../ports/store/store.ts";
import type { CardState, RoundReply } from "../../../ports/store/teams.ts";
import type { Clock } from "../../../ports/time.ts";
import { ringingWaitsMs } from "../../../ports/timing.ts";
import { thread as threadWords } from "../../../words/colleague/thread.ts";
import type { CardContext } from "../../cards/context.ts";
import { type AskingReply, toAskingReply, toRingingReply } from "../../cards/incident/thread.ts";
import { toMentioningActivity } from "../../cards/mentions.ts";
import { toMentions } from "../../cards/message.ts";
import type { ConnectorFor } from "../../wire/budget/connector-for.ts";
import type { OutgoingActivity } from "../../wire/connector.ts";
import { isContentRefused, isRefused } from "../../wire/failure.ts";
import { type Mentions, postFirstTaken, quiet, type Way } from "../mention.ts";
import type { FoundCard } from "./found-card.ts";

export interface ThreadOptions {
  readonly connectorFor: ConnectorFor;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly loadContext: (incident: Incident) => Promise<CardContext>;
  readonly mentions: Mentions;
  readonly isOccupied: IsOccupied;
}

/** Whom a reply is to mention, and which tag; null: none. */
export interface Ringing {
  readonly people: readonly Person[];
  readonly tag: Tag | null;
}

/**
 * What came of asking people. `lost`: the card is not there any more. `waiting`: Teams refused one, and it is tried
 * again `at`, in epoch milliseconds. `reply`: how far that came.
 */
export type Asked = { readonly reply: RoundReply } & (
  | { readonly kind: "done" | "lost" }
  | { readonly kind: "waiting"; readonly at: number }
);

/**
 * A reply that mentions people. `state`: the card as it is with that; `isWhole`: all of them were mentioned; `record`
 * saves both.
 */
export interface RungUnder {
  readonly state: CardState;
  readonly isWhole: boolean;
  readonly record: (tx: Transaction) => Promise<void>;
}

/** A reply that Teams refused: how often, and when it is tried again, in epoch milliseconds. */
interface Refused {
  readonly times: number;
  readonly againAt: number;
}

/** Mentions people in replies under the newest card. Methods reject with DeliveryError. */
export class Thread {
  readonly #options: ThreadOptions;
  /** By incident and line; a restart begins anew. */
  readonly #refused = new Map<string, Refused>();

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /**
   * Asks people what these lines ask of them, each in a reply of its own, because nobody hears an edit. Progress is
   * saved after each, so that a crash repeats one at most. One that Teams refuses is tried as often as what rings them;
   * meanwhile what comes after it can be told. `isLost`: asked at each refusal, whether that is because the card is
   * gone; what it rejects with comes back.
   */
  async ask(found: FoundCard, signal: AbortSignal, isLost: () => Promise<boolean>): Promise<Asked> {
    const { incident, asks } = found;
    let { reply } = found;
    if (asks.length === 0) return { kind: "done", reply };
    const { loadContext, clock, log, store } = this.#options;
    const context = await loadContext(incident);
    for (const line of asks) {
      const asking = toAskingReply(line, incident, context);
      const key = `${incident.id} ${line.seq}`;
      const { againAt } = this.#refused.get(key) ?? { againAt: 0 };
      if (asking !== null && againAt > clock.now()) return { kind: "waiting", at: againAt, reply };
      const asked = { ...reply, askedTo: line.seq };
      try {
        if (asking !== null) await this.#postAsking(found, asking, asked, signal);
      } catch (error) {
        if (!isRefused(error)) throw error;
        const at = isContentRefused(error) ? null : this.#noteRefused(key);
        if (at !== null && (await isLost())) return { kind: "lost", reply };
        if (at !== null) return { kind: "waiting", at, reply: await this.#saveWaiting(line, reply) };
        // One reply that Teams refuses must not hold up the others.
        log.warn({ incident: incident.id, seq: line.seq, err: error }, "reply-refused");
        await store.write((tx) => tx.saveRoundReply(asked));
      }
      this.#refused.delete(key);
      reply = asked;
    }
    return { kind: "done", reply };
  }

  /** When a reply that was refused is tried again, in epoch milliseconds; null: no more. */
  #noteRefused(key: string): number | null {
    const times = this.#refused.get(key)?.times ?? 0;
    const waitMs = ringingWaitsMs[times];
    if (waitMs === undefined) return null;
    const againAt = this.#options.clock.now() + waitMs;
    this.#refused.set(key, { times: times + 1, againAt });
    return againAt;
  }

  /** Keeps that this line is still to be asked, whatever is told meanwhile. */
  async #saveWaiting({ seq }: RecordedLine, before: RoundReply): Promise<RoundReply> {
    const reply = { ...before, askedTo: seq - 1 };
    await this.#options.store.write((tx) => tx.saveRoundReply(reply));
    return reply;
  }

  /** Mentions them in a reply, as far as Teams takes that. Writes nothing by itself. */
  async ring(
    { people, tag }: Ringing,
    number: number,
    { state, incident }: Pick<FoundCard, "state" | "incident">,
    signal: AbortSignal,
  ): Promise<RungUnder> {
    const { loadContext, clock, mentions } = this.#options;
    const context = await loadContext(incident);
    const named = toMentions(people, threadWords[context.language].ask.colleague);
    const toMessage = (way: Way) => toRingingReply(way.mentioned, way.tag, incident, context, clock.now());
    const { way, record } = await this.#post(state, await mentions.listWays(named, tag), toMessage, signal);
    const rung = [...(state.ring === number ? state.rung : []), ...way.rung];
    const after = { ...state, ring: number, rung, isTagRung: state.isTagRung || way.tag !== null };
    const isWhole = way.rung.length === people.length + (tag === null ? 0 : 1);
    const recordAll = async (tx: Transaction) => {
      await tx.saveRung(after);
      await record(tx);
    };
    return { state: after, isWhole, record: recordAll };
  }

  /**
   * Whom another alarm occupies is named and not rung, unless they promised to come here, or came, after that: then it
   * is here that they are asked.
   */
  async #postAsking(
    { state, incident }: FoundCard,
    { text, mentions: named }: AskingReply,
    asked: RoundReply,
    signal: AbortSignal,
  ): Promise<void> {
    const { mentions, isOccupied } = this.#options;
    const { free = [], occupied = [] } = Object.groupBy(named, (person) => {
      return isOccupied(person, incident.id, lastSaidAt(incident, person)) ? "occupied" : "free";
    });
    const unrung = occupied.map(({ name }) => ({ name, id: null }));
    const toMessage = ({ mentioned }: Way) => toMentioningActivity(text, [...mentioned, ...unrung]);
    const ways = free.length === 0 ? [quiet] : await mentions.listWays(free, null);
    const { record } = await this.#post(state, ways, toMessage, signal);
    await this.#options.store.write(async (tx) => {
      await tx.saveRoundReply(asked);
      await record(tx);
    });
  }

  async #post(
    { incident, serviceUrl, conversation, activity: root }: CardState,
    ways: readonly Way[],
    toMessage: (way: Way) => OutgoingActivity,
    signal: AbortSignal,
  ): Promise<{ readonly way: Way; readonly record: (tx: Transaction) => Promise<void> }> {
    const { connectorFor, clock } = this.#options;
    const address = { serviceUrl, conversation: `${conversation};messageid=${root}` };
    const { activity, way } = await postFirstTaken(connectorFor("ring"), address, ways, toMessage, signal);
    const at = clock.now();
    const record = async (tx: Transaction) => {
      // Teams may leave the id of a reply out; it stands there all the same.
      if (activity === null) return;
      await tx.saveMessage({ incident, conversation, serviceUrl, activity, kind: "reply", at });
    };
    return { way, record };
  }
}

/** When that colleague last said that they come, are there, or are safe, as far as that counts; undefined: never. */
function lastSaidAt(incident: Incident, { id }: Person): number | undefined {
  const responder = countedOf(incident).find(({ person }) => person.id === id);
  return responder && Math.max(responder.since, responder.signAt ?? responder.since);
}
