import type { Outcome } from "../incident/incident.ts";
import { guardPage } from "../words/guard-page.ts";
import type { Language } from "../words/language.ts";
import type { GuardAnswer, Offer } from "./guard-standing.ts";
import { type Html, html } from "./html.ts";

/** What a guard offers to answer: a form of its own each, since an old phone tells no two buttons of one form apart. */
export function renderButtons(offers: readonly Offer[], language: Language): Html {
  const words = guardPage[language];
  const buttons = offers.map((offer, index) => ({
    isSafe: offer.answer === "safe",
    markup: renderButton({ ...offer, label: words[offer.words], isFirst: index === 0 }),
  }));
  const safe = buttons.filter((button) => button.isSafe).map((button) => button.markup);
  const others = buttons.filter((button) => !button.isSafe).map((button) => button.markup);
  // It closes for everybody, so it lies behind a second press; where `details` is unknown, its buttons simply show.
  const closing = safe.length === 0 ? null : html`<details><summary>${words.safe}</summary>${safe}</details>`;
  return html`${others}${closing}`;
}

interface Button {
  readonly answer: GuardAnswer;
  /** Only with `safe`. */
  readonly outcome?: Outcome;
  readonly label: string;
  /** The one that is expected. */
  readonly isFirst: boolean;
}

/** One button that posts to the page's own address. */
export function renderButton({ answer, outcome, label, isFirst }: Button): Html {
  const ending = outcome === undefined ? null : html`<input type="hidden" name="outcome" value="${outcome}">`;
  return html`<form method="post"><input type="hidden" name="answer" value="${answer}">${ending}<button${
    isFirst ? html` class="first"` : null
  }>${label}</button></form>`;
}
