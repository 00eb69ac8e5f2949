import type { EventKind, HistoryLine } from "../../domain/incident/history.ts";
import { comingOf, thereOf } from "../../domain/incident/presence.ts";
import { mayBeOver } from "../../domain/incident/time/return.ts";
import type { Language } from "../../domain/language.ts";
import type { Names } from "../../domain/names.ts";
import { toPlace } from "../../kit/safe-text.ts";
import type { GuardCase } from "../../ports/guard.ts";
import { guardButtons } from "../../words/guard/guard-buttons.ts";
import { guardState } from "../../words/guard/guard-state.ts";
import { type GuardViewWords, guardView } from "../../words/guard/guard-view.ts";
import { page } from "../../words/guard/page.ts";
import { isSaidByCopy, toCopySentence, toCopyWords } from "../../words/shared/copy.ts";
import { otherAlarm, toAway } from "../../words/shared/other-alarm.ts";
import { toPlacesSentence } from "../../words/shared/places.ts";
import { toPlaceAt } from "../../words/shared/site.ts";
import { type Cause, terms, toCause } from "../../words/shared/terms.ts";
import { toClockTime } from "../../words/shared/time.ts";
import { type Html, html } from "../http/html.ts";
import type { GuardAddress } from "./guard-address.ts";
import { renderStep } from "./guard-buttons.ts";
import { toNews } from "./guard-news.ts";
import { renderOffers, renderOutcomeOffers } from "./guard-offers.ts";
import { toGuardState } from "./guard-state.ts";
import { renderWhere } from "./guard-where.ts";

export interface GuardViewContext {
  readonly pageKey: string;
  readonly address: GuardAddress;
  readonly organisation: string;
  readonly timezone: string;
  readonly language: Language;
  readonly names: Pick<Names, "places">;
  readonly now: number;
}

/** How often the page of an open incident renews itself: often enough for a guard on the way, and time to read it. */
export const renewEverySeconds = 20;

const maxLines = 40;

interface View {
  readonly title: string;
  readonly body: Html;
  /** Whether the page renews itself: not once it is over, and not while it asks what closes it. */
  readonly renews: boolean;
}

/** Renders the page of one incident for one guard: what is new, the place, what is asked, then why. */
export function renderGuardView(view: GuardCase, context: GuardViewContext): View {
  const { incident, history, pager } = view;
  const { address, language, organisation } = context;
  const words = guardView[language];
  const place = toPlace(incident.place ?? "") ?? words.placeUnknown;
  const time = (at: number) => toClockTime(at, context.timezone, language);
  const state = toGuardState(view, address.me);
  const isThere = state === "there" || state === "help" || state === "check";
  if (address.asksOutcome && isThere) return renderOutcomeView(toPlaceAt(view.site, place, language), context);
  const reason = toReason(history, context.pageKey);
  const news = toNews(history, state, { pageKey: context.pageKey, pager, me: address.me });
  const isUnknown = incident.unreadable && incident.place === null;
  const where = isUnknown ? toPlacesSentence(context.names.places(incident.source), language) : null;
  const isOpen = incident.closedAt === null;
  const copy = toCopyWords(mayBeOver(incident), context.timezone, language);
  const body = html`<header class="${state === "closed" || state === "called-off" ? "calm" : ""}">${words.alarm} · ${organisation}</header>
<main>
${isOpen && address.saidSafe ? html`<p class="note">${words.stillOpen[isThere ? "there" : "notThere"]}</p>` : null}
${news && html`<p class="news"><small>${words.news(time(news.at))}</small> ${words.done[news.kind]}</p>`}
<h1>${place}</h1>
${renderWhere(incident, view.site, language)}
${incident.unreadable ? html`<p class="note">${words.unreadable}</p>` : null}
${where && html`<p class="directions">${where}</p>`}
${incident.restoredAt === undefined ? null : html`<p class="note">${page[context.language].restored}</p>`}
${copy && html`<p class="note">${toCopySentence(copy, language)}</p>`}
${incident.cancelledAt === null ? null : html`<p class="note">${words.cancelled}</p>`}
${incident.mayBeRepeat && incident.closedAt === null ? html`<p class="note">${terms[context.language].mayBeRepeat}</p>` : null}
${incident.lateMs === null ? null : html`<p class="note">${words.late(Math.round(incident.lateMs / 60_000))}</p>`}
<section class="stand" aria-labelledby="stand">
<h2 id="stand">${guardState[language].state[state]}</h2>
<p>${guardState[language].asked[state]}</p>
${renderOffers(view, { address, language, time })}
</section>
<dl>
${incident.closedAt === null ? html`<dt>${words.colleagues}</dt><dd>${words.responding(comingOf(incident).length, thereOf(incident).length)}</dd>` : null}
<dt>${words.verificationLabel}</dt><dd>${words.verification[incident.verification]}</dd>
${reason === null || isSaidByCopy(reason, copy) ? null : html`<dt>${words.reasonLabel}</dt><dd>${words.reason[reason]}</dd>`}
<dt>${words.raised}</dt><dd><time>${time(incident.openedAt)}</time>, ${words.number(incident.number)}</dd>
</dl>
<h2>${words.doneLabel}</h2>
<ol>${renderHistory(history, language, time)}</ol>
<p>${words.asOf(time(context.now))}.${isOpen ? ` ${address.renews ? words.renews(renewEverySeconds) : words.renewsNot}` : null}</p>
${renderRefresh(isOpen, context)}
</main>`;
  // A screen reader begins with the title, so that what is new and the result of a press come first.
  const titles = [
    ...(news === null ? [] : [words.done[news.kind]]),
    guardState[language].state[state],
    place,
    words.alarm,
  ];
  return { title: titles.join(" · "), body, renews: isOpen && address.renews };
}

