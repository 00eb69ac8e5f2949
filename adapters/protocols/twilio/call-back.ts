import type { CallBack, InboundRequest } from "../../../bot/contracts.ts";
import { RequestRejected } from "../../../bot/errors.ts";
import { isFromTwilio } from "./signature.ts";

/**
 * Twilio tries a call-back again by itself only where no connection came about. A key that was pressed must also
 * outlive a storage that is busy and a server that starts anew, so these ask for three more tries, after a 5xx and
 * after silence too.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
const retries = "#rc=3&rp=5xx,ct,rt";

/** The address of a call-back: the house's, with what we must know again when it comes. */
export function toCallBackUrl(callBackUrl: string, known: Readonly<Record<string, string>>): string {
  const query = Object.entries(known).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${callBackUrl}?${query.join("&")}${retries}`;
}

/**
 * What Twilio posted, and what we had put into the address. Both are signed, so both are to be trusted. Throws
 * RequestRejected(401) for anything that is not signed by Twilio for this very address.
 */
export function readCallBack(
  { query, body, headers }: InboundRequest,
  callBackUrl: string,
  authToken: string,
): { readonly known: URLSearchParams; readonly form: URLSearchParams } {
  const form = new URLSearchParams(body.toString("utf8"));
  const url = query === "" ? callBackUrl : `${callBackUrl}?${query}`;
  const signature = headers["x-twilio-signature"];
  // Nothing is written on whether the part behind # is signed, and it is never sent: so with it and without it.
  const isSigned = [url, `${url}${retries}`].map((each) => isFromTwilio({ url: each, form, signature }, authToken));
  if (!isSigned.includes(true)) throw new RequestRejected(401, "The signature is missing or wrong.");
  return { known: new URLSearchParams(query), form };
}

/** For a call-back that tells of a state: Twilio wants a 200 and does nothing with its body. */
export const emptyReply: CallBack["reply"] = () => ({ type: "text/plain", body: "" });
