import { DeliveryError } from "../errors.ts";
import type { Press } from "../incident/command.ts";
import type { Incident, Person } from "../incident/incident.ts";
import type { LinkedChannel, Sent, Store } from "../ports.ts";
import type { Language } from "../words/language.ts";
import type { CardContext } from "./cards/context.ts";
import { toUnrecordedCard } from "./cards/incident-card.ts";
import { toDirectMessage, toNotice } from "./cards/thread.ts";
import type { Channels } from "./channels.ts";
import type { Connector } from "./connector.ts";
import { ActivityLost } from "./failure.ts";
import { type Members, notAMember } from "./members.ts";
import { toCardActivity, toTextActivity } from "./outgoing.ts";

const done: Sent = { kind: "done" };

/** Messages about an incident outside its card and thread. All reject with DeliveryError. */
export interface Messages {
  /** 1:1 to somebody on duty. */
  direct(incident: string, person: Person, signal: AbortSignal): Promise<Sent>;
  /** In a channel other than the incident's own. */
  notice(incident: string, channel: string, signal: AbortSignal): Promise<Sent>;
  /** A press that could not be recorded (rule 1): from memory, without the store. `at`: epoch milliseconds. */
  unrecorded(press: Press, at: number, signal: AbortSignal): Promise<void>;
}

export interface MessagesOptions {
  readonly channels: Channels;
  readonly members: Members;
  readonly connector: Connector;
  readonly store: Store;
  readonly language: Language;
  readonly timezone: string;
  readonly toContext: (incident: Incident) => Promise<CardContext>;
}

/** See `Messages`. */
export function createMessages(options: MessagesOptions): Messages {
  const { channels, members, connector, store, language, timezone, toContext } = options;

  return {
    async direct(id, person, signal) {
      const incident = await store.read((reader) => reader.loadIncident(id));
      if (incident === null) return done;
      const room = await channels.resolve(incident.channel);
      const member = await members.find(person, room, signal);
      if (member === null) throw notAMember();
      const { text, summary } = toDirectMessage(incident, await toContext(incident));
      const conversation = await members.converse(member, room, signal);
      try {
        await connector.post(member.serviceUrl, conversation, toTextActivity(text, summary), signal);
      } catch (error) {
        if (!(error instanceof DeliveryError && error.cause instanceof ActivityLost)) throw error;
        // A remembered conversation can be gone, after the app was removed and installed again for instance.
        if (member.conversation === null) throw error;
        await members.forgetConversation(member);
        throw new DeliveryError("unreachable", "The remembered conversation was not found", { cause: error });
      }
      return done;
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
  };
}
