import { type Request, type RequestHandler, type Response, Router } from "express";
import { z } from "zod";
import type { GuardId } from "../../domain/incident/command.ts";
import { type Outcome, outcomes, unnamed } from "../../domain/incident/incident.ts";
import { type Language, languages } from "../../domain/language.ts";
import type { Names } from "../../domain/names.ts";
import type { NoteSecret } from "../../kit/secrets/secret.ts";
import type { Log } from "../../log.ts";
import { type GuardAnswer, type GuardCase, guardAnswers, type TestCase } from "../../ports/guard.ts";
import type { Clock } from "../../ports/time.ts";
import type { Html } from "../http/html.ts";
import { htmlHeaders, sendHtml } from "../http/html-response.ts";
import { refuseAllBut } from "../http/methods.ts";
import { callerOf } from "../http/visitors.ts";
import { type GuardAddress, isGuardId, parseGuardAddress, toGuardQuery } from "./guard-address.ts";
import {
  type GuardMessage,
  renderBufferedView,
  renderMessageView,
  renderNotSavedView,
  renderNotShownView,
  renderTestView,
} from "./guard-message-view.ts";
import { fromGuardToken } from "./guard-token.ts";
import { renderGuardView, renewEverySeconds } from "./guard-view.ts";

export interface GuardDoorOptions {
  readonly guard: {
    /** Resolves with null when there never was such a page; rejects when the storage is down. */
    load(pageKey: string): Promise<GuardCase | TestCase | null>;
    /**
     * Resolves once the answer is on disk; with "buffered" when it is not yet, and will be tried until it is; with
     * "stands" when it changed nothing, because somebody with this link is coming or there. `outcome` only counts with
     * `safe`. `guard`: which of those who have the link; left out: they did not say.
     */
    answer(pageKey: string, answer: GuardAnswer, outcome: Outcome, guard?: GuardId): Promise<unknown>;
  };
  /** Those that open a link now. */
  readonly guardKeys: () => readonly Buffer[];
  readonly noteSecret: NoteSecret;
  readonly organisation: string;
  readonly timezone: string;
  /** The language for a guard whose browser asks for none of ours. */
  readonly language: Language;
  readonly names: Pick<Names, "places">;
  readonly clock: Clock;
  readonly log: Log;
}

/** A link works this long after the incident was closed, or the test was over. */
const linkLifeMs = 24 * 3_600_000;
const maxFormBytes = 4096;

const Form = z.object({
  answer: z.enum(guardAnswers),
  outcome: z.enum(outcomes).default("real"),
  /** The id that the page made for whoever opened it; other senders, and pages of before, have none. */
  me: z.string().refine(isGuardId).optional().catch(undefined),
});
type Form = z.infer<typeof Form>;

/**
 * `GET /guard/:token` shows and never acts, because scanners open every link they see; `POST` acts and redirects to the
 * page, which shows the state. 404 for a link that we did not make, 410 a day after closing, 429 for guessing.
 *
 * Several guards may have one link. `?me=` tells them apart: a page makes an id for whoever opened it, and an answer
 * leads to the page of that id. `?renew=off`: the page does not renew itself. `?ask=outcome`: it asks what closes it.
 * `?said=safe`: that was answered just now, so it says so where the incident is still open.
 *
 * A POST from another site is taken too: there is no login that it could borrow, whoever can send it holds the link,
 * and the web client of ntfy sends a guard's press that way (https://docs.ntfy.sh/publish/#send-http-request). To
 * refuse it would lose answers and keep nobody out.
 */
export function createGuardDoor(options: GuardDoorOptions): Router {
  const door = new GuardDoor(options);
  const router = Router();
  router.use("/guard", htmlHeaders);
  router.route("/guard/:token").get(door.showView).post(door.takeAnswer).all(refuseAllBut("GET", "POST"));
  return router;
}

/** Handles requests to guards' links. */
class GuardDoor {
  readonly #options: GuardDoorOptions;

  constructor(options: GuardDoorOptions) {
    this.#options = options;
  }

