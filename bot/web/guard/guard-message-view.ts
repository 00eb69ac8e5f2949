import type { Outcome } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { GuardAnswer, TestTimes } from "../../ports/guard.ts";
import { guardButtons } from "../../words/guard/guard-buttons.ts";
import { guardMessage } from "../../words/guard/guard-message.ts";
import { toClockTime, toDateTime } from "../../words/shared/time.ts";
import { type Html, html } from "../http/html.ts";
import type { GuardAddress } from "./guard-address.ts";
import { renderAnswer, renderStep } from "./guard-buttons.ts";
import { renderUnseenOffers } from "./guard-offers.ts";

interface View {
  readonly title: string;
  readonly body: Html;
}

/** A page that has nothing but a message. */
export type GuardMessage = "gone" | "testGone" | "unknown" | "tooMany" | "notUnderstood";

/** Renders a page of a heading and a sentence. */
export function renderMessageView(message: GuardMessage, language: Language): View {
  return renderMessage(guardMessage[language][message], null);
}

/**
 * Renders the page for an answer that could not be saved, with a button that sends the same once more. `id`: the one it
 * was given under, where the address names nobody.
 */
export function renderNotSavedView(answer: GuardAnswer, outcome: Outcome, id: string | null, language: Language): View {
  const words = guardMessage[language].notSaved;
  return renderMessage(words, renderAnswer({ answer, outcome, id, label: words.again, style: "first" }));
}

/** Renders the page for a state that can't be read now; it offers what a guard may have to say all the same. */
export function renderNotShownView(address: GuardAddress, language: Language): View {
  const refresh = renderStep(guardButtons[language].refresh, address);
  return renderMessage(
    guardMessage[language].notShown,
    html`${renderUnseenOffers({ address, language })}
${refresh}`,
  );
}

/**
 * Renders the page for an answer that is in memory and not on disk yet; it never claims more than that. `address`:
 * where whoever answered may look whether it is.
 */
export function renderBufferedView(answer: GuardAnswer, address: GuardAddress, language: Language): View {
  const words = guardMessage[language].buffered;
  return renderMessage(
    words,
    html`<p class="note">${words.next[answer]}</p>
${renderStep(words.look, address)}`,
  );
}

function renderMessage({ title, text }: { title: string; text: string }, rest: Html | null): View {
  return { title, body: html`<main><h1>${title}</h1><p>${text}</p>${rest}</main>` };
}

/** Renders the page of a test; nothing on it may be taken for an alarm. */
export function renderTestView(
  { startedAt, endsAt, answeredAt }: TestTimes,
  context: {
    readonly organisation: string;
    readonly timezone: string;
    readonly language: Language;
    readonly now: number;
  },
): View {
  const { organisation, timezone, language, now } = context;
  const words = guardMessage[language].test;
  const body = html`<header class="test">${words.header} · ${organisation}</header>
<main>
<h1>${words.title}</h1>
${renderAsk()}
<p><small>${words.sent(toDateTime(startedAt, timezone, language))}</small></p>
</main>`;
  return { title: `${words.header} · ${organisation}`, body };

  function renderAsk(): Html {
    if (answeredAt !== null)
      return html`<p class="said">${words.thanks(toClockTime(answeredAt, timezone, language))}</p>`;
    if (now >= endsAt) return html`<p class="said">${words.over}</p>`;
    return html`<p>${words.text}</p>${renderAnswer({ answer: "accept", label: words.seen, style: "first", id: null })}`;
  }
}
