import type { IAdaptiveCard, IContainer, IRichTextBlock } from "@microsoft/teams.cards";
import { isNobodyFree } from "../../../domain/incident/colleagues/deliveries.ts";
import type { Press } from "../../../domain/incident/command.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Tag } from "../../../domain/incident/policy.ts";
import { mayBeOver } from "../../../domain/incident/time/return.ts";
import { toLine } from "../../../kit/safe-text.ts";
import { type CardWords, card } from "../../../words/colleague/card.ts";
import { headline } from "../../../words/colleague/headline.ts";
import { toCopySentence, toCopyWords } from "../../../words/shared/copy.ts";
import { maxLineLengths } from "../../../words/shared/line.ts";
import { toClockTime, toDate } from "../../../words/shared/time.ts";
import type { CardContext, CardSettings } from "../context.ts";
import { type Look, toBanner, toBlock, toRun, toRuns } from "../elements.ts";
import { type Entity, type Mentioned, toEntities, toMentionBlock } from "../mentions.ts";
import { toDirections, toPlaceLine, toWhereToLook } from "../place.ts";
import { toActions } from "./actions.ts";
import { toAlone, toAsk, toClock } from "./ask.ts";
import { toHeadline } from "./headline.ts";
import { toPastSections } from "./past-sections.ts";
import { toHolders, toPeople, toPosition, toReached, toReception, toRemarks, toRung, toSecurity } from "./sections.ts";
import { type Standing, toFacts, toStanding } from "./standing.ts";
import { type TagOnCard, toTagRemark, toTagRing } from "./tag.ts";

/** Two lines of the narrowest phone, and three; what is longer has smaller letters. */
const maxPlaceLengths = { ExtraLarge: 36, Large: 72 } as const;

/**
 * The one card of an incident, the same for everyone who sees it. From top to bottom: the state, the place, what is
 * asked of the reader with the two buttons for it; below that how to get there, warnings and what happens by when; then
 * who, then the rest. No `refresh`, because it does not work in channels. `mentioned`: whom it mentions when it is
 * posted; left out, as in every update, it names them only, because a mention there could ring them twice. `tag`: the
 * tag that it rings, or rang; null: it rang none.
 */
export function toIncidentCard(
  incident: Incident,
  context: CardContext,
  mentioned: readonly Mentioned[] = [],
  tag: TagOnCard | null = null,
): IAdaptiveCard {
  const standing = toStanding(incident, context.policy);
  const isOpen = standing.outcome === null;
  const words: CardWords = card[context.language];
  const place = toPlaceLine(incident, context);
  const title = toHeadline(standing, context);
  const ofTag = toTag(tag, mentioned, incident.isTagUnmentioned ?? false, context);
  const { question, otherwise } = toAsk(incident, standing, context);
  const actions = toActions(incident, standing, context);
  return {
    type: "AdaptiveCard",
    version: "1.5",
    lang: context.language,
    fallbackText: `${place}: ${title}`,
    ...toRinging([...toEntities(mentioned), ...ofTag.entities]),
    body: [
      toBanner(title, toStyle(standing)),
      ...toPlaceBlocks(place, toWhereToLook(incident, context)),
      ...toQuestion(question),
      ...actions.asked,
      ...toWayBlocks(toDirections(incident)),
      ...(isOpen ? toWarnings(incident, standing, tag, context) : []),
      ...otherwise.map((sentence) => toBlock(toRuns(sentence), "Medium")),
      ...toHolders(incident.pressers, context),
      ...(isOpen ? toSecurity(incident, standing, context) : toPastSections(incident, context)),
      ...toReception(incident, context),
      ...(isOpen ? toPeople(incident, context) : []),
      ...toReached(incident, standing, context),
      ...toRemarks(incident, place, context),
      ...(isOpen && incident.position !== null ? toPosition(incident.position, context) : []),
      toFooter(incident, context, words),
      ...(mentioned.length > 0 ? [toMentionBlock(words.label.rung, mentioned)] : toRung(incident, context)),
      ...ofTag.blocks,
    ],
    actions: [...actions.rest],
  };
}

/** What a locked phone shows: plain text, the place first. */
export function toSummary(incident: Incident, context: CardContext): string {
  return `${toPlaceLine(incident, context)}: ${toHeadline(toStanding(incident, context.policy), context)}`;
}

/**
 * The card of an alarm that could not be recorded, because the storage is down (rule 1). Nothing on it can be clicked.
 * `at`: epoch milliseconds. `needed`: how many have to come.
 */
