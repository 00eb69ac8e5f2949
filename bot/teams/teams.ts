import type { ChannelSign, LookFinding } from "../domain/channel/health.ts";
import type { SignOfLife } from "../domain/channel/sign-of-life.ts";
import type { Press } from "../domain/incident/command.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { Person } from "../domain/person.ts";
import type { TokenFault } from "../domain/teams-test/teams-test.ts";
import { Background } from "../kit/background.ts";
import type { HandleActivity } from "../ports/caller.ts";
import type { SendOutcome } from "../ports/send-outcome.ts";
import type { ChannelRing, MovedChannel } from "../ports/store/outbox.ts";
import type { ListedChannels, TeamsLooks } from "../ports/teams-looks.ts";
import type {
  ChannelContent,
  HowToTell,
  OpenedIncident,
  PersonContent,
  Rung,
  TeamsSender,
  UnstoredCard,
} from "../ports/teams-sender.ts";
import { maxSendMs } from "../ports/timing.ts";
import type { CardContext } from "./cards/context.ts";
import { type InboundRequests, InboundTeams } from "./inbound/inbound.ts";
import { Channels } from "./outbound/channels.ts";
import { ChatCards } from "./outbound/chat/chat-cards.ts";
import { PresserCards } from "./outbound/chat/presser-cards.ts";
import { DirectMessages } from "./outbound/direct-messages.ts";
import { IncidentCards } from "./outbound/incident/incident-cards.ts";
import { Looks } from "./outbound/looks.ts";
import { Members } from "./outbound/members.ts";
import { Mentions } from "./outbound/mention.ts";
import { Messages } from "./outbound/messages.ts";
import { notePosts } from "./outbound/note-posts.ts";
import { Pace } from "./outbound/pace.ts";
import { Reach } from "./outbound/reach.ts";
import { type SignOfLifeOptions, showSignOfLife } from "./outbound/sign-of-life.ts";
import { TeamsTests } from "./outbound/teams-test/teams-tests.ts";
import { UnstoredCards } from "./outbound/unstored/unstored-cards.ts";
import { UnstoredPosts } from "./outbound/unstored/unstored-posts.ts";
import type { TeamsOptions } from "./teams-options.ts";
import { InboundRecord } from "./wire/inbound-record.ts";
import { Wire } from "./wire/wire.ts";

/**
 * Teams in two halves: the constructor makes the wire and what goes out over it, and `listen` adds what comes in,
 * because the engine is made in between. Methods that send reject with DeliveryError and never retry by themselves.
 */
export class Teams implements TeamsSender, TeamsLooks, AsyncDisposable {
  readonly #options: TeamsOptions;
  readonly #wire: Wire;
  readonly #channels: Channels;
  readonly #members: Members;
  readonly #cards: IncidentCards;
  readonly #messages: Messages;
  readonly #unstored: UnstoredPosts;
  readonly #unstoredCards: UnstoredCards;
  readonly #reach: Reach;
  readonly #directMessages: DirectMessages;
  readonly #chatCards: ChatCards;
  readonly #presserCards: PresserCards;
  readonly #looks: Looks;
  readonly #signOfLife: SignOfLifeOptions;
  readonly #record: InboundRecord;
  readonly #tests: TeamsTests;
  readonly #onSigns: ((channel: string, sign: ChannelSign) => void)[] = [];
  readonly #background = new Background();
  #inbound: InboundTeams | null = null;

