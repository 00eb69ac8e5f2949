import { once } from "node:events";
import { type IncomingMessage, request as openRequest } from "node:http";
import { isIPv6 } from "node:net";
import { text as readText } from "node:stream/consumers";
import { isListener, toReadyListener, toReadySource } from "../../compose/kinds.ts";
import type { Configuration } from "../../config/configuration.ts";
import { isAnyAddress } from "../../config/document/file-format.ts";
import type { OutboundRequest } from "../../contracts.ts";

/**
 * The bot's answer to a press: an HTTP status, and the body as it came; empty for a listener, whose connection only
 * confirms receipt.
 */
export interface PressAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const answerWithinMs = 10_000;

/**
 * Sends the example of that source through its real door, as its supplier would, or over the connection that it listens
 * on. `now` is epoch milliseconds. Rejects when nobody answers within 10 s, or when the configuration has no such
 * source.
 */
export async function press(
  configuration: Configuration,
  source: string,
  button: string,
  now: number,
): Promise<PressAnswer> {
  const entry = configuration.sources[source];
  if (entry === undefined) throw new Error(`There is no source ${source} in the configuration.`);
  const signal = AbortSignal.timeout(answerWithinMs);
  if (isListener(entry.type)) {
    await toReadyListener(entry.type, entry.options).press(button, now, signal);
    return { status: 202, body: {} };
  }
  const request = toReadySource(entry.type, entry.options).example(button, now);
  const { status, text } = await sendRequest(toDoorUrl(configuration, source, request), request, signal);
  const answer: unknown = JSON.parse(text);
  return { status, body: typeof answer === "object" && answer !== null ? { ...answer } : {} };
}

/**
 * Sends a request as a device does. `fetch` would add headers by which browsers are known, and a source that is called
 * by GET refuses those.
 */
async function sendRequest(url: string, { method, headers, body }: OutboundRequest, signal: AbortSignal) {
  const definedHeaders = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  const request = openRequest(url, { method, headers: definedHeaders, signal });
  request.end(method === "GET" ? undefined : body);
  const [response]: IncomingMessage[] = await once(request, "response");
  if (response === undefined) throw new Error("There was no answer.");
  return { status: response.statusCode ?? 0, text: await readText(response) };
}

function toDoorUrl(configuration: Configuration, source: string, { path, query }: OutboundRequest): string {
  const subpath = path === "" ? "" : `/${path.split("/").map(encodeURIComponent).join("/")}`;
  return `${toOwnUrl(configuration)}/alarms/${source}${subpath}${query === "" ? "" : `?${query}`}`;
}

/**
 * The URL at which this machine reaches the bot itself: past the proxy in front of it, whatever address it listens on.
 */
export function toOwnUrl({ listen: { host, port } }: Configuration): string {
  if (isAnyAddress(host)) return `http://${isIPv6(host) ? "[::1]" : "127.0.0.1"}:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
