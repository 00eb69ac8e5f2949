import { z } from "zod";
import { policeVerbs } from "../../domain/incident/colleagues/police.ts";
import type { ClickVerb } from "../../domain/incident/command.ts";
import { type Outcome, outcomes } from "../../domain/incident/incident.ts";
import type { Person } from "../../domain/person.ts";
import { toTypedText } from "./message-text.ts";
import { type PersonalCommand, parseClickedCommand, parseTypedCommand, personalVerbs } from "./personal-command.ts";
import { parseTypedAnswer, type TypedAnswer } from "./typed-answer.ts";

/** A field beside what matters: absent when it is null or of another type, because it must not cost us an alarm. */
function side<Value>(field: z.ZodType<Value>) {
  return field.optional().catch(undefined);
}

const SideText = side(z.string().min(1));

/** What of a list can be read. */
function sideList<Value>(element: z.ZodType<Value>) {
  const readable = z.array(z.unknown()).transform((list) => list.flatMap((each) => element.safeParse(each).data ?? []));
  return side(readable);
}

/**
 * The fields of a Bot Framework activity that we use. One without who it is from, or from where it may be answered, is
 * refused; without the others it may be an alarm all the same (`isWhole`). A tenant that can't be read is none, and the
 * door asks for one.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference#activity-object
 */
export const Activity = z.looseObject({
  type: z.string().min(1),
  id: SideText,
  replyToId: SideText,
  channelId: z.literal("msteams"),
  serviceUrl: z.url(),
  from: z.looseObject({ id: z.string().min(1), name: SideText, aadObjectId: SideText }),
  recipient: side(z.looseObject({ id: z.string().min(1), name: SideText })),
  conversation: side(
    z.looseObject({ id: side(z.string().min(1)), conversationType: SideText, tenantId: side(z.string()) }),
  ),
  channelData: side(
    z.looseObject({
      tenant: side(z.looseObject({ id: side(z.string()) })),
      team: side(z.looseObject({ id: SideText, aadGroupId: SideText })),
      channel: side(z.looseObject({ id: SideText })),
      eventType: SideText,
    }),
  ),
  // A photo or a voice message may come with null for its text.
  text: side(z.string()),
  entities: sideList(z.looseObject({ type: z.string() })),
  action: SideText,
  membersAdded: sideList(z.looseObject({ id: z.string() })),
  membersRemoved: sideList(z.looseObject({ id: z.string() })),
  value: z.unknown().optional(),
});
export type Activity = z.infer<typeof Activity>;

/** Where an activity comes from, and who sent it. */
export interface Origin {
  readonly from: Person;
  /**
   * The activity's own id, the same when Teams delivers it again, and when its text is edited; unique in its
   * conversation. null: it has none.
   */
  readonly activity: string | null;
  /** The sender's id for this bot: `29:…`. */
  readonly teamsId: string;
  /** Where an answer goes: with `;messageid=` when it came from a thread. "": an alarm that does not say from where. */
  readonly thread: string;
  /** The same without the thread: what a channel name is bound to. */
  readonly conversation: string;
  readonly scope: "channel" | "group" | "personal";
  readonly serviceUrl: string;
  readonly tenant: string | null;
  /** The team of the channel it came from, `19:…`; null in a chat, and where Teams does not name it. */
  readonly team: string | null;
  /** The same team as Entra knows it; Teams names that now and then. */
  readonly teamGroup: string | null;
  /** What kind of client it was sent from, as Teams calls it, such as "iOS"; null: it did not say. */
  readonly client: string | null;
  /** The bot itself: `28:…`; its id is "" where an alarm does not say for whom it is. */
  readonly bot: Person;
}

/** `Action.Execute` sends the verb beside the data, an old client's `Action.Submit` inside it. */
const verbs = [
  "claim",
  "decline",
  "arrive",
  "witness",
  "help",
  "check-in",
  "call-off",
  "resolve",
  ...policeVerbs,
] as const satisfies ClickVerb[];
const ClickData = z.looseObject({ incident: z.string().min(1).max(128), outcome: side(z.enum(outcomes)) });
const Execute = z.object({ action: z.object({ verb: z.enum(verbs), data: ClickData }) });
const Submit = ClickData.extend({ verb: z.enum(verbs) });
/** Data of a personal click: none is required, because an alarm must not fail for lack of it. */
const OptionalId = side(z.string().min(1).max(128));
const CallData = { typed: side(z.string().max(400)), typedAt: side(z.number()) };
const PersonalData = z.looseObject({
  incident: OptionalId,
  location: OptionalId,
  test: OptionalId,
  pager: OptionalId,
  ...CallData,
});
const PersonalExecute = z.object({
  action: z.object({ verb: z.enum(personalVerbs), data: side(PersonalData) }),
});
const PersonalSubmit = PersonalData.extend({ verb: z.enum(personalVerbs) });

