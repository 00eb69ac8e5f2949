import type { IAdaptiveCard, IContainer, IRichTextBlock } from "@microsoft/teams.cards";
import type { Press } from "../../../domain/incident/command.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import { type CardWords, card } from "../../../words/colleague/card.ts";
import { maxLineLengths, toLine } from "../../../words/shared/line.ts";
import { toClockTime, toDate } from "../../../words/shared/time.ts";
import type { CardContext } from "../context.ts";
import { toBanner, toBlock, toRun, toRuns } from "../elements.ts";
import { toPlaceLine } from "../place.ts";
import { toActions } from "./actions.ts";
import { toAsk, toClock, toHeadline } from "./ask.ts";
import { type Phase, toPhase } from "./phase.ts";
import { toColleagueName, toHolders, toPeople, toPosition, toReached, toRemarks, toSecurity } from "./sections.ts";

/**
 * The one card of an incident, the same for everyone who sees it. From top to bottom: the state, the place, how to get
 * there, what is asked of the reader and by when; then who, then the rest. No `refresh`, because it does not work in
 * channels.
 */
export function toIncidentCard(incident: Incident, context: CardContext): IAdaptiveCard {
  const phase = toPhase(incident, context.policy);
  const isOpen = phase.kind !== "closed";
  const words: CardWords = card[context.language];
  const place = toPlaceLine(incident, context);
  return {
    type: "AdaptiveCard",
    version: "1.5",
    lang: context.language,
    fallbackText: toSummary(incident, context),
    body: [
      toBanner(toHeadline(phase, context), toPhaseStyle(phase)),
      ...toPlaceAndDirections(place, incident.directions),
      ...toHolders(incident.pressers, context),
      ...(isOpen ? toWarnings(incident, words) : []),
      ...toQuestion(toAsk(incident, phase, context)),
      ...toClosing(incident, context),
      ...toSecurity(incident, phase, context),
      ...toPeople(incident, context),
      ...toReached(incident, phase, context),
      ...toRemarks(incident, place, context),
      ...(isOpen && incident.position !== null ? toPosition(incident.position, context) : []),
      toFooter(incident, context, words),
    ],
    actions: toActions(incident, phase, context),
  };
}

/** What a locked phone shows: plain text, the place first. */
export function toSummary(incident: Incident, context: CardContext): string {
  return `${toPlaceLine(incident, context)}: ${toHeadline(toPhase(incident, context.policy), context)}`;
}

/**
 * The card of an alarm that could not be recorded, because the storage is down (rule 1). Nothing on it can be clicked.
 * `at`: epoch milliseconds.
 */
export function toUnstoredCard(
  press: Press,
  context: Omit<CardContext, "policy">,
  at: number,
): { card: IAdaptiveCard; summary: string } {
  const words: CardWords = card[context.language];
  const place = toPlaceLine(press, context);
  const summary = `${place}: ${words.headline.unstored}`;
  return {
    summary,
    card: {
      type: "AdaptiveCard",
      version: "1.5",
      lang: context.language,
      fallbackText: summary,
      body: [
        toBanner(words.headline.unstored, "attention"),
        ...toPlaceAndDirections(place, press.directions),
        ...toHolders([press], context),
        ...toQuestion([words.ask.unstored]),
        toBlock(toRuns(words.ask.unstoredPage)),
        toBlock([toRun(words.remark.pressed(toClock(at, context)), { size: "Small", isSubtle: true })], "Medium"),
      ],
    },
  };
}

function toPhaseStyle(phase: Phase): NonNullable<IContainer["style"]> {
  switch (phase.kind) {
    case "open":
    case "paged":
      return "attention";
    case "coming":
    case "guard-coming":
      return phase.kind === "guard-coming" && phase.isHelpAsked ? "attention" : "warning";
    case "there":
      if (phase.isHelpAsked) return "attention";
      return phase.checkDueBy === null ? "good" : "warning";
    case "closed":
      return "emphasis";
  }
}

function toPlaceAndDirections(place: string, directions: string | null): IRichTextBlock[] {
  const where = toBlock([toRun(place, { size: "ExtraLarge", weight: "Bolder" })], "Medium");
  const way = toLine(directions ?? "", maxLineLengths.directions);
  return way === "" ? [where] : [where, toBlock([toRun(way, { size: "Medium" })], "None")];
}

/** The question in larger letters, one paragraph per sentence. */
function toQuestion(sentences: readonly string[]): IRichTextBlock[] {
  return sentences.map((sentence, index) =>
    toBlock(toRuns(sentence, index === 0 ? { size: "Medium" } : {}), index === 0 ? "Medium" : "Small"),
  );
}

/** Warnings where people could stay away wrongly, or wait for someone who is not there. */
function toWarnings(incident: Incident, words: CardWords): IRichTextBlock[] {
  const warnings = [
    incident.unreadable ? words.remark.unreadable : null,
    incident.cancelledAt === null ? null : words.remark.cancelled,
    incident.round.onDuty?.length === 0 ? words.remark.nobodyOnDuty : null,
  ];
  return warnings.filter((text) => text !== null).map((text) => toBlock([toRun(text, { weight: "Bolder" })]));
}

function toClosing(incident: Incident, context: CardContext): IRichTextBlock[] {
  const { closedAt, closedBy } = incident;
  if (closedAt === null || closedBy === null) return [];
  const { remark }: CardWords = card[context.language];
  const name = closedBy === "guard" ? remark.theGuard : toColleagueName(closedBy.name);
  return [toBlock([toRun(remark.closedBy(name, toClock(closedAt, context)))], "Medium")];
}

function toFooter(incident: Incident, { language, timezone, names }: CardContext, words: CardWords): IRichTextBlock {
  const [opener] = incident.pressers;
  const text = words.footer[opener?.via ?? "button"](
    incident.number,
    toDate(incident.openedAt, timezone, language),
    toClockTime(incident.openedAt, timezone, language),
    toLine(opener?.button ?? incident.button, maxLineLengths.technical) || "–",
    toLine(names.source(incident.source), maxLineLengths.technical),
  );
  return toBlock([toRun(text, { size: "Small", isSubtle: true })], "Medium");
}
