import type { IRichTextBlock } from "@microsoft/teams.cards";
import type { Position } from "../../../domain/alarm.ts";
import {
  countReached,
  notMentionedOf,
  notMessagedOf,
  occupiedOf,
  unreachedOf,
} from "../../../domain/incident/colleagues/deliveries.ts";
import { policeVerbs, toldAt } from "../../../domain/incident/colleagues/police.ts";
import { newestRing } from "../../../domain/incident/colleagues/ring.ts";
import type { Closer, Guard, Incident, PagerProgress, Presser, Responder } from "../../../domain/incident/incident.ts";
import { comingOf, guardsComing, guardsThere, thereOf } from "../../../domain/incident/presence.ts";
import { toRepeatAt } from "../../../domain/incident/round.ts";
import { listPaging } from "../../../domain/incident/security/call-back.ts";
import type { Language } from "../../../domain/language.ts";
import { type Reception, toSiteOf } from "../../../domain/location.ts";
import type { Person } from "../../../domain/person.ts";
import { toLine } from "../../../kit/safe-text.ts";
import { type CardWords, card } from "../../../words/colleague/card.ts";
import { security } from "../../../words/colleague/security.ts";
import { type ReadOutWords, readOut, toReadOut } from "../../../words/guard/read-out.ts";
import { maxLineLengths } from "../../../words/shared/line.ts";
import { terms, toLateSentence } from "../../../words/shared/terms.ts";
import type { CardContext } from "../context.ts";
import { type Look, toBlock, toLabelled, toRun, toRuns } from "../elements.ts";
import { toClock } from "./ask.ts";
import { isLate, type Standing } from "./standing.ts";

/** More names than this do not fit a phone. */
const maxNames = 12;

/** Whose button it was, which is all there is to go by when the place is unknown. */
export function toHolders(pressers: readonly Pick<Presser, "holder">[], context: Pick<CardContext, "language">) {
  const names = new Set(pressers.flatMap(({ holder }) => (holder === null ? [] : [toColleagueName(holder.name)])));
  return toNamedRows([[card[context.language].label.holder, [...names]]], context);
}

/** Who is on the way, there, or can't, while the incident is open. */
export function toPeople(incident: Incident, context: CardContext): IRichTextBlock[] {
  const { label }: CardWords = card[context.language];
  const { responders, round } = incident;
  const there = thereOf(incident);
  const coming = comingOf(incident);
  const rows: NamedRow[] = [
    [label.there, there.map(nameOf)],
    [label.silent, responders.filter((each) => each.state === "there" && !there.includes(each)).map(nameOf)],
    [label.late, coming.filter(({ since }) => isLate(round, since)).map(nameOf)],
    [label.coming, coming.filter(({ since }) => !isLate(round, since)).map(nameOf)],
    [label.declined, responders.filter(({ state }) => state === "declined").map(nameOf)],
  ];
  return toNamedRows(rows, context);
}

/** How many of those who were warned answered, whom which way did not reach (rule 25), and who is occupied (rule 7). */
export function toReached(incident: Incident, { outcome, there }: Standing, context: CardContext): IRichTextBlock[] {
  const { label, remark }: CardWords = card[context.language];
  const { asked, reached } = countReached(incident);
  if (outcome !== null || there !== null) return [];
  const occupied = toNamedRows([[label.occupied, occupiedOf(incident).map(toName)]], context);
  if (asked === 0) return occupied;
  const rows: NamedRow[] = [
    [label.unreached, unreachedOf(incident).map(toName)],
    [label.notMessaged, notMessagedOf(incident).map(toName)],
    [label.notMentioned, notMentionedOf(incident).map(toName)],
  ];
  return [toLabelled(label.reached, remark.reached(reached, asked)), ...toNamedRows(rows, context), ...occupied];
}

/** Who was rung last, while the alarm is open; who is unreached is named as that. */
export function toRung(incident: Incident, context: CardContext): IRichTextBlock[] {
  if (incident.closedAt !== null) return [];
  const unreached = new Set(unreachedOf(incident).map(({ id }) => id));
  const people = (newestRing(incident)?.people ?? []).filter(({ id }) => !unreached.has(id));
  return toNamedRows([[card[context.language].label.rung, people.map(toName)]], context, { size: "Small" });
}

type NamedRow = readonly [label: string, names: readonly string[]];

/** A row of names for each label that has any; more than fit are counted. */
export function toNamedRows(
  rows: readonly NamedRow[],
  { language }: Pick<CardContext, "language">,
  look: Look = {},
): IRichTextBlock[] {
  const { more } = terms[language];
  return rows
    .filter(([, names]) => names.length > 0)
    .map(([title, names]) => {
      const rest = names.length - maxNames;
      const shown = names.slice(0, maxNames).join(", ");
      return toLabelled(title, rest > 0 ? `${shown} ${more(rest)}` : shown, look);
    });
}

function nameOf({ person }: Responder): string {
  return toName(person);
}

function toName({ name }: Person): string {
  return toColleagueName(name);
}

/** Who closed an alarm, by name or by what they are. */
export function toCloser(by: Closer, language: Language): string {
  return typeof by === "string" ? card[language].remark.byRole[by] : toColleagueName(by.name);
}

/** A colleague's name on one short line. */
export function toColleagueName(name: string): string {
  return toLine(name, maxLineLengths.name);
}

/**
 * The state of external security while the incident is open, per route; never says a human was reached when none
 * answered.
 */