/**
 * What happens to a team and its channels, by Teams' name of the event. Some of it Teams may never tell.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events
 */
const goneBy = {
  channelDeleted: "channel-deleted",
  teamArchived: "team-archived",
  teamDeleted: "team-deleted",
  teamHardDeleted: "team-deleted",
} as const;
const restoredBy = {
  channelRestored: "channel-restored",
  teamUnarchived: "team-unarchived",
  teamRestored: "team-restored",
} as const;
type Gone = (typeof goneBy)[keyof typeof goneBy] | "removed";
type Restored = (typeof restoredBy)[keyof typeof restoredBy];
const GoneEvent = z.enum(["channelDeleted", "teamArchived", "teamDeleted", "teamHardDeleted"]);
const RestoredEvent = z.enum(["channelRestored", "teamUnarchived", "teamRestored"]);

/**
 * An activity as we act upon it; `unsupported` is acknowledged and does nothing. `isEdited`: the text is that of a
 * message of before, which was changed or put back.
 */
export type InboundActivity = {
  readonly origin: Origin;
} /** `card`: the id of the card that was clicked, which the answer replaces; null: none, or Teams does not say it. */ & (
  | {
      readonly kind: "click";
      readonly incident: string;
      readonly verb: ClickVerb;
      readonly outcome: Outcome | null;
      readonly card: string | null;
    }
  /** What one colleague wants for themselves. */
  | {
      readonly kind: "personal";
      readonly command: PersonalCommand;
      /** What the same words are as an answer to an alarm, in a chat with the bot; null: none, or it was clicked. */
      readonly answer: TypedAnswer | null;
      readonly isEdited: boolean;
      readonly card: string | null;
    }
  /** What one colleague answers to an alarm, in their chat with the bot; a message as any other where none is open. */
  | { readonly kind: "typed-answer"; readonly answer: TypedAnswer; readonly text: string; readonly isEdited: boolean }
  /** `text` "": a photo, a voice message, or nothing but a mention of the bot. */
  | { readonly kind: "message"; readonly text: string; readonly isEdited: boolean }
  /** A message of before is gone. */
  | { readonly kind: "deleted" }
  | { readonly kind: "installed" }
  /** The bot, the team or one of its channels is gone, or there again. `channel`: the conversation of that channel. */
  | { readonly kind: "gone"; readonly what: Gone; readonly channel: string | null }
  | { readonly kind: "restored"; readonly what: Restored; readonly channel: string | null }
  | { readonly kind: "unsupported"; readonly reason: "type" | "unknown-click" }
);

/** The conversation without the thread: `19:…;messageid=1` becomes `19:…`. */
export function toConversation(id: string): string {
  return id.replace(/;messageid=.*$/s, "");
}

/** The tenants an activity names; Teams names the same one in both places. */
export function toTenants({ conversation, channelData }: Activity): readonly string[] {
  return [conversation?.tenantId, channelData?.tenant?.id].filter((id) => id !== undefined);
}

/** Whether an activity says where it is and for whom, without which the SDK throws. */
export function isWhole({ conversation, recipient }: Activity): boolean {
  return conversation?.id !== undefined && recipient !== undefined;
}

/** Whether somebody raises an alarm, by typing or by clicking. */
export function isAlarm(inbound: InboundActivity): boolean {
  return inbound.kind === "personal" && inbound.command.kind === "alarm";
}

/**
 * Turns a checked activity into what we act upon. Never throws.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages
 */
export function parseActivity(activity: Activity): InboundActivity {
  const origin = toOrigin(activity);
  if (activity.type === "invoke") return parseInvoke(origin, activity);
  if (activity.type === "message") return parseMessage(origin, activity, false);
  // `editMessage` and `undeleteMessage` alike: what stands there now may be what somebody meant all along.
  if (activity.type === "messageUpdate") return parseMessage(origin, activity, true);
  if (activity.type === "messageDelete") return { kind: "deleted", origin };
  if (activity.type === "installationUpdate" || activity.type === "conversationUpdate")
    return parseUpdate(origin, activity);
  return { kind: "unsupported", origin, reason: "type" };
}

