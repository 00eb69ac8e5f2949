import { DeliveryError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../ports/store/store.ts";
import type { LinkedChannel } from "../../ports/store/teams.ts";
import type { Origin } from "../wire/activity.ts";

export interface ChannelsOptions {
  readonly channels: Readonly<Record<string, { readonly conversation: string | null }>>;
  /** With `local`: channels with a conversation are usable at once. */
  readonly serviceUrl: string | null;
  readonly local: boolean;
  readonly tenantId: string | null;
  readonly store: Store;
  readonly log: Log;
}

/**
 * The channels of the configuration and the conversations they are bound to. In memory: a card must not wait for a
 * read.
 */
export class Channels {
  readonly names: readonly string[];
  readonly #options: ChannelsOptions;
  readonly #links = new Map<string, LinkedChannel>();
  readonly #subscribers: ((name: string) => void)[] = [];

  constructor(options: ChannelsOptions) {
    const { channels, serviceUrl, local, tenantId: tenant } = options;
    this.#options = options;
    this.names = Object.keys(channels);
    if (!local || serviceUrl === null) return;
    for (const name of this.names) {
      const conversation = this.#configured(name);
      if (conversation !== null) this.#links.set(name, { name, conversation, serviceUrl, tenant });
    }
  }

  /** Where that channel's posts go; null while it is not linked. */
  async find(name: string): Promise<LinkedChannel | null> {
    return this.#links.get(name) ?? (await this.#load(name));
  }

  /** The same for who has to post. Rejects with DeliveryError(misconfigured) while it is not linked. */
  async resolve(name: string): Promise<LinkedChannel> {
    return (await this.find(name)) ?? notLinked(name);
  }

  /** The same from memory alone, for when the store is down. Throws DeliveryError(misconfigured). */
  recall(name: string): LinkedChannel {
    return this.#links.get(name) ?? notLinked(name);
  }

  /** The channel that is bound to this conversation; null when none is. */
  nameOf(conversation: string): string | null {
    return [...this.#links.values()].find((link) => link.conversation === conversation)?.name ?? null;
  }

  /** Names that have no conversation yet. */
  unlinked(): readonly string[] {
    return this.names.filter((name) => !this.#links.has(name));
  }

  /** The conversation stands in the configuration: it can't be linked from Teams. */
  isFixed(name: string): boolean {
    return this.#configured(name) !== null;
  }

  /** Calls `hear` with the name of each channel that is linked from now on: what waits for it can go. */
  subscribe(onLink: (name: string) => void): void {
    this.#subscribers.push(onLink);
  }

  /** Binds the channel, on disk first. */
  link(name: string, { conversation, serviceUrl, tenant }: Origin): Promise<void> {
    return this.#bind({ name, conversation, serviceUrl, tenant });
  }

  /**
   * What an authenticated activity teaches: the service URL for channels whose conversation stands in the
   * configuration.
   */
  async learn(origin: Origin): Promise<void> {
    for (const name of this.names) {
      const conversation = this.#configured(name);
      const link = this.#links.get(name);
      // Any activity of our tenant will do: the service URL is the same for all its teams, and whether the bot may
      // post in that channel is for Teams to say. Waiting for an activity from the channel itself would only be
      // silence.
      if (conversation !== null && link === undefined) {
        await this.#bind({ name, conversation, serviceUrl: origin.serviceUrl, tenant: origin.tenant });
      } else if (link?.conversation === origin.conversation && link.serviceUrl !== origin.serviceUrl) {
        await this.#bind({ ...link, serviceUrl: origin.serviceUrl });
      }
    }
  }

  /** Loads what was linked before, and warns of what was not. */
  async warm(): Promise<void> {
    for (const name of this.names) {
      if ((await this.find(name)) === null) this.#options.log.warn({ channel: name }, "channel-not-linked");
    }
  }

  async #bind(link: LinkedChannel): Promise<void> {
    const { store, log } = this.#options;
    // Known at once: the two events of one installation come at the same moment.
    this.#links.set(link.name, link);
    await store.write((tx) => tx.saveChannel(link));
    log.info({ channel: link.name }, "channel-linked");
    for (const onLink of this.#subscribers) onLink(link.name);
  }

  /** A stored link counts unless the configuration has named another conversation since. */
  async #load(name: string): Promise<LinkedChannel | null> {
    const stored = await this.#options.store.read((reader) => reader.loadChannel(name));
    const configured = this.#configured(name);
    if (stored === null || (configured !== null && configured !== stored.conversation)) return null;
    this.#links.set(name, stored);
    return stored;
  }

  #configured(name: string): string | null {
    return this.#options.channels[name]?.conversation ?? null;
  }
}

function notLinked(name: string): never {
  throw new DeliveryError("misconfigured", `Channel ${name} is not linked to a conversation in Teams`);
}
