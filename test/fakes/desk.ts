import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { createAnswering } from "../golden/recorder.ts";
import { toRecordedRequest } from "../golden/wire.ts";

/** A page as the security firm's desk received it; the body is what the pagers' page promises. */
export interface DeskPage {
  /** The message's own key: `webhook-id`. */
  readonly key: string;
  /** The page it belongs to. */
  readonly page: string;
  readonly reason: string;
  readonly incident: {
    readonly id: string;
    readonly number: number;
    readonly place: string | null;
    readonly directions: string | null;
    readonly position: { lat: number; lon: number; accuracyM: number | null } | null;
    readonly raisedAt: string;
    readonly verification: string;
    readonly onTheWay: number;
  };
  /** Where it goes on from a copy of the database. */
  readonly copy?: string;
  /** Where there are locations. */
  readonly location?: {
    readonly organisation: string;
    readonly name: string | null;
    readonly address: string | null;
    readonly entrance: string | null;
    readonly mayBeAt?: readonly string[];
    readonly callBack: string | null;
    readonly account: string | null;
    readonly position: { lat: number; lon: number } | null;
  };
  readonly acceptUrl: string | null;
}

/** How the desk answers from now on. Whatever it answers, a page that is signed well is kept. */
export type DeskMode =
  | { readonly kind: "ok"; readonly status?: number }
  | { readonly kind: "refuse"; readonly status: number; readonly headers?: Record<string, string> }
  | { readonly kind: "throttle"; readonly retryAfter: string }
  | { readonly kind: "hang" | "reset-after-body" | "garbage" };

export interface Desk extends AsyncDisposable {
  readonly url: string;
  /** Every page in order of arrival, also those it answered badly; none twice that it has taken. */
  readonly pages: readonly DeskPage[];
  /** Those that came once more under the `webhook-id` of one that it had taken, which it drops. */
  readonly repeats: readonly DeskPage[];
  /** Posts whose signature was wrong; they got a 401. */
  readonly forged: number;
  /** Posts that are kept waiting. */
  readonly hanging: number;
  answerWith(mode: DeskMode): void;
  /**
   * The oldest page that no one expected yet and, if given, has that reason; waits for it. Fails on any other that came
   * before it.
   */
  expectPage(reason?: string): Promise<DeskPage>;
  /** Fails when a page came that no one expected. */
  expectNothing(): void;
  /** Forgets the pages that no one expected, for stories in which they are beside the point. */
  ignoreRest(): void;
  /**
   * What the guard does: presses a button on the page behind `acceptUrl`. Answers with the page's status after the
   * redirect.
   */
  press(
    page: DeskPage,
    answer: "accept" | "decline" | "arrived" | "safe",
    outcome?: "real" | "false" | "test",
  ): Promise<number>;
}

/**
 * Long enough for a slow machine, short enough to say which page did not come before the test's own limit says only
 * "timed out".
 */
const patienceMs = 30_000;

/** Of the specification: older or newer timestamps are replays. */
const toleranceMs = 5 * 60_000;

/** A security firm's desk: takes signed pages at a loopback address, as a receiver of Standard Webhooks does. */
export async function startDesk(options: {
  secret: string;
  port?: number;
  now?: () => number;
  name?: string;
}): Promise<Desk> {
  const takeTurn = createAnswering(options.name ?? "desk");
  const pages: DeskPage[] = [];
  const repeats: DeskPage[] = [];
  const taken = new Set<string>();
  const unexpected: DeskPage[] = [];
  const waiting = new Set<() => void>();
  let mode: DeskMode = { kind: "ok" };
  let forged = 0;
  let hanging = 0;

  const server = createServer(async (request, response) => {
    const body = await text(request);
    await takeTurn(toRecordedRequest(request, body));
    if (!isSignedWell(request, body, options.secret, (options.now ?? Date.now)())) {
      forged += 1;
      response.writeHead(401).end();
      return;
    }
    const page: DeskPage = { key: String(request.headers["webhook-id"]), ...JSON.parse(body) };
    if (taken.has(page.key)) {
      repeats.push(page);
    } else {
      pages.push(page);
      unexpected.push(page);
    }
    if (mode.kind === "ok") taken.add(page.key);
    if (mode.kind === "hang") {
      hanging += 1;
      response.once("close", () => {
        hanging -= 1;
      });
    }
    answer(mode, request, response);
    for (const look of [...waiting]) look();
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;

  function take(reason: string | undefined): DeskPage | undefined {
    const page = unexpected[0];
    if (!page) return undefined;
    if (reason !== undefined && page.reason !== reason) {
      throw new Error(`The desk was to be paged for ${reason}, and was paged for ${page.reason}.`);
    }
    return unexpected.shift();
  }

  return {
    url: `http://127.0.0.1:${port}/alarms`,
    pages,
    repeats,
    get hanging() {
      return hanging;
    },
    get forged() {
      return forged;
    },
    answerWith: (next) => {
      mode = next;
    },
    expectPage: (reason) =>
      new Promise((resolve, reject) => {
        const end = (finish: () => void) => {
          waiting.delete(look);
          clearTimeout(timer);
          finish();
        };
        const look = () => {
          try {
            const page = take(reason);
            if (page) end(() => resolve(page));
          } catch (error) {
            end(() => reject(error));
          }
        };
        const timer = setTimeout(() => {
          end(() => reject(new Error(`The desk was not paged${reason === undefined ? "" : ` for ${reason}`}.`)));
        }, patienceMs);
        waiting.add(look);
        look();
      }),
    expectNothing: () => {
      const [page] = unexpected;
      if (page) throw new Error(`The desk was paged for ${page.reason}, and nobody expected it.`);
    },
    ignoreRest: () => {
      unexpected.length = 0;
    },
    press: async (page, answer, outcome) => {
      if (page.acceptUrl === null) throw new Error("This page has no link.");
      const body = new URLSearchParams({ answer, ...(outcome && { outcome }) });
      const shown = await fetch(page.acceptUrl, { method: "POST", body });
      await shown.text();
      return shown.status;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(mode: DeskMode, request: IncomingMessage, response: ServerResponse): void {
  switch (mode.kind) {
    case "ok":
      response.writeHead(mode.status ?? 200).end();
      return;
    case "refuse":
      response.writeHead(mode.status, mode.headers).end("no");
      return;
    case "throttle":
      response.writeHead(429, { "retry-after": mode.retryAfter }).end();
      return;
    case "reset-after-body":
      request.socket.resetAndDestroy();
      return;
    case "garbage":
      request.socket.end("this is not HTTP\r\n\r\n");
      return;
    case "hang":
  }
}

/** Written from the specification and not with the code that signs, so that the two check each other. */
function isSignedWell(request: IncomingMessage, body: string, secret: string, now: number): boolean {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature } = request.headers;
  if (!/^\d+$/.test(String(timestamp)) || Math.abs(Number(timestamp) * 1000 - now) > toleranceMs) return false;
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : Buffer.from(secret);
  const expected = Buffer.from(`v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`);
  // There are several, with a space between, while a secret is changed; one that is right is enough.
  const signatures = String(signature)
    .split(" ")
    .map((each) => Buffer.from(each));
  return signatures.some((each) => each.length === expected.length && timingSafeEqual(each, expected));
}
