import type { HistoryLine } from "../../../domain/incident/history.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import { type Policy, tagOf } from "../../../domain/incident/policy.ts";
import type { Language } from "../../../domain/language.ts";
import type { Names } from "../../../domain/names.ts";
import { late, withTimeout } from "../../../kit/with-timeout.ts";
import type { CommandResult } from "../../../ports/click.ts";
import type { CardState } from "../../../ports/store/teams.ts";
import { channel } from "../../../words/colleague/channel.ts";
import { toIncidentCard } from "../../cards/incident/incident-card.ts";
import { toRefusal } from "../../cards/incident/refusal.ts";
import type { TagOnCard } from "../../cards/incident/tag.ts";
import type { InboundActivity } from "../../wire/activity.ts";
import { type InvokeAnswer, toCardAnswer, toSentenceAnswer, withNote } from "../../wire/outgoing.ts";
import { type NoResult, type SubmitOptions, submitAnswer } from "./submit-answer.ts";

/** The answer waits this much longer for the history of a closed incident, or for the card of one with a tag. */
const loadWithinMs = 500;

export interface ClicksOptions extends SubmitOptions {
  readonly language: Language;
  readonly timezone: string;
  readonly names: Names;
  /** Loads the history of an incident, oldest first; rejects when the storage is down. */
  readonly loadHistory: (incident: string) => Promise<readonly HistoryLine[]>;
  /** Loads the newest card of an incident; rejects when the storage is down. */
  readonly loadCard: (incident: string) => Promise<Pick<CardState, "isTagRung"> | null>;
}

/** Handles clicks on cards. */
export class Clicks {
  readonly #options: ClicksOptions;
  /** Shown when a click has no result; the log says why. */
  readonly #sentences: Readonly<Record<NoResult, string>>;

  constructor(options: ClicksOptions) {
    const words = channel[options.language];
    this.#options = options;
    this.#sentences = { kept: words.clickFailed, "not-kept": words.clickNotKept, unknown: words.clickUnknown };
  }

  /** Handles a click and resolves with what the person is shown; never rejects, and always ends in time. */
  async answer(inbound: InboundActivity): Promise<InvokeAnswer> {
    const result = await this.#handleClick(inbound);
    if (typeof result === "string") return toSentenceAnswer(this.#sentences[result]);
    const { language, timezone, names } = this.#options;
    const { incident, policy, reason } = result;
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
    const result = await this.#handleClick(inbound);
    return typeof result === "string" ? this.#sentences[result] : toRefusal(result.reason, this.#options.language);
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

  async #handleClick(inbound: InboundActivity): Promise<CommandResult | NoResult> {
    return inbound.kind === "click" ? submitAnswer(inbound.origin, inbound, this.#options) : "unknown";
  }
}
