import type { OutboundRequest } from "../../bot/contracts.ts";

/** A POST of JSON to a source's door, as its supplier sends it; `headers` may name a content type of their own. */
export function toJsonRequest(
  content: unknown,
  headers: Readonly<Record<string, string>> = {},
  query = "",
): OutboundRequest {
  return {
    method: "POST",
    path: "",
    query,
    headers: { "content-type": "application/json", ...headers },
    body: Buffer.from(JSON.stringify(content)),
  };
}
