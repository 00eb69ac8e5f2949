import type { Background } from "../../kit/background.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import { toOwnPlace } from "../cards/own-location.ts";
import { type PersonalCard, toPersonalCard } from "../cards/personal-card.ts";
import type { InboundActivity, Origin } from "../wire/activity.ts";
import { toCardAnswer } from "../wire/outgoing.ts";
import { handlePersonalCommand, type PersonalCommandOptions } from "./handle-personal-command.ts";
import { toMessageIdentity } from "./origin.ts";
import type { Replies } from "./replies.ts";

/** Longest that looking for the alarm of an earlier message may take; after that it counts as none. */
const pressWithinMs = 1_000;

/** The answer to a call of Teams; `body`: to an invoke. */
export interface TurnAnswer {
  readonly status: number;
  readonly body?: unknown;
}

type Personal = Extract<InboundActivity, { kind: "personal" }>;

export interface PersonalTurnsOptions extends PersonalCommandOptions {
  readonly replies: Replies;
  /** What goes on after the answer. */
  readonly background: Background;
}

/**
 * Answers what colleagues want for themselves. It goes past the SDK, which throws on an activity that lacks what an
 * alarm does not need.
 */
export class PersonalTurns {
  readonly #options: PersonalTurnsOptions;

  constructor(options: PersonalTurnsOptions) {
    this.#options = options;
  }

  /** Runs a command and shows what became of it: to a click in its answer, else where it was typed. Never rejects. */
  async answer(inbound: Personal, isInvoke: boolean): Promise<TurnAnswer> {
    const card = await handlePersonalCommand(inbound, this.#options);
    const onShown = (id: string) => this.#follow(inbound, card, id);
    if (!isInvoke) {
      await this.#show(inbound.origin, card, onShown);
      return { status: 200 };
    }
    // The answer takes the place of the card that was clicked, for as long as nobody changes that.
    if (inbound.card !== null) void this.#options.background.track(onShown(inbound.card));
    return { status: 200, body: toCardAnswer(card.card) };
  }

  /**
   * Says that an alarm stays whose message was edited into something else, or deleted; false when that message raised
   * none that is open. Never rejects.
   */
  async answerStanding(origin: Origin): Promise<boolean> {
    const { personal, clock, log } = this.#options;
    const message = toMessageIdentity(origin);
    if (message === null) return false;
    const found = await withTimeout(clock, pressWithinMs, personal.alarms.findPress(message)).catch(
      (error: unknown) => {
        log.warn({ err: error }, "edited-alarm-not-read");
        return null;
      },
    );
    if (found === null || found === late || (found.incident !== null && found.incident.closedAt !== null)) return false;
    const { id: incident, incident: known } = found;
    const content = { kind: "still-pressed", incident, ...toOwnPlace(known, this.#options.names) } as const;
    await this.#show(origin, toPersonalCard(content, this.#options));
    return true;
  }

  async #show(origin: Origin, card: PersonalCard, onShown?: (id: string) => Promise<void>): Promise<void> {
    const { replies, log } = this.#options;
    if (origin.thread === "") log.warn({ reason: "no-conversation" }, "answer-not-sent");
    else await replies.showCard(origin, card, onShown);
  }

  /**
   * The card that answers an alarm, or shows a visit, goes on so where nobody else reads it, also where it could not be
   * answered in time. Never rejects.
   */
  async #follow({ origin, command }: Personal, card: PersonalCard, activity: string) {
    const { personal } = this.#options;
    const { incidents = [], isOfVisit } = (await card.isKnown) ?? card;
    const { conversation, serviceUrl, from, scope } = origin;
    const [incident] = incidents;
    const message = { conversation, serviceUrl, activity };
    if (scope !== "personal") return;
    if (isOfVisit === true) await personal.visits.followVisit(from, message);
    else if (command.kind === "alarm" && incident !== undefined) await personal.followPress(from, incident, message);
  }
}
