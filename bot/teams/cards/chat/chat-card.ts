import type { IActionSet, IAdaptiveCard, IContainer, IRichTextBlock } from "@microsoft/teams.cards";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Person } from "../../../domain/person.ts";
import { type AlarmInChatWords, alarmInChat } from "../../../words/chat/alarm-in-chat.ts";
import { type CardWords, card } from "../../../words/colleague/card.ts";
import { maxLineLengths } from "../../../words/shared/line.ts";
import type { CardContext, CardSettings } from "../context.ts";
import { toBanner, toBlock, toButtonRows, toRun, toRuns } from "../elements.ts";
import { toExecute } from "../execute.ts";
import { toAlone, toClock } from "../incident/ask.ts";
import { toHeadline } from "../incident/headline.ts";
import { toPlaceBlocks, toQuestion, toStyle, toSummary, toWarnings, toWayBlocks } from "../incident/incident-card.ts";
import { toCloser, toHolders, toPeople, toReception, toRemarks, toSecurity } from "../incident/sections.ts";
import { toStanding } from "../incident/standing.ts";
import { toMessageText } from "../message.ts";
import { toButtonOf, toDirections, toPlaceLine, toWhereToLook } from "../place.ts";
import { toChatActions, toSharedVerbs } from "./chat-actions.ts";
import { toChatAsk } from "./chat-ask.ts";
import { toSelf } from "./self.ts";

/** An alarm as a chat shows it. `link`: the address of its newest card in the channel; null: none stands there. */
export interface AlarmInChat {
  readonly incident: Incident;
  readonly context: CardContext;
  readonly link: string | null;
  /** Whether a newer card of it stands below, in the same chat. */
  readonly isFollowed: boolean;
}

/** A card for one chat. `summary`: what a locked phone shows. */
export interface CardForChat {
  readonly card: IAdaptiveCard;
  readonly summary: string;
}

type Blocks = (IContainer | IRichTextBlock | IActionSet)[];

/** More alarms than this do not fit a phone. */
const maxAlarms = 6;

/**
 * What stands in the chat of somebody who was rung, below the message that rang: the alarm as the channel has it, and
 * what they are in it themselves. Several alarms that were told together share one card.
 */
export function toChatCard(alarms: readonly AlarmInChat[], person: Person, settings: CardSettings): CardForChat {
  const [only, ...others] = alarms;
  if (only === undefined || others.length > 0) return toSharedCard(alarms, person, settings);
  return only.isFollowed ? toFollowedCard(only) : toOwnCard(only, person);
}

/** To somebody who is still on the way when it is over. `summary` is plain text for the notification. */
export function toAllClear(
  incident: Incident,
  settings: CardSettings,
): { readonly text: string; readonly summary: string } {
  const { allClear }: AlarmInChatWords = alarmInChat[settings.language];
  const place = toPlaceLine(incident, settings);
  const { closedAt, closedBy } = incident;
  const name = toCloser(closedBy ?? "guard", settings.language);
  const shown = toMessageText(name, maxLineLengths.name);
  return {
    text: `**${toMessageText(place, maxLineLengths.place)}**: ${allClear.text(shown, toClock(closedAt ?? 0, settings))}`,
    summary: `${place}: ${allClear.summary}`,
  };
}

/** To somebody who was on the way while it was not known that it is at another location. */
export function toLetGo(
  incident: Incident,
  settings: CardSettings,
): { readonly text: string; readonly summary: string } {
  const { letGo }: AlarmInChatWords = alarmInChat[settings.language];
  const place = toPlaceLine(incident, settings);
  return {
    text: `**${toMessageText(place, maxLineLengths.place)}**: ${letGo.text}`,
    summary: `${place}: ${letGo.summary}`,
  };
}

function toOwnCard({ incident, context, link }: AlarmInChat, person: Person): CardForChat {
  const standing = toStanding(incident, context.policy);
  const self = toSelf(incident, standing, person);
  const isOpen = standing.outcome === null;
  const place = toPlaceLine(incident, context);
  const { question, otherwise } = toChatAsk(incident, standing, self, context);
  const actions = toChatActions(incident, standing, self, context);
  const said =
    self === null || !isOpen ? [] : [toBlock([toRun(alarmInChat[context.language].self[self], bold)], "Medium")];
  return toCard(
    toSummary(incident, context),
    [
      toBanner(toHeadline(standing, context), toStyle(standing)),
      ...toPlaceBlocks(place, isOpen ? toWhereToLook(incident, context) : ""),
      ...toClosed(incident, context),
      ...said,
      ...toQuestion(question),
      ...actions.asked,
      ...toWayBlocks(isOpen ? toDirections(incident) : ""),
      ...(isOpen ? toWarnings(incident, standing, null, context) : []),
      ...otherwise.map((sentence) => toBlock(toRuns(sentence), "Medium")),
      ...toHolders(incident.pressers, context),
      ...(isOpen ? [...toPeople(incident, context), ...toSecurity(incident, standing, context)] : []),
      ...toReception(incident, context),
      ...(isOpen ? toRemarks(incident, place, context) : []),
      ...toLink(link, context),
    ],
    context,
    [...actions.rest],
  );
}

