import type { RecordedLine } from "../../../domain/incident/history.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Person } from "../../../domain/person.ts";
import type { Log } from "../../../log.ts";
import type { Store } from "../../../ports/store/store.ts";
import type { CardState, SentMessage } from "../../../ports/store/teams.ts";
import type { Clock } from "../../../ports/time.ts";
import type { CardContext } from "../../cards/context.ts";
import { type Reply, toReply, toRingingReply } from "../../cards/incident/thread.ts";
import { type Mentioned, toMentioningActivity } from "../../cards/mentions.ts";
import type { Connector } from "../../wire/connector.ts";
import { isContentRefused, isRefused } from "../../wire/failure.ts";
import { type Mentions, postFirstTaken } from "../mention.ts";

/** How many replies go out in one go, so that after an outage the cards of other alarms do not wait for all of them. */
const maxAtOnce = 5;

export interface ThreadOptions {
  readonly connector: Connector;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly loadContext: (incident: Incident) => Promise<CardContext>;
  readonly mentions: Mentions;
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
          await this.#post(state, reply, line.seq, signal);
        } catch (error) {
          if (signal.aborted && count > 0) return { kind: "more", repliedTo };
          if (!isRefused(error)) throw error;
          if (!isContentRefused(error) && (await isLost(error))) return { kind: "lost", repliedTo };
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

  /** Mentions people in a reply. */
  async ring(people: readonly Person[], state: CardState, incident: Incident, signal: AbortSignal): Promise<void> {
    const { loadContext, clock } = this.#options;
    const reply = toRingingReply(people, incident, await loadContext(incident), clock.now());
    await this.#post(state, reply, null, signal);
  }

  /** `seq`: the line that it is for; null: none. */
  async #post(state: CardState, reply: Reply, seq: number | null, signal: AbortSignal): Promise<void> {
    const { connector, store, mentions } = this.#options;
    const ways = await mentions.listWays(reply.mentions);
    const { incident, serviceUrl, conversation, activity: root } = state;
    const address = { serviceUrl, conversation: `${conversation};messageid=${root}` };
    const toMessage = (way: readonly Mentioned[]) => toMentioningActivity(reply.text, way);
    const { activity } = await postFirstTaken(connector, address, ways, toMessage, signal);
    await store.write(async (tx) => {
      if (seq !== null) await tx.saveRepliedTo(incident, seq);
      if (activity !== null) await tx.saveMessage(this.#toMessage(state, activity));
    });
  }

  /** Teams may leave the id of a reply out; it stands there all the same. */
  #toMessage({ incident, conversation, serviceUrl }: CardState, activity: string): SentMessage {
    return { incident, conversation, serviceUrl, activity, kind: "reply", at: this.#options.clock.now() };
  }
}
