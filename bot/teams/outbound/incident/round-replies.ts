import type { RecordedLine } from "../../../domain/incident/history.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Log } from "../../../log.ts";
import type { Store } from "../../../ports/store/store.ts";
import type { CardState, RoundReply } from "../../../ports/store/teams.ts";
import type { Clock } from "../../../ports/time.ts";
import type { CardContext } from "../../cards/context.ts";
import { isTold, toRoundText } from "../../cards/incident/thread.ts";
import type { ConnectorFor } from "../../wire/budget/connector-for.ts";
import { isContentRefused, isRefused } from "../../wire/failure.ts";
import type { FoundCard } from "./found-card.ts";

/** How many calls go out in one go, so that after an outage the cards of other alarms do not wait for all of them. */
const maxAtOnce = 5;

export interface RoundRepliesOptions {
  readonly connectorFor: ConnectorFor;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly loadContext: (incident: Incident) => Promise<CardContext>;
}

/** Whether the card is gone, as far as a refusal tells. */
type IsLost = (error: unknown) => Promise<boolean>;

/**
 * How far the thread has come. `more`: there are lines left. `lost`: the card is not there any more. `repliedTo`: `seq`
 * of the last line that is done, which may not be saved yet.
 */
export interface Progress {
  readonly kind: "done" | "more" | "lost";
  readonly repliedTo: number;
}

/** What there is to tell. */
interface Telling {
  /** What the reply tells that stands and can be edited; none: there is no such reply. */
  readonly told: readonly RecordedLine[];
  readonly left: readonly RecordedLine[];
  /** Each line has a reply of its own, because Teams does not take what one of them says. */
  readonly isApart: boolean;
}

/** One call. */
interface Step {
  readonly isEdit: boolean;
  readonly text: string;
  /** All that the reply tells then. */
  readonly lines: readonly RecordedLine[];
}

/** Tells under the newest card what happens: one reply a round, edited as it happens. */
export class RoundReplies {
  readonly #options: RoundRepliesOptions;

  constructor(options: RoundRepliesOptions) {
    this.#options = options;
  }

  /**
   * Tells what is not told yet: in the reply that stands, or in a new one where a round begins, where none stands under
   * this card, where it is full and where Teams does not let it be changed. Progress is saved after each call, so that
   * a crash repeats one reply at most; running out of time after some progress is no failure. `isLost`: asked when
   * Teams refuses a new one, whether that is because the card is gone; what it rejects with comes back. What is refused
   * though the card is there is told with what happens next. Rejects with DeliveryError.
   */
  async tell(found: FoundCard, signal: AbortSignal, isLost: IsLost): Promise<Progress> {
    const { state, incident } = found;
    const { loadContext, log } = this.#options;
    const end = found.lines.at(-1)?.seq ?? state.repliedTo;
    let telling = toTelling(found);
    let { repliedTo } = state;
    let { reply } = found;
    if (telling.left.length === 0) return { kind: "done", repliedTo: end };
    const context = await loadContext(incident);
    for (let calls = 0; telling.left.length > 0; calls += 1) {
      if (calls === maxAtOnce) return { kind: "more", repliedTo };
      const step = toStep(telling, context);
      try {
        reply = await this.#take(step, state, reply, signal);
        repliedTo = toEnd(step.lines, repliedTo);
        telling = toRest(telling, step);
      } catch (error) {
        if (signal.aborted && calls > 0) return { kind: "more", repliedTo };
        if (!isRefused(error)) throw error;
        const isOfContent = isContentRefused(error);
        if (step.isEdit || (isOfContent && step.lines.length > 1)) {
          telling = toOtherwise(telling, step, isOfContent);
          continue;
        }
        if (!isOfContent && (await isLost(error))) return { kind: "lost", repliedTo };
        log.warn({ incident: incident.id, seq: step.lines[0]?.seq, err: error }, "reply-refused");
        if (!isOfContent) return { kind: "done", repliedTo };
        // One line that Teams does not take must not hold up the others.
        repliedTo = toEnd(step.lines, repliedTo);
        telling = { ...telling, left: telling.left.slice(1) };
      }
    }
    return { kind: "done", repliedTo: end };
  }

  /** Edits the reply or posts a new one; resolves with it, as it was saved. */
  async #take(
    { isEdit, text, lines }: Step,
    state: CardState,
    before: RoundReply,
    signal: AbortSignal,
  ): Promise<RoundReply> {
    const { connectorFor, store, clock } = this.#options;
    const { incident, conversation, serviceUrl, activity: card } = state;
    // It does not wait here: its turn comes after that of the card's newest state.
    const connector = connectorFor("reply", 0);
    const message = { type: "message", text } as const;
    const thread = `${conversation};messageid=${card}`;
    // Teams may leave the id of a reply out: it stands there all the same, and can't be edited.
    let { activity } = before;
    if (isEdit) await connector.update(serviceUrl, thread, activity, message, signal);
    else activity = (await connector.post(serviceUrl, thread, message, signal)) ?? "";
    const from = lines[0]?.seq ?? 0;
    const reply = { incident, card, activity, from, askedTo: before.askedTo };
    await store.write(async (tx) => {
      await tx.saveRoundReply(reply);
      await tx.saveRepliedTo(incident, toEnd(lines, state.repliedTo));
      if (isEdit || activity === "") return;
      await tx.saveMessage({ incident, conversation, serviceUrl, activity, kind: "reply", at: clock.now() });
    });
    return reply;
  }
}

/** A round that begins has a new reply, with what was not told by then. */
function toTelling({ told, lines }: FoundCard): Telling {
  const left = lines.filter(isTold);
  const isBegun = left.some(({ kind }) => kind === "round-started");
  return { told: isBegun ? [] : told.filter(isTold), left, isApart: false };
}

/** Goes on with the reply that stands where it has room, else with a new one. */
function toStep({ told, left, isApart }: Telling, context: CardContext): Step {
  const whole = toRoundText([...told, ...left], context);
  const isEdit = told.length > 0 && whole.lines.length > told.length;
  return { isEdit, ...(isEdit ? whole : toRoundText(isApart ? left.slice(0, 1) : left, context)) };
}

/** What is left after a step: the reply that it wrote has no room for more, or each line has its own. */
function toRest({ left, isApart }: Telling, { lines }: Step): Telling {
  const end = toEnd(lines, 0);
  return { told: [], left: left.filter(({ seq }) => seq > end), isApart };
}

/** What to do instead: without the reply that can't be edited, or line by line. A reply that is gone is told anew. */
function toOtherwise({ told, left, isApart }: Telling, { isEdit }: Step, isOfContent: boolean): Telling {
  if (!isEdit) return { told: [], left, isApart: true };
  return { told: [], left: isOfContent ? left : [...told, ...left], isApart };
}

/** `seq` of the last of them; none: `before`. */
function toEnd(lines: readonly RecordedLine[], before: number): number {
  return lines.at(-1)?.seq ?? before;
}
