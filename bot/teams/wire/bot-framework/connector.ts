import type { ConversationParameters, Activity as SdkActivity } from "botbuilder";
import type { ConnectorClient } from "botframework-connector";
import { z } from "zod";
import type { Person } from "../../../domain/person.ts";
import type { Clock } from "../../../ports/time.ts";
import type { BotToken } from "../bot-token.ts";
import type { Connector, FoundMember, OutgoingActivity } from "../connector.ts";
import { toDeliveryError, toRefusedToken } from "../failure.ts";
import { untilAborted } from "./bounded-call.ts";

type PagedOptions = Parameters<ConnectorClient["conversations"]["getConversationPagedMembers"]>[1];

export interface ConnectorOptions {
  /** Opens the client for a service URL, or answers with the one that is open. */
  readonly openClient: (serviceUrl: string) => Promise<ConnectorClient>;
  /** null: local, no Authorization header at all. */
  readonly token: BotToken | null;
  /** The bot as Teams knows it, `28:…`. */
  readonly bot: () => Person;
  readonly clock: Clock;
}

/** Creates the connector over the clients of the SDK. */
export function createConnector({ openClient, token, bot, clock }: ConnectorOptions): Connector {
  /** Whether another try now would carry another token than the one that Teams refused. */
  function isOutdated(error: unknown): boolean {
    const refused = toRefusedToken(error);
    return refused !== null && token?.drop(refused) === true;
  }

  async function call<T>(
    serviceUrl: string,
    signal: AbortSignal,
    work: (client: ConnectorClient, options: { abortSignal: AbortSignal }) => Promise<T>,
    isPost = false,
  ): Promise<T> {
    if (signal.aborted) throw toDeliveryError(signal.reason, clock.now());
    try {
      return await untilAborted(signal, async () => work(await openClient(serviceUrl), { abortSignal: signal }));
    } catch (error) {
      throw toDeliveryError(error, clock.now(), { isPost, isOutdated: isOutdated(error) });
    }
  }

  async function listMembers(serviceUrl: string, conversation: string, signal: AbortSignal) {
    const roster = await call(serviceUrl, signal, (client, options) =>
      // The type demands a page size and a continuation token, which Teams lets be left out.
      client.conversations.getConversationPagedMembers(conversation, options as unknown as PagedOptions),
    );
    return Roster.parse(roster).members.flatMap((entry) => Member.safeParse(entry).data ?? []);
  }

  /** The emulator looks members up by their Teams id only, where Teams takes the Entra object id as well. */
  async function findInRoster(serviceUrl: string, conversation: string, id: string, signal: AbortSignal) {
    const members = await listMembers(serviceUrl, conversation, signal);
    return members.find(({ entraId }) => entraId === id.toLowerCase()) ?? null;
  }

  return {
    async post(serviceUrl, conversation, activity, signal) {
      const complete = { ...toSdkActivity(activity), from: bot() };
      const post = (client: ConnectorClient, options: { abortSignal: AbortSignal }) =>
        client.conversations.sendToConversation(conversation, complete, options);
      return toResourceId(await call(serviceUrl, signal, post, true));
    },
    async update(serviceUrl, conversation, id, activity, signal) {
      const complete = { ...toSdkActivity(activity), id, from: bot() };
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
        return token === null ? findInRoster(serviceUrl, conversation, id, signal) : null;
      }
    },
    async findAnyMember(serviceUrl, conversation, signal) {
      return (await listMembers(serviceUrl, conversation, signal))[0] ?? null;
    },
  };
}

/** The activity as the SDK has it: its lists may be changed. */
function toSdkActivity({ entities, attachments, ...activity }: OutgoingActivity): Partial<SdkActivity> {
  return {
    ...activity,
    ...(entities === undefined ? {} : { entities: [...entities] }),
    ...(attachments === undefined ? {} : { attachments: [...attachments] }),
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
