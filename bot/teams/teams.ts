import type { RequestHandler } from "express";
import type { Press } from "../domain/incident/command.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { Language } from "../domain/language.ts";
import type { Person } from "../domain/person.ts";
import type { RouteTest } from "../domain/route-test/route-test.ts";
import type { Visit } from "../domain/visit/visit.ts";
import { late, withTimeout } from "../kit/with-timeout.ts";
import type { Log } from "../log.ts";
import type { Answer, Click } from "../ports/click.ts";
import type { Personal } from "../ports/personal.ts";
import type { Sent } from "../ports/sender.ts";
import type { Status, Trouble } from "../ports/status.ts";
import type { Store } from "../ports/store.ts";
import type { Clock } from "../ports/time.ts";
import { channel } from "../words/colleague/channel.ts";
import { createClicks } from "./inbound/clicks.ts";
import { createCommands } from "./inbound/commands.ts";
import { createFulfil } from "./inbound/personal.ts";
import { createRoutes } from "./inbound/routes.ts";
import { createTesting, type RouteTesting } from "./inbound/testing.ts";
import { createBoard } from "./outbound/board.ts";
import { createChannels } from "./outbound/channels.ts";
import { createMembers } from "./outbound/members.ts";
import { createAddress } from "./outbound/mention.ts";
import { createMessages } from "./outbound/messages.ts";
import { createPolicies } from "./outbound/policies.ts";
import { type Activity, type Inbound, parseInbound, toBareActivity } from "./wire/activity.ts";
import { CheckedAdapter } from "./wire/adapter.ts";
import { createConnector } from "./wire/connector.ts";
import { createDoor } from "./wire/door.ts";
import { toErrorAnswer } from "./wire/outgoing.ts";
import { createTokenVerifier } from "./wire/token.ts";
import { microsoft, type Trust } from "./wire/trust.ts";
import { toTypedWish } from "./wire/wish.ts";

/** A storage that hangs may keep a command waiting this long: its answer has to be there before Teams gives up. */
const learnWithinMs = 1_000;

export interface TeamsOptions {
  readonly appId: string | null;
  readonly tenantId: string | null;
  readonly clientSecret: string | null;
  /** No Microsoft account: an emulator on this machine, callers from loopback only, no token either way. */
  readonly local: boolean;
  /** The only service URL to talk to; null: Microsoft's own, or with `local` any on this machine. */
  readonly serviceUrl: string | null;
  readonly channels: Readonly<Record<string, { readonly conversation: string | null }>>;
  readonly language: Language;
  /** IANA name. */
  readonly timezone: string;
  readonly clock: Clock;
  readonly store: Store;
  readonly log: Log;
  /** null: there is no such incident. */
  readonly answerClick: (click: Click) => Promise<Answer | null | "kept">;
  /** What colleagues do for themselves; a function, since the engine sends through Teams and is made after it. */
  readonly personal: () => Personal;
  /** The channel of the source of type `teams`; null: nobody can raise an alarm from here. */
  readonly teamsChannel: string | null;
  /** Of that channel; null: of all; "": of none. */
  readonly status: (channel: string | null) => Promise<Status>;
  /** Who may bind a channel that is bound already to another conversation: whoever can takes the alarms with it. */
  readonly mayRelink: (person: Person) => boolean;
  /** Tests of the routes to external security, and who may begin one. */
  readonly routeTests: () => RouteTesting;
  readonly mayTest: (person: Person) => boolean;
  /** What waits for this channel can go now. */
  readonly onChannelLinked: (name: string) => void;
  /** Only tests have another one than Microsoft's. */
  readonly trust?: Trust;
}

/** Teams, as the rest of the house knows it. What sends rejects with DeliveryError and never retries by itself. */
export interface Teams extends AsyncDisposable {
  /** For `POST /api/messages`; reads the body itself. */
  readonly handle: RequestHandler;
  /** Posts the incident's card in its channel, once. Outgoing kind `card`. */
  postCard(incident: string, signal: AbortSignal): Promise<Sent>;
  /** Brings thread and card up to date. Outgoing kind `board`. */
  syncBoard(incident: string, signal: AbortSignal): Promise<Sent>;
  /** Outgoing kind `message`. */
  sendMessage(incident: string, person: Person, signal: AbortSignal): Promise<Sent>;
  /** Outgoing kind `notice`. */
  sendNotice(incident: string, channel: string, signal: AbortSignal): Promise<Sent>;
  /** A press that could not be recorded (rule 1). Reads nothing from the store. `at`: epoch milliseconds. */
  postUnrecorded(press: Press, at: number, signal: AbortSignal): Promise<void>;
  /** Outgoing kind `visit-ask`: whether all is well at the end of a visit. */
  askVisitor(visit: Visit, signal: AbortSignal): Promise<Sent>;
  /** Outgoing kind `visit-pressed`: that their visit has become an alarm. */
  tellVisitor(person: Person, signal: AbortSignal): Promise<Sent>;
  /** Outgoing kind `troubles`: the day's line in that channel. */
  sendTroubles(channel: string, troubles: readonly Trouble[], signal: AbortSignal): Promise<Sent>;
  /** Outgoing kind `test-result`: what came of a test of the routes. */
  sendTestResult(channel: string, test: RouteTest, signal: AbortSignal): Promise<Sent>;
}

