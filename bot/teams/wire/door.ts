import type { IncomingMessage, ServerResponse } from "node:http";
import type { Body, HandleActivity } from "../../ports/caller.ts";
import { Activity, toTenants } from "./activity.ts";
import type { TokenFlaw, VerifyToken } from "./token.ts";
import { isFromThisMachine, isTrustedServiceUrl } from "./trust.ts";

/** Longest body: answers of cards are small, and Teams' activities are a few KiB. */
const maxBodyBytes = 256 * 1024;

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
  /** Runs the turn of a checked activity, and resolves with the answer to an invoke. Never rejects. */
  readonly run: (activity: Activity) => Promise<{ status: number; body?: unknown } | undefined>;
}

/**
 * `POST /api/messages`: 400 and 413 for bodies that are no activity, 401 for whoever is not Teams for our tenant, 429
 * for who was that too often; answers as RFC 9457. Nothing is parsed before the token is checked, so that a stranger
 * costs us little.
 */
export function createDoor({ verify, tenantId, serviceUrl, run }: DoorOptions): HandleActivity {
  function refusalOf(activity: Activity, claimed: string | null): Refusal | null {
    if (!isTrustedServiceUrl(activity.serviceUrl, serviceUrl, verify === null)) return "foreign-service-url";
    if (verify === null) return null;
    if (claimed !== activity.serviceUrl) return "other-service-url";
    const tenants = toTenants(activity);
    const isOurs = tenants.length > 0 && tenants.every((tenant) => tenant.toLowerCase() === tenantId?.toLowerCase());
    return isOurs ? null : "other-tenant";
  }

  /** Checks the caller. `claimed`: the service URL of its token; null with `local`. */
  async function admit(request: IncomingMessage): Promise<{ claimed: string | null } | { refusal: Refusal }> {
    if (verify === null) return isFromThisMachine(request) ? { claimed: null } : { refusal: "not-loopback" };
    const bearer = await verify(request.headers.authorization);
    return bearer.kind === "bearer" ? { claimed: bearer.serviceUrl } : { refusal: bearer.kind };
  }

  return async (request, response, caller) => {
    const refuse = (reason: Refusal): void => {
      const isPatient = caller.countRefusal();
      caller.noteRefusal("activity-refused", { reason });
      sendProblem(response, isPatient ? 401 : 429);
    };
    const receiving = caller.receive(maxBodyBytes, "teams");
    const admitted = await admit(request);
    if ("refusal" in admitted) return refuse(admitted.refusal);
    caller.prove();
    const content = toContent(await receiving, request.headers["content-type"]);
    if (typeof content === "number") return sendProblem(response, content);
    const activity = Activity.safeParse(content).data;
    if (activity === undefined) return refuse("unreadable");
    const refusal = refusalOf(activity, admitted.claimed);
    if (refusal !== null) return refuse(refusal);
    const { status = 200, body } = (await run(activity)) ?? {};
    if (body === undefined) response.writeHead(status).end();
    else sendJson(response, status, body, "application/json; charset=utf-8");
  };
}

/** The object or list in a body of JSON; else the status that says what is wrong with it. */
function toContent({ bytes, end }: Body, type: string | undefined): object | 400 | 413 {
  if (end === "too-long") return 413;
  if (end !== "whole" || !/^application\/json *(?:;|$)/i.test(type ?? "")) return 400;
  try {
    const content: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof content === "object" && content !== null ? content : 400;
  } catch (error) {
    if (error instanceof SyntaxError) return 400;
    throw error;
  }
}

const titles = { 400: "Bad Request", 401: "Unauthorized", 413: "Content Too Large", 429: "Too Many Requests" } as const;

function sendProblem(response: ServerResponse, status: keyof typeof titles): void {
  sendJson(
    response,
    status,
    { type: "about:blank", title: titles[status], status },
    "application/problem+json; charset=utf-8",
  );
}

function sendJson(response: ServerResponse, status: number, content: unknown, type: string): void {
  const body = JSON.stringify(content);
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) }).end(body);
}
