import type { Incident } from "../../../domain/incident/incident.ts";
import { type CardWords, card } from "../../../words/colleague/card.ts";
import { toClockTime } from "../../../words/shared/time.ts";
import type { CardContext } from "../context.ts";
import { type Standing, toNextPageAt } from "./standing.ts";

/** Our own sentences, with `**…**`: what is asked of the reader, and what happens by when if nobody does it. */
export interface Ask {
  readonly question: readonly string[];
  readonly otherwise: readonly string[];
}

/**
 * What is asked of the reader, and by when. Never promises more than the engine does, and never asks as if nobody went
 * when somebody goes.
 */
export function toAsk(incident: Incident, standing: Standing, context: CardContext): Ask {
  const { ask }: CardWords = card[context.language];
  if (standing.outcome !== null) return { question: [], otherwise: [] };
  if (standing.there !== null) return toAskThere(incident, standing, context);
  return {
    question: [...toRing(standing, ask), ...toQuestion(standing, ask), ...toAlone(standing.needed, ask)],
    otherwise: toOtherwise(incident, standing, context),
  };
}

/** What happens by when if nobody comes. */
export function toOtherwise(incident: Incident, standing: Standing, context: CardContext): string[] {
  const { ask }: CardWords = card[context.language];
  const { guardComing, coming, needed, security, dueBy } = standing;
  if (guardComing !== null) return [ask.guardComingBy(toClock(guardComing.dueBy, context))];
  if (security !== null) return withClock(toNextPageAt(incident, context.policy), ask.nextPage, context);
  const by = coming === 0 ? ask.openBy : coming >= needed ? ask.comingBy : ask.tooFewBy;
  return withClock(dueBy, by, context);
}

/** While nobody is there. */
function toQuestion({ help, guardComing, coming, late, needed, security }: Standing, ask: CardWords["ask"]): string[] {
  if (help === "asked") return [ask.help];
  if (guardComing !== null) return [ask.guardComing];
  if (coming >= needed) return [ask.coming];
  if (coming > 0) return [ask.tooFew(needed - coming)];
  if (late > 0) return [ask.coming, ask.pagedToo];
  return [security === null ? ask.open : ask.paged];
}

/** While somebody is there. */
export function toAskThere(incident: Incident, standing: Standing, context: CardContext): Ask {
  const { ask }: CardWords = card[context.language];
  const { help, checkDueBy, checkAt } = standing;
  if (checkDueBy !== null) return { question: [ask.check(toClock(checkDueBy, context))], otherwise: [ask.checkMissed] };
  if (help === "asked") {
    const question = [...toRing(standing, ask), ask.help, ...toAlone(standing.needed, ask), ask.resolve];
    return { question, otherwise: [] };
  }
  const witness = incident.verification === "witnessed" ? [] : [ask.witness];
  return { question: [...witness, ask.resolve], otherwise: withClock(checkAt, ask.checkAt, context) };
}

/** Where no route to security works, only a human can call. */
export function toRing({ security }: Standing, ask: CardWords["ask"]): string[] {
  return security === "failed" || security === "declined" ? [ask.ring] : [];
}

/** To whoever is asked to go: where more than one is needed nobody goes alone. */
export function toAlone(needed: number, ask: CardWords["ask"]): string[] {
  return needed > 1 ? [ask.neverAlone] : [];
}

function withClock(at: number | null, sentence: (clock: string) => string, context: CardContext): string[] {
  return at === null ? [] : [sentence(toClock(at, context))];
}

/** A moment in epoch milliseconds as people here read their clocks. */
export function toClock(at: number, { timezone, language }: Pick<CardContext, "language" | "timezone">): string {
  return toClockTime(at, timezone, language);
}
