import type { RequestHandler } from "express";
import type { Press } from "../domain/incident/command.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { Person } from "../domain/person.ts";
import { Background } from "../kit/background.ts";
import type { SendOutcome } from "../ports/send-outcome.ts";
import type { ChannelContent, PersonContent, TeamsSender } from "../ports/teams-sender.ts";
import type { CardContext } from "./cards/context.ts";
import { type InboundRequests, InboundTeams } from "./inbound/inbound.ts";
import { Channels } from "./outbound/channels.ts";
import { IncidentCards } from "./outbound/incident-cards.ts";
import { Members } from "./outbound/members.ts";
import { Mentions } from "./outbound/mention.ts";
import { Messages } from "./outbound/messages.ts";
import type { TeamsOptions } from "./teams-options.ts";
import { Wire } from "./wire/wire.ts";

/**
 * Teams in two halves: the wire and what goes out over it stand first, and `listen` adds what comes in, so that the
 * engine can be made in between. What sends rejects with DeliveryError and never retries by itself.
 */
export class Teams implements TeamsSender, AsyncDisposable {
  readonly #options: TeamsOptions;
  readonly #wire: Wire;
  readonly #channels: Channels;
  readonly #members: Members;
  readonly #cards: IncidentCards;
  readonly #messages: Messages;
  readonly #background = new Background();
  #inbound: InboundTeams | null = null;

  /** Throws when a registration is incomplete. */
  constructor(options: TeamsOptions) {
    const { clock, store, log } = options;
    this.#options = options;
    this.#wire = new Wire(options);
    const { connector } = this.#wire;
    const channels = new Channels(options);
    const members = new Members(store, connector, clock, log);
    const shared = { ...options, channels, members, connector, toContext: (each: Incident) => this.#loadContext(each) };
    this.#channels = channels;
    this.#members = members;
    this.#cards = new IncidentCards({ ...shared, mentions: new Mentions(members, clock, log) });
    this.#messages = new Messages({ ...shared, bot: () => this.#wire.bot });
    const warmed = channels.warm().catch((error: unknown) => log.warn({ err: error }, "channels-not-loaded"));
    // Nothing waits for the channels but the end; a channel that is not warm is read when it is used.
    void this.#background.track(warmed);
  }

  /**
   * Takes what comes in from Teams, from now on: the handler of `POST /api/messages`, which reads the body itself. It
   * ends with this object and so after the engine, because who raised an alarm is told so until then.
   */
  listen(requests: InboundRequests): RequestHandler {
    this.#inbound = new InboundTeams(this.#options, this.#wire, this.#channels, this.#members, requests);
    return this.#inbound.handle;
  }

  postCard(incident: string, signal: AbortSignal): Promise<SendOutcome> {
    return this.#cards.post(incident, signal);
  }

  syncCard(incident: string, signal: AbortSignal): Promise<SendOutcome> {
    return this.#cards.sync(incident, signal);
  }

  sendToChannel(channel: string, content: ChannelContent, signal: AbortSignal): Promise<void> {
    return this.#messages.toChannel(channel, content, signal);
  }

  sendToPerson(person: Person, content: PersonContent, signal: AbortSignal): Promise<void> {
    return this.#messages.toPerson(person, content, signal);
  }

  postUnstored(press: Press, at: number, signal: AbortSignal): Promise<void> {
    return this.#messages.unstored(press, at, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inbound?.[Symbol.asyncDispose]();
    await this.#background[Symbol.asyncDispose]();
  }

  /** The policy with which an incident opened, and how it is shown. */
  async #loadContext({ policy: hash }: Incident): Promise<CardContext> {
    const { store, language, timezone } = this.#options;
    const policy = await store.read((reader) => reader.loadPolicy(hash));
    if (policy === null) throw new Error("An incident names a policy that is not stored");
    return { language, timezone, policy };
  }
}
