import type { CallBack, InboundRequest } from "../../../bot/contracts.ts";
import { RequestRejected } from "../../../bot/errors.ts";
import { findValue, type Secret, type SecretValue } from "../../../bot/kit/secrets/secret.ts";
import { isFromTwilio } from "./signature.ts";

/**
 * By itself Twilio tries a call-back again only when no connection was made. A key that was pressed must not be lost
 * while the storage is busy or the server restarts, so this asks for three more tries, also after a 5xx or no answer.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
const retries = "#rc=3&rp=5xx,ct,rt";

/** The address of a call-back: the pager's, with the values that we need when it comes. */
export function toCallBackUrl(callBackUrl: string, known: Readonly<Record<string, string>>): string {
  const query = Object.entries(known).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${callBackUrl}?${query.join("&")}${retries}`;
}

/**
 * Reads what Twilio posted (`form`) and what we had put into the address (`known`). Both are signed, so both can be
 * trusted. Throws RequestRejected(401) for anything that is not signed by Twilio for this very address.
 */
export function readCallBack(
  { query, body, headers }: InboundRequest,
  callBackUrl: string,
  authToken: Secret,
): { readonly proof: SecretValue; readonly known: URLSearchParams; readonly form: URLSearchParams } {
  const form = new URLSearchParams(body.toString("utf8"));
  const url = query === "" ? callBackUrl : `${callBackUrl}?${query}`;
  const signature = headers["x-twilio-signature"];
  // Twilio doesn't document whether it signs the part behind #, which is never sent, so both forms are tried.
  const proof = findValue(authToken, (token) =>
    [url, `${url}${retries}`].map((each) => isFromTwilio({ url: each, form, signature }, token)).includes(true),
  );
  if (proof === null) throw new RequestRejected(401, "The signature is missing or wrong.");
  return { proof, known: new URLSearchParams(query), form };
}

/** The reply to a call-back about a state: Twilio wants a 200 and ignores its body. */
export const emptyReply: CallBack["reply"] = () => ({ type: "text/plain", body: "" });
