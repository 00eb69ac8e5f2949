import type { Outcome } from "../../domain/incident/incident.ts";
import type { GuardAnswer } from "../../ports/guard.ts";
import { type Html, html } from "../http/html.ts";
import { type GuardAddress, toGuardFields, toGuardQuery } from "./guard-address.ts";

/** How a button looks: the expected one stands out, and so does a call for help. */
export type ButtonStyle = "first" | "help" | null;

interface AnswerButton {
  readonly answer: GuardAnswer;
  /** Only with `safe`. */
  readonly outcome?: Outcome;
  readonly label: string;
  readonly style: ButtonStyle;
  /** The id under which the answer counts, where the page's own address names nobody; null: it counts as nobody's. */
  readonly id: string | null;
  /** The address to which it posts; left out: the page's own. */
  readonly to?: GuardAddress;
}

/**
 * Renders a button that answers. Each has a form of its own, because an old phone tells no two buttons of one form
 * apart.
 */
export function renderAnswer({ answer, outcome, label, style, id, to }: AnswerButton): Html {
  const fields = [
    renderField("answer", answer),
    ...(outcome === undefined ? [] : [renderField("outcome", outcome)]),
    ...(id === null ? [] : [renderField("me", id)]),
  ];
  const action = to === undefined ? null : html` action="${toGuardQuery(to)}"`;
  return html`<form method="post"${action}>${fields}${renderButton(label, style)}</form>`;
}

/** Renders a button that leads to another address of the same page, and changes nothing. */
export function renderStep(label: string, to: GuardAddress, style: ButtonStyle = null): Html {
  const fields = toGuardFields(to).map(([name, value]) => renderField(name, value));
  return html`<form method="get">${fields}${renderButton(label, style)}</form>`;
}

function renderField(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}

function renderButton(label: string, style: ButtonStyle): Html {
  return html`<button${style === null ? null : html` class="${style}"`}>${label}</button>`;
}
