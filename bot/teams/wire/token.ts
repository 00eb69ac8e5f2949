import { createRemoteJWKSet, customFetch, errors, jwtVerify } from "jose";
import { z } from "zod";
import { readText } from "../../kit/read-text.ts";
import type { Clock } from "../../ports/time.ts";
import { type BadToken, toBadToken, toWrongClaim } from "./bad-token.ts";
import type { Trust } from "./trust.ts";

/** Why a caller's token is not accepted, where that is not for what it says. */
type TokenFlaw = "no-token" | "keys-unreachable" | "not-endorsed";

/** What the check of a token found: the service URL that a good one names, or its flaw. */
export type Bearer = { readonly kind: "bearer"; readonly serviceUrl: string } | { readonly kind: TokenFlaw } | BadToken;

/** Checks the Authorization header of a call from Teams. Never throws. */
export type VerifyToken = (authorization: string | undefined) => Promise<Bearer>;

/** Longest that keys may take; the caller must have its answer within 5 s. */
const keysWithinMs = 4_000;
/** How long an issuer that gave no keys is not asked again, whoever calls. */
const failedForMs = 10_000;
/** How long a key that is not among those that were fetched is refused, before they are fetched again. */
const coolDownMs = 30_000;
/** Clocks of the issuer and of this machine may differ by five minutes, as the SDK allows. */
const toleranceSeconds = 300;

const Metadata = z.object({ jwks_uri: z.url() });
const ServiceUrl = z.string().min(1);
const Endorsed = z.object({
  keys: z.array(z.object({ kid: z.string(), endorsements: z.array(z.string()).optional() })),
});

/**
 * Verifies tokens of the Bot Connector as "Bot Connector to your bot, step 4" asks: RS256/384/512, issuer, audience,
 * life time, key endorsed for Teams; the service URL goes back to be compared with the activity. The SDK's own check
 * answers 500 to forged signatures, waits without end for keys and prints to the console, so it is not used.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication#connector-to-bot
 */
export function createTokenVerifier(appId: string, trust: Trust, clock: Clock): VerifyToken {
  const fetchSeldom = createKeyFetch(clock);
  const keys = createRemoteJWKSet(new URL(trust.openIdMetadataUrl), {
    cacheMaxAge: 24 * 60 * 60 * 1000,
    // The library counts by the machine's clock, and only what went well.
    cooldownDuration: 0,
    timeoutDuration: keysWithinMs,
    [customFetch]: (url, options) => fetchSeldom(url, options.signal),
  });
  return async (authorization) => {
    const token = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
    if (token === undefined) return { kind: "no-token" };
    const expected = { issuer: trust.issuer, audience: appId };
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        ...expected,
        algorithms: ["RS256", "RS384", "RS512"],
        clockTolerance: toleranceSeconds,
        currentDate: new Date(clock.wall()),
        requiredClaims: ["exp", "serviceurl"],
      });
      const key = Endorsed.safeParse(keys.jwks()).data?.keys.find(({ kid }) => kid === protectedHeader.kid);
      if (key?.endorsements !== undefined && !key.endorsements.includes("msteams")) return { kind: "not-endorsed" };
      const serviceUrl = ServiceUrl.safeParse(payload.serviceurl).data;
      return serviceUrl === undefined ? toBadToken(token, expected, "serviceurl") : { kind: "bearer", serviceUrl };
    } catch (error) {
      return isAboutToken(error) ? toBadToken(token, expected, toWrongClaim(error)) : { kind: "keys-unreachable" };
    }
  };
}

/** Whether jose found fault with the token itself; any other error is about fetching the keys. */
function isAboutToken(error: unknown): error is errors.JOSEError {
  if (!(error instanceof errors.JOSEError)) return false;
  const isAboutKeys = error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid;
  return !isAboutKeys && error.code !== errors.JOSEError.code;
}

/**
 * Makes what fetches the keys, seldom enough that strangers with made-up keys can't have the issuer asked at each call.
 * Rejects with the failure of before for `failedForMs`, and with JWKSNoMatchingKey within `coolDownMs` of an answer.
 */
function createKeyFetch(clock: Clock): (metadataUrl: string, abandoned: AbortSignal) => Promise<Response> {
  let refusedUntil = Number.NEGATIVE_INFINITY;
  let refusal: unknown = null;
  return async (metadataUrl, abandoned) => {
    if (clock.now() < refusedUntil) throw refusal;
    try {
      const keys = await fetchKeys(metadataUrl, abandoned, clock);
      refusal = new errors.JWKSNoMatchingKey();
      refusedUntil = clock.now() + coolDownMs;
      return keys;
    } catch (error) {
      refusal = error;
      refusedUntil = clock.now() + failedForMs;
      throw error;
    }
  };
}

/** Fetches the keys, whose address stands in the metadata, both within one deadline, their bodies included. */
async function fetchKeys(metadataUrl: string, abandoned: AbortSignal, clock: Clock): Promise<Response> {
  using deadline = clock.timeout(keysWithinMs);
  const signal = AbortSignal.any([abandoned, deadline.signal]);
  const { jwks_uri } = Metadata.parse(JSON.parse(await fetchText(metadataUrl, signal)));
  return new Response(await fetchText(jwks_uri, signal), { headers: { "content-type": "application/json" } });
}

async function fetchText(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal, redirect: "error" });
  if (response.ok) return readText(response.body);
  await response.body?.cancel();
  throw new Error(`the issuer answered ${response.status}`);
}
