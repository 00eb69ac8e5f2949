import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { exportJWK, type JWTHeaderParameters, type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { Trust } from "../../bot/teams/wire/trust.ts";
import { drip } from "./drip.ts";

/**
 * What the issuer's doors do: answer, answer with a status, never answer, begin an answer and never end it, send one
 * that has no end, or refuse with Entra's number for the reason.
 */
export type IssuerMode = "ok" | "hang" | "hang-body" | "endless" | number | { readonly code: number };

export interface TokenIssuer extends AsyncDisposable {
  /** Whom a bot trusts that takes this issuer for Microsoft. */
  readonly trust: Trust;
  readonly issuer: string;
  /** How often each door was asked. */
  readonly asked: { metadata: number; keys: number; token: number };
  metadataMode: IssuerMode;
  keysMode: IssuerMode;
  tokenMode: IssuerMode;
  /** The client secrets that are refused, with Entra's number for the reason. */
  readonly refusedSecrets: Map<string, number>;
  /** A token as Teams would send it to the bot; `changes` make it a wrong one. Times in epoch seconds. */
  sign(claims: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** The same token text under the right key id, signed by somebody else. */
  forge(claims: JWTPayload): Promise<string>;
  /** The public key, as an attacker who confuses HS256 with RS256 would use it. */
  readonly publicKeyPem: Uint8Array;
  /** The id under which the first key is published from now on. */
  publishedAs: string;
  /** The claims of a token that the bot sent; rejects when we did not issue it, or it is over. */
  verify(authorization: string | undefined): Promise<JWTPayload>;
  /** No token that was given out until now is good any more, as when the secret is replaced. */
  revoke(): void;
}

export interface TokenIssuerOptions {
  /** Epoch milliseconds; left out: by the machine's own clock. */
  readonly now?: () => number;
  /** How long a token of the bot is good. */
  readonly lifeSeconds?: number;
}

export const keyId = "key-1";
/** A second key, which the issuer endorses for another channel only. */
export const foreignKeyId = "key-2";

/** Made once: keys take a while, and every server may have the same. */
const [teams, foreign, forger] = [toKeyPair(), toKeyPair(), toKeyPair()] as const;

function toKeyPair() {
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

/** A local Bot Connector token issuer and Entra token endpoint, with real keys. */
export async function startTokenIssuer(options: TokenIssuerOptions = {}): Promise<TokenIssuer> {
  const { now = Date.now, lifeSeconds = 3_600 } = options;
  /** The ids of tokens of the bot that are not revoked. */
  const good = new Set<string>();
  const jwks = {
    keys: [
      { ...(await exportJWK(teams.publicKey)), kid: keyId, use: "sig", endorsements: ["msteams", "skype"] },
      { ...(await exportJWK(foreign.publicKey)), kid: foreignKeyId, use: "sig", endorsements: ["webchat"] },
    ],
  };
  const asked = { metadata: 0, keys: 0, token: 0 };
  const server = createServer(async (request, response) => {
    if (request.url === "/metadata") {
      asked.metadata += 1;
      return answer(response, self.metadataMode, { issuer, jwks_uri: `${base}/keys` });
    }
    if (request.url === "/keys") {
      asked.keys += 1;
      const [first, ...others] = jwks.keys;
      return answer(response, self.keysMode, { keys: [{ ...first, kid: self.publishedAs }, ...others] });
    }
    asked.token += 1;
    const form = new URLSearchParams(await text(request));
    const refused = self.refusedSecrets.get(form.get("client_secret") ?? "");
    if (refused !== undefined) return answer(response, { code: refused }, {});
    const id = crypto.randomUUID();
    good.add(id);
    const token = await new SignJWT({ appid: form.get("client_id"), aud: form.get("scope") ?? "" })
      .setProtectedHeader({ alg: "RS256", kid: keyId })
      .setIssuer(issuer)
      .setJti(id)
      .setExpirationTime(Math.floor(now() / 1_000) + lifeSeconds)
      .sign(teams.privateKey);
    answer(response, self.tokenMode, { token_type: "Bearer", expires_in: lifeSeconds, access_token: token });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = "https://issuer.test";

  async function toToken(claims: JWTPayload, header: Partial<JWTHeaderParameters>, key: KeyObject): Promise<string> {
    const token = new SignJWT({ iss: issuer, ...claims });
    return token.setProtectedHeader({ alg: "RS256", kid: keyId, ...header }).sign(key);
  }

  const self: TokenIssuer = {
    issuer,
    trust: { openIdMetadataUrl: `${base}/metadata`, issuer, loginUrl: base },
    asked,
    publishedAs: keyId,
    metadataMode: "ok",
    keysMode: "ok",
    tokenMode: "ok",
    refusedSecrets: new Map(),
    publicKeyPem: new TextEncoder().encode(JSON.stringify(jwks.keys[0])),
    sign: (claims, header = {}) =>
      toToken(claims, header, header.kid === foreignKeyId ? foreign.privateKey : teams.privateKey),
    forge: (claims) => toToken(claims, {}, forger.privateKey),
    async verify(authorization) {
      const token = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1] ?? "";
      const { payload } = await jwtVerify(token, teams.publicKey, { issuer, currentDate: new Date(now()) });
      if (!good.has(payload.jti ?? "")) throw new Error("this token was revoked");
      return payload;
    },
    revoke: () => good.clear(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return self;
}

function answer(response: ServerResponse, mode: IssuerMode, body: unknown): void {
  if (mode === "hang") return;
  if (typeof mode === "object") {
    response.writeHead(401, { "content-type": "application/json" });
    return void response.end(JSON.stringify({ error: "invalid_client", error_codes: [mode.code] }));
  }
  response.writeHead(typeof mode === "number" ? mode : 200, { "content-type": "application/json" });
  if (mode === "endless") void drip(response);
  else if (mode === "hang-body") response.write("{");
  else response.end(JSON.stringify(mode === "ok" ? body : { error: "unavailable" }));
}