/** Renders the question that closes, with nothing beside it. */
function renderOutcomeView(place: string, { address, language, organisation }: GuardViewContext): View {
  const words = guardView[language];
  const body = html`<header>${words.alarm} · ${organisation}</header>
<main>
<p class="directions">${place}</p>
<section class="stand" aria-labelledby="stand">
<h1 id="stand">${words.notClosedYet}</h1>
<p>${words.outcomeAsked}</p>
${renderOutcomeOffers({ address, language })}
</section>
</main>`;
  return { title: `${words.notClosedYet} · ${place} · ${words.alarm}`, body, renews: false };
}

function renderRefresh(isOpen: boolean, { address, language }: GuardViewContext): Html {
  const words = guardButtons[language];
  const renewing = address.renews ? words.renewOff : words.renewOn;
  return html`${renderStep(words.refresh, address)}
${isOpen ? renderStep(renewing, { ...address, renews: !address.renews }) : null}`;
}

function toReason(history: readonly HistoryLine[], pageKey: string): Cause | null {
  const queued = history.find((line) => line.kind === "page-queued" && line.key === pageKey);
  return queued?.kind === "page-queued" ? toCause(queued.reason, queued.responding) : null;
}

/**
 * Renders the newest lines, oldest first. Kinds without a sentence are not for a guard, and what happened several times
 * in a row is shown once.
 */
function renderHistory(history: readonly HistoryLine[], language: Language, time: (at: number) => string): Html[] {
  const { times }: GuardViewWords = guardView[language];
  const runs: { at: number; said: string; count: number }[] = [];
  for (const line of history) {
    const said = toDone(line, language);
    const last = runs.at(-1);
    if (said === null) continue;
    if (last?.said === said) last.count += 1;
    else runs.push({ at: line.at, said, count: 1 });
  }
  return runs.slice(-maxLines).map(({ at, said, count }) => {
    const often = count > 1 ? ` (${times(count)})` : "";
    return html`<li><time>${time(at)}</time> <span>${said}${often}</span></li>`;
  });
}

/** Says what that line tells a guard; null: nothing. */
function toDone(line: HistoryLine, language: Language): string | null {
  const { done, outcome }: GuardViewWords = guardView[language];
  if (line.kind === "now-elsewhere") return otherAlarm[language].awayToGuard[toAway(line)];
  if (line.kind === "closed") return `${done.closed}: ${outcome[line.outcome]}`;
  const sentences: Readonly<Partial<Record<EventKind, string>>> = done;
  return sentences[line.kind] ?? null;
}
