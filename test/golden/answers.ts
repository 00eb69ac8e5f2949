import { createRecord } from "./recorder.ts";
import { toKeptBody } from "./wire.ts";

/**
 * Keeps every answer that a client got from the bot: who clicks in Teams, the guard's browser, a phone's keys, a
 * button. The bot itself calls nobody by `fetch` in a story.
 */
export function keepAnswers(): Disposable {
  const { fetch } = globalThis;
  const record = createRecord("client");
  globalThis.fetch = async (input, init) => {
    const { method, url } = new Request(input, { method: init?.method ?? "GET" });
    const { pathname, search } = new URL(url);
    const kept: Record<string, unknown> = { asked: `${method} ${decodeURIComponent(pathname + search)}` };
    record(kept);
    const response = await fetch(input, init);
    const type = response.headers.get("content-type");
    kept.status = response.status;
    kept.retryAfter = response.headers.get("retry-after") ?? undefined;
    kept.type = type ?? undefined;
    kept.body = toKeptBody(type, await response.clone().text());
    return response;
  };
  return {
    [Symbol.dispose]() {
      globalThis.fetch = fetch;
    },
  };
}
