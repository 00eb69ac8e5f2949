import type { Incident } from "../../../domain/incident/incident.ts";
import { type CardWords, card } from "../../../words/colleague/card.ts";
import { toClockTime } from "../../../words/shared/time.ts";
import type { CardContext } from "../context.ts";
import { type Phase, toNextPageAt } from "./phase.ts";

/** The first line: the state in words, with a symbol. */
export function toHeadline(phase: Phase, context: CardContext): string {
  const { headline }: CardWords = card[context.language];
  switch (phase.kind) {
    case "open":
      return headline.open;
    case "coming":
      return phase.count >= phase.needed ? headline.coming(phase.count) : headline.tooFew(phase.count, phase.needed);
    case "paged":
      return toPagedHeadline(phase, headline);
    case "guard-coming":
      return phase.isHelpAsked
        ? toHelpHeadline(phase, headline)
        : headline.guardComing(toClock(phase.acceptedAt, context));
    case "there":
      if (phase.isHelpAsked) return toHelpHeadline(phase, headline);
      if (phase.checkDueBy !== null) return headline.check;
      return phase.who === "guard" ? headline.guardThere : headline.there;
    case "closed":
      return headline.closed[phase.outcome];
  }
}

function toHelpHeadline(
  { helpBy }: Phase & { kind: "there" | "guard-coming" },
  headline: CardWords["headline"],
): string {
  return helpBy === "guard" ? headline.guardHelp : headline.help;
}

function toPagedHeadline(phase: Phase & { kind: "paged" }, headline: CardWords["headline"]): string {
  if (phase.because === "help" || phase.because === "guardHelp") return headline[phase.because];
  // Nothing is worse than a page that reached no one, so a lapse must not hide it.
  if (phase.reach === "failed" || phase.reach === "declined") return headline[phase.reach];
  return phase.because === "nobody" ? headline[phase.reach] : headline[phase.because];
}

/**
 * What is asked of the reader, and by when; our own sentences with `**…**`. Never promises more than the engine does.
 */
export function toAsk(incident: Incident, phase: Phase, context: CardContext): string[] {
  const { ask }: CardWords = card[context.language];
  switch (phase.kind) {
    case "open":
      return [ask.open, ...withClock(phase.dueBy, ask.openBy, context)];
    case "coming":
      return phase.count >= phase.needed
        ? [ask.coming, ...withClock(phase.dueBy, ask.comingBy, context)]
        : [ask.tooFew(phase.needed - phase.count), ...withClock(phase.dueBy, ask.tooFewBy, context)];
    case "paged": {
      const next = withClock(toNextPageAt(incident, context.policy), ask.nextPage, context);
      if (phase.reach === "failed" || phase.reach === "declined") return [ask.failed, ...next];
      return [phase.because === "help" || phase.because === "guardHelp" ? ask.help : ask.paged, ...next];
    }
    case "guard-coming":
      return [phase.isHelpAsked ? ask.help : ask.guardComing, ...withClock(phase.dueBy, ask.guardComingBy, context)];
    case "there":
      return toAskThere(incident, phase, ask, context);
    case "closed":
      return [];
  }
}

function toAskThere(incident: Incident, phase: Phase & { kind: "there" }, ask: CardWords["ask"], context: CardContext) {
  if (phase.checkDueBy !== null) return [ask.check(toClock(phase.checkDueBy, context)), ask.checkMissed];
  const witness = incident.verification === "witnessed" ? [] : [ask.witness];
  const first = phase.isHelpAsked ? [ask.help] : witness;
  return [...first, ask.resolve, ...(phase.isHelpAsked ? [] : withClock(phase.checkAt, ask.checkAt, context))];
}

function withClock(at: number | null, sentence: (clock: string) => string, context: CardContext): string[] {
  return at === null ? [] : [sentence(toClock(at, context))];
}

/** A moment in epoch milliseconds as people here read their clocks. */
export function toClock(at: number, { timezone, language }: Pick<CardContext, "language" | "timezone">): string {
  return toClockTime(at, timezone, language);
}
