import type { ChannelSign } from "../../domain/channel/health.ts";
import { Background } from "../../kit/background.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { HandleActivity } from "../../ports/caller.ts";
import type { Click } from "../../ports/click.ts";
import type { TeamsRequests } from "../../ports/teams-requests.ts";
import type { Clock } from "../../ports/time.ts";
import { channel } from "../../words/colleague/channel.ts";
import type { Channels } from "../outbound/channels.ts";
import type { ChatCards } from "../outbound/chat/chat-cards.ts";
import type { Members } from "../outbound/members.ts";
import type { TeamsTests } from "../outbound/teams-test/teams-tests.ts";
import type { TeamsOptions } from "../teams-options.ts";
import { type Activity, type InboundActivity, isAlarm, parseActivity, toBareActivity } from "../wire/activity.ts";
import { keepInbound } from "../wire/bot-framework/turn.ts";
import { createDoor } from "../wire/door.ts";
import type { InboundRecord } from "../wire/inbound-record.ts";
import { toSentenceAnswer } from "../wire/outgoing.ts";
import type { VerifyToken } from "../wire/token.ts";
import type { Trust } from "../wire/trust.ts";
import type { Wire } from "../wire/wire.ts";
import { loadStandingCards } from "./answers/clicked-card.ts";
import { Clicks } from "./answers/clicks.ts";
import { TypedAnswers } from "./answers/typed-answers.ts";
import { Askers, type AskersOptions } from "./askers.ts";
import { Commands } from "./commands.ts";
import type { createDispatch, DispatchOptions } from "./dispatch.ts";
import { Greeter } from "./greeter.ts";
import { completeOrigin } from "./origin.ts";
import { PersonalTurns, type TurnAnswer } from "./personal-turns.ts";
import { Replies } from "./replies.ts";
import { toSigns } from "./signs.ts";

/** Longest that a command waits for a storage that hangs, because its answer has to be there before Teams gives up. */
const learnWithinMs = 1_000;

/** What activities ask of the engine, and who may ask for it. */
export interface InboundRequests extends TeamsRequests {
  /** What people are in the configuration. */
  readonly directory: AskersOptions["directory"];
  readonly linkCodes: () => readonly string[];
  /** Is told what activities show of how it is with a channel. */
  readonly onSign: (channel: string, sign: ChannelSign) => void;
  /** Takes the clicks on the card of a test of Teams. */
  readonly teamsTests: Pick<TeamsTests, "takeClick">;
  /** Is told what comes in, and what is refused. */
  readonly record: InboundRecord;
  /** Makes the card for who clicked in their own chat. */
  readonly chatCards: Pick<ChatCards, "loadAnswer">;
}

/** Handles activities from Teams. Disposing waits for those under way. */
export class InboundTeams implements AsyncDisposable {
  /** Handles `POST /api/messages`; reads the body itself. */
  readonly handle: HandleActivity;
  readonly #options: TeamsOptions;
  readonly #wire: Wire;
  readonly #channels: Channels;
  readonly #members: Members;
  readonly #background = new Background();
  readonly #replies: Replies;
  readonly #onSign: InboundRequests["onSign"];
  readonly #dispatching: Omit<DispatchOptions, "adapter">;
  #app: ReturnType<typeof createDispatch> | null = null;
  /** null: local, where nobody has a token. */
  readonly #loadVerify: (() => Promise<VerifyToken>) | null;
  readonly #clicks: Clicks;
  readonly #personal: PersonalTurns;
  readonly #typedAnswers: TypedAnswers;

  constructor(options: TeamsOptions, wire: Wire, channels: Channels, members: Members, requests: InboundRequests) {
    const { store, clock, log, tenantId, serviceUrl } = options;
    this.#options = options;
    this.#wire = wire;
    this.#channels = channels;
    this.#members = members;
    this.#replies = new Replies(wire.connectorFor, store, clock, log, this.#background);
    this.#onSign = requests.onSign;
    const { dispatching, clicks, personal, typedAnswers } = this.#createTurns(requests);
    this.#dispatching = dispatching;
    this.#clicks = clicks;
    this.#typedAnswers = typedAnswers;
    this.#personal = personal;
    channels.subscribe((name) => {
      requests.onChannelLinked(name).catch((error: unknown) => log.error({ err: error }, "channel-not-hastened"));
    });
    const { appId, trust } = wire;
    const loadVerify = appId === null ? null : toVerifyLoader(appId, trust, clock);
    this.#loadVerify = loadVerify;
    this.handle = createDoor({
      verify: loadVerify && (async (authorization) => (await loadVerify())(authorization)),
      tenantId,
      serviceUrl,
      record: requests.record,
      run: (activity) => this.#background.track(this.#runTurn(activity)),
    });
  }

