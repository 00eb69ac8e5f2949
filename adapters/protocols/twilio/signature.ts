// https://www.twilio.com/docs/usage/webhooks/webhooks-security
import { createHmac } from "node:crypto";
import { isSameProof } from "../../../bot/kit/secrets/secret.ts";

/** The parts of a request that `isFromTwilio` checks. */
export interface SignedPost {
  /** The address as we gave it to Twilio, its query as it was received. */
  readonly url: string;
  readonly form: URLSearchParams;
  /** The header `x-twilio-signature`. */
  readonly signature: string | undefined;
}

/**
 * Whether Twilio signed this: base64 of HMAC-SHA1 by the auth token, over the address and every name and value of the
 * form, sorted by name. In constant time. The signature covers no time, so a copy of the request stays valid for ever:
 * acting on it twice must do no harm.
 */
export function isFromTwilio({ url, form, signature }: SignedPost, authToken: string): boolean {
  const received = Buffer.from(signature ?? "");
  const parameters = toSortedParameters(form);
  let isSigned = false;
  for (const address of toSpellings(url)) {
    const expected = Buffer.from(createHmac("sha1", authToken).update(`${address}${parameters}`).digest("base64"));
    if (isSameProof(received, expected)) isSigned = true;
  }
  return isSigned;
}

/**
 * The form as it is signed. A name that comes twice counts with each of its values once, sorted, as in Twilio's own
 * libraries.
 */
function toSortedParameters(form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort();
  return names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => `${name}${value}`)).join("");
}

/**
 * The forms in which an address may be signed: Twilio signs some with their port, even the default one, and some
 * without; its own libraries take both. https://github.com/twilio/twilio-node/blob/main/src/webhooks/webhooks.ts
 */
function toSpellings(url: string): string[] {
  const match = /^(https?):\/\/([^/?#]*?)(?::\d+)?([/?#].*)?$/s.exec(url);
  if (match === null) return [url];
  const [, scheme = "", host = "", rest = ""] = match;
  return [url, `${scheme}://${host}${rest}`, `${scheme}://${host}:${scheme === "https" ? 443 : 80}${rest}`];
}
