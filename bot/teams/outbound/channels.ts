import { DeliveryError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../ports/store.ts";
import type { LinkedChannel } from "../../ports/teams.ts";
import type { Clock } from "../../ports/time.ts";
import type { Origin } from "../wire/activity.ts";

/** The channels of the configuration and the conversations they are bound to. Kept in memory: a card must not wait for a read. */
export interface Channels {
  readonly names: readonly string[];
  /** Where that channel's posts go; null while it is not linked. */
  find(name: string): Promise<LinkedChannel | null>;
  /** The same for who has to post. Rejects with DeliveryError(misconfigured) while it is not linked. */
  resolve(name: string): Promise<LinkedChannel>;
  /** The same from memory alone, for when the store is down. Throws DeliveryError(misconfigured). */
  recall(name: string): LinkedChannel;
  /** The channel that is bound to this conversation; null when none is. */
  nameOf(conversation: string): string | null;
  /** Names that have no conversation yet. */
  unlinked(): readonly string[];
  /** The conversation stands in the configuration: it can't be linked from Teams. */
  isFixed(name: string): boolean;
  /** Binds the channel, on disk first. */
  link(name: string, origin: Origin): Promise<void>;
  /** What an authenticated activity teaches: the service URL for channels whose conversation stands in the configuration. */
  learn(origin: Origin): Promise<void>;
  /** Loads what was linked before, and warns of what was not. */
  warm(): Promise<void>;
}

export interface ChannelsOptions {
  readonly channels: Readonly<Record<string, { readonly conversation: string | null }>>;
  /** With `local`: channels with a conversation are usable at once. */
  readonly serviceUrl: string | null;
  readonly local: boolean;
  readonly tenantId: string | null;
  readonly store: Store;
  readonly log: Log;
  readonly clock: Clock;
  readonly onChannelLinked: (name: string) => void;
}

/** See `Channels`. */
export function createChannels(options: ChannelsOptions): Channels {
  const { channels, serviceUrl, local, tenantId: tenant, store, log } = options;
  const names = Object.keys(channels);
  const links = new Map<string, LinkedChannel>();

  if (local && serviceUrl !== null) {
    for (const name of names) {
      const conversation = channels[name]?.conversation ?? null;
      if (conversation !== null) links.set(name, { name, conversation, serviceUrl, tenant });
    }
  }

  async function bind(link: LinkedChannel): Promise<void> {
    // Known at once: the two events of one installation come at the same moment.
    links.set(link.name, link);
    await store.write((tx) => tx.saveChannel(link));
    log.info({ channel: link.name }, "channel-linked");
    options.onChannelLinked(link.name);
  }

  /** A stored link counts unless the configuration has named another conversation since. */
  async function load(name: string): Promise<LinkedChannel | null> {
    const stored = await store.read((reader) => reader.loadChannel(name));
    const configured = channels[name]?.conversation ?? null;
    if (stored === null || (configured !== null && configured !== stored.conversation)) return null;
    links.set(name, stored);
    return stored;
  }

  async function find(name: string): Promise<LinkedChannel | null> {
    return links.get(name) ?? (await load(name));
  }

  return {
    names,
    find,
    resolve: async (name) => (await find(name)) ?? notLinked(name),
    recall: (name) => links.get(name) ?? notLinked(name),
    nameOf: (conversation) => [...links.values()].find((link) => link.conversation === conversation)?.name ?? null,
    unlinked: () => names.filter((name) => !links.has(name)),
    isFixed: (name) => (channels[name]?.conversation ?? null) !== null,
    link: (name, origin) =>
      bind({ name, conversation: origin.conversation, serviceUrl: origin.serviceUrl, tenant: origin.tenant }),
    async learn(origin) {
      for (const name of names) {
        const conversation = channels[name]?.conversation ?? null;
        const link = links.get(name);
        // Any activity of our tenant will do: the service URL is the same for all its teams, and whether the bot may
        // post in that channel is for Teams to say. Waiting for an activity from the channel itself would only be silence.
        if (conversation !== null && link === undefined) {
          await bind({ name, conversation, serviceUrl: origin.serviceUrl, tenant: origin.tenant });
        } else if (link?.conversation === origin.conversation && link.serviceUrl !== origin.serviceUrl) {
          await bind({ ...link, serviceUrl: origin.serviceUrl });
        }
      }
    },
    async warm() {
      for (const name of names) {
        if ((await find(name)) === null) log.warn({ channel: name }, "channel-not-linked");
      }
    },
  };
}

function notLinked(name: string): never {
  throw new DeliveryError("misconfigured", `Channel ${name} is not linked to a conversation in Teams`);
}