  readonly showView: RequestHandler = async (request, response) => {
    const { guard, organisation, timezone, names, clock, log } = this.#options;
    const pageKey = this.#pageKeyOf(request);
    if (pageKey === null) return this.#refuse(request, response);
    const language = chooseLanguage(request, this.#options.language);
    const address = parseGuardAddress(request.url);
    const now = clock.now();
    try {
      const view = await guard.load(pageKey);
      if (view === null) return this.#refuse(request, response);
      const expiry = toExpiryMessage(view, now);
      if (expiry !== null) return this.#sendMessage(request, response, 410, expiry);
      const context = { pageKey, address, organisation, timezone, language, names, now };
      if ("test" in view) return sendHtml(response, 200, language, renderTestView(view.test, context));
      const shown = renderGuardView(view, context);
      if (shown.renews) setRenewal(response);
      sendHtml(response, 200, language, shown);
    } catch (err) {
      log.error({ err }, "guard-page-failed");
      if (address.renews) setRenewal(response);
      sendUnavailable(response, language, renderNotShownView(address, language));
    }
  };

  readonly takeAnswer: RequestHandler = async (request, response) => {
    const { guard, clock, log } = this.#options;
    const pageKey = this.#pageKeyOf(request);
    if (pageKey === null) return this.#refuse(request, response);
    const caller = callerOf(request);
    // Whoever has a link that we made has it from us.
    caller.prove();
    const { bytes, end } = await caller.receive(maxFormBytes, "guard");
    const view = await this.#loadView(pageKey);
    if (view === null) return this.#refuse(request, response);
    const expiry = view === "unseen" ? null : toExpiryMessage(view, clock.now());
    if (expiry !== null) return this.#sendMessage(request, response, 410, expiry);
    const form = Form.safeParse(Object.fromEntries(new URLSearchParams(end === "whole" ? bytes.toString("utf8") : "")));
    if (!form.success) return this.#sendMessage(request, response, 400, "notUnderstood");
    const { answer, outcome } = form.data;
    const language = chooseLanguage(request, this.#options.language);
    const before = { ...parseGuardAddress(request.url), asksOutcome: false, saidSafe: false };
    const by = toGuardId(before, form.data);
    const isTest = view !== "unseen" && "test" in view;
    const after = isTest ? before : { ...before, me: by?.who ?? unnamed.link, saidSafe: answer === "safe" };
    try {
      const result = await guard.answer(pageKey, answer, outcome, by);
      if (result === "buffered") return sendHtml(response, 202, language, renderBufferedView(answer, after, language));
      // Where somebody else's answer stands, the link as it was sent asks who this is.
      redirectToView(request, response, result === "stands" ? before : after);
    } catch (err) {
      log.error({ err }, "guard-answer-not-saved");
      const id = before.me === null ? (form.data.me ?? null) : null;
      sendUnavailable(response, language, renderNotSavedView(answer, outcome, id, language));
    }
  };

  /**
   * Loads what the link leads to; "unseen" when that can't be read now. The link is ours then, so an answer is taken
   * all the same.
   */
  async #loadView(pageKey: string): Promise<GuardCase | TestCase | "unseen" | null> {
    const { guard, log } = this.#options;
    try {
      return await guard.load(pageKey);
    } catch (err) {
      log.error({ err }, "guard-page-failed");
      return "unseen";
    }
  }

  /** The key of the page whose link this is; null: we did not make it. */
  #pageKeyOf(request: Request): string | null {
    const { guardKeys, noteSecret } = this.#options;
    const found = fromGuardToken(String(request.params.token), guardKeys());
    if (found === null) return null;
    noteSecret("guardKeys", found.value);
    return found.pageKey;
  }

  #refuse(request: Request, response: Response): void {
    const caller = callerOf(request);
    const isPatient = caller.countRefusal();
    caller.noteRefusal("guard-link-refused", {});
    if (!isPatient) response.set("retry-after", "60");
    this.#sendMessage(request, response, isPatient ? 404 : 429, isPatient ? "unknown" : "tooMany");
  }

  #sendMessage(request: Request, response: Response, status: number, message: GuardMessage): void {
    const language = chooseLanguage(request, this.#options.language);
    sendHtml(response, status, language, renderMessageView(message, language));
  }
}

/** The message for a link that has expired; null while it is valid. */
function toExpiryMessage(view: GuardCase | TestCase, now: number): GuardMessage | null {
  if ("test" in view) return now - view.test.endsAt < linkLifeMs ? null : "testGone";
  const { closedAt } = view.incident;
  return closedAt === null || now - closedAt < linkLifeMs ? null : "gone";
}

/** Which guard answers; undefined when they did not say. Only an address says it for certain (`GuardId.isCertain`). */
function toGuardId(address: GuardAddress, form: Form): GuardId | undefined {
  if (address.me !== null) return { who: address.me, isCertain: true };
  return form.me === undefined ? undefined : { who: form.me, isCertain: false };
}

/** Redirects to the page. The address is relative, because a proxy may have put this door into a folder of its own. */
function redirectToView(request: Request, response: Response, address: GuardAddress): void {
  const folder = request.path.endsWith("/") ? ".." : ".";
  response.redirect(303, `${folder}/${encodeURIComponent(String(request.params.token))}${toGuardQuery(address)}`);
}

/**
 * Has the browser load the page again after a while, without a script
 * (https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-refresh-header).
 */
function setRenewal(response: Response): void {
  response.set("refresh", String(renewEverySeconds));
}

/** Answers 503 with a page, because a guard needs a way on whatever goes wrong here. */
function sendUnavailable(response: Response, language: Language, view: { title: string; body: Html }): void {
  response.set("retry-after", "1");
  sendHtml(response, 503, language, view);
}

/** The browser's language when it is one of ours, else that of the configuration. */
function chooseLanguage(request: Request, fallback: Language): Language {
  const preferred = request.acceptsLanguages([fallback, ...languages]);
  return languages.find((language) => language === preferred) ?? fallback;
}
