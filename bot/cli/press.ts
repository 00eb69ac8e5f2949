import { toReadySource } from "../app.ts";
import type { Configuration } from "../config/configuration.ts";

/** The bot's answer to a press: an HTTP status, and the body of the answer as it came. */
export interface PressAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const patienceMs = 10_000;

/**
 * Sends the example of that source through its real door, as its supplier would. `now` is epoch milliseconds. Rejects when
 * nobody answers within 10 s; throws when the configuration has no such source.
 */
export async function press(
  configuration: Configuration,
  source: string,
  button: string,
  now: number,
): Promise<PressAnswer> {
  const entry = configuration.sources[source];
  if (entry === undefined) throw new Error(`There is no source ${source} in the configuration.`);
  const { method, headers, body } = toReadySource(entry.type, entry.options).example(button, now);
  const answered = await fetch(`${toOwnUrl(configuration)}/alarms/${source}`, {
    method,
    headers: toHeaders(headers),
    body: Uint8Array.from(body),
    signal: AbortSignal.timeout(patienceMs),
  });
  const answer: unknown = await answered.json();
  return { status: answered.status, body: typeof answer === "object" && answer !== null ? { ...answer } : {} };
}

/** Where this machine reaches the bot itself: past the proxy in front of it, whatever address it listens on. */
export function toOwnUrl({ listen: { host, port } }: Configuration): string {
  if (host === "0.0.0.0") return `http://127.0.0.1:${port}`;
  if (host === "::") return `http://[::1]:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function toHeaders(headers: Readonly<Record<string, string | undefined>>): Headers {
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) sent.set(name, value);
  return sent;
}
