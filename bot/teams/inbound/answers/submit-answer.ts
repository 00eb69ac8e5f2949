import type { ClickVerb } from "../../../domain/incident/command.ts";
import type { Outcome } from "../../../domain/incident/incident.ts";
import { late, withTimeout } from "../../../kit/with-timeout.ts";
import type { Log } from "../../../log.ts";
import type { Click, CommandResult } from "../../../ports/click.ts";
import type { Clock } from "../../../ports/time.ts";
import type { Channels } from "../../outbound/channels.ts";
import type { Origin } from "../../wire/activity.ts";

/**
 * A click has to be answered within 5 s: after that Teams shows "something went wrong", and on phones an empty answer
 * does the same (botbuilder-js#4430).
 */
export const answerWithinMs = 4_000;

export interface SubmitOptions {
  /**
   * Resolves with null when there is no such incident, or none that may be answered from there. "buffered": the answer
   * is not on disk yet, and is tried again. Rejects when it is not kept.
   */
  readonly answerClick: (click: Click) => Promise<CommandResult | null | "buffered">;
  readonly channels: Pick<Channels, "namesOf">;
  readonly clock: Clock;
  readonly log: Log;
}

/** What somebody answers, by a click or typed. */
export interface Answer {
  readonly incident: string;
  readonly verb: ClickVerb;
  /** null for all but `resolve`. */
  readonly outcome: Outcome | null;
  /** As of `Click`. */
  readonly message?: string;
}

/** Why an answer has no result. `kept`: not on disk yet, and tried again. `unknown`: there is nothing to answer. */
export type NoResult = "kept" | "not-kept" | "unknown";

/** Submits what somebody answered from there; never rejects, and always ends in time. */
export async function submitAnswer(
  { from: by, conversation, scope }: Origin,
  { incident, verb, outcome, message }: Answer,
  { answerClick, channels, clock, log }: SubmitOptions,
): Promise<CommandResult | NoResult> {
  const typed = message === undefined ? {} : { message };
  const from = { conversation, isChat: scope === "personal", channels: channels.namesOf(conversation) };
  try {
    const result = await withTimeout(
      clock,
      answerWithinMs,
      answerClick({ incident, verb, outcome, by, from, ...typed }),
    );
    if (result === late) log.error({ incident, verb }, "click-late");
    return result === late || result === "buffered" ? "kept" : (result ?? "unknown");
  } catch (error) {
    log.error({ incident, verb, err: error }, "click-failed");
    return "not-kept";
  }
}
