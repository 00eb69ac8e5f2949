import { z } from "zod";
import type { InboundRequest } from "../../bot/contracts.ts";
import { RequestRejected } from "../../bot/errors.ts";
import { isSameSecret } from "../../bot/kit/secret.ts";

const minSecretLength = 16;

/**
 * How a supplier proves who it is when it does not sign: `Authorization: Bearer <secret>`; with `username` Basic
 * (RFC 7617); with `header` the secret alone in a header of that name.
 */
export const CallerOptions = z.object({
  secret: z.string().min(minSecretLength, "a secret of at least 16 characters"),
  username: z.string().min(1).optional(),
  header: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,60}$/, "the name of a header")
    .optional(),
});
export type CallerOptions = z.infer<typeof CallerOptions>;

/** Throws RequestRejected(401) unless the request carries the secret. */
export function verifyCaller(request: InboundRequest, options: CallerOptions): void {
  if (isCaller(request, options)) return;
  throw new RequestRejected(401, "The credentials are missing or wrong.");
}

/** Whether the request carries the secret. */
export function isCaller(request: InboundRequest, options: CallerOptions): boolean {
  return isSameSecret(toReceivedSecret(request, options), options.secret);
}

/** The headers by which whoever calls with these settings proves who it is: a supplier here, or we at a provider. */
export function toCallerHeaders({ secret, username, header }: CallerOptions): Record<string, string> {
  if (header !== undefined) return { [header.toLowerCase()]: secret };
  if (username === undefined) return { authorization: `Bearer ${secret}` };
  return { authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString("base64")}` };
}

/** The secret in the request's headers; "" when there is none. */
function toReceivedSecret({ headers }: InboundRequest, { username, header }: CallerOptions): string {
  if (header !== undefined) return headers[header.toLowerCase()] ?? "";
  const [, scheme = "", value = ""] = /^(basic|bearer) +(.+)$/i.exec(headers.authorization ?? "") ?? [];
  if (username === undefined) return scheme.toLowerCase() === "bearer" ? value : "";
  if (scheme.toLowerCase() !== "basic") return "";
  const pair = Buffer.from(value, "base64").toString("utf8");
  return pair.startsWith(`${username}:`) ? pair.slice(username.length + 1) : "";
}