function parseUpdate(origin: Origin, activity: Activity): InboundActivity {
  const { action, recipient, membersAdded, membersRemoved, channelData } = activity;
  const isBot = ({ id }: { id: string }) => id === recipient?.id;
  if (action === "add" || action === "add-upgrade" || membersAdded?.some(isBot)) return { kind: "installed", origin };
  const channel = channelData?.channel?.id ?? null;
  if (action === "remove" || membersRemoved?.some(isBot)) return { kind: "gone", what: "removed", origin, channel };
  const gone = GoneEvent.safeParse(channelData?.eventType).data;
  if (gone !== undefined) return { kind: "gone", what: goneBy[gone], origin, channel };
  const restored = RestoredEvent.safeParse(channelData?.eventType).data;
  if (restored !== undefined) return { kind: "restored", what: restoredBy[restored], origin, channel };
  return { kind: "unsupported", origin, reason: "type" };
}

function parseInvoke(origin: Origin, { value, replyToId }: Activity): InboundActivity {
  const personal = PersonalExecute.safeParse(value).data?.action;
  const command = personal === undefined ? null : parseClickedCommand(personal.verb, personal.data ?? {});
  return command === null
    ? toClick(origin, Execute.safeParse(value).data?.action, replyToId)
    : { kind: "personal", origin, command, answer: null, isEdited: false, card: replyToId ?? null };
}

function parseMessage(origin: Origin, activity: Activity, isEdited: boolean): InboundActivity {
  const text = toTypedText(activity);
  const typed = parseTypedCommand(text);
  const answer = origin.scope === "personal" ? parseTypedAnswer(text) : null;
  if (typed !== null) return { kind: "personal", origin, command: typed, answer, isEdited, card: null };
  if (answer !== null) return { kind: "typed-answer", origin, answer, text, isEdited };
  if (text !== "" || activity.value == null) return { kind: "message", origin, text, isEdited };
  const personal = PersonalSubmit.safeParse(activity.value).data;
  const command = personal === undefined ? null : parseClickedCommand(personal.verb, personal);
  if (command !== null) return { kind: "personal", origin, command, answer: null, isEdited, card: null };
  const value = Submit.safeParse(activity.value).data;
  return toClick(origin, value && { verb: value.verb, data: value }, activity.replyToId);
}

function toClick(
  origin: Origin,
  action: z.infer<typeof Execute>["action"] | undefined,
  card: string | undefined,
): InboundActivity {
  if (action === undefined) return { kind: "unsupported", origin, reason: "unknown-click" };
  const { incident, outcome } = action.data;
  if (action.verb === "resolve" && outcome === undefined)
    return { kind: "unsupported", origin, reason: "unknown-click" };
  return { kind: "click", origin, incident, verb: action.verb, outcome: outcome ?? null, card: card ?? null };
}

/** https://learn.microsoft.com/dotnet/api/microsoft.teams.apps.schema.entities.clientinfoentity */
const ClientInfo = z.object({ type: z.literal("clientInfo"), platform: z.string().regex(/^[\w .-]{1,20}$/) });

function toClient({ entities = [] }: Activity): string | null {
  return entities.map((entity) => ClientInfo.safeParse(entity).data?.platform).find(Boolean) ?? null;
}

function toOrigin(activity: Activity): Origin {
  const { from, conversation, recipient } = activity;
  const thread = conversation?.id ?? "";
  const scopes = { channel: "channel", groupChat: "group", personal: "personal" } as const;
  const type = z.enum(["channel", "groupChat", "personal"]).catch("groupChat").parse(conversation?.conversationType);
  const team = type === "channel" ? activity.channelData?.team : undefined;
  return {
    from: { id: from.aadObjectId?.toLowerCase() ?? from.id, name: from.name ?? from.id },
    activity: activity.id ?? null,
    teamsId: from.id,
    thread,
    conversation: toConversation(thread),
    scope: thread === "" ? "group" : scopes[type],
    serviceUrl: activity.serviceUrl,
    tenant: toTenants(activity)[0] ?? null,
    team: team?.id ?? null,
    teamGroup: team?.aadGroupId ?? null,
    client: toClient(activity),
    bot: { id: recipient?.id ?? "", name: recipient?.name ?? "Rugdekking" },
  };
}

/**
 * Returns the activity with the plain text that the dispatch matches on, which reads an edited message as a new one; it
 * is not to be parsed again.
 */
export function toBareActivity(activity: Activity, inbound: InboundActivity): Activity {
  if (activity.type !== "message" && activity.type !== "messageUpdate") return activity;
  return { ...activity, type: "message", text: inbound.kind === "message" ? inbound.text : "" };
}
