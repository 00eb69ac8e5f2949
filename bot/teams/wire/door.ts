import type { IncomingMessage, ServerResponse } from "node:http";
import type { RefusedCall } from "../../domain/teams-test/teams-test.ts";
import type { Body, HandleActivity, RefusalFacts } from "../../ports/caller.ts";
import { Activity, isAlarm, isWhole, parseActivity, toTenants } from "./activity.ts";
import type { InboundRecord } from "./inbound-record.ts";
import type { Bearer, VerifyToken } from "./token.ts";
import { isFromThisMachine, isSameServiceUrl, isTrustedServiceUrl } from "./trust.ts";

/** Longest body: answers of cards are small, and Teams' activities are a few KiB. */
const maxBodyBytes = 256 * 1024;

/** Why an activity is refused; goes into the log, never into the answer. */
type Refusal =
  | Exclude<Bearer, { kind: "bearer" }>
  | {
      readonly kind: "not-loopback" | "unreadable" | "foreign-service-url" | "other-service-url" | "other-tenant";
    };

export interface DoorOptions {
  /** null: local, where nobody has a token. */
  readonly verify: VerifyToken | null;
  readonly tenantId: string | null;
  readonly serviceUrl: string | null;
  readonly record: InboundRecord;
  /** Runs the turn of a checked activity, and resolves with the answer to an invoke. Never rejects. */
  readonly run: (activity: Activity) => Promise<{ status: number; body?: unknown } | undefined>;
}

/**
 * `POST /api/messages`: 400 and 413 for bodies that are no activity, 401 for whoever is not Teams for our tenant, 429
 * for who was that too often; answers as RFC 9457. Nothing is parsed before the token is checked, so that a stranger
 * costs us little.
 */
export function createDoor({ verify, tenantId, serviceUrl, record, run }: DoorOptions): HandleActivity {
  function refusalOf(activity: Activity, claimed: string | null): Refusal | null {
    // An alarm needs no more than who it is from.
    const isEnough = isWhole(activity) || isAlarm(parseActivity(activity));
    if (!isEnough) return { kind: "unreadable" };
    if (!isTrustedServiceUrl(activity.serviceUrl, serviceUrl, verify === null)) return { kind: "foreign-service-url" };
    if (verify === null) return null;
    if (claimed === null || !isSameServiceUrl(claimed, activity.serviceUrl)) return { kind: "other-service-url" };
    return isOfOurs(activity) ? null : { kind: "other-tenant" };
  }

  /** Whether no other tenant than ours is named, and ours is, which only an alarm may leave out. */
  function isOfOurs(activity: Activity): boolean {
    const tenants = toTenants(activity);
    if (tenants.length === 0) return isAlarm(parseActivity(activity));
    return tenants.every((tenant) => tenant.toLowerCase() === tenantId?.toLowerCase());
  }

  /** Checks the caller. `claimed`: the service URL of its token; null with `local`. */
  async function admit(request: IncomingMessage): Promise<{ claimed: string | null } | { refusal: Refusal }> {
    if (verify === null) {
      return isFromThisMachine(request) ? { claimed: null } : { refusal: { kind: "not-loopback" } };
    }
    const bearer = await verify(request.headers.authorization);
    return bearer.kind === "bearer" ? { claimed: bearer.serviceUrl } : { refusal: bearer };
  }

  return async (request, response, caller) => {
    const refuse = (refusal: Refusal): void => {
      const isPatient = caller.countRefusal();
      const refused = toRefusedCall(refusal);
      if (refused !== null) record.noteRefused(refused);
      const { facts, details } = toNote(refusal);
      caller.noteRefusal("activity-refused", facts, details);
      sendProblem(response, isPatient ? 401 : 429);
    };
    const receiving = caller.receive(maxBodyBytes, "teams");
    const admitted = await admit(request);
    if ("refusal" in admitted) return refuse(admitted.refusal);
    caller.prove();
    const content = toContent(await receiving, request.headers["content-type"]);
    if (typeof content === "number") return sendProblem(response, content);
    const activity = Activity.safeParse(content).data;
    if (activity === undefined) return refuse({ kind: "unreadable" });
    const refusal = refusalOf(activity, admitted.claimed);
    if (refusal !== null) return refuse(refusal);
    record.noteTaken();
    const { status = 200, body } = (await run(activity)) ?? {};
    if (body === undefined) response.writeHead(status).end();
    else sendJson(response, status, body, "application/json; charset=utf-8");
  };
}

/** What the log is told of a refusal: the claim that was wrong, and of the token no more than whose it says it is. */
function toNote(refusal: Refusal): { facts: RefusalFacts; details: RefusalFacts } {
  const { kind: reason } = refusal;
  if (refusal.kind === "bad-token") {
    const { claim, iss, aud } = refusal;
    return { facts: { reason, claim }, details: { ...(iss === "" ? {} : { iss }), ...(aud === "" ? {} : { aud }) } };
  }
  const claim = reason === "other-service-url" ? "serviceurl" : reason === "other-tenant" ? "tenant" : null;
  return { facts: claim === null ? { reason } : { reason, claim }, details: {} };
}

/** The flaw of what says that it comes from Teams; null for what does not say so. */
function toRefusedCall(refusal: Refusal): Omit<RefusedCall, "at"> | null {
  if (refusal.kind === "bad-token") return { flaw: refusal.claim, iss: refusal.iss, aud: refusal.aud };
  const flaw = flawOf.get(refusal.kind);
  return flaw === undefined ? null : { flaw, iss: "", aud: "" };
}

/** The flaws of calls whose token was good, or could not be judged. */
const flawOf: ReadonlyMap<Refusal["kind"], RefusedCall["flaw"]> = new Map([
  ["keys-unreachable", "keys"],
  ["not-endorsed", "endorsement"],
  ["foreign-service-url", "host"],
  ["other-service-url", "serviceurl"],
  ["other-tenant", "tenant"],
]);

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
