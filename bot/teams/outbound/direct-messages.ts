import type { Incident } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { Names } from "../../domain/names.ts";
import type { Person } from "../../domain/person.ts";
import { DeliveryError } from "../../errors.ts";
import { done, type SendOutcome } from "../../ports/send-outcome.ts";
import type { Member, SentMessage } from "../../ports/store/teams.ts";
import type { PersonContent } from "../../ports/teams-sender.ts";
import type { Clock } from "../../ports/time.ts";
import type { CardContext } from "../cards/context.ts";
import { toDirectMessage } from "../cards/incident/thread.ts";
import { toPersonalCard } from "../cards/personal-card.ts";
import type { Connector, OutgoingActivity } from "../wire/connector.ts";
import { isRefused } from "../wire/failure.ts";
import { toCardActivity, toTextActivity } from "../wire/outgoing.ts";
import type { Channels } from "./channels.ts";
import { type Members, throwUnknownMember } from "./members.ts";

export interface DirectMessagesOptions {
  readonly channels: Channels;
  readonly members: Members;
  readonly connector: Connector;
  readonly clock: Clock;
  readonly language: Language;
  readonly timezone: string;
  readonly names: Names;
  readonly loadContext: (incident: Incident) => Promise<CardContext>;
  readonly tenantId: string | null;
  /** The channel in which somebody on a visit is looked up; null: there is no such channel. */
  readonly teamsChannel: string | null;
}

/** Sends 1:1 messages. Methods reject with DeliveryError. */
export class DirectMessages {
  readonly #options: DirectMessagesOptions;

  constructor(options: DirectMessagesOptions) {
    this.#options = options;
  }

  /** Sends to somebody whom the bot met without the channel, because that may be gone or refuse (rule 25). */
  async send(person: Person, content: PersonContent, signal: AbortSignal): Promise<SendOutcome> {
    const { members, clock } = this.#options;
    const member = (await members.recallMember(person)) ?? (await this.#findMember(person, content, signal));
    const conversation = await members.openConversation(member, { tenant: this.#tenant() }, signal);
    const activity = await this.#post(member, conversation, await this.#compose(content), signal);
    if (activity === null) return done;
    const incident = content.kind === "incident" ? content.incident.id : "";
    const { serviceUrl } = member;
    const message: SentMessage = { incident, conversation, activity, serviceUrl, kind: "direct", at: clock.now() };
    return { ...done, record: (tx) => tx.saveMessage(message) };
  }

  /** Another try makes a new conversation, because the one that is remembered may be gone. */
  async #post(member: Member, conversation: string, activity: OutgoingActivity, signal: AbortSignal) {
    const { members, connector } = this.#options;
    try {
      return await connector.post(member.serviceUrl, conversation, activity, signal);
    } catch (error) {
      if (isRefused(error)) await members.forgetConversation(member);
      throw error;
    }
  }

  async #findMember(person: Person, content: PersonContent, signal: AbortSignal): Promise<Member> {
    const { channels, members, teamsChannel } = this.#options;
    const channel = content.kind === "incident" ? content.incident.channel : teamsChannel;
    if (channel === null) throw new DeliveryError("misconfigured", "No source of type teams is configured");
    const room = await channels.resolveLink(channel);
    return (await members.findMember(person, room, signal)) ?? throwUnknownMember();
  }

  async #compose(content: PersonContent): Promise<OutgoingActivity> {
    if (content.kind === "incident") {
      const { text, summary } = toDirectMessage(content.incident, await this.#options.loadContext(content.incident));
      return toTextActivity(text, summary);
    }
    const { card, summary } = toPersonalCard(content, this.#options);
    return toCardActivity(card, summary);
  }

  /** All channels are of one tenant. */
  #tenant(): string | null {
    const { tenantId, channels } = this.#options;
    return tenantId ?? channels.links()[0]?.tenant ?? null;
  }
}
