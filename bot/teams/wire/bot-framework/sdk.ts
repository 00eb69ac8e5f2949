import type { Clock } from "../../../ports/time.ts";
import type { BotToken } from "../bot-token.ts";
import type { AdapterOptions, CheckedAdapter } from "./adapter.ts";
import type { Clients } from "./clients.ts";

/** What the SDK is used for. */
export interface Sdk {
  /** Runs a turn. */
  readonly adapter: CheckedAdapter;
  /** Call Teams. */
  readonly clients: Clients;
}

/**
 * Returns what loads the SDK at its first call, once for all. For some half a second the process then does nothing
 * else, so nothing that a start waits for needs it. Rejects where it can't be loaded, at every call. `options` and
 * `token` null: local.
 */
export function createSdk(options: AdapterOptions | null, token: BotToken | null, clock: Clock): () => Promise<Sdk> {
  let loading: Promise<Sdk> | undefined;
  async function load(): Promise<Sdk> {
    const [{ CheckedAdapter }, { Clients }] = await Promise.all([import("./adapter.ts"), import("./clients.ts")]);
    const clients = new Clients(token, clock);
    return { clients, adapter: new CheckedAdapter(options, clients) };
  }
  return () => {
    loading ??= load();
    return loading;
  };
}
