import type { Incident } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { Names } from "../../domain/names.ts";
import type { Person } from "../../domain/person.ts";
import { done, type SendOutcome } from "../../ports/send-outcome.ts";
import type { MovedChannel } from "../../ports/store/outbox.ts";
import type { ChannelContent } from "../../ports/teams-sender.ts";
import type { Clock } from "../../ports/time.ts";
import { channel as channelWords } from "../../words/colleague/channel.ts";
import { maxLineLengths } from "../../words/shared/line.ts";
import type { CardContext } from "../cards/context.ts";
import { toNotice } from "../cards/incident/thread.ts";
import { toMessageText } from "../cards/message.ts";
import { toTestResult } from "../cards/tests/route-test-card.ts";
import { toTroubleLine } from "../cards/troubles.ts";
import type { ConnectorFor } from "../wire/budget/connector-for.ts";
import type { Urgency } from "../wire/budget/urgency.ts";
import type { OutgoingActivity } from "../wire/connector.ts";
import { toTextActivity } from "../wire/outgoing.ts";
import type { Channels } from "./channels.ts";

export interface MessagesOptions {
  readonly channels: Channels;
  readonly connectorFor: ConnectorFor;
  readonly clock: Clock;
  readonly language: Language;
  readonly timezone: string;
  readonly names: Names;
  readonly loadContext: (incident: Incident) => Promise<CardContext>;
  /** The bot itself, as Teams knows it. */
  readonly bot: () => Person;
}

/** The notice of an incident is how that channel hears of it. */
const urgencies = { notice: "ring", "test-result": "reply", troubles: "quiet" } as const satisfies Record<
  ChannelContent["kind"],
  Urgency
>;

/** Sends to channels what is no part of an incident's card and thread. Methods reject with DeliveryError. */
export class Messages {
  readonly #options: MessagesOptions;

  constructor(options: MessagesOptions) {
    this.#options = options;
  }

  async sendToChannel(channel: string, content: ChannelContent, signal: AbortSignal): Promise<SendOutcome> {
    const { channels, connectorFor, clock } = this.#options;
    const { conversation, serviceUrl } = await channels.resolveLink(channel);
    const connector = connectorFor(urgencies[content.kind]);
    const activity = await connector.post(serviceUrl, conversation, await this.#compose(content), signal);
    if (activity === null || content.kind !== "notice") return done;
    const message = { incident: content.incident.id, conversation, activity, serviceUrl, at: clock.now() };
    return { ...done, record: (tx) => tx.saveMessage({ ...message, kind: "notice" }) };
  }

  async tellMoved({ channel, conversation, serviceUrl, by }: MovedChannel, signal: AbortSignal): Promise<void> {
    const { connectorFor, language } = this.#options;
    const words = channelWords[language];
    const name = toMessageText(channel, maxLineLengths.technical);
    const text = by === null ? words.movedByFile(name) : words.moved(name, toMessageText(by, maxLineLengths.name));
    const activity = toTextActivity(text, text.replaceAll("**", ""));
    await connectorFor("reply").post(serviceUrl, conversation, activity, signal);
  }

  async #compose(content: ChannelContent): Promise<OutgoingActivity> {
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
}
