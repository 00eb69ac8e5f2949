import type { Language } from "../../domain/language.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Log } from "../../log.ts";
import type { Click, CommandResult } from "../../ports/click.ts";
import type { Clock } from "../../ports/time.ts";
import { channel } from "../../words/colleague/channel.ts";
import { toIncidentCard } from "../cards/incident/incident-card.ts";
import { toRefusal } from "../cards/incident/refusal.ts";
import type { InboundActivity } from "../wire/activity.ts";
import { type InvokeAnswer, toCardAnswer, toErrorAnswer, withNote } from "../wire/outgoing.ts";

/**
 * Teams gives a click 5 s and shows "something went wrong" after that; on phones an empty answer does the same
 * (botbuilder-js#4430).
 */
export const answerWithinMs = 4_000;

export interface ClicksOptions {
  /** null: there is no such incident; "buffered": not on disk yet, and tried again. */
  readonly answerClick: (click: Click) => Promise<CommandResult | null | "buffered">;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  readonly timezone: string;
}

interface Unanswered {
  readonly status: 400 | 500;
  readonly sentence: string;
}

/** Handles clicks on cards. */
export class Clicks {
  readonly #options: ClicksOptions;
  /** It is not on disk yet; the log says why. */
  readonly #failed: Unanswered;
  readonly #unknown: Unanswered;

  constructor(options: ClicksOptions) {
    const words = channel[options.language];
    this.#options = options;
    this.#failed = { status: 500, sentence: words.clickFailed };
    this.#unknown = { status: 400, sentence: words.clickUnknown };
  }

  /** The answer for who clicked: always one, and always in time. */
  async answer(inbound: InboundActivity): Promise<InvokeAnswer> {
    const answer = await this.#handle(inbound);
    if ("sentence" in answer) return toErrorAnswer(answer.status, answer.sentence);
    const { language, timezone } = this.#options;
    const { incident, policy, reason } = answer;
    const card = toIncidentCard(incident, { language, timezone, policy });
    const refusal = toRefusal(reason, language);
    // One answer can hold a card or a sentence. The card is what is so now, the sentence on it is seen by nobody else.
    return toCardAnswer(refusal === null ? card : withNote(card, refusal));
  }

  /** The same for clients without Action.Execute, which take a sentence only; null: the card will show it. */
  async reply(inbound: InboundActivity): Promise<string | null> {
    const answer = await this.#handle(inbound);
    return "sentence" in answer ? answer.sentence : toRefusal(answer.reason, this.#options.language);
  }

  async #handle(inbound: InboundActivity): Promise<CommandResult | Unanswered> {
    if (inbound.kind !== "click") return this.#unknown;
    const { answerClick, clock, log } = this.#options;
    const click = toClick(inbound);
    try {
      const answer = await withTimeout(clock, answerWithinMs, answerClick(click));
      if (answer === late) log.error({ incident: click.incident, verb: click.verb }, "click-late");
      return answer === late || answer === "buffered" ? this.#failed : (answer ?? this.#unknown);
    } catch (error) {
      log.error({ incident: click.incident, verb: click.verb, err: error }, "click-failed");
      return this.#failed;
    }
  }
}

function toClick({ incident, verb, outcome, origin }: Extract<InboundActivity, { kind: "click" }>): Click {
  return { incident, verb, outcome, by: origin.from };
}