function toFollowedCard({ incident, context }: AlarmInChat): CardForChat {
  const { followed }: AlarmInChatWords = alarmInChat[context.language];
  const place = toPlaceLine(incident, context);
  return toCard(
    `${place}: ${followed.headline}`,
    [
      toBanner(followed.headline, "emphasis"),
      toBlock([toRun(place, { size: "Large", weight: "Bolder" })], "Medium"),
      toBlock([toRun(followed.ask)]),
    ],
    context,
  );
}

/**
 * What asks something stands first, and what came first before what came later; what does not fit is counted, and moves
 * up as others are closed.
 */
function toSharedCard(alarms: readonly AlarmInChat[], person: Person, settings: CardSettings): CardForChat {
  const { many }: AlarmInChatWords = alarmInChat[settings.language];
  const isOpen = ({ incident, isFollowed }: AlarmInChat) => incident.closedAt === null && !isFollowed;
  const sorted = alarms.toSorted((one, other) => {
    return Number(isOpen(other)) - Number(isOpen(one)) || one.incident.number - other.incident.number;
  });
  const open = alarms.filter(isOpen).length;
  const headline = open === 0 ? many.none : many.headline(open);
  const hidden = sorted.length - maxAlarms;
  const shown = sorted.slice(0, maxAlarms);
  const places = shown.map(({ incident, context }) => toPlaceLine(incident, context));
  return toCard(
    `${headline}: ${places.slice(0, 3).join(", ")}`,
    [
      toBanner(headline, open === 0 ? "emphasis" : "attention"),
      ...shown.flatMap((alarm) => toSharedAlarm(alarm, person)),
      ...(hidden > 0 ? [toBlock([toRun(many.more(hidden))], "Medium")] : []),
    ],
    settings,
  );
}

/** The place, how it stands, and buttons that name the place. */
function toSharedAlarm({ incident, context, link, isFollowed }: AlarmInChat, person: Person): Blocks {
  const words: AlarmInChatWords = alarmInChat[context.language];
  const standing = toStanding(incident, context.policy);
  const self = toSelf(incident, standing, person);
  const place = toPlaceLine(incident, context);
  const title = toBlock([toRun(place, { size: "Large", weight: "Bolder" })], "Large");
  if (isFollowed) return [title, toBlock([toRun(words.followed.ask)])];
  const { ask, button }: CardWords = card[context.language];
  const verbs = toSharedVerbs(incident, standing, self);
  const actions = verbs.map((verb) => {
    return toExecute(toButtonOf(incident, button[verb], context), verb, { incident: incident.id });
  });
  const alone = verbs.includes("claim") ? toAlone(standing.needed, ask) : [];
  return [
    title,
    toBlock([toRun(toHeadline(standing, context))]),
    ...toClosed(incident, context),
    ...(self === null || standing.outcome !== null ? [] : [toBlock([toRun(words.self[self], bold)])]),
    ...alone.map((sentence) => toBlock(toRuns(sentence))),
    ...toButtonRows(actions),
    ...toLink(link, context),
  ];
}

const bold = { weight: "Bolder" } as const;

function toClosed({ closedAt, closedBy }: Incident, context: CardContext): IRichTextBlock[] {
  if (closedAt === null || closedBy === null) return [];
  const { remark } = card[context.language];
  const name = toCloser(closedBy, context.language);
  return [toBlock([toRun(remark.closedBy(name, toClock(closedAt, context)))], "Medium")];
}

function toLink(link: string | null, { language }: CardSettings): IRichTextBlock[] {
  if (link === null) return [];
  const run = { ...toRun(alarmInChat[language].link), selectAction: { type: "Action.OpenUrl" as const, url: link } };
  return [toBlock([run], "Medium")];
}

function toCard(
  summary: string,
  body: Blocks,
  { language }: CardSettings,
  actions: NonNullable<IAdaptiveCard["actions"]> = [],
): CardForChat {
  return {
    summary,
    card: { type: "AdaptiveCard", version: "1.5", lang: language, fallbackText: summary, body, actions },
  };
}
