import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";

/** When a page's first bytes came in, and when its incident was raised; epoch milliseconds by the machine's clock. */
export interface PageAt {
  readonly at: number;
  readonly raisedAt: number;
}

export interface SlowDesk extends AsyncDisposable {
  readonly url: string;
  /** By key: its first arrival. */
  readonly pages: ReadonlyMap<string, PageAt>;
  /** Arrivals beyond the first. */
  readonly again: number;
  /** The most that waited for their answer at once. */
  readonly maxUnderWay: number;
  forget(): void;
  /** Waits until that many have come, at most `ms`. */
  waitFor(count: number, ms: number): Promise<void>;
}

/** A security desk that answers each page after `answerMs`, and notes when its first bytes came. */
export async function startSlowDesk(answerMs: number): Promise<SlowDesk> {
  const pages = new Map<string, PageAt>();
  let [underWay, maxUnderWay, again] = [0, 0, 0];
  const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
    const at = performance.timeOrigin + performance.now();
    underWay += 1;
    maxUnderWay = Math.max(maxUnderWay, underWay);
    const { incident } = (await json(request)) as { incident: { raisedAt: string | number } };
    const key = String(request.headers["webhook-id"]);
    if (pages.has(key)) again += 1;
    else pages.set(key, { at, raisedAt: new Date(incident.raisedAt).getTime() });
    if (answerMs > 0) await setTimeout(answerMs);
    underWay -= 1;
    response.writeHead(200, { "content-length": 0 }).end();
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alarms`,
    pages,
    get again() {
      return again;
    },
    get maxUnderWay() {
      return maxUnderWay;
    },
    forget: () => pages.clear(),
    async waitFor(count, ms) {
      for (let waited = 0; pages.size < count && waited < ms; waited += 50) await setTimeout(50);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
