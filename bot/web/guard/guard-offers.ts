import type { Language } from "../../domain/language.ts";
import type { GuardCase } from "../../ports/guard.ts";
import { type GuardButtonWords, guardButtons } from "../../words/guard/guard-buttons.ts";
import { type Html, html } from "../http/html.ts";
import { type GuardAddress, newGuardId } from "./guard-address.ts";
import { type ButtonStyle, renderAnswer, renderStep } from "./guard-buttons.ts";
import { guardsOfLink, isNothingExpected, type Offer, offers, offersUnseen, toGuardState } from "./guard-state.ts";

export interface OfferContext {
  readonly address: GuardAddress;
  readonly language: Language;
  /** A moment in epoch milliseconds as this guard reads the clock. */
  readonly time: (at: number) => string;
}

/** Renders the buttons for a guard. */
export function renderOffers(view: GuardCase, context: OfferContext): Html {
  // What was said on this page is told on this page.
  const address = { ...context.address, saidSafe: false };
  const state = toGuardState(view, address.me);
  const id = toFormId(address);
  const shown = offers[state].map((offer: Offer, index) => {
    const style = index === 0 && !isNothingExpected.has(state) ? "first" : null;
    return renderOffer(offer, style, { ...context, address, view, id });
  });
  return html`${shown}`;
}

/** Renders the buttons while the state can't be read. */
export function renderUnseenOffers({ address, language }: Pick<OfferContext, "address" | "language">): Html {
  const id = toFormId(address);
  const words = guardButtons[language];
  const shown = offersUnseen.map(({ answer, words: label }, index) =>
    renderAnswer({ answer, label: words[label], style: toStyle(answer, index === 0 ? "first" : null), id }),
  );
  return html`${shown}`;
}

/** Renders the one question that is left before the incident is closed. */
export function renderOutcomeOffers({ address, language }: Pick<OfferContext, "address" | "language">): Html {
  const words = guardButtons[language];
  const closing = { answer: "safe", style: null, id: null } as const;
  return html`${renderAnswer({ ...closing, outcome: "real", label: words.safeReal })}
${renderAnswer({ ...closing, outcome: "false", label: words.safeFalse })}
${renderStep(words.back, { ...address, asksOutcome: false })}`;
}

/**
 * The id for the forms of a page whose address names nobody. What is answered on such a page twice is one guard's, and
 * what is answered on another one is another guard's.
 */
function toFormId({ me }: GuardAddress): string | null {
  return me === null ? newGuardId() : null;
}

interface Offering extends OfferContext {
  readonly view: GuardCase;
  readonly id: string | null;
}

function renderOffer(offer: Offer, style: ButtonStyle, offering: Offering): Html {
  const { address, language, id } = offering;
  const words: GuardButtonWords = guardButtons[language];
  switch (offer.kind) {
    case "answer":
      return renderAnswer({
        answer: offer.answer,
        label: words[offer.words],
        style: toStyle(offer.answer, style),
        id,
      });
    case "safe":
      return renderStep(words.safe, { ...address, asksOutcome: true }, style);
    case "another":
      return renderStep(words.another, { ...address, me: newGuardId() }, style);
    case "me":
      return renderMe(words, style, offering);
    case "notAfterAll": {
      // With several it has to be said first who declines.
      const [guard, ...more] = guardsOfLink(offering.view);
      if (guard === undefined || more.length > 0) return html``;
      const to = { ...address, me: guard.who };
      return renderAnswer({ answer: "decline", label: words.notAfterAll, style, id: null, to });
    }
  }
}

function renderMe(words: GuardButtonWords, style: ButtonStyle, { view, address, time }: Offering): Html {
  const guards = guardsOfLink(view);
  const steps = guards.map(({ who, since }) => {
    const label = guards.length === 1 ? words.me : words.meSince(time(since));
    return renderStep(label, { ...address, me: who }, style);
  });
  return html`${steps}`;
}

function toStyle(answer: string, style: ButtonStyle): ButtonStyle {
  return answer === "help" ? "help" : style;
}
