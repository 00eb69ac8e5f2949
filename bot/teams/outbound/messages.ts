import type { Press } from "../../domain/incident/command.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { Person } from "../../domain/person.ts";
import type { RouteTest } from "../../domain/route-test/route-test.ts";
import type { Visit } from "../../domain/visit/visit.ts";
import { DeliveryError } from "../../errors.ts";
import type { Sent } from "../../ports/sender.ts";
import type { Trouble } from "../../ports/status.ts";
import type { Store } from "../../ports/store.ts";
import type { LinkedChannel, Member } from "../../ports/teams.ts";
import type { CardContext } from "../cards/context.ts";
import { toUnrecordedCard } from "../cards/incident/incident-card.ts";
import { toDirectMessage, toNotice } from "../cards/incident/thread.ts";
import { type Personally, toPersonalCard } from "../cards/personal-card.ts";
import { toTestResult } from "../cards/route-test-card.ts";
import { toTroubleLine } from "../cards/troubles.ts";
import type { Connector, OutgoingActivity } from "../wire/connector.ts";
import { ActivityLost } from "../wire/failure.ts";
import { toCardActivity, toTextActivity } from "../wire/outgoing.ts";
import type { Channels } from "./channels.ts";
import { type Members, notAMember, type Room } from "./members.ts";

const done: Sent = { kind: "done" };

/** What is sent outside an incident's card and thread. All reject with DeliveryError. */
export interface Messages {
  /** 1:1 to somebody on duty. */
  direct(incident: string, person: Person, signal: AbortSignal): Promise<Sent>;
  /** In a channel other than the incident's own. */
  notice(incident: string, channel: string, signal: AbortSignal): Promise<Sent>;
  /** A press that could not be recorded (rule 1): from memory, without the store. `at`: epoch milliseconds. */
  unrecorded(press: Press, at: number, signal: AbortSignal): Promise<void>;
  /** 1:1, whether all is well at the end of a visit. */
  askVisitor(visit: Visit, signal: AbortSignal): Promise<Sent>;
  /** 1:1, that their visit has become an alarm. */
  tellVisitor(person: Person, signal: AbortSignal): Promise<Sent>;
  /** One line in a channel about what is wrong with buttons and sources. */
  troubles(channel: string, troubles: readonly Trouble[], signal: AbortSignal): Promise<Sent>;
  /** What came of a test of the routes, in the channel where it was asked for. */
  testResult(channel: string, test: RouteTest, signal: AbortSignal): Promise<Sent>;
}

export interface MessagesOptions {
  readonly channels: Channels;
  readonly members: Members;
  readonly connector: Connector;
  readonly store: Store;
  readonly language: Language;
  readonly timezone: string;
  readonly toContext: (incident: Incident) => Promise<CardContext>;
  /** The bot itself, as Teams knows it. */
  readonly bot: () => Person;
  readonly tenantId: string | null;
  /** Where somebody is looked up who never spoke to the bot; null: there is no such channel. */
  readonly teamsChannel: string | null;
}

/** See `Messages`. */
export function createMessages(options: MessagesOptions): Messages {
  const { channels, members, connector, store, language, timezone, toContext } = options;

  async function postDirect(
    member: Member,
    room: Pick<Room, "tenant">,
    activity: OutgoingActivity,
    signal: AbortSignal,
  ): Promise<Sent> {
    const conversation = await members.converse(member, room, signal);
    try {
      await connector.post(member.serviceUrl, conversation, activity, signal);
    } catch (error) {
      if (!(error instanceof DeliveryError && error.cause instanceof ActivityLost)) throw error;
      // A remembered conversation can be gone, after the app was removed and installed again for instance.
      if (member.conversation === null) throw error;
      await members.forgetConversation(member);
      throw new DeliveryError("unreachable", "The remembered conversation was not found", { cause: error });
    }
    return done;
  }

  /** Whoever announced a visit has spoken to the bot; only a database that was lost since makes it ask Teams. */
  async function findVisitor(person: Person, signal: AbortSignal): Promise<Member> {
    const { teamsChannel } = options;
    const known = await members.recall(person);
    if (known !== null) return known;
    if (teamsChannel === null) throw new DeliveryError("misconfigured", "No source of type teams is configured");
    const member = await members.find(person, await channels.resolve(teamsChannel), signal);
    if (member === null) throw notAMember();
    return member;
  }

  async function toVisitor(person: Person, news: Personally, signal: AbortSignal): Promise<Sent> {
    const member = await findVisitor(person, signal);
    const { card, summary } = toPersonalCard(news, { language, timezone });
    return postDirect(member, { tenant: options.tenantId }, toCardActivity(card, summary), signal);
  }

  return {
    async direct(id, person, signal) {
      const incident = await store.read((reader) => reader.loadIncident(id));
      if (incident === null) return done;
      const room = await channels.resolve(incident.channel);
      const member = await members.find(person, room, signal);
      if (member === null) throw notAMember();
      const { text, summary } = toDirectMessage(incident, await toContext(incident));
      return postDirect(member, room, toTextActivity(text, summary), signal);
    },

    async notice(id, channel, signal) {
      const incident = await store.read((reader) => reader.loadIncident(id));
      if (incident === null) return done;
      const { conversation, serviceUrl } = await channels.resolve(channel);
      const { text, summary } = toNotice(incident, await toContext(incident));
      await connector.post(serviceUrl, conversation, toTextActivity(text, summary), signal);
      return done;
    },

    async unrecorded(press, at, signal) {
      const { conversation, serviceUrl }: LinkedChannel = channels.recall(press.channel);
      const { card, summary } = toUnrecordedCard(press, { language, timezone }, at);
      await connector.post(serviceUrl, conversation, toCardActivity(card, summary), signal);
    },

    async askVisitor(visit, signal) {
      return toVisitor(visit.person, { kind: "visit-ask", visit }, signal);
    },

    async tellVisitor(person, signal) {
      return toVisitor(person, { kind: "visit-pressed" }, signal);
    },

    async troubles(channel, troubles, signal) {
      const { conversation, serviceUrl } = await channels.resolve(channel);
      // Nobody's phone rings for a battery.
      const text = toTroubleLine(troubles, options.bot().name, language);
      await connector.post(serviceUrl, conversation, { type: "message", text }, signal);
      return done;
    },

    async testResult(channel, test, signal) {
      const { conversation, serviceUrl } = await channels.resolve(channel);
      const text = toTestResult(test, { language, timezone });
      await connector.post(serviceUrl, conversation, { type: "message", text }, signal);
      return done;
    },
  };
}