  /** Loads what of the SDK an activity needs, and what checks whose it is, once. */
  async load() {
    const loading = [import("./dispatch.ts"), this.#wire.loadSdk(), this.#loadVerify?.()] as const;
    const [{ createDispatch }, { adapter }] = await Promise.all(loading);
    this.#app ??= createDispatch({ ...this.#dispatching, adapter });
    return { adapter, app: this.#app };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#replies[Symbol.dispose]();
    await this.#background[Symbol.asyncDispose]();
  }

  #createTurns(requests: InboundRequests) {
    const { language, timezone, names, clock, store, log, teamsChannel, noteSecret } = this.#options;
    const { appId } = this.#wire;
    const channels = this.#channels;
    const replies = this.#replies;
    const { personal, routeTests, ringTests, teamsTests, directory, linkCodes, chatCards } = requests;
    const askers = new Askers({ directory, linkCodes, noteSecret, channels, members: this.#members, clock, log });
    const isSetUp = teamsChannel !== null;
    const { answerable } = requests;
    const shared = { channels, replies, askers, language, timezone, names, clock, log, isSetUp, answerable };
    const testing = { ...shared, routeTests, ringTests, teamsTests, channelOf: (id: string) => channels.nameOf(id) };
    const answering = { ...shared, answerClick: (click: Click) => requests.answerClick(click) };
    const clicks = new Clicks({
      ...answering,
      loadHistory: (incident) => store.read((reader) => reader.loadHistory(incident, 0)),
      loadCards: (incident) => store.read((reader) => loadStandingCards(incident, reader)),
      chatCards,
    });
    const dispatching = {
      appId,
      language,
      log,
      replies,
      clicks,
      commands: new Commands({
        ...shared,
        visits: personal.visits,
        status: (channel) => requests.status(channel),
      }),
      greeter: new Greeter({ ...shared, store, visits: personal.visits }),
    };
    const { alarms, visits } = personal;
    const turns = new PersonalTurns({ ...shared, personal, testing, background: this.#background });
    const typedAnswers = new TypedAnswers({ ...answering, alarms, visits, turns });
    return { dispatching, clicks, personal: turns, typedAnswers };
  }

  /**
   * Remembers what an activity shows of its sender and its channel. Never rejects, because a store that is down must
   * not stand between a click and its answer.
   */
  async #learnFrom({ origin }: InboundActivity): Promise<void> {
    if (this.#options.local && origin.bot.id !== "") this.#wire.bot = origin.bot;
    try {
      await this.#channels.learnLink(origin);
      await this.#members.learnSender(origin);
    } catch (error) {
      this.#options.log.warn({ err: error }, "activity-not-remembered");
    }
  }

  /** Says that what a message did stays, which was edited or deleted; false when it did nothing that stays. */
  async #answerStanding(inbound: InboundActivity): Promise<boolean> {
    return (await this.#personal.answerStanding(inbound.origin)) || this.#typedAnswers.answerStanding(inbound);
  }

  async #runTurn(activity: Activity): Promise<TurnAnswer | undefined> {
    const { clock, log, language } = this.#options;
    const parsed = parseActivity(activity);
    const origin = await completeOrigin(parsed.origin, { members: this.#members, clock });
    const inbound: InboundActivity = { ...parsed, origin };
    try {
      for (const { channel, sign } of toSigns(inbound, this.#channels.links())) this.#onSign(channel, sign);
      const learning = this.#background.track(this.#learnFrom(inbound));
      // A command may ask about what was learned. An alarm or a click does not, and somebody waits for it.
      if (!isUrgent(activity, inbound) && (await withTimeout(clock, learnWithinMs, learning)) === late)
        log.warn({ type: activity.type }, "activity-learned-late");
      if (isAboutBefore(inbound) && (await this.#answerStanding(inbound))) return { status: 200 };
      if (inbound.kind === "personal" && (await this.#typedAnswers.askWhetherOver(inbound))) return { status: 200 };
      if (inbound.kind === "personal") return await this.#personal.answer(inbound, activity.type === "invoke");
      if (inbound.kind === "typed-answer" && (await this.#typedAnswers.take(inbound))) return { status: 200 };
      if (inbound.kind === "message" && (await this.#typedAnswers.takeLocation(origin, inbound.text)))
        return { status: 200 };
      // Past the SDK, which answers what it does not know, and what lacks something, with errors of its own.
      if (activity.type === "invoke") return { status: 200, body: await this.#clicks.answer(inbound) };
      const { adapter, app } = await this.load();
      return await adapter.run(toBareActivity(activity, inbound), async (turn) => {
        keepInbound(turn, inbound);
        await app.run(turn);
      });
    } catch (error) {
      log.error({ type: activity.type, err: error }, "activity-failed");
      if (activity.type !== "invoke") return { status: 500 };
      return { status: 200, body: toSentenceAnswer(channel[language].clickUnsure) };
    }
  }
}

function isUrgent({ type }: Activity, { kind }: InboundActivity): boolean {
  return type === "invoke" || kind === "personal" || kind === "typed-answer" || kind === "click";
}

/** Whether it is no alarm, and is about a message of before, which may have been an alarm or an answer. */
function isAboutBefore(inbound: InboundActivity): boolean {
  return inbound.kind === "deleted" || ("isEdited" in inbound && inbound.isEdited && !isAlarm(inbound));
}

/** Returns what loads the check of tokens for that app at its first call, once for all. */
function toVerifyLoader(appId: string, trust: Trust, clock: Clock): () => Promise<VerifyToken> {
  let loading: Promise<VerifyToken> | undefined;
  return () => {
    loading ??= import("../wire/token.ts").then((token) => token.createTokenVerifier(appId, trust, clock));
    return loading;
  };
}
