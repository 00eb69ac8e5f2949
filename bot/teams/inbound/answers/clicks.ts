import type { HistoryLine } from "../../../domain/incident/history.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import { type Policy, tagOf } from "../../../domain/incident/policy.ts";
import type { Language } from "../../../domain/language.ts";
import type { Names } from "../../../domain/names.ts";
import { late, withTimeout } from "../../../kit/with-timeout.ts";
import type { Log } from "../../../log.ts";
import type { Click, CommandResult } from "../../../ports/click.ts";
import type { CardState } from "../../../ports/store/teams.ts";
import type { Clock } from "../../../ports/time.ts";
import { channel } from "../../../words/colleague/channel.ts";
import { toIncidentCard } from "../../cards/incident/incident-card.ts";
import { toRefusal } from "../../cards/incident/refusal.ts";
import type { TagOnCard } from "../../cards/incident/tag.ts";
import type { Channels } from "../../outbound/channels.ts";
import type { InboundActivity } from "../../wire/activity.ts";
import { type InvokeAnswer, toCardAnswer, toErrorAnswer, withNote } from "../../wire/outgoing.ts";

/**
 * A click has to be answered within 5 s: after that Teams shows "something went wrong", and on phones an empty answer
 * does the same (botbuilder-js#4430).
 */
export const answerWithinMs = 4_000;

/** The answer waits this much longer for the history of a closed incident, or for the card of one with a tag. */
const loadWithinMs = 500;

export interface ClicksOptions {
  /**
   * Resolves with null when there is no such incident, or none that may be answered from there. "buffered": the answer
   * is not on disk yet, and is tried again. Rejects when it is not kept.
   */
  readonly answerClick: (click: Click) => Promise<CommandResult | null | "buffered">;
  readonly channels: Pick<Channels, "namesOf">;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  readonly timezone: string;
  readonly names: Names;
  /** Loads the history of an incident, oldest first; rejects when the storage is down. */
  readonly loadHistory: (incident: string) => Promise<readonly HistoryLine[]>;
  /** Loads the newest card of an incident; rejects when the storage is down. */
  readonly loadCard: (incident: string) => Promise<Pick<CardState, "isTagRung"> | null>;
}

interface ClickFailure {
  readonly status: 400 | 500;
  readonly sentence: string;
}

/** Handles clicks on cards. */
export class Clicks {
  readonly #options: ClicksOptions;
  /** Shown when the click is not on disk yet; the log says why. */
  readonly #failure: ClickFailure;
  readonly #notKept: ClickFailure;
  readonly #unknownClick: ClickFailure;

  constructor(options: ClicksOptions) {
    const words = channel[options.language];
    this.#options = options;
    this.#failure = { status: 500, sentence: words.clickFailed };
    this.#notKept = { status: 500, sentence: words.clickNotKept };
    this.#unknownClick = { status: 400, sentence: words.clickUnknown };
  }

  /** Handles a click and resolves with what the person is shown; never rejects, and always ends in time. */
  async answer(inbound: InboundActivity): Promise<InvokeAnswer> {
    const answer = await this.#handleClick(inbound);
    if ("sentence" in answer) return toErrorAnswer(answer.status, answer.sentence);
    const { language, timezone, names } = this.#options;
    const { incident, policy, reason } = answer;
    const history = incident.closedAt === null ? [] : await this.#loadHistory(incident.id);
    const tag = await this.#loadTag(incident, policy);
    const card = toIncidentCard(incident, { language, timezone, names, policy, history }, [], tag);
    const refusal = toRefusal(reason, language);
    // An answer holds a card or a sentence. The card shows the present state; the sentence on it is seen by this person
    // alone.
    return toCardAnswer(refusal === null ? card : withNote(card, refusal));
  }

  /**
   * Handles a click from a client without Action.Execute, which takes a sentence only; null when the card will show it.
   */
  async reply(inbound: InboundActivity): Promise<string | null> {
    const answer = await this.#handleClick(inbound);
    return "sentence" in answer ? answer.sentence : toRefusal(answer.reason, this.#options.language);
  }

  /** Loads what a closed card tells. */
  #loadHistory(incident: string): Promise<readonly HistoryLine[]> {
    return this.#inTime(this.#options.loadHistory(incident), []);
  }

  /** Loads the tag that the newest card rang; null where the channel has none. */
  async #loadTag({ id, channel }: Incident, policy: Policy): Promise<TagOnCard | null> {
    const tag = tagOf(policy, channel);
    if (tag === null) return null;
    const card = await this.#inTime(this.#options.loadCard(id), null);
    return card?.isTagRung === true ? { tag, isMentioned: false } : null;
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

  async #handleClick(inbound: InboundActivity): Promise<CommandResult | ClickFailure> {
    if (inbound.kind !== "click") return this.#unknownClick;
    const { answerClick, channels, clock, log } = this.#options;
    const { incident, verb, outcome, origin } = inbound;
    const { from: by, conversation, scope } = origin;
    const from = { conversation, isChat: scope === "personal", channels: channels.namesOf(conversation) };
    const click: Click = { incident, verb, outcome, by, from };
    try {
      const answer = await withTimeout(clock, answerWithinMs, answerClick(click));
      if (answer === late) log.error({ incident: click.incident, verb: click.verb }, "click-late");
      return answer === late || answer === "buffered" ? this.#failure : (answer ?? this.#unknownClick);
    } catch (error) {
      log.error({ incident: click.incident, verb: click.verb, err: error }, "click-failed");
      return this.#notKept;
    }
  }
}
