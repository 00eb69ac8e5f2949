import express, { type Request, type Response } from "express";
import { findSignature } from "../../../adapters/kit/standard-webhooks.ts";
import type { Language } from "../../domain/language.ts";
import type { Clock } from "../../ports/time.ts";
import { htmlHeaders, sendHtml } from "../../web/http/html-response.ts";
import { OpenDoors } from "../../web/http/open-doors.ts";
import { renderDesk } from "./desk-page.ts";
import { type DeskEntry, ReceivedPage } from "./received-page.ts";

export interface GuardDeskOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly secret: string;
  readonly language: Language;
  readonly timezone: string;
  readonly clock: Clock;
  /** Called for every new page; an update of one that came before, and a second try of it, are only shown. */
  readonly onPage: (page: ReceivedPage) => void;
}

/** Where pages are sent; `/` is what a guard looks at. */
export const deskPath = "/pages";

const maxEntries = 50;
const maxBody = "64kb";
const refreshSeconds = "1";

/** The security firm of the demo: takes signed pages (Standard Webhooks) and shows them, newest first. */
export class GuardDesk implements AsyncDisposable {
  readonly #options: GuardDeskOptions;
  /** By incident, the newest page last. */
  readonly #entries = new Map<string, DeskEntry>();
  readonly #running = new AsyncDisposableStack();
  #refused = 0;
  #url = "";

  private constructor(options: GuardDeskOptions) {
    this.#options = options;
  }

  /** Rejects with a sentence when the port can't be had. */
  static async start(options: GuardDeskOptions): Promise<GuardDesk> {
    const desk = new GuardDesk(options);
    const app = express();
    app.disable("x-powered-by");
    const readRaw = express.raw({ type: () => true, limit: maxBody });
    app.post(deskPath, readRaw, (request, response) => desk.#takePage(request, response));
    app.get("/", htmlHeaders, (_request, response) => desk.#sendDesk(response));
    const doors = desk.#running.use(await OpenDoors.open(app, { host: "127.0.0.1", port: options.port }));
    desk.#url = `http://127.0.0.1:${doors.port}`;
    return desk;
  }

  /** What a guard looks at. */
  get url(): string {
    return this.#url;
  }

  /** Shows what a guard answered to that alarm. An arrow function, because it is passed on without its object. */
  readonly noteAnswer = (incident: string, answer: string): void => {
    const entry = this.#entries.get(incident);
    if (entry === undefined) return;
    this.#entries.set(incident, { ...entry, answers: [...entry.answers, answer], isAnswered: true });
  };

  [Symbol.asyncDispose](): Promise<void> {
    return this.#running.disposeAsync();
  }

  #takePage(request: Request, response: Response): void {
    const now = this.#options.clock.now();
    const body: unknown = request.body;
    if (!Buffer.isBuffer(body) || findSignature(toHeaders(request), body, this.#options.secret, now) === null) {
      this.#refused += 1;
      response.sendStatus(401);
      return;
    }
    const page = ReceivedPage.parse(JSON.parse(body.toString("utf8")));
    const isNew = this.#notePage(page, now);
    for (const oldest of this.#entries.keys()) if (this.#entries.size > maxEntries) this.#entries.delete(oldest);
    response.sendStatus(204);
    if (isNew) this.#options.onPage(page);
  }

  /** Shows a page on the card of its alarm, on top, or an update of one where that stands. True for a new page. */
  #notePage(page: ReceivedPage, receivedAt: number): boolean {
    const { id } = page.incident;
    const entry = this.#entries.get(id);
    const isUpdate = page.reason === "update" || page.reason === "call-off";
    if (entry !== undefined && (isUpdate || entry.page.page === page.page)) {
      this.#entries.set(id, { ...entry, newest: page });
      return false;
    }
    this.#entries.delete(id);
    this.#entries.set(id, { page, newest: page, receivedAt, answers: entry?.answers ?? [], isAnswered: false });
    return true;
  }

  #sendDesk(response: Response): void {
    const { language, timezone } = this.#options;
    // The page reloads by itself; a script would need more, and this needs none.
    response.set("refresh", refreshSeconds);
    const newestFirst = [...this.#entries.values()].reverse();
    sendHtml(response, 200, language, renderDesk(newestFirst, this.#refused, language, timezone));
  }
}

function toHeaders(request: Request): Record<string, string | undefined> {
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  return Object.fromEntries(names.map((name) => [name, request.get(name)]));
}
