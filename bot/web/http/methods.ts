import type { RequestHandler } from "express";
import { sendProblem } from "./problem.ts";

/** Returns a handler that answers 405 to whatever the routes before it left over. */
export function refuseAllBut(...methods: readonly string[]): RequestHandler {
  const detail = `Only ${methods.join(" and ")} ${methods.length === 1 ? "is" : "are"} answered here.`;
  const allow = methods.join(", ");
  return (_request, response) => sendProblem(response, 405, detail, { allow });
}

/**
 * Returns a handler that hands GET and HEAD to `handler` and leaves other methods to the next route. It is mounted with
 * `all`, because a router that has a `get` alone answers OPTIONS by itself, with 200.
 */
export function takeGet(handler: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (request.method === "GET" || request.method === "HEAD") return handler(request, response, next);
    next();
  };
}
