import { formatKey } from "../../domain/message-key.ts";
import type { Person } from "../../domain/person.ts";
import { DeliveryError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Audit } from "../../log-events/audit.ts";
import type { Store, Transaction } from "../../ports/store/store.ts";
import type { LinkedChannel } from "../../ports/store/teams.ts";
import type { Clock } from "../../ports/time.ts";
import type { Origin } from "../wire/activity.ts";
import { isSameServiceUrl } from "../wire/trust.ts";

export interface ChannelsOptions {
  readonly channels: Readonly<Record<string, { readonly conversation: string | null }>>;
  /** The only service URL to talk to. With `local`, channels with a conversation are linked to it at once. */
  readonly serviceUrl: string | null;
  readonly local: boolean;
  readonly tenantId: string | null;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The channels of the configuration and the conversations they are bound to, in memory because a card must not wait for
 * a read.
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
      const conversation = this.#configuredConversation(name);
      if (conversation !== null)
        this.#links.set(name, { name, conversation, serviceUrl, tenant, team: null, teamGroup: null });
    }
  }

  /** Finds where that channel's posts go; null while it is not linked. */
  async findLink(name: string): Promise<LinkedChannel | null> {
    return this.#links.get(name) ?? (await this.#loadLink(name));
  }

  /** Finds where that channel's posts go. Rejects with DeliveryError(misconfigured) while it is not linked. */
  async resolveLink(name: string): Promise<LinkedChannel> {
    return (await this.findLink(name)) ?? throwUnlinked(name);
  }

  /** Finds it in memory alone, for when the store is down. Throws DeliveryError(misconfigured) when it is not there. */
  recallLink(name: string): LinkedChannel {
    return this.#links.get(name) ?? throwUnlinked(name);
  }

  /** The channels that are bound to this conversation. */
  namesOf(conversation: string): readonly string[] {
    return this.links().flatMap((link) => (link.conversation === conversation ? [link.name] : []));
  }

  /** The first of them; null when none is. */
  nameOf(conversation: string): string | null {
    return this.namesOf(conversation)[0] ?? null;
  }

  /** Where posts go, by channel, as far as that is in memory. */
  links(): readonly LinkedChannel[] {
    return [...this.#links.values()];
  }

  /** The team of the channel with that conversation; null while it is not known. */
  teamOf(conversation: string): string | null {
    return this.links().find((link) => link.conversation === conversation)?.team ?? null;
  }

  /** Names that have no conversation yet. */
  unlinked(): readonly string[] {
    return this.names.filter((name) => !this.#links.has(name));
  }

  /** Whether the configuration names the channel's conversation, so that it can't be linked from Teams. */
  isFixed(name: string): boolean {
    return this.#configuredConversation(name) !== null;
  }

  /**
   * Calls `onLink` with the name of each channel that is linked from now on, or of which more is known, so that what
   * waits for it can go out.
   */
  subscribe(onLink: (name: string) => void): void {
    this.#subscribers.push(onLink);
  }

  /** Binds the channel; resolves once that is on disk, and also that the conversation before it is told so. */
  link(name: string, origin: Origin): Promise<void> {
    return this.#bind(toLink(name, origin.conversation, origin), origin.from);
  }

  /**
   * Takes what an authenticated activity shows of the channel it came from: the service URL and the team. The service
   * URL counts also for channels whose conversation stands in the configuration.
   */
  async learnLink(origin: Origin): Promise<void> {
    for (const name of this.names) {
      const conversation = this.#configuredConversation(name);
      const link = this.#links.get(name);
      // Any activity of our tenant will do, because the service URL is the same for all its teams, and Teams decides
      // whether the bot may post in that channel. One from the channel itself may never come.
      if (conversation !== null && link === undefined) await this.#bind(toLink(name, conversation, origin), null);
      else if (link?.conversation === origin.conversation) await this.#learn(link, origin);
    }
  }

  /** Loads what was linked before, and warns of what was not. */
  async warm(): Promise<void> {
    for (const name of this.names) {
      const link = await this.findLink(name);
      if (link === null) this.#options.log.warn({ channel: name }, "channel-not-linked");
      else if (link.team === null) await this.#recallTeam(link);
    }
  }

  /** Binds the channel anew when the activity shows more of it than is known; Teams does not show all each time. */
  async #learn(link: LinkedChannel, { serviceUrl, team, teamGroup }: Origin): Promise<void> {
    const known = team === null || team === link.team ? link : { team, teamGroup: null };
    const learned = { ...link, serviceUrl, team: known.team, teamGroup: teamGroup ?? known.teamGroup };
    const isKnown =
      isSameServiceUrl(serviceUrl, link.serviceUrl) &&
      learned.team === link.team &&
      learned.teamGroup === link.teamGroup;
    if (!isKnown) await this.#bind(learned, null);
  }

  /** Loads the team of a channel whose conversation and service URL stand in the configuration. */
  async #recallTeam({ name, conversation }: LinkedChannel): Promise<void> {
    const stored = await this.#options.store.read((reader) => reader.loadChannel(name));
    const link = this.#links.get(name);
    if (stored?.conversation !== conversation || link?.conversation !== conversation || link.team !== null) return;
    this.#links.set(name, { ...link, team: stored.team, teamGroup: stored.teamGroup });
  }

  /** `by`: who asked for it; null: the configuration did. */
  async #bind(link: LinkedChannel, by: Person | null): Promise<void> {
    const { store, log, clock } = this.#options;
    const recalled = this.#links.get(link.name);
    // In memory at once, because the two events of one installation come at the same moment.
    this.#links.set(link.name, link);
    try {
      await store.write(async (tx) => {
        const before = await tx.loadChannel(link.name);
        await tx.saveChannel(link);
        if (before !== null && before.conversation !== link.conversation)
          await leave(before, by?.name ?? null, clock.now(), tx);
      });
    } catch (error) {
      // Who linked it is told that it did not work, so the alarms go on to where they went.
      if (by !== null) this.#restore(link, recalled);
      throw error;
    }
    const isLinkedAnew = recalled?.conversation !== link.conversation || recalled.serviceUrl !== link.serviceUrl;
    if (isLinkedAnew) log.info({ channel: link.name, audit: toAudit(link, by) }, "channel-linked");
    else log.info({ channel: link.name }, "team-learned");
    for (const onLink of this.#subscribers) onLink(link.name);
  }

  #restore(link: LinkedChannel, before: LinkedChannel | undefined): void {
    if (this.#links.get(link.name) !== link) return;
    if (before === undefined) this.#links.delete(link.name);
    else this.#links.set(link.name, before);
  }

  /** Loads a stored link; null when there is none, or when the configuration has named another conversation since. */
  async #loadLink(name: string): Promise<LinkedChannel | null> {
    const stored = await this.#options.store.read((reader) => reader.loadChannel(name));
    const configured = this.#configuredConversation(name);
    if (stored === null || (configured !== null && configured !== stored.conversation)) return null;
    this.#links.set(name, stored);
    return stored;
  }

  #configuredConversation(name: string): string | null {
    return this.#options.channels[name]?.conversation ?? null;
  }
}