export function toSecurity(incident: Incident, standing: Standing, context: CardContext): IRichTextBlock[] {
  const { label, remark }: CardWords = card[context.language];
  const pager = security[context.language];
  const rows = Object.entries(incident.pagers).map(([name, progress]) => {
    const { callOff, state } = progress;
    const now = toPagerState(name, progress, incident, context);
    const off = callOff === null ? null : pager.callOff[callOff.state];
    // A human's answer stays when that route is called off.
    const text = off === null || state !== "answered" ? (off ?? now) : `${now}; ${off}`;
    return toLabelled(label.security(toLine(context.names.pager(name), maxLineLengths.technical)), text);
  });
  const { there, help, security: need } = standing;
  // Somebody who is there holds the next round, unless help was asked for (rule 11).
  const isHeld = there !== null && help !== "asked";
  if (need === null || need === "called-off" || isHeld) return rows;
  const repeatAt = toRepeatAt(incident, context.policy);
  if (repeatAt === null) return rows;
  const retry = there === null ? remark.retry : remark.retryForHelp;
  return [...rows, toBlock(toRuns(retry(toClock(repeatAt, context))))];
}

/** Whom security may ring back, and where the code word lies that it asks for, while it is called on. */
export function toReception(incident: Incident, { language, names }: CardContext): IRichTextBlock[] {
  const pagers = listPaging(incident);
  const site = names.site(incident);
  if (pagers.length === 0 || site === null) return [];
  const { label, callBack }: ReadOutWords = readOut[language];
  const codeWord = names.codeWord(incident.location ?? null);
  return [
    ...(site.reception === null ? [] : [toLabelled(label.callBack, toCallBack(site.reception))]),
    ...(codeWord === null ? [] : [toLabelled(label.codeWord, codeWord)]),
  ];

  function toCallBack(reception: Reception): string {
    if (reception.kind === "number") return callBack.number(reception.number);
    const isTold = pagers.some(names.mayShowPhones);
    const callee = isTold ? names.calleeOf(incident) : null;
    return callee === null ? callBack.nobody : callBack.person(toName(callee));
  }
}

/** Guards who were reached over that route come first; a newer page to it stands behind them. */
function toPagerState(name: string, progress: PagerProgress, incident: Incident, context: CardContext): string {
  const pager = security[context.language];
  const isOf = (guard: Guard) => guard.pager === name;
  const promise = guardsComing(incident).find(isOf);
  const isThere = guardsThere(incident).some(isOf);
  const expected = promise === undefined ? null : pager.answered(toClock(promise.since, context));
  const guard = isThere ? pager.there : expected;
  const page = toPageState(name, progress, incident, context);
  if (progress.state === "answered") return guard ?? page;
  return guard === null ? page : `${guard}; ${page}`;
}

function toPageState(name: string, progress: PagerProgress, incident: Incident, context: CardContext): string {
  const pager = security[context.language];
  switch (progress.state) {
    case "queued":
    case "started":
    case "accepted":
      return pager[progress.state];
    case "failed": {
      const why = terms[context.language].failure[progress.failure ?? "unreachable"];
      const others = Object.entries(incident.pagers).filter(([other]) => other !== name);
      return others.some(([, { state }]) => state === "queued" || state === "started")
        ? pager.failedNext(why)
        : pager.failed(why);
    }
    case "answered": {
      const guards = incident.round.guards.filter((guard) => guard.pager === name);
      if (guards.some(({ silentAt }) => silentAt !== null)) return pager.silent;
      return guards.some(({ lapsedAt }) => lapsedAt !== null) ? pager.lapsed : pager.answeredBefore;
    }
  }
}

/** What else is known of the alarm itself: how sure, how often, how late. */
export function toRemarks(incident: Incident, place: string, context: CardContext): IRichTextBlock[] {
  const { language, names } = context;
  const { remark, label }: CardWords = card[language];
  const { verification, presses, lateMs, mayBeRepeat, closedAt } = incident;
  const blocks: IRichTextBlock[] = [];
  if (verification !== "none")
    blocks.push(toBlock([toRun(`✔️ ${terms[language].verification[verification]}`, { weight: "Bolder" })]));
  const isCalled = Object.keys(incident.pagers).length > 0;
  const site = names.site(incident);
  const said = toReadOut(verification, place, site && toSiteOf(site, incident), isCalled, language);
  if (closedAt === null && said !== null) blocks.push(toLabelled(label.readOut, `“${said}”`));
  for (const verb of policeVerbs) {
    const at = toldAt(incident, verb);
    if (at !== undefined) blocks.push(toBlock(toRuns(remark.police[verb](toClock(at, context)))));
  }
  if (mayBeRepeat && closedAt === null) blocks.push(toBlock([toRun(`🔁 ${terms[language].mayBeRepeat}`)]));
  if (presses > 1) blocks.push(toBlock([toRun(remark.presses(presses))]));
  if (lateMs !== null) blocks.push(toBlock([toRun(`⏱️ ${toLateSentence(lateMs, language)}`)]));
  return blocks;
}

/** Where the device says it is, with a map to open. Only shown while the incident is open (rule 20). */
export function toPosition({ lat, lon, accuracyM }: Position, { language }: CardContext): IRichTextBlock[] {
  const { label, remark }: CardWords = card[language];
  const coordinates = `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  const accuracy = accuracyM === null ? "" : ` (${remark.accuracy(Math.max(1, Math.ceil(accuracyM)))})`;
  const url = `https://www.openstreetmap.org/?mlat=${lat.toFixed(5)}&mlon=${lon.toFixed(5)}#map=18/${lat.toFixed(5)}/${lon.toFixed(5)}`;
  const link = { ...toRun(remark.map), selectAction: { type: "Action.OpenUrl" as const, url } };
  return [toLabelled(label.position, `${coordinates}${accuracy}`), toBlock([link])];
}
