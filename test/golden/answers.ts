import { createRecord } from "./recorder.ts";
import { toRecordedBody } from "./wire.ts";

/**
 * Keeps every answer that a client got from the bot: who clicks in Teams, the guard's browser, a phone's keys, a
 * button. By `fetch` the bot itself asks for its token and for the keys of Teams' tokens; these are kept with them.
 */
export function recordAnswers(): Disposable {
  const { fetch } = globalThis;
  const record = createRecord("client");
  globalThis.fetch = async (input, init) => {
    const { method, url } = new Request(input, { method: init?.method ?? "GET" });
    const { pathname, search } = new URL(url);
    const recorded: Record<string, unknown> = { asked: `${method} ${decodeURIComponent(pathname + search)}` };
    record(recorded);
    const response = await fetch(input, init);
    const type = response.headers.get("content-type");
    recorded.status = response.status;
    recorded.retryAfter = response.headers.get("retry-after") ?? undefined;
    recorded.type = type ?? undefined;
    recorded.body = toRecordedBody(type, await response.clone().text());
    return response;
  };
  return {
    [Symbol.dispose]() {
      globalThis.fetch = fetch;
    },
  };
}
