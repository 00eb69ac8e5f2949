import type { Position } from "../../domain/alarm.ts";
import type { EventKind, HistoryLine } from "../../domain/incident/history.ts";
import type { PageReason } from "../../domain/incident/incident.ts";
import { comingOf, thereOf } from "../../domain/incident/presence.ts";
import type { Language } from "../../domain/language.ts";
import type { GuardCase } from "../../ports/guard.ts";
import { type GuardViewWords, guardView } from "../../words/guard/guard-view.ts";
import { terms } from "../../words/shared/terms.ts";
import { toClockTime } from "../../words/shared/time.ts";
import { type Html, html } from "../http/html.ts";
import { renderButtons } from "./guard-buttons.ts";
import { offers, toGuardState } from "./guard-state.ts";

export interface GuardViewContext {
  readonly pageKey: string;
  readonly organisation: string;
  readonly timezone: string;
  readonly language: Language;
  readonly now: number;
}

const maxLines = 40;

/** Renders the page of one incident for one guard: place first, then what is asked, then why. */
export function renderGuardView(view: GuardCase, context: GuardViewContext): { title: string; body: Html } {
  const { incident } = view;
  const words = guardView[context.language];
  const place = incident.place ?? words.placeUnknown;
  const time = (at: number) => toClockTime(at, context.timezone, context.language);
  const state = toGuardState(incident, context.pageKey, view.pager);
  // Once the incident is closed, nobody needs to know any more where somebody is (rule 20).
  const position = incident.closedAt === null ? incident.position : null;
  const reason = toReason(view.history, context.pageKey);
  const body = html`<header class="${state === "closed" || state === "called-off" ? "calm" : ""}">${words.alarm} · ${context.organisation}</header>
<main>
<h1>${place}</h1>
${incident.directions && html`<p class="directions">${incident.directions}</p>`}
${position && renderMapLink(position, words.map(position.accuracyM))}
${incident.unreadable ? html`<p class="note">${words.unreadable}</p>` : null}
${incident.cancelledAt === null ? null : html`<p class="note">${words.cancelled}</p>`}
${incident.mayBeRepeat && incident.closedAt === null ? html`<p class="note">${terms[context.language].mayBeRepeat}</p>` : null}
${incident.lateMs === null ? null : html`<p class="note">${words.late(Math.round(incident.lateMs / 60_000))}</p>`}
<section class="stand" aria-labelledby="stand">
<h2 id="stand">${words.state[state]}</h2>
<p>${words.asked[state]}</p>
${renderButtons(offers[state], state !== "called-off", context.language)}
</section>
<dl>
<dt>${words.colleagues}</dt><dd>${words.responding(comingOf(incident).length, thereOf(incident).length)}</dd>
<dt>${words.verificationLabel}</dt><dd>${words.verification[incident.verification]}</dd>
${reason && html`<dt>${words.reasonLabel}</dt><dd>${words.reason[reason]}</dd>`}
<dt>${words.raised}</dt><dd><time>${time(incident.openedAt)}</time>, ${words.number(incident.number)}</dd>
</dl>
<h2>${words.doneLabel}</h2>
<ol>${renderHistory(view.history, context.language, time)}</ol>
<p>${words.asOf(time(context.now))}. <a href="">${words.refresh}</a></p>
</main>`;
  // A screen reader begins with the title, so that the result of a press comes first.
  return { title: `${words.state[state]} · ${place} · ${words.alarm}`, body };
}

function renderMapLink({ lat, lon }: Position, words: string): Html {
  const href = `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=18/${lat}/${lon}`;
  return html`<p><a href="${href}" rel="noreferrer">${words}</a><br><small>${lat.toFixed(5)}, ${lon.toFixed(5)}</small></p>`;
}

function toReason(history: readonly HistoryLine[], pageKey: string): PageReason | null {
  const queued = history.find((line) => line.kind === "page-queued" && line.key === pageKey);
  return queued?.kind === "page-queued" ? queued.reason : null;
}

/**
 * Renders the newest lines, oldest first. Kinds without a sentence are not for a guard, and what happened several times
 * in a row is shown once.
 */
function renderHistory(history: readonly HistoryLine[], language: Language, time: (at: number) => string): Html[] {
  const { done, outcome: outcomes, times }: GuardViewWords = guardView[language];
  const sentences: Readonly<Partial<Record<EventKind, string>>> = done;
  const runs: { line: HistoryLine; count: number }[] = [];
  for (const line of history.filter(({ kind }) => sentences[kind] !== undefined)) {
    const last = runs.at(-1);
    if (last?.line.kind === line.kind) last.count += 1;
    else runs.push({ line, count: 1 });
  }
  return runs.slice(-maxLines).map(({ line, count }) => {
    const outcome = line.kind === "closed" ? `: ${outcomes[line.outcome]}` : "";
    const often = count > 1 ? ` (${times(count)})` : "";
    return html`<li><time>${time(line.at)}</time> <span>${sentences[line.kind] ?? ""}${outcome}${often}</span></li>`;
  });
}
