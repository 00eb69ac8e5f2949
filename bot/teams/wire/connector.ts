import type { Activity, ConversationParameters } from "botbuilder";
import {
  AuthenticationConstants,
  ConnectorClient,
  ConnectorFactory,
  type ServiceClientCredentialsFactory,
} from "botframework-connector";
import { z } from "zod";
import type { Person } from "../../domain/person.ts";
import type { Clock } from "../../ports/time.ts";
import { boundCalls, type Pipeline, untilAborted } from "./bounded-call.ts";
import { toDeliveryError } from "./failure.ts";

/** An activity we send: Teams fills in the rest. */
export type OutgoingActivity = Pick<Activity, "type"> & Partial<Activity>;

/**
 * Calls Teams. Every call is made once, ends when its `signal` aborts, and rejects with DeliveryError; retry and order
 * belong to the outbox.
 */
export interface Connector {
  /**
   * Posts to a conversation, or to a thread of it with `;messageid=`. Resolves with the activity's id; null when Teams
   * sent none.
   */
  post(
    serviceUrl: string,
    conversation: string,
    activity: OutgoingActivity,
    signal: AbortSignal,
  ): Promise<string | null>;
  /** Replaces an activity. May be repeated without harm. */
  update(
    serviceUrl: string,
    conversation: string,
    id: string,
    activity: OutgoingActivity,
    signal: AbortSignal,
  ): Promise<void>;
  /** Resolves with the id of the 1:1 conversation with a member, made when there is none. */
  createConversation(serviceUrl: string, teamsId: string, tenant: string | null, signal: AbortSignal): Promise<string>;
  /** Finds a member of a conversation by Entra object id or Teams id; null when Teams does not know them there. */
  findMember(serviceUrl: string, conversation: string, id: string, signal: AbortSignal): Promise<FoundMember | null>;
  /** The clients behind these calls, for the turns of the SDK. */
  readonly clients: ConnectorFactory;
}

export interface FoundMember {
  readonly teamsId: string;
  readonly name: string;
  readonly entraId: string | null;
}

/**
 * Creates the connector. `appId` null: local, no Authorization header at all. `bot`: the bot as Teams knows it, `28:…`.
 */
export function createConnector(
  appId: string | null,
  credentials: ServiceClientCredentialsFactory,
  bot: () => Person,
  clock: Clock,
): Connector {
  const clients = new Clients(appId, credentials, clock);

  async function call<T>(
    serviceUrl: string,
    signal: AbortSignal,
    work: (client: ConnectorClient, options: { abortSignal: AbortSignal }) => Promise<T>,
    isPost = false,
  ): Promise<T> {
    try {
      return await untilAborted(signal, async () => work(await clients.create(serviceUrl), { abortSignal: signal }));
    } catch (error) {
      throw toDeliveryError(error, clock.now(), isPost);
    }
  }

  /** The emulator looks members up by their Teams id only, where Teams takes the Entra object id as well. */
  async function findInRoster(serviceUrl: string, conversation: string, id: string, signal: AbortSignal) {
    const roster = await call(serviceUrl, signal, (client) =>
      // Without options, whose type demands a continuation token; `boundCalls` ends it in time all the same.
      client.conversations.getConversationPagedMembers(conversation),
    );
    const found = Roster.parse(roster).members.map((entry) => Member.safeParse(entry).data);
    return found.find((member) => member?.entraId === id.toLowerCase()) ?? null;
  }

  return {
    clients,
    async post(serviceUrl, conversation, activity, signal) {
      const complete = { ...activity, from: bot() };
      const post = (client: ConnectorClient, options: { abortSignal: AbortSignal }) =>
        client.conversations.sendToConversation(conversation, complete, options);
      const sent = await call(serviceUrl, signal, post, true);
      return toResourceId(sent);
    },
    async update(serviceUrl, conversation, id, activity, signal) {
      const complete = { ...activity, id, from: bot() };
      await call(serviceUrl, signal, (client, options) =>
        client.conversations.updateActivity(conversation, id, complete, options),
      );
    },
    async createConversation(serviceUrl, teamsId, tenant, signal) {
      const parameters: ConversationParameters = {
        isGroup: false,
        bot: bot(),
        members: [{ id: teamsId, name: "" }],
        ...(tenant === null ? {} : { tenantId: tenant }),
        channelData: tenant === null ? {} : { tenant: { id: tenant } },
      };
      const created = await call(serviceUrl, signal, (client, options) =>
        client.conversations.createConversation(parameters, options),
      );
      const id = toResourceId(created);
      if (id === null) throw toDeliveryError(new Error("no conversation id"), clock.now());
      return id;
    },
    async findMember(serviceUrl, conversation, id, signal) {
      try {
        const found = await call(serviceUrl, signal, (client, options) =>
          client.conversations.getConversationMember(conversation, id, options),
        );
        return Member.parse(found);
      } catch (error) {
        if (toDeliveryError(error, clock.now()).reason !== "refused") throw error;
        return appId === null ? findInRoster(serviceUrl, conversation, id, signal) : null;
      }
    },
  };
}

const Member = z
  .object({ id: z.string().min(1), name: z.string().optional(), aadObjectId: z.string().optional() })
  .transform(
    ({ id, name, aadObjectId }): FoundMember => ({
      teamsId: id,
      name: name ?? "",
      entraId: aadObjectId?.toLowerCase() ?? null,
    }),
  );

const Roster = z.object({ members: z.array(z.unknown()) });

const Resource = z.object({ id: z.string().min(1) });

function toResourceId(answer: unknown): string | null {
  return Resource.safeParse(answer).data?.id ?? null;
}

/** Makes one client per service URL and keeps it, because its agent holds the connections open between alarms. */
class Clients extends ConnectorFactory {
  readonly #appId: string | null;
  readonly #credentials: ServiceClientCredentialsFactory;
  readonly #clock: Clock;
  readonly #clients = new Map<string, Promise<ConnectorClient>>();

  constructor(appId: string | null, credentials: ServiceClientCredentialsFactory, clock: Clock) {
    super();
    this.#appId = appId;
    this.#credentials = credentials;
    this.#clock = clock;
  }

  override create(serviceUrl: string): Promise<ConnectorClient> {
    const known = this.#clients.get(serviceUrl);
    if (known !== undefined) return known;
    const client = this.#open(serviceUrl);
    this.#clients.set(serviceUrl, client);
    return client;
  }

  async #open(serviceUrl: string): Promise<ConnectorClient> {
    const credentials = await this.#credentials.createCredentials(
      this.#appId ?? "",
      AuthenticationConstants.ToChannelFromBotOAuthScope,
      AuthenticationConstants.ToChannelFromBotLoginUrl,
      true,
    );
    const client = new ConnectorClient(credentials, { baseUri: serviceUrl });
    // The pipeline is private in the SDK's types, and the only place where its calls can be bounded and its retries
    // switched off: it repeats posts after a reset and honours a Retry-After of any length. Redirects would carry a
    // card to another address.
    const { pipeline } = (client as unknown as { client: { pipeline: Pipeline } }).client;
    pipeline.removePolicy({ name: "defaultRetryPolicy" });
    pipeline.removePolicy({ name: "redirectPolicy" });
    boundCalls(pipeline, this.#clock);
    return client;
  }
}