export function toUnstoredCard(
  press: Press,
  context: CardSettings,
  at: number,
  mentioned: readonly Mentioned[] = [],
  tag: Tag | null = null,
  needed = 1,
): { card: IAdaptiveCard; summary: string } {
  const words: CardWords = card[context.language];
  const { unstored } = headline[context.language];
  const place = toPlaceLine(press, context);
  const summary = `${place}: ${unstored}`;
  const ofTag = toTag(tag === null ? null : { tag, isMentioned: true, isRung: true }, mentioned, false, context);
  return {
    summary,
    card: {
      type: "AdaptiveCard",
      version: "1.5",
      lang: context.language,
      fallbackText: summary,
      ...toRinging([...toEntities(mentioned), ...ofTag.entities]),
      body: [
        toBanner(unstored, "attention"),
        ...toPlaceBlocks(place, toWhereToLook(press, context)),
        ...toQuestion([words.ask.unstored, ...toAlone(needed, words.ask)]),
        ...toWayBlocks(toDirections(press)),
        ...toHolders([press], context),
        toBlock(toRuns(words.ask.unstoredPage)),
        toBlock([toRun(words.remark.pressed(toClock(at, context)), { size: "Small", isSubtle: true })], "Medium"),
        ...(mentioned.length > 0 ? [toMentionBlock(words.label.rung, mentioned)] : []),
        ...ofTag.blocks,
      ],
    },
  };
}

/** Whom Teams rings when the card is posted; nothing for a card that rings nobody. */
function toRinging(entities: Entity[]): Pick<IAdaptiveCard, "msteams"> {
  return entities.length === 0 ? {} : { msteams: { entities } };
}

/** What the card says of a tag, and what rings it. */
function toTag(on: TagOnCard | null, beside: readonly Mentioned[], isRefused: boolean, context: CardSettings) {
  if (on === null) return { blocks: [], entities: [] };
  if (!on.isMentioned) return { blocks: [toTagRemark(on.tag, isRefused, context)], entities: [] };
  const [block, entity] = toTagRing(on.tag, beside, context);
  return { blocks: [block], entities: [entity] };
}

/** The colour of what stands first. */
export function toStyle(standing: Standing): NonNullable<IContainer["style"]> {
  if (standing.outcome !== null) return "emphasis";
  switch (toFacts(standing)[0]) {
    case "there":
      return standing.silent === null ? "good" : "warning";
    case "check":
    case "guard-coming":
    case "coming":
      return "warning";
    default:
      return "attention";
  }
}

/**
 * The place, in letters that leave room for the question and its two buttons on a phone; and where to look when it is
 * not known, which nobody can go without.
 */
export function toPlaceBlocks(place: string, whereToLook: string): IRichTextBlock[] {
  const where = toBlock([toRun(place, { size: toPlaceSize(place), weight: "Bolder" })], "Medium");
  const look: Look = whereToLook.length <= maxPlaceLengths.Large ? {} : { size: "Small" };
  return whereToLook === "" ? [where] : [where, toBlock([toRun(whereToLook, look)])];
}

function toPlaceSize({ length }: string): NonNullable<Look["size"]> {
  if (length <= maxPlaceLengths.ExtraLarge) return "ExtraLarge";
  return length <= maxPlaceLengths.Large ? "Large" : "Medium";
}

/** How to get there; nothing where that is "". */
export function toWayBlocks(way: string): IRichTextBlock[] {
  return way === "" ? [] : [toBlock([toRun(way, { size: "Medium" })], "Medium")];
}

/** The question in larger letters, one paragraph per sentence. */
export function toQuestion(sentences: readonly string[]): IRichTextBlock[] {
  return sentences.map((sentence, index) =>
    toBlock(toRuns(sentence, index === 0 ? { size: "Medium" } : {}), index === 0 ? "Medium" : "Small"),
  );
}

/** Warnings where people could stay away wrongly, or wait for someone who is not there. */
export function toWarnings(
  incident: Incident,
  standing: Standing,
  tag: TagOnCard | null,
  { language, timezone, names }: CardContext,
): IRichTextBlock[] {
  const copy = toCopyWords(mayBeOver(incident), timezone, language);
  const words: CardWords = card[language];
  const gone = (incident.formerPolicies?.at(-1)?.gone ?? []).map((each) =>
    toLine(names.pager(each), maxLineLengths.technical),
  );
  const warnings = [
    incident.unreadable ? words.remark.unreadable : null,
    incident.cancelledAt === null ? null : words.remark.cancelled,
    incident.restoredAt === undefined ? null : words.remark.restored,
    copy === null ? null : `⚠️ ${toCopySentence(copy, language)}`,
    gone.length === 0 ? null : words.remark.policyReplaced(gone.join(", ")),
    incident.round.onDuty?.length === 0 ? words.remark.nobodyOnDuty : null,
    isNobodyFree(incident) ? words.remark.nobodyFree : null,
    isNobodyRung(incident, standing, tag) ? words.remark.nobodyRung : null,
  ];
  return warnings.filter((text) => text !== null).map((text) => toBlock([toRun(text, { weight: "Bolder" })]));
}

/** Whether nobody was rung for this card, and nobody has come upon it by themselves either. */
function isNobodyRung({ round }: Incident, standing: Standing, tag: TagOnCard | null): boolean {
  const isUnanswered = standing.there === null && standing.coming + standing.late === 0;
  return round.onDuty === null && tag?.isRung !== true && isUnanswered;
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
