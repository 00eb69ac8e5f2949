import type { IncomingMessage } from "node:http";

/**
 * Headers that say how something travels and not what, and ids made by chance; a signature is checked by the fake
 * itself.
 */
const ofTransport = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "date",
  "host",
  "keep-alive",
  "transfer-encoding",
  "user-agent",
  "webhook-signature",
  "x-ms-client-request-id",
]);

/** A request as it is recorded. */
export interface RecordedRequest {
  readonly request: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export function toRecordedRequest({ method, url, headers }: IncomingMessage, body: string): RecordedRequest {
  const recorded = Object.entries(headers).filter(([name]) => !ofTransport.has(name));
  return {
    request: `${method} ${decodeURIComponent(url ?? "")}`,
    headers: Object.fromEntries(recorded),
    body: toRecordedBody(headers["content-type"], body),
  };
}

/**
 * A body in the form in which two of them are compared by eye: JSON and forms by their parts, markup and text by lines.
 */
export function toRecordedBody(contentType: string | null | undefined, body: string): unknown {
  if (body === "") return null;
  if (contentType?.includes("json")) return parse(body);
  if (contentType?.startsWith("application/x-www-form-urlencoded")) return [...new URLSearchParams(body)];
  const lines = body.replace(/<style.*?<\/style>/gs, "<style/>").split(/\r?\n|(?<=>)(?=<)/);
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** A mail by its lines, with a name for what parts it. */
export function toRecordedMail({ raw, ...envelope }: { readonly raw: string }): unknown {
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1];
  const named = boundary === undefined ? raw : raw.replaceAll(boundary, "<boundary>");
  return { ...envelope, mail: named.replace(/=\r\n/g, "").split("\r\n") };
}
