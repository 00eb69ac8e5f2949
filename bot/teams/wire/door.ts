import { json, type Request, type RequestHandler, type Response } from "express";
import type { Log } from "../../log.ts";
import { Activity, toTenants } from "./activity.ts";
import type { TokenFlaw, VerifyToken } from "./token.ts";
import { isLoopback, isTrustedServiceUrl } from "./trust.ts";

/** Longest body: answers of cards are small, and Teams' activities are a few KiB. */
const maxBodySize = "256kb";

/** Why an activity is refused; goes into the log, never into the answer. */
export type Refusal =
  | TokenFlaw
  | "not-loopback"
  | "unreadable"
  | "foreign-service-url"
  | "other-service-url"
  | "other-tenant";

export interface DoorOptions {
  /** null: local, where nobody has a token. */
  readonly verify: VerifyToken | null;
  readonly tenantId: string | null;
  readonly serviceUrl: string | null;
  readonly log: Log;
  /** Runs the turn of a checked activity, and resolves with the answer to an invoke. Never rejects. */
  readonly run: (activity: Activity) => Promise<{ status: number; body?: unknown } | undefined>;
}

/**
 * `POST /api/messages`: 400 and 413 for bodies that are no activity, 401 for whoever is not Teams for our tenant,
 * answers as RFC 9457. The token is checked first, so that a stranger costs us no parsing.
 */
export function createDoor({ verify, tenantId, serviceUrl, log, run }: DoorOptions): RequestHandler {
  const parseJson = json({ limit: maxBodySize, strict: true });

  async function refusalOf(activity: Activity, claimed: string | null): Promise<Refusal | null> {
    if (!isTrustedServiceUrl(activity.serviceUrl, serviceUrl, verify === null)) return "foreign-service-url";
    if (verify === null) return null;
    if (claimed !== activity.serviceUrl) return "other-service-url";
    const tenants = toTenants(activity);
    const isOurs = tenants.length > 0 && tenants.every((tenant) => tenant.toLowerCase() === tenantId?.toLowerCase());
    return isOurs ? null : "other-tenant";
  }

  /** Checks the caller. `claimed`: the service URL of its token; null with `local`. */
  async function admit(request: Request): Promise<{ claimed: string | null } | { refusal: Refusal }> {
    if (verify === null)
      return isLoopback(request.socket.remoteAddress) ? { claimed: null } : { refusal: "not-loopback" };
    const bearer = await verify(request.headers.authorization);
    return bearer.kind === "bearer" ? { claimed: bearer.serviceUrl } : { refusal: bearer.kind };
  }

  function refuse(response: Response, refusal: Refusal): void {
    log.warn({ reason: refusal }, "activity-refused");
    sendProblem(response, 401);
  }

  return async (request, response) => {
    const admitted = await admit(request);
    if ("refusal" in admitted) return refuse(response, admitted.refusal);
    const flaw = await readBody(request, response, parseJson);
    if (flaw !== null) return sendProblem(response, flaw);
    const activity = Activity.safeParse(request.body).data;
    if (activity === undefined) return refuse(response, "unreadable");
    const refusal = await refusalOf(activity, admitted.claimed);
    if (refusal !== null) return refuse(response, refusal);
    const answer = await run(activity);
    response.status(answer?.status ?? 200);
    if (answer?.body === undefined) response.end();
    else response.json(answer.body);
  };
}

/**
 * Parses the body into `request.body`. Resolves with null when it is there; else with the status that says what is
 * wrong with it.
 */
function readBody(request: Request, response: Response, parseJson: RequestHandler): Promise<400 | 413 | null> {
  return new Promise((resolve) => {
    parseJson(request, response, (error?: unknown) => {
      if (error === undefined) return resolve(typeof request.body === "object" ? null : 400);
      const isTooLarge = error instanceof Error && "type" in error && error.type === "entity.too.large";
      resolve(isTooLarge ? 413 : 400);
    });
  });
}

const titles = { 400: "Bad Request", 401: "Unauthorized", 413: "Content Too Large" } as const;

function sendProblem(response: Response, status: keyof typeof titles): void {
  const body = JSON.stringify({ type: "about:blank", title: titles[status], status });
  response.status(status).type("application/problem+json").send(body);
}
