import { type ServerResponse, STATUS_CODES } from "node:http";

/**
 * Answers with problem details (RFC 9457). `detail` says what the caller can do about it and never what went wrong
 * inside.
 */
export function sendProblem(
  response: ServerResponse,
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const problem = { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, detail };
  sendJson(response, status, problem, { "content-type": "application/problem+json", ...headers });
}

/** Answers that an address was refused too often in this minute. */
export function sendTooMany(response: ServerResponse, detail: string): void {
  sendProblem(response, 429, detail, { "retry-after": "60" });
}

/**
 * Answers with JSON, without express' own helpers, because they cost more than the rest of an alarm's answer together.
 */
export function sendJson(
  response: ServerResponse,
  status: number,
  content: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(content);
  response
    .writeHead(status, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...headers,
    })
    .end(body);
}
