import type { IncomingHttpHeaders } from "node:http";
import type { Request } from "express";
import type { RequestHead } from "../../contracts.ts";
import { callerOf } from "./visitors.ts";

/**
 * The head of an express request as adapters see it, made before the body comes: the address of a device that hangs up
 * is lost, and some do at once. `receivedAt`: epoch milliseconds.
 */
export function toRequestHead(request: Request, receivedAt: number): RequestHead {
  const { method, params, url, headers } = request;
  const query = url.indexOf("?");
  return {
    method,
    path: Array.isArray(params.path) ? params.path.join("/") : "",
    query: query === -1 ? "" : url.slice(query + 1),
    headers: toFlatHeaders(headers),
    remote: callerOf(request).address,
    receivedAt,
  };
}

function toFlatHeaders(headers: IncomingHttpHeaders): Record<string, string | undefined> {
  const flat: Record<string, string | undefined> = {};
  for (const name in headers) {
    const value = headers[name];
    flat[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}
