import type { IncomingHttpHeaders } from "node:http";
import type { Request } from "express";
import type { InboundRequest } from "../../contracts.ts";

/**
 * An express request as adapters see it. `remote`: the caller's address, read before the body came; `receivedAt`: epoch
 * milliseconds.
 */
export function toInboundRequest(request: Request, body: Buffer, remote: string, receivedAt: number): InboundRequest {
  const { method, params, url, headers } = request;
  const query = url.indexOf("?");
  return {
    method,
    path: Array.isArray(params.path) ? params.path.join("/") : "",
    query: query === -1 ? "" : url.slice(query + 1),
    headers: toFlatHeaders(headers),
    body,
    remote,
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
