import { z } from "zod";
import type { Receipt } from "../../../bot/contracts.ts";
import { oneOrTwo } from "../../../bot/kit/secrets/one-or-two.ts";
import { newestOf, type Secret } from "../../../bot/kit/secrets/secret.ts";
import type { Clock } from "../../../bot/ports/time.ts";
import { expects } from "../../../bot/words/settings/expects.ts";
import { toCallerHeaders } from "../../kit/caller.ts";
import { postForm } from "../../kit/network/http.ts";

/** The settings that every Twilio pager has. */
export const accountShape = {
  accountSid: z.string().regex(/^AC[0-9a-fA-F]{32}$/, expects("accountSid")),
  /** Needed with an API key too, because Twilio signs its call-backs by this token. */
  authToken: oneOrTwo(z.string().regex(/^[\x21-\x7e]{16,128}$/, expects("authToken"))),
  apiKey: z
    .string()
    .regex(/^SK[0-9a-fA-F]{32}$/, expects("apiKeySid"))
    .optional(),
  apiSecret: z
    .string()
    .regex(/^[\x21-\x7e]{16,128}$/, expects("apiSecret"))
    .optional(),
  /** https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region */
  baseUrl: z.url({ protocol: /^https?$/, error: expects("httpUrl") }).default("https://api.twilio.com"),
};

interface Account {
  readonly accountSid: string;
  readonly authToken: Secret;
  readonly apiKey?: string | undefined;
  readonly apiSecret?: string | undefined;
  readonly baseUrl: string;
}

/** Whether an API key and its secret are both there, or neither. */
export function hasWholeKey({ apiKey, apiSecret }: Pick<Account, "apiKey" | "apiSecret">): boolean {
  return (apiKey === undefined) === (apiSecret === undefined);
}

/** The message of a settings schema where `hasWholeKey` is false. */
export const wholeKeyRule = { error: expects("apiKeyAndSecret"), path: ["apiSecret"] };

/**
 * Makes one call or message (REST API 2010-04-01) and resolves on any 2xx; rejects as `postForm`. The status decides
 * and not the code in the body, as Twilio advises: a number that is wrong (21211), not verified (21608) or opted out
 * (21610) is a 400 and so `refused`, and the next step of the policy is due at once.
 * https://support.twilio.com/hc/en-us/articles/48916449686299-Handling-Twilio-REST-API-Error-Codes-and-Implementing-Retry-Logic
 *
 * Twilio has no key by which it recognises a repeated request: when one is sent again after its answer was lost, the
 * phone rings twice. That is the smaller risk, because the other is a phone that never rang.
 */
export async function postToTwilio(
  account: Account,
  resource: "Calls" | "Messages",
  form: Readonly<Record<string, string>>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Receipt> {
  const { accountSid, authToken, apiKey, apiSecret, baseUrl } = account;
  const now = clock.wall();
  await postForm({
    url: `${baseUrl.replace(/\/+$/, "")}/2010-04-01/Accounts/${accountSid}/${resource}.json`,
    headers: toCallerHeaders({ username: apiKey ?? accountSid, secret: apiSecret ?? newestOf(authToken) }),
    body: new URLSearchParams(form).toString(),
    now,
    signal,
  });
  return { acceptedAt: now };
}