  /** Throws when a registration is incomplete. */
  constructor(options: TeamsOptions) {
    const { log } = options;
    this.#options = options;
    this.#wire = new Wire(options);
    const channels = new Channels(options);
    const connectorFor = notePosts(this.#wire.connectorFor, (conversation, isTaken) => {
      const sign = { kind: isTaken ? "posted" : "post-refused" } as const;
      for (const channel of channels.namesOf(conversation)) this.#noteSign(channel, sign);
    });
    const members = new Members({ ...options, connectorFor });
    this.#unstoredCards = new UnstoredCards(options.clock, options.inFlight);
    const shared = {
      ...options,
      channels,
      members,
      connectorFor,
      unstored: this.#unstoredCards,
      pace: new Pace(),
      loadContext: (each: Incident) => this.#loadContext(each),
    };
    this.#channels = channels;
    this.#members = members;
    this.#cards = new IncidentCards({ ...shared, mentions: new Mentions(members, options) });
    this.#reach = new Reach(channels, members);
    this.#directMessages = new DirectMessages(shared);
    this.#chatCards = new ChatCards(shared);
    this.#presserCards = new PresserCards(shared);
    const bot = () => this.#wire.bot;
    this.#messages = new Messages({ ...shared, bot });
    this.#unstored = new UnstoredPosts(shared);
    this.#looks = new Looks({ ...shared, token: this.#wire.token });
    this.#signOfLife = { ...shared, bot };
    this.#record = new InboundRecord(options.clock);
    this.#tests = new TeamsTests({
      ...shared,
      connector: connectorFor("quiet", maxSendMs),
      token: this.#wire.token,
      record: this.#record,
    });
    const warming = channels.warm().catch((error: unknown) => log.warn({ err: error }, "channels-not-loaded"));
    // Only disposing waits for this, because a channel that is not in memory yet is read when it is used.
    void this.#background.track(warming);
  }

  /**
   * Starts to take what comes in from Teams, and returns the handler of `POST /api/messages`, which reads the body
   * itself. It ends with this object and so after the engine, because until then whoever raised an alarm is still sent
   * its card.
   */
  listen(requests: Omit<InboundRequests, "onSign" | "teamsTests" | "record" | "chatCards">): HandleActivity {
    const onSign = (channel: string, sign: ChannelSign) => this.#noteSign(channel, sign);
    this.#inbound = new InboundTeams(this.#options, this.#wire, this.#channels, this.#members, {
      ...requests,
      onSign,
      teamsTests: this.#tests,
      record: this.#record,
      chatCards: this.#chatCards,
    });
    return this.#inbound.handle;
  }

  /**
   * Loads the SDK before the first call to Teams needs it; for some half a second nothing else is done. Rejects where
   * it can't be loaded, as does each of those calls.
   */
  async load(): Promise<void> {
    await this.#inbound?.load();
  }

  /** Tests of Teams itself. */
  get tests(): TeamsTests {
    return this.#tests;
  }

  isBusy(channel: string): boolean {
    const link = this.#channels.links().find(({ name }) => name === channel);
    return link !== undefined && this.#wire.budget.isBusy(link.conversation);
  }

  postCard(incident: string, signal: AbortSignal, opened: OpenedIncident | null = null): Promise<SendOutcome> {
    return this.#cards.postCard(incident, signal, opened);
  }

  syncCard(incident: string, signal: AbortSignal): Promise<SendOutcome> {
    return this.#cards.syncCard(incident, signal);
  }

  ringChannel(incident: string, ring: ChannelRing, signal: AbortSignal): Promise<SendOutcome> {
    return this.#cards.ringChannel(incident, ring, signal);
  }

  ringUnstored(recall: () => Incident, ring: ChannelRing, signal: AbortSignal): Promise<SendOutcome> {
    return this.#cards.ringUnstored(recall, ring, signal);
  }

  sendToChannel(channel: string, content: ChannelContent, signal: AbortSignal): Promise<SendOutcome> {
    return this.#messages.sendToChannel(channel, content, signal);
  }

  tellMoved(moved: MovedChannel, signal: AbortSignal): Promise<void> {
    return this.#messages.tellMoved(moved, signal);
  }

  sendToPerson(person: Person, content: PersonContent, signal: AbortSignal): Promise<SendOutcome> {
    return this.#directMessages.send(person, content, signal);
  }

  syncChatCards(incident: string, person: Person, signal: AbortSignal): Promise<SendOutcome> {
    return this.#chatCards.sync(incident, person, signal);
  }

  tellPresser(person: Person, open: Incident | null, howToTell: HowToTell, signal: AbortSignal): Promise<SendOutcome> {
    return this.#presserCards.tell(person, open, howToTell, signal);
  }

  prepareToMessage(person: Person, isAnew: boolean, signal: AbortSignal): Promise<void> {
    return this.#reach.prepare(person, isAnew, signal);
  }

  postUnstored(press: Press, rung: Rung, at: number, signal: AbortSignal): Promise<void> {
    return this.#unstored.post(press, rung, at, signal);
  }

  listUnstored(): readonly UnstoredCard[] {
    return this.#unstoredCards.list();
  }

  forgetUnstored(card: UnstoredCard): void {
    this.#unstoredCards.forget(card);
  }

  listChannels(): Promise<ListedChannels> {
    return this.#looks.listChannels();
  }

  freshenToken(): Promise<TokenFault | null> {
    return this.#looks.freshenToken();
  }

  look(channel: string, signal: AbortSignal): Promise<LookFinding> {
    return this.#looks.look(channel, signal);
  }

  showSignOfLife(channel: string, standing: SignOfLife | null, signal: AbortSignal): Promise<SignOfLife> {
    return showSignOfLife(this.#signOfLife, channel, standing, signal);
  }

  subscribeToSigns(onSign: (channel: string, sign: ChannelSign) => void): void {
    this.#onSigns.push(onSign);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tests[Symbol.asyncDispose]();
    await this.#inbound?.[Symbol.asyncDispose]();
    await this.#background[Symbol.asyncDispose]();
  }

  #noteSign(channel: string, sign: ChannelSign): void {
    for (const onSign of this.#onSigns) onSign(channel, sign);
  }

  /**
   * Finds the policy that an incident goes by now, and the history of a closed one, and adds how cards are shown here.
   * Of an open one nothing is read where memory knows its policy.
   */
  async #loadContext(incident: Incident): Promise<CardContext> {
    const { store, language, timezone, names, recallPolicy } = this.#options;
    const { id, policy: hash, closedAt } = incident;
    const recalled = closedAt === null ? recallPolicy(incident) : null;
    if (recalled !== null) return { language, timezone, names, policy: recalled, history: [] };
    const [policy, history] = await store.read(async (reader) => {
      return [await reader.loadPolicy(hash), closedAt === null ? [] : await reader.loadHistory(id, 0)] as const;
    });
    if (policy === null) throw new Error("An incident names a policy that is not stored");
    return { language, timezone, names, policy, history };
  }
}
