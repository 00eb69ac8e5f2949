import { type Request, type RequestHandler, type Response, Router } from "express";
import { z } from "zod";
import { type Outcome, outcomes } from "../incident/incident.ts";
import type { Log } from "../log.ts";
import type { Clock } from "../ports.ts";
import { guardPage } from "../words/guard-page.ts";
import { type Language, languages } from "../words/language.ts";
import { readBody } from "./body.ts";
import { limitFailedAttempts } from "./failed-attempts.ts";
import { type GuardView, renderGuardPage, renderMessagePage } from "./guard-page.ts";
import { type GuardAnswer, guardAnswers } from "./guard-standing.ts";
import { fromGuardToken } from "./guard-token.ts";
import { pageHeaders, sendPage } from "./page.ts";
import { sendProblem } from "./problem.ts";

export interface GuardDoorOptions {
  readonly guard: {
    /** null when that page never was; rejects when the storage is down. */
    load(pageKey: string): Promise<GuardView | null>;
    /** Resolves once the answer is on disk. `outcome` only counts with `safe`. */
    answer(pageKey: string, answer: GuardAnswer, outcome: Outcome): Promise<unknown>;
  };
  /** The first one makes the links, all of them open one. */
  readonly guardKeys: readonly Buffer[];
  readonly organisation: string;
  readonly timezone: string;
  /** For a guard whose browser asks for none of ours. */
  readonly language: Language;
  readonly clock: Clock;
  readonly log: Log;
}

/** A link works this long after the incident was closed. */
const linkLifeMs = 24 * 3_600_000;
const formLimit = 4096;

const Form = z.object({ answer: z.enum(guardAnswers), outcome: z.enum(outcomes).default("real") });

/**
 * `GET /guard/:token` shows and never acts, since scanners open every link they see; `POST` acts and sends back to the
 * page, which says what stands. 404 for a link that we did not make, 410 a day after closing, 429 for guessing.
 */
export function createGuardDoor(options: GuardDoorOptions): Router {
  const { guard, guardKeys, organisation, timezone, clock, log } = options;
  const toLanguage = (request: Request) => chooseLanguage(request, options.language);
  const limitFailed = limitFailedAttempts((request, response) => {
    response.set("retry-after", "60");
    sendMessage(response, 429, toLanguage(request), "tooMany");
  });

  /** Answers by itself and resolves to null when the link does not lead to an incident (any more). */
  async function open(request: Request, response: Response) {
    const pageKey = fromGuardToken(String(request.params.token), guardKeys);
    const view = pageKey === null ? null : await guard.load(pageKey);
    if (pageKey === null || view === null) {
      await limitFailed(request, response, () => {
        log.warn({ remote: request.socket.remoteAddress }, "guard-link-refused");
        sendMessage(response, 404, toLanguage(request), "unknown");
      });
      return null;
    }
    const { closedAt } = view.incident;
    if (closedAt === null || clock.now() - closedAt < linkLifeMs) return { pageKey, view };
    sendMessage(response, 410, toLanguage(request), "gone");
    return null;
  }

  async function show(request: Request, response: Response) {
    const opened = await open(request, response);
    if (opened === null) return;
    const language = toLanguage(request);
    const context = { pageKey: opened.pageKey, organisation, timezone, language, now: clock.now() };
    sendPage(response, 200, language, renderGuardPage(opened.view, context));
  }

  async function act(request: Request, response: Response) {
    const body = await readBody(request, formLimit);
    const opened = await open(request, response);
    if (opened === null) return;
    const form = Form.safeParse(Object.fromEntries(new URLSearchParams(body?.toString("utf8"))));
    if (!form.success) return sendMessage(response, 400, toLanguage(request), "notUnderstood");
    await guard.answer(opened.pageKey, form.data.answer, form.data.outcome);
    response.redirect(303, request.originalUrl);
  }

  /** A guard gets a page and a way on, whatever goes wrong with us. */
  function orSayItFailed(work: (request: Request, response: Response) => Promise<void>) {
    return async (request: Request, response: Response) => {
      try {
        await work(request, response);
      } catch (err) {
        log.error({ err }, "guard-page-failed");
        response.set("retry-after", "1");
        sendMessage(response, 503, toLanguage(request), "failed");
      }
    };
  }

  const router = Router();
  router.use("/guard", pageHeaders);
  const others: RequestHandler = (_request, response) => {
    sendProblem(response, 405, "Only GET and POST are answered here.", { allow: "GET, POST" });
  };
  router.route("/guard/:token").get(orSayItFailed(show)).post(orSayItFailed(act)).all(others);
  return router;
}

type Message = "gone" | "unknown" | "tooMany" | "notUnderstood" | "failed";

function sendMessage(response: Response, status: number, language: Language, message: Message): void {
  sendPage(response, status, language, renderMessagePage(guardPage[language][message]));
}

/** The browser's language when it is one of ours, else that of the configuration. */
function chooseLanguage(request: Request, fallback: Language): Language {
  const wished = request.acceptsLanguages([fallback, ...languages]);
  return languages.find((language) => language === wished) ?? fallback;
}
