import type { Outcome } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { GuardAnswer } from "../../ports/guard.ts";
import { guardView } from "../../words/guard/guard-view.ts";
import { type Html, html } from "../http/html.ts";
import type { Offer } from "./guard-state.ts";

/**
 * Renders what a guard may answer, in that order. Each answer has a form of its own, because an old phone tells no two
 * buttons of one form apart. `isFirstExpected`: the first one stands out.
 */
export function renderButtons(offers: readonly Offer[], isFirstExpected: boolean, language: Language): Html {
  const words = guardView[language];
  const closing = offers.filter(({ answer }) => answer === "safe");
  const markup = offers.flatMap((offer, index) => {
    const isFirst = isFirstExpected && index === 0;
    if (offer.answer !== "safe") return [renderButton({ ...offer, label: words[offer.words], isFirst })];
    return offer === closing[0] ? [renderClosing(isFirst)] : [];
  });
  return html`${markup}`;

  /**
   * Renders *safe* behind a second press, because it closes for everybody; a browser without `details` simply shows its
   * buttons.
   */
  function renderClosing(isFirst: boolean): Html {
    const buttons = closing.map((offer) => renderButton({ ...offer, label: words[offer.words], isFirst: false }));
    return html`<details><summary${isFirst ? first : null}>${words.safe}</summary>${buttons}</details>`;
  }
}

const first = html` class="first"`;

interface Button {
  readonly answer: GuardAnswer;
  /** Only with `safe`. */
  readonly outcome?: Outcome;
  readonly label: string;
  /** The one that is expected stands out. */
  readonly isFirst: boolean;
}

/** Renders one button that posts to the page's own address. */
export function renderButton({ answer, outcome, label, isFirst }: Button): Html {
  const ending = outcome === undefined ? null : html`<input type="hidden" name="outcome" value="${outcome}">`;
  return html`<form method="post"><input type="hidden" name="answer" value="${answer}">${ending}<button${
    isFirst ? first : null
  }>${label}</button></form>`;
}
