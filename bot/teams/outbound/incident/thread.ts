import type { RecordedLine } from "../../../domain/incident/history.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Tag } from "../../../domain/incident/policy.ts";
import type { Person } from "../../../domain/person.ts";
import { DeliveryError } from "../../../errors.ts";
import type { Log } from "../../../log.ts";
import type { Store, Transaction } from "../../../ports/store/store.ts";
import type { CardState } from "../../../ports/store/teams.ts";
import type { Clock } from "../../../ports/time.ts";
import { thread as threadWords } from "../../../words/colleague/thread.ts";
import type { CardContext } from "../../cards/context.ts";
import { type Reply, toReply, toRingingReply } from "../../cards/incident/thread.ts";
import { toMentioningActivity } from "../../cards/mentions.ts";
import { toMentions } from "../../cards/message.ts";
import type { ConnectorFor } from "../../wire/budget/connector-for.ts";
import type { OutgoingActivity } from "../../wire/connector.ts";
import { isContentRefused, isRefused } from "../../wire/failure.ts";
import { type Mentions, postFirstTaken, quiet, type Way } from "../mention.ts";
import type { FoundCard } from "./found-card.ts";

/** How many replies go out in one go, so that after an outage the cards of other alarms do not wait for all of them. */
const maxAtOnce = 5;

export interface ThreadOptions {
  readonly connectorFor: ConnectorFor;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly loadContext: (incident: Incident) => Promise<CardContext>;
  readonly mentions: Mentions;
}

/** Whom a reply is to mention, and which tag; null: none. */
export interface Ringing {
  readonly people: readonly Person[];
  readonly tag: Tag | null;
}

/**
 * How far the thread has come. `more`: there are lines left. `lost`: the card is not there any more. `repliedTo`: `seq`
 * of the last line that is done, which may not be saved yet.
 */
export interface Progress {
  readonly kind: "done" | "more" | "lost";
  readonly repliedTo: number;
}

/** Posts replies under the newest card. Methods reject with DeliveryError. */
export class Thread {
  readonly #options: ThreadOptions;
  /** Refused replies that are tried for the last time. */
  readonly #spared = new Set<string>();

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /**
   * Posts these lines as replies. Progress is saved after each reply, so that a crash repeats one at most; running out
   * of time after some progress is no failure. `isLost`: asked when Teams refuses a reply, whether that is because the
   * card is gone; what it rejects with comes back.
   */
  async postLines(
    state: CardState,
    lines: readonly RecordedLine[],
    incident: Incident,
    signal: AbortSignal,
    isLost: (error: unknown) => Promise<boolean>,
  ): Promise<Progress> {
    if (lines.length === 0) return { kind: "done", repliedTo: state.repliedTo };
    const context = await this.#options.loadContext(incident);
    let { repliedTo } = state;
    let count = 0;
    for (const line of lines) {
      const reply = toReply(line, incident, context);
      if (reply !== null) {
        if (count === maxAtOnce) return { kind: "more", repliedTo };
        try {
          await this.#postReply(state, reply, line.seq, signal);
          this.#spared.delete(toKey(incident, line));
        } catch (error) {
          if (signal.aborted && count > 0) return { kind: "more", repliedTo };
          if (!isRefused(error)) throw error;
          const isRefusal = !isContentRefused(error) && !this.#spared.delete(toKey(incident, line));
          if (isRefusal && (await isLost(error))) return { kind: "lost", repliedTo };
          if (isRefusal && reply.mentions.length > 0) this.#spare(incident, line, error);
          // One reply that Teams refuses must not hold up the others.
          this.#options.log.warn({ incident: incident.id, seq: line.seq, err: error }, "reply-refused");
          await this.#options.store.write((tx) => tx.saveRepliedTo(incident.id, line.seq));
        }
        count += 1;
      }
      repliedTo = line.seq;
    }
    return { kind: "done", repliedTo };
  }

  /** Has a reply that mentions people tried once more, as often as what rings them, although the card is there. */
  #spare(incident: Incident, line: RecordedLine, cause: unknown): never {
    this.#spared.add(toKey(incident, line));
    throw new DeliveryError("unreachable", "A reply that asks something of people was refused", { cause });
  }

  /** Mentions them in a reply, as far as Teams takes that; resolves with how. */
  async ring(
    { people, tag }: Ringing,
    number: number,
    { state, incident }: FoundCard,
    signal: AbortSignal,
  ): Promise<Way> {
    const { loadContext, clock, mentions } = this.#options;
    const context = await loadContext(incident);
    const named = toMentions(people, threadWords[context.language].ask.colleague);
    const toMessage = (way: Way) => toRingingReply(way.mentioned, way.tag, incident, context, clock.now());
    return this.#post(state, await mentions.listWays(named, tag), toMessage, signal, async (tx, way) => {
      const rung = [...(state.ring === number ? state.rung : []), ...way.rung];
      await tx.saveRung({ ...state, ring: number, rung, isTagRung: state.isTagRung || way.tag !== null });
    });
  }

  async #postReply(
    state: CardState,
    { text, mentions: named }: Reply,
    seq: number,
    signal: AbortSignal,
  ): Promise<void> {
    const toMessage = ({ mentioned }: Way) => toMentioningActivity(text, mentioned);
    const ways = named.length === 0 ? [quiet] : await this.#options.mentions.listWays(named, null);
    await this.#post(state, ways, toMessage, signal, (tx) => tx.saveRepliedTo(state.incident, seq));
  }

  /** `record`: saves what came of it beside the message itself. */
  async #post(
    { incident, serviceUrl, conversation, activity: root }: CardState,
    ways: readonly Way[],
    toMessage: (way: Way) => OutgoingActivity,
    signal: AbortSignal,
    record: (tx: Transaction, way: Way) => Promise<void>,
  ): Promise<Way> {
    const { connectorFor, store, clock } = this.#options;
    const isRinging = ways.some(({ rung }) => rung.length > 0);
    // One that only tells does not wait here: its turn comes after that of the card's newest state.
    const connector = isRinging ? connectorFor("ring") : connectorFor("reply", 0);
    const address = { serviceUrl, conversation: `${conversation};messageid=${root}` };
    const { activity, way } = await postFirstTaken(connector, address, ways, toMessage, signal);
    await store.write(async (tx) => {
      await record(tx, way);
      // Teams may leave the id of a reply out; it stands there all the same.
      if (activity === null) return;
      await tx.saveMessage({ incident, conversation, serviceUrl, activity, kind: "reply", at: clock.now() });
    });
    return way;
  }
}

function toKey({ id }: Incident, { seq }: RecordedLine): string {
  return `${id} ${seq}`;
}
