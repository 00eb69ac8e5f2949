import type { Request, RequestHandler } from "express";
import { matchSecret, type NoteSecret, type Secret } from "../../kit/secrets/secret.ts";
import type { LogEvent } from "../../log-events/log-events.ts";
import { sendProblem, sendTooMany } from "./problem.ts";
import { callerOf } from "./visitors.ts";

/** What opens a door to programs. */
export interface Lock {
  /** The token that a caller has to send; null: the door is closed, and 404 is its only answer. */
  readonly token: Secret | null;
  /** Is told which value of the token was sent. */
  readonly noteSecret: NoteSecret;
}

/** The log event for a caller who is refused, by the setting that holds the token. */
const refusals = {
  metricsToken: "metrics-refused",
  doctorToken: "doctor-refused",
} as const satisfies Record<string, LogEvent<"warn">>;
type TokenName = keyof typeof refusals;

/**
 * Whether the caller sends that bearer token, where none has to be sent: a wrong one is counted and noted, and nothing
 * else comes of it.
 */
export function isBearer(request: Request, name: TokenName, lock: Lock): boolean {
  return lock.token !== null && request.headers.authorization !== undefined && judge(request, name, lock) === "right";
}

/**
 * Returns a handler that calls `handler` for whoever sends that bearer token (RFC 6750, section 2.1); 401 and 429 for
 * others.
 */
export function requireToken(name: TokenName, lock: Lock, handler: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (lock.token === null) return sendProblem(response, 404, "There is nothing here.");
    const found = judge(request, name, lock);
    if (found === "right") return handler(request, response, next);
    if (found === "too-many") return sendTooMany(response, "Too many refused requests from this address.");
    sendProblem(response, 401, "The bearer token is missing or wrong.", { "www-authenticate": "Bearer" });
  };
}

/** Judges the token that a caller sends; a wrong one is counted and noted. */
function judge(request: Request, name: TokenName, { token, noteSecret }: Lock): "right" | "wrong" | "too-many" {
  const caller = callerOf(request);
  const value = token === null ? null : matchSecret(toToken(request.headers.authorization), token);
  if (value !== null) {
    caller.prove();
    noteSecret(name, value);
    return "right";
  }
  const isPatient = caller.countRefusal();
  caller.noteRefusal(refusals[name], { status: isPatient ? 401 : 429 });
  return isPatient ? "wrong" : "too-many";
}

/** The token of that header; "" for none. */
function toToken(authorization: string | undefined): string {
  return /^bearer +(.+)$/i.exec(authorization ?? "")?.[1] ?? "";
}
