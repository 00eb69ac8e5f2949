import type { Language } from "../../domain/language.ts";
import { type Html, html } from "../../web/http/html.ts";
import { guardView } from "../../words/guard/guard-view.ts";
import { toCause } from "../../words/shared/terms.ts";
import { toClockTime } from "../../words/shared/time.ts";
import { type DeskWords, desk } from "../../words/terminal/desk.ts";
import type { DeskEntry } from "./received-page.ts";

/** Renders the desk's screen: the newest page on top, with the link by which the guard accepts it. */
export function renderDesk(entries: readonly DeskEntry[], refused: number, language: Language, timezone: string) {
  const words = desk[language];
  const body = html`<header class="${entries.length === 0 ? "calm" : ""}">${words.role}</header>
<main>
${entries.length === 0 ? html`<h1>${words.quiet}</h1><p>${words.quietHint}</p>` : null}
${entries.map((entry) => renderEntry(entry, language, toClockTime(entry.receivedAt, timezone, language)))}
${refused === 0 ? null : html`<p class="note">${words.refused(refused)}</p>`}
</main>`;
  return { title: entries.length === 0 ? words.title : `(${entries.length}) ${words.title}`, body };
}

function renderEntry({ page, newest, answers, isAnswered }: DeskEntry, language: Language, clock: string): Html {
  const words = desk[language];
  const guard = guardView[language];
  const { number, place, directions, verification, onTheWay } = newest.incident;
  // The reason of the page stays; what came later is an update of it.
  const { reason: why } = page;
  const reason = why === "update" || why === "call-off" ? null : guard.reason[toCause(why, page.incident.onTheWay)];
  return html`<article class="stand">
<h1>${place ?? guard.placeUnknown}</h1>
${directions && html`<p class="directions">${directions}</p>`}
${renderUpdate(newest.reason, words)}
${newest.reason === "call-off" ? null : renderLink(newest.acceptUrl, isAnswered ? words.open : words.accept, words)}
<dl>
${answers.map((answer) => html`<dt>${words.answer}</dt><dd>${answer}</dd>`)}
${reason && html`<dt>${guard.reasonLabel}</dt><dd>${reason}</dd>`}
<dt>${guard.verificationLabel}</dt><dd>${guard.verification[verification]}</dd>
<dt>${guard.colleagues}</dt><dd>${words.colleagues(onTheWay)}</dd>
<dt>${words.received}</dt><dd>${clock}</dd>
<dt>${guard.alarm}</dt><dd>${guard.number(number)}</dd>
<dt>${words.signature}</dt><dd>${words.signed}</dd>
</dl>
</article>`;
}

function renderUpdate(reason: DeskEntry["newest"]["reason"], words: DeskWords): Html | null {
  if (reason === "call-off") return html`<p class="note">${words.calledOff}</p>`;
  return reason === "update" ? html`<p class="note">${words.news}</p>` : null;
}

/** Renders the link, which opens in a tab of its own because this page reloads itself. */
function renderLink(acceptUrl: string | null, label: string, words: DeskWords): Html {
  if (acceptUrl === null) return html`<p class="note">${words.noLink}</p>`;
  return html`<p class="directions"><a href="${acceptUrl}" target="_blank" rel="noreferrer"><strong>${label}</strong></a></p>`;
}
