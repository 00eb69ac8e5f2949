import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { now } from "./figure.ts";

/** What arrived at the other side, by a key found in each message. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** When the first message with that key arrived (monotonic milliseconds), and how many did. */
  readonly arrived: ReadonlyMap<string, { readonly at: number; readonly times: number }>;
  /** Size of the largest message that had a key, in bytes. */
  readonly largest: number;
  /** All calls, with and without a key. */
  readonly calls: number;
  /** Waits until these have all arrived, at most `ms`; answers with those that did not. */
  waitFor(keys: readonly string[], ms: number): Promise<readonly string[]>;
}

/** A Teams that does nothing but note when which card came; the key is the place a card shows. */
export function startConnector(): Promise<Receiver> {
  return startReceiver((request, body) => {
    const isCard = request.method === "POST" && !request.url?.includes("messageid");
    return isCard ? (/Kamer \d+/.exec(body)?.[0] ?? null) : null;
  });
}

/** A security desk that does nothing but note when which page came; the key is the page's. */
export function startCountingDesk(): Promise<Receiver> {
  return startReceiver((request) => String(request.headers["webhook-id"]));
}

async function startReceiver(keyOf: (request: IncomingMessage, body: string) => string | null): Promise<Receiver> {
  const arrived = new Map<string, { at: number; times: number }>();
  let largest = 0;
  let calls = 0;
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const at = now();
      calls += 1;
      const body = Buffer.concat(chunks);
      const answer = JSON.stringify({ id: String(calls) });
      response.writeHead(201, { "content-type": "application/json", "content-length": answer.length }).end(answer);
      const key = keyOf(request, body.toString());
      if (key === null) return;
      largest = Math.max(largest, body.length);
      const known = arrived.get(key);
      if (known === undefined) arrived.set(key, { at, times: 1 });
      else known.times += 1;
    });
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    get largest() {
      return largest;
    },
    get calls() {
      return calls;
    },
    async waitFor(keys, ms) {
      const until = now() + ms;
      while (now() < until && keys.some((key) => !arrived.has(key))) await setTimeout(20);
      return keys.filter((key) => !arrived.has(key));
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
