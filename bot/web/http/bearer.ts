import type { RequestHandler } from "express";
import { isSameSecret } from "../../kit/secret.ts";
import type { Log } from "../../log.ts";
import type { LogEvent } from "../../log-events/log-events.ts";
import { limitFailedAttempts } from "./failed-attempts.ts";
import { sendProblem } from "./problem.ts";

interface Lock {
  /** The token that a caller has to send; null: the door is closed, and 404 is its only answer. */
  readonly token: string | null;
  /** The log event for a caller who is refused. */
  readonly refused: LogEvent<"warn">;
  readonly log: Log;
}

/**
 * Returns a handler that calls `handler` for whoever sends that bearer token (RFC 6750, section 2.1); 401 and 429 for
 * others.
 */
export function requireToken({ token, refused, log }: Lock, handler: RequestHandler): RequestHandler {
  const limitFailed = limitFailedAttempts((_request, response) => {
    sendProblem(response, 429, "Too many refused requests from this address.", { "retry-after": "60" });
  });

  return (request, response, next) => {
    if (token === null) return sendProblem(response, 404, "There is nothing here.");
    const [, sent = ""] = /^bearer +(.+)$/i.exec(request.headers.authorization ?? "") ?? [];
    if (isSameSecret(sent, token)) return handler(request, response, next);
    return limitFailed(request, response, () => {
      log.warn({ status: 401, remote: request.socket.remoteAddress }, refused);
      sendProblem(response, 401, "The bearer token is missing or wrong.", { "www-authenticate": "Bearer" });
    });
  };
}
