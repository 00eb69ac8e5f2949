import { decodeJwt, errors } from "jose";
import { z } from "zod";
import { toLine } from "../../kit/safe-text.ts";

/**
 * What was wrong in a token. `unreadable`: it is none at all. `signature`: also when its key is not among the issuer's.
 */
export type WrongClaim = "unreadable" | "issuer" | "audience" | "expired" | "not-yet" | "serviceurl" | "signature";

/**
 * A token that is not accepted. `iss` and `aud`: who made it and for whom, as it says itself and nobody has proved; ""
 * where it doesn't say.
 */
export interface BadToken {
  readonly kind: "bad-token";
  readonly claim: WrongClaim;
  readonly iss: string;
  readonly aud: string;
}

/** Longest that either is noted, in characters: an issuer is an address, an audience a GUID or an address. */
const maxClaimLength = 120;

const Claims = z.looseObject({
  iss: z.string().catch(""),
  aud: z
    .union([z.string(), z.array(z.string())])
    .transform((audience) => [audience].flat())
    .catch([]),
});

/** The claim that failed a check of the library, by the name that its standard gives it (RFC 7519, 4.1). */
const claimOf: ReadonlyMap<string, WrongClaim> = new Map([
  ["iss", "issuer"],
  ["aud", "audience"],
  ["exp", "expired"],
  ["nbf", "not-yet"],
  ["serviceurl", "serviceurl"],
]);

/** Which claim the check of a token failed on; whatever it failed on before it looked at any is its signature. */
export function toWrongClaim(error: errors.JOSEError): WrongClaim {
  if (error instanceof errors.JWTExpired) return "expired";
  return (error instanceof errors.JWTClaimValidationFailed ? claimOf.get(error.claim) : null) ?? "signature";
}

/**
 * Describes a token that failed on `claim`. A token of another issuer is signed with a key of theirs, so that its
 * signature is wrong too, and says less than whose it is.
 */
export function toBadToken(
  token: string,
  expected: { readonly issuer: string; readonly audience: string },
  claim: WrongClaim,
): BadToken {
  const claims = readClaims(token);
  if (claims === null) return { kind: "bad-token", claim: "unreadable", iss: "", aud: "" };
  const { iss, aud } = claims;
  const ofOurs = aud.includes(expected.audience) ? claim : "audience";
  return {
    kind: "bad-token",
    claim: iss === expected.issuer ? ofOurs : "issuer",
    iss: toLine(iss, maxClaimLength),
    aud: toLine(aud.join(" "), maxClaimLength),
  };
}

/** What a token says of itself, unproven; null when it can't be read. */
function readClaims(token: string): z.infer<typeof Claims> | null {
  try {
    return Claims.parse(decodeJwt(token));
  } catch {
    return null;
  }
}
