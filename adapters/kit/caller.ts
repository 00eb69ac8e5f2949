import { z } from "zod";
import type { RequestHead } from "../../bot/contracts.ts";
import { RequestRejected } from "../../bot/errors.ts";
import { oneOrTwo } from "../../bot/kit/secrets/one-or-two.ts";
import { matchSecret, newestOf, type Secret, type SecretValue } from "../../bot/kit/secrets/secret.ts";
import { expects } from "../../bot/words/settings/expects.ts";

const minSecretLength = 16;

/**
 * How a supplier proves who it is when it does not sign: `Authorization: Bearer <secret>`; with `username` Basic
 * (RFC 7617); with `header` the secret alone in a header of that name.
 */
export const CallerOptions = z.object({
  secret: oneOrTwo(z.string().min(minSecretLength, expects("secret", minSecretLength))),
  username: z.string().min(1).optional(),
  header: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,60}$/, expects("header"))
    .optional(),
});
export interface CallerOptions {
  readonly secret: Secret;
  readonly username?: string | undefined;
  readonly header?: string | undefined;
}

/** Returns which value of the secret the head carries; throws RequestRejected(401) where it carries none. */
export function verifyCaller(head: RequestHead, options: CallerOptions): SecretValue {
  const found = findCaller(head, options);
  if (found !== null) return found;
  throw new RequestRejected(401, "The credentials are missing or wrong.");
}

/** Which value of the secret the head carries; null: none. */
export function findCaller(head: RequestHead, options: CallerOptions): SecretValue | null {
  return matchSecret(toReceivedSecret(head, options), options.secret);
}

/** The headers by which whoever calls with these settings proves who it is: a supplier here, or we at a provider. */
export function toCallerHeaders({ secret: both, username, header }: CallerOptions): Record<string, string> {
  const secret = newestOf(both);
  if (header !== undefined) return { [header.toLowerCase()]: secret };
  if (username === undefined) return { authorization: `Bearer ${secret}` };
  return { authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString("base64")}` };
}

/** The secret in the headers; "" when there is none. */
function toReceivedSecret({ headers }: RequestHead, { username, header }: CallerOptions): string {
  if (header !== undefined) return headers[header.toLowerCase()] ?? "";
  const [, scheme = "", value = ""] = /^(basic|bearer) +(.+)$/i.exec(headers.authorization ?? "") ?? [];
  if (username === undefined) return scheme.toLowerCase() === "bearer" ? value : "";
  if (scheme.toLowerCase() !== "basic") return "";
  const pair = Buffer.from(value, "base64").toString("utf8");
  return pair.startsWith(`${username}:`) ? pair.slice(username.length + 1) : "";
}
