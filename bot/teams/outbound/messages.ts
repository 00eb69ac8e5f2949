import type { Press } from "../../domain/incident/command.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { Names } from "../../domain/names.ts";
import type { Person } from "../../domain/person.ts";
import { DeliveryError } from "../../errors.ts";
import type { MovedChannel } from "../../ports/store/outbox.ts";
import type { Member } from "../../ports/store/teams.ts";
import type { ChannelContent, PersonContent } from "../../ports/teams-sender.ts";
import { channel as channelWords } from "../../words/colleague/channel.ts";
import { maxLineLengths } from "../../words/shared/line.ts";
import type { CardContext } from "../cards/context.ts";
import { toUnstoredCard } from "../cards/incident/incident-card.ts";
import { toDirectMessage, toNotice } from "../cards/incident/thread.ts";
import { toMessageText } from "../cards/message.ts";
import { toPersonalCard } from "../cards/personal-card.ts";
import { toTestResult } from "../cards/route-test-card.ts";
import { toTroubleLine } from "../cards/troubles.ts";
import type { Connector, OutgoingActivity } from "../wire/connector.ts";
import { ActivityLost } from "../wire/failure.ts";
import { toCardActivity, toTextActivity } from "../wire/outgoing.ts";
import type { Channels } from "./channels.ts";
import { type MemberScope, type Members, throwUnknownMember } from "./members.ts";

export interface MessagesOptions {
  readonly channels: Channels;
  readonly members: Members;
  readonly connector: Connector;
  readonly language: Language;
  readonly timezone: string;
  readonly names: Names;
  readonly loadContext: (incident: Incident) => Promise<CardContext>;
  /** The bot itself, as Teams knows it. */
  readonly bot: () => Person;
  readonly tenantId: string | null;
  /** The channel in which somebody who never wrote to the bot is looked up; null: there is no such channel. */
  readonly teamsChannel: string | null;
}

/** Somebody to message, and where Teams knows them. */
interface Addressee {
  readonly member: Member;
  readonly room: Pick<MemberScope, "tenant">;
}

/** Sends everything outside an incident's card and thread. Methods reject with DeliveryError. */
export class Messages {
  readonly #options: MessagesOptions;

  constructor(options: MessagesOptions) {
    this.#options = options;
  }

  async sendToChannel(channel: string, content: ChannelContent, signal: AbortSignal): Promise<void> {
    const { channels, connector } = this.#options;
    const { conversation, serviceUrl } = await channels.resolveLink(channel);
    await connector.post(serviceUrl, conversation, await this.#composeForChannel(content), signal);
  }

  async tellMoved({ channel, conversation, serviceUrl, by }: MovedChannel, signal: AbortSignal): Promise<void> {
    const { connector, language } = this.#options;
    const words = channelWords[language];
    const name = toMessageText(channel, maxLineLengths.technical);
    const text = by === null ? words.movedByFile(name) : words.moved(name, toMessageText(by, maxLineLengths.name));
    await connector.post(serviceUrl, conversation, toTextActivity(text, text.replaceAll("**", "")), signal);
  }

  async sendToPerson(person: Person, content: PersonContent, signal: AbortSignal): Promise<void> {
    const addressee = await this.#findAddressee(person, content, signal);
    await this.#postToMember(addressee, await this.#composeForPerson(content), signal);
  }

  /** Posts a press that could not be recorded (rule 1), without the store. `at`: epoch milliseconds. */
  async postUnstored(press: Press, at: number, signal: AbortSignal): Promise<void> {
    const { channels, connector } = this.#options;
    const { conversation, serviceUrl } = channels.recallLink(press.channel);
    const { card, summary } = toUnstoredCard(press, this.#options, at);
    await connector.post(serviceUrl, conversation, toCardActivity(card, summary), signal);
  }

  async #composeForChannel(content: ChannelContent): Promise<OutgoingActivity> {
    const { loadContext, bot } = this.#options;
    switch (content.kind) {
      case "notice": {
        const { text, summary } = toNotice(content.incident, await loadContext(content.incident));
        return toTextActivity(text, summary);
      }
      case "troubles":
        // Nobody is alerted, because a battery can wait.
        return { type: "message", text: toTroubleLine(content.troubles, bot().name, this.#options) };
      case "test-result":
        return { type: "message", text: toTestResult(content.test, this.#options) };
    }
  }

  async #composeForPerson(content: PersonContent): Promise<OutgoingActivity> {
    if (content.kind === "incident") {
      const { text, summary } = toDirectMessage(content.incident, await this.#options.loadContext(content.incident));
      return toTextActivity(text, summary);
    }
    const { card, summary } = toPersonalCard(content, this.#options);
    return toCardActivity(card, summary);
  }

  async #findAddressee(person: Person, content: PersonContent, signal: AbortSignal): Promise<Addressee> {
    const { channels, members, tenantId, teamsChannel } = this.#options;
    if (content.kind === "incident") {
      const room = await channels.resolveLink(content.incident.channel);
      return { member: (await members.findMember(person, room, signal)) ?? throwUnknownMember(), room };
    }
    // Whoever announced a visit has written to the bot, so Teams is asked only when the database was lost since.
    const room = { tenant: tenantId };
    const known = await members.recallMember(person);
    if (known !== null) return { member: known, room };
    if (teamsChannel === null) throw new DeliveryError("misconfigured", "No source of type teams is configured");
    const found = await members.findMember(person, await channels.resolveLink(teamsChannel), signal);
    return { member: found ?? throwUnknownMember(), room };
  }

  async #postToMember({ member, room }: Addressee, activity: OutgoingActivity, signal: AbortSignal): Promise<void> {
    const { members, connector } = this.#options;
    const conversation = await members.openConversation(member, room, signal);
    try {
      await connector.post(member.serviceUrl, conversation, activity, signal);
    } catch (error) {
      if (!(error instanceof DeliveryError && error.cause instanceof ActivityLost)) throw error;
      // A remembered conversation may no longer exist, for instance after the app was removed and installed again.
      if (member.conversation === null) throw error;
      await members.forgetConversation(member);
      throw new DeliveryError("unreachable", "The remembered conversation was not found", { cause: error });
    }
  }
}
