import type { Secret } from "../../kit/secrets/secret.ts";
import type { Status } from "../../ports/status.ts";
import type { Store } from "../../ports/store/store.ts";

/** What of the configuration says how channels are linked. */
export interface ChannelSettings {
  readonly channels: Readonly<Record<string, { readonly conversation: string | null }>>;
  readonly teams: { readonly local: boolean; readonly serviceUrl: string | null; readonly linkCode: Secret | null };
}

/**
 * Lists the channels. A channel is linked when the store has its conversation, or when the configuration names both
 * ends (local). Rejects when the storage is down.
 */
export function listChannels({ channels, teams }: ChannelSettings, store: Store): Promise<Status["channels"]> {
  return store.read(async (reader) => {
    const list = [];
    for (const [name, { conversation }] of Object.entries(channels)) {
      const isConfigured = teams.local && teams.serviceUrl !== null && conversation !== null;
      list.push({ name, isLinked: isConfigured || (await reader.loadChannel(name)) !== null });
    }
    return list;
  });
}

/**
 * The code for who started the bot, and the channels that wait for it; null: nobody has to be told it, because there is
 * a lead, or the configuration has a code. Rejects when the storage is down.
 */
export async function loadCodeToTell(settings: ChannelSettings, hasLeads: boolean, store: Store, code: string) {
  if (settings.teams.linkCode !== null || hasLeads) return null;
  const unlinked = (await listChannels(settings, store)).filter(({ isLinked }) => !isLinked);
  return { code, channels: unlinked.map(({ name }) => name) };
}
