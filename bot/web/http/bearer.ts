import type { Request, RequestHandler } from "express";
import { isSameSecret } from "../../kit/secret.ts";
import type { LogEvent } from "../../log-events/log-events.ts";
import { sendProblem, sendTooMany } from "./problem.ts";
import { callerOf } from "./visitors.ts";

interface Lock {
  /** The token that a caller has to send; null: the door is closed, and 404 is its only answer. */
  readonly token: string | null;
  /** The log event for a caller who is refused. */
  readonly refused: LogEvent<"warn">;
}

/**
 * Whether the caller sends that bearer token, where none has to be sent: a wrong one is counted and noted, and nothing
 * else comes of it.
 */
export function isBearer(request: Request, { token, refused }: Lock): boolean {
  const { authorization } = request.headers;
  if (token === null || authorization === undefined) return false;
  const caller = callerOf(request);
  if (isSameSecret(toToken(authorization), token)) {
    caller.prove();
    return true;
  }
  const isPatient = caller.countRefusal();
  caller.noteRefusal(refused, { status: isPatient ? 401 : 429 });
  return false;
}

/** The token of that header; "" for none. */
function toToken(authorization: string | undefined): string {
  return /^bearer +(.+)$/i.exec(authorization ?? "")?.[1] ?? "";
}

/**
 * Returns a handler that calls `handler` for whoever sends that bearer token (RFC 6750, section 2.1); 401 and 429 for
 * others.
 */
export function requireToken({ token, refused }: Lock, handler: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (token === null) return sendProblem(response, 404, "There is nothing here.");
    const caller = callerOf(request);
    if (isSameSecret(toToken(request.headers.authorization), token)) {
      caller.prove();
      return handler(request, response, next);
    }
    const isPatient = caller.countRefusal();
    caller.noteRefusal(refused, { status: isPatient ? 401 : 429 });
    if (!isPatient) return sendTooMany(response, "Too many refused requests from this address.");
    sendProblem(response, 401, "The bearer token is missing or wrong.", { "www-authenticate": "Bearer" });
  };
}
