import { maxMentions } from "../../../domain/incident/colleagues/ring.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Language } from "../../../domain/language.ts";
import type { ChannelRing } from "../../../ports/store/outbox.ts";
import type { Transaction } from "../../../ports/store/store.ts";
import type { CardState } from "../../../ports/store/teams.ts";
import type { Clock } from "../../../ports/time.ts";
import { thread } from "../../../words/colleague/thread.ts";
import type { CardContext } from "../../cards/context.ts";
import { type ShownAlarm, toRingOfMany, toShownAlarm } from "../../cards/incident/together.ts";
import { toMentions } from "../../cards/message.ts";
import type { ConnectorFor } from "../../wire/budget/connector-for.ts";
import { type Mentions, postFirstTaken, type Way } from "../mention.ts";
import type { Ringing, RungUnder } from "./thread.ts";

export interface SharedRingsOptions {
  readonly connectorFor: ConnectorFor;
  readonly clock: Clock;
  readonly language: Language;
  readonly mentions: Mentions;
  readonly loadContext: (incident: Incident) => Promise<CardContext>;
}

/**
 * An alarm that rings, and its newest card. `renew` finds it as it is now; null: there is none. `saveCard` saves one
 * that is posted for it.
 */
export interface RingingCard {
  readonly incident: Incident;
  readonly state: CardState;
  readonly renew: () => Promise<RingingCard | null>;
  readonly saveCard: (tx: Transaction, card: CardState) => Promise<void>;
}

/** A ring of an alarm whose card stands there, and whom it did not mention yet. */
export interface WaitingRing {
  readonly found: RingingCard;
  readonly ring: ChannelRing;
  readonly left: Ringing;
}

/** Mentions people in a channel for several alarms whose cards stand there. Methods reject with DeliveryError. */
export class SharedRings {
  readonly #options: SharedRingsOptions;

  constructor(options: SharedRingsOptions) {
    this.#options = options;
  }

  /** Posts as many messages as it takes to mention all of them; each names every alarm. */
  async post(rings: readonly WaitingRing[], signal: AbortSignal): Promise<(ring: WaitingRing) => RungUnder> {
    const { language, loadContext } = this.#options;
    const alarms = await Promise.all(
      rings.map(async ({ found: { incident } }) => toShownAlarm({ incident, context: await loadContext(incident) })),
    );
    const people = rings.flatMap(({ left }) => left.people);
    const named = toMentions(people, thread[language].ask.colleague);
    const tag = rings.find(({ left }) => left.tag !== null)?.left.tag ?? null;
    const posted: string[] = [];
    const rung = new Set<string>();
    for (let at = 0; at === 0 || at < named.length; at += maxMentions) {
      const some = { people: named.slice(at, at + maxMentions), tag: at === 0 ? tag : null };
      const { activity, way } = await this.#post(some, alarms, rings[0], signal);
      if (activity !== null) posted.push(activity);
      for (const id of way.rung) rung.add(id);
    }
    return (ring) => this.#toRung(ring, rung, posted);
  }

  async #post(
    { people, tag }: Ringing,
    alarms: readonly ShownAlarm[],
    first: WaitingRing | undefined,
    signal: AbortSignal,
  ) {
    const { connectorFor, language, mentions } = this.#options;
    if (first === undefined) throw new RangeError("there is nothing to send");
    const toMessage = (way: Way) => toRingOfMany(way.mentioned, way.tag, alarms, language);
    const ways = await mentions.listWays(people, tag);
    return postFirstTaken(connectorFor("ring"), first.found.state, ways, toMessage, signal);
  }

  /** Whom it did not mention waits for the next turn. */
  #toRung({ found, ring, left }: WaitingRing, rung: ReadonlySet<string>, posted: readonly string[]): RungUnder {
    const { state } = found;
    const { incident, conversation, serviceUrl } = state;
    const now = this.#options.clock.now();
    const meant = [...left.people.map(({ id }) => id), ...(left.tag === null ? [] : [left.tag.id])];
    const reached = meant.filter((id) => rung.has(id));
    const before = state.ring === ring.number ? state.rung : [];
    const isTagRung = state.isTagRung || (left.tag !== null && rung.has(left.tag.id));
    const after = { ...state, ring: ring.number, rung: [...before, ...reached], isTagRung };
    const record = async (tx: Transaction): Promise<void> => {
      await tx.saveRung(after);
      for (const activity of posted)
        await tx.saveMessage({ incident, conversation, serviceUrl, activity, kind: "ring", at: now });
    };
    return { state: after, isWhole: reached.length === meant.length, record };
  }
}
