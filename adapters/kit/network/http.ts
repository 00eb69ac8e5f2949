import http from "node:http";
import https from "node:https";
import { DeliveryError } from "../../../bot/errors.ts";
import { checkTarget, forbiddenCode, forbiddenTarget, guardedLookup } from "./target.ts";
import { toTlsFailure } from "./tls-failure.ts";

/** One message to the outside. `now` in epoch milliseconds, for a Retry-After that is a date. */
export interface HttpPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly now: number;
  readonly signal: AbortSignal;
  /** What a body that comes with a refusal says of it, where the provider's status says less. Never throws. */
  readonly toReason?: (body: string) => DeliveryError["reason"];
}

/** A 2xx and the beginning of its body. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const maxBodyBytes = 16 * 1024;

/**
 * The credentials, or what they may do, are wrong, at the provider or at a proxy before it (RFC 9110, 15.5.2, 15.5.4
 * and 15.5.8): nothing was taken, and only another setting helps.
 */
const ofCredentials: ReadonlySet<number> = new Set([401, 403, 407]);

/** A gateway sent it on, and got no answer (RFC 9110, 15.6.5). */
const gatewayTimeout = 504;

/**
 * Sockets are closed after four idle seconds, because many servers close them at five, and a socket that closes during
 * a page costs a retry.
 */
const agentOptions = { keepAlive: true, timeout: 4000, scheduling: "lifo" } as const;
const agents = { "http:": new http.Agent(agentOptions), "https:": new https.Agent(agentOptions) };

/**
 * Posts JSON once and resolves on any 2xx. Rejects with DeliveryError: `throttled` for 429, and 503 with Retry-After;
 * `unreachable` for 408, 1xx, other 5xx, network errors and an aborted signal; `misconfigured` for 401, 403 and 407,
 * for a redirect, a bad address, a forbidden target or a certificate that is not trusted; `refused` for any other
 * status. An error knows whether all of the request was sent (`mayHaveArrived`). It names the host at most: neither it
 * nor its cause holds the rest of the address, a header or the body.
 */
export function postJson(post: HttpPost): Promise<HttpAnswer> {
  return postOnce(post, "application/json");
}

/** Posts a form once, as `postJson` does; `body` is `URLSearchParams` as text. */
export function postForm(post: HttpPost): Promise<HttpAnswer> {
  return postOnce(post, "application/x-www-form-urlencoded");
}

async function postOnce(post: HttpPost, type: string): Promise<HttpAnswer> {
  const url = URL.parse(post.url);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new DeliveryError("misconfigured", "The address is not a http or https address.");
  }
  checkTarget(url.hostname);
  let mayHaveArrived = false;
  const noteSent = () => {
    mayHaveArrived = true;
  };
  try {
    const response = await sendRequest(url, post, type, noteSent);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) {
      const failure = toStatusError(status, response.headers["retry-after"], post.now);
      if (failure.reason === "refused" && post.toReason !== undefined) {
        throw new DeliveryError(post.toReason(await readStart(response)), failure.message);
      }
      // The body is not needed, and one without an end would hold the socket for ever.
      response.destroy();
      throw failure;
    }
    return { status, body: await readStart(response) };
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    throw toNetworkError(error, url.hostname, mayHaveArrived);
  }
}

/** Calls `onSent` once the system has all of the request. */
function sendRequest(url: URL, post: HttpPost, type: string, onSent: () => void): Promise<http.IncomingMessage> {
  const { protocol } = url;
  return new Promise((resolve, reject) => {
    const options = {
      method: "POST",
      headers: {
        ...post.headers,
        "content-type": type,
        "content-length": Buffer.byteLength(post.body),
      },
      signal: post.signal,
      lookup: guardedLookup,
    };
    const request =
      protocol === "https:"
        ? https.request(url, { ...options, agent: agents["https:"] })
        : http.request(url, { ...options, agent: agents["http:"] });
    request.on("finish", onSent).on("response", resolve).on("error", reject);
    // This is for every other ending. After a 101 that nobody asked for, Node emits neither "response" nor "error" but
    // destroys the socket (https://nodejs.org/api/http.html#event-upgrade).
    request.on("close", () => reject(new Error("closed")));
    request.end(post.body);
  });
}

/**
 * Reads the beginning of the body. Never rejects, because the status is the answer, and a body that stops half-way
 * changes nothing about it.
 */
async function readStart(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve) => {
    const finish = () => resolve(Buffer.concat(chunks).subarray(0, maxBodyBytes).toString("utf8"));
    response.on("data", (chunk: Buffer) => {
      if (length < maxBodyBytes) chunks.push(chunk);
      length += chunk.length;
      if (length > maxBodyBytes) response.destroy();
    });
    response.on("error", finish).on("close", finish);
  });
}

function toStatusError(status: number, retryAfter: string | undefined, now: number): DeliveryError {
  const message = `The other side answered ${status}.`;
  const retryAfterMs = toRetryAfterMs(retryAfter, now);
  if (status === 429 || (status === 503 && retryAfterMs !== null)) {
    return new DeliveryError("throttled", message, { retryAfterMs });
  }
  if (status >= 300 && status < 400) {
    return new DeliveryError("misconfigured", `${message} Redirects are not followed.`);
  }
  if (ofCredentials.has(status)) return new DeliveryError("misconfigured", message);
  if (status < 200 || status === gatewayTimeout) {
    return new DeliveryError("unreachable", message, { mayHaveArrived: true });
  }
  return new DeliveryError(status === 408 || status >= 500 ? "unreachable" : "refused", message);
}

/** RFC 9110, 10.2.3: seconds or a date; null when absent or neither. */
function toRetryAfterMs(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/** Keeps the error's code and the host alone: what else stands in an address may be a secret. */
function toNetworkError(error: unknown, host: string, mayHaveArrived: boolean): DeliveryError {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
  const cause = new Error(code);
  if (code === forbiddenCode) return new DeliveryError("misconfigured", forbiddenTarget, { cause });
  if (code === "ABORT_ERR")
    return new DeliveryError("unreachable", `No answer from ${host} in time.`, { cause, mayHaveArrived });
  // A fault of the server's own TLS is counted here too, because EPROTO stands for both.
  if (toTlsFailure(code) !== null) {
    return new DeliveryError("misconfigured", `The certificate of ${host} is not to be trusted (${code}).`, { cause });
  }
  return new DeliveryError("unreachable", `The connection with ${host} failed (${code}).`, { cause, mayHaveArrived });
}
