import { ConnectorClient, ConnectorFactory } from "botframework-connector";
import type { Clock } from "../../../ports/time.ts";
import type { BotToken } from "../bot-token.ts";
import { boundCalls, type Pipeline } from "./bounded-call.ts";
import { toCredentials } from "./credentials.ts";

/** Makes one client per service URL and keeps it, because its agent holds the connections open between alarms. */
export class Clients extends ConnectorFactory {
  readonly #token: BotToken | null;
  readonly #clock: Clock;
  readonly #clients = new Map<string, ConnectorClient>();

  /** `token` null: local, no Authorization header at all. */
  constructor(token: BotToken | null, clock: Clock) {
    super();
    this.#token = token;
    this.#clock = clock;
  }

  override async create(serviceUrl: string): Promise<ConnectorClient> {
    const known = this.#clients.get(serviceUrl);
    if (known !== undefined) return known;
    const client = this.#open(serviceUrl);
    this.#clients.set(serviceUrl, client);
    return client;
  }

  #open(serviceUrl: string): ConnectorClient {
    const client = new ConnectorClient(toCredentials(this.#token), { baseUri: serviceUrl });
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