function toAudit({ name }: LinkedChannel, by: Person | null): Audit {
  const who = by === null ? ({ kind: "machine" } as const) : ({ kind: "person", id: by.id } as const);
  return { by: who, on: [`channels.${name}`], result: "done" };
}

/** The link of a channel to that conversation; the origin's team is the channel's where it came from there. */
function toLink(name: string, conversation: string, origin: Origin): LinkedChannel {
  const { serviceUrl, tenant } = origin;
  const { team, teamGroup } = origin.conversation === conversation ? origin : { team: null, teamGroup: null };
  return { name, conversation, serviceUrl, tenant, team, teamGroup };
}

/**
 * Remembers until when the alarms of that channel went there, because their cards still stand there, and has it told
 * that they go elsewhere.
 */
async function leave(
  { name: channel, conversation, serviceUrl }: LinkedChannel,
  by: string | null,
  now: number,
  tx: Transaction,
): Promise<void> {
  await tx.saveSetting("linked-until", `${channel} ${conversation}`, String(now));
  const outgoing = { kind: "moved", channel, conversation, serviceUrl, by } as const;
  const key = formatKey({ kind: "moved", channel, at: now });
  await tx.enqueue([{ key, lane: "message", incident: "", outgoing, dueAt: now }], now);
}

function throwUnlinked(name: string): never {
  throw new DeliveryError("misconfigured", `Channel ${name} is not linked to a conversation in Teams`);
}