/**
 * Knits the parts of this folder together. Throws when a registration is incomplete: the SDK takes an empty app id as
 * "let everybody in".
 */
export function startTeams(options: TeamsOptions): Teams {
  const { local, serviceUrl, language, timezone, clock, store, log } = options;
  const registration = toRegistration(options);
  const { appId, tenantId } = registration;
  const trust = options.trust ?? microsoft;
  const adapter = new CheckedAdapter(registration, trust);

  const busy = new Set<Promise<unknown>>();
  function track<T>(work: Promise<T>): Promise<T> {
    busy.add(work);
    // Who called handles a rejection; here it only has to leave the set.
    const leave = () => busy.delete(work);
    work.then(leave, leave);
    return work;
  }

  /** With `local` the bot is learned from the first activity; the emulator does not look at its id. */
  let bot: Person = { id: `28:${appId ?? "rugdekking"}`, name: "Rugdekking" };
  const connector = createConnector(appId, adapter.credentials, () => bot, clock);
  const channels = createChannels(options);
  const members = createMembers(store, connector, clock, log);
  const policyOf = createPolicies(store);
  const toContext = async (incident: Incident) => ({ language, timezone, policy: await policyOf(incident) });
  const address = createAddress(members, clock, log);
  const board = createBoard({ channels, connector, store, clock, log, toContext, address });
  const { teamsChannel } = options;
  const isSetUp = teamsChannel !== null;
  const messages = createMessages({
    channels,
    members,
    connector,
    store,
    language,
    timezone,
    toContext,
    bot: () => bot,
    tenantId,
    teamsChannel,
  });
  const clicks = createClicks(options);
  const commands = createCommands({ ...options, channels, connector, isSetUp, track });
  const testing = createTesting({ ...options, channelOf: channels.nameOf });
  const fulfil = createFulfil({ ...options, isSetUp, testing });
  const app = createRoutes({ adapter, appId, clicks, commands, fulfil, language, log });

  /** What an activity teaches is a convenience: a store that is down must not stand between a click and its answer. */
  async function learn({ origin }: Inbound): Promise<void> {
    if (local) bot = origin.bot;
    try {
      await channels.learn(origin);
      await members.learn(origin);
    } catch (error) {
      log.warn({ err: error }, "activity-not-remembered");
    }
  }

  async function run(activity: Activity): Promise<{ status: number; body?: unknown } | undefined> {
    const inbound = parseInbound(activity);
    const learned = track(learn(inbound));
    try {
      // A command asks about what was learned; an alarm or a click does not, and somebody waits for it.
      if (!isUrgent(activity, inbound) && (await withTimeout(clock, learnWithinMs, learned)) === late)
        log.warn({ type: activity.type }, "activity-learned-late");
      return await adapter.run(toBareActivity(activity), connector.clients, async (context) => {
        await app.run(context);
      });
    } catch (error) {
      log.error({ type: activity.type, err: error }, "activity-failed");
      if (activity.type !== "invoke") return { status: 500 };
      return { status: 200, body: toErrorAnswer(500, channel[language].clickFailed) };
    }
  }

  const verify = appId === null ? null : createTokenVerifier(appId, trust, clock);
  track(channels.warm().catch((error: unknown) => log.warn({ err: error }, "channels-not-loaded")));

  return {
    handle: createDoor({
      verify,
      tenantId,
      serviceUrl,
      log,
      run: (activity) => track(run(activity)),
    }),
    postCard: board.post,
    syncBoard: board.sync,
    sendMessage: messages.direct,
    sendNotice: messages.notice,
    postUnrecorded: messages.unrecorded,
    askVisitor: messages.askVisitor,
    tellVisitor: messages.tellVisitor,
    sendTroubles: messages.troubles,
    sendTestResult: messages.testResult,
    async [Symbol.asyncDispose]() {
      commands[Symbol.dispose]();
      await Promise.allSettled(busy);
    },
  };
}

function isUrgent(activity: Activity, inbound: Inbound): boolean {
  if (activity.type === "invoke" || inbound.kind === "wish" || inbound.kind === "click") return true;
  return inbound.kind === "message" && toTypedWish(inbound.text)?.kind === "alarm";
}

/** All three or, with `local`, none. */
function toRegistration({ appId, tenantId, clientSecret, local }: TeamsOptions) {
  if (local) return { appId: null, tenantId: null, clientSecret: null };
  if (!appId || !tenantId || !clientSecret) throw new Error("teams needs appId, tenantId and clientSecret, or local");
  return { appId, tenantId, clientSecret };
}
