import express, { type Request, type Response } from "express";
import { z } from "zod";
import { isSigned } from "../../../adapters/kit/standard-webhooks.ts";
import type { Language } from "../../domain/language.ts";
import type { Clock } from "../../ports/time.ts";
import { listen } from "../../web/http/listen.ts";
import { pageHeaders, sendPage } from "../../web/http/page.ts";
import { renderDesk } from "./desk-page.ts";

/** The body of a page, as DESIGN section 6 promises it to receivers; a desk that we did not write would read it like this. */
const ReceivedPage = z.object({
  page: z.string(),
  reason: z.enum([
    ...(["unclaimed", "lapsed", "declined", "help", "check", "teams-unreachable", "nobody-on-duty", "repeat"] as const),
    ...(["update", "call-off"] as const),
  ]),
  incident: z.object({
    number: z.number(),
    place: z.string().nullable(),
    directions: z.string().nullable(),
    verification: z.enum(["none", "second-button", "second-person", "witnessed"]),
    onTheWay: z.number(),
  }),
  acceptUrl: z.url({ protocol: /^https?$/ }).nullable(),
});
type ReceivedPage = z.infer<typeof ReceivedPage>;

/** What the desk knows of one page: how it came in, and the newest that was said about it. */
export interface DeskEntry {
  readonly first: ReceivedPage;
  readonly newest: ReceivedPage;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

export interface GuardDesk extends AsyncDisposable {
  /** What a guard looks at. */
  readonly url: string;
}

export interface GuardDeskOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly secret: string;
  readonly language: Language;
  readonly timezone: string;
  readonly clock: Clock;
  /** Hears of every new page; news about one that came before is only shown. */
  readonly onPage: (page: ReceivedPage) => void;
}

/** Where pages are sent; `/` is what a guard looks at. */
export const deskPath = "/pages";

const mostEntries = 50;
const bodyLimit = "64kb";
const refreshSeconds = "1";

/** The security firm of the demo: takes signed pages (Standard Webhooks) and shows them, newest first. Rejects like `listen`. */
export async function startGuardDesk(options: GuardDeskOptions): Promise<GuardDesk> {
  const entries = new Map<string, DeskEntry>();
  let refused = 0;

  function take(request: Request, response: Response): void {
    const now = options.clock.now();
    const body: unknown = request.body;
    if (!Buffer.isBuffer(body) || !isSigned(toHeaders(request), body, options.secret, now)) {
      refused += 1;
      response.sendStatus(401);
      return;
    }
    const page = ReceivedPage.parse(JSON.parse(body.toString("utf8")));
    const known = entries.get(page.page);
    entries.set(page.page, { receivedAt: now, first: page, ...known, newest: page });
    for (const oldest of entries.keys()) if (entries.size > mostEntries) entries.delete(oldest);
    response.sendStatus(204);
    if (known === undefined) options.onPage(page);
  }

  function show(_request: Request, response: Response): void {
    // The page asks again by itself; a script would need more, and this needs none.
    response.set("refresh", refreshSeconds);
    const newestFirst = [...entries.values()].reverse();
    sendPage(response, 200, options.language, renderDesk(newestFirst, refused, options.language, options.timezone));
  }

  const app = express();
  app.disable("x-powered-by");
  app.post(deskPath, express.raw({ type: () => true, limit: bodyLimit }), take);
  app.get("/", pageHeaders, show);
  const doors = await listen(app, { host: "127.0.0.1", port: options.port });
  return { url: `http://127.0.0.1:${doors.port}`, [Symbol.asyncDispose]: () => doors.close() };
}

function toHeaders(request: Request): Record<string, string | undefined> {
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  return Object.fromEntries(names.map((name) => [name, request.get(name)]));
}
