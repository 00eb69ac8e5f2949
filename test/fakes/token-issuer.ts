import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { ConfidentialClientApplication } from "@azure/msal-node";
import { MsalServiceClientCredentialsFactory } from "botframework-connector";
import { exportJWK, type JWTHeaderParameters, type JWTPayload, jwtVerify, SignJWT } from "jose";

/** What the issuer's doors do: answer, answer with a status, or never answer. */
export type IssuerMode = "ok" | "hang" | number;

export interface TokenIssuer extends AsyncDisposable {
  readonly issuer: string;
  readonly openIdMetadataUrl: string;
  /** How often each door was asked. */
  readonly asked: { metadata: number; keys: number; token: number };
  metadataMode: IssuerMode;
  keysMode: IssuerMode;
  tokenMode: IssuerMode;
  /** A token as Teams would send it to the bot; `changes` make it a wrong one. Times in epoch seconds. */
  sign(claims: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** The same token text under the right key id, signed by somebody else. */
  forge(claims: JWTPayload): Promise<string>;
  /** The public key, as an attacker who confuses HS256 with RS256 would use it. */
  readonly publicKeyPem: Uint8Array;
  /** Credentials of a bot: Microsoft's own library, its calls led to this server. */
  credentials(appId: string, tenantId: string, clientSecret: string): MsalServiceClientCredentialsFactory;
  /** The claims of a token that the bot sent; rejects when we did not issue it. */
  verify(authorization: string | undefined): Promise<JWTPayload>;
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
export async function startTokenIssuer(): Promise<TokenIssuer> {
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
      return answer(response, self.keysMode, jwks);
    }
    asked.token += 1;
    const form = new URLSearchParams(await text(request));
    const token = await new SignJWT({ appid: form.get("client_id"), aud: form.get("scope") ?? "" })
      .setProtectedHeader({ alg: "RS256", kid: keyId })
      .setIssuer(issuer)
      .sign(teams.privateKey);
    answer(response, self.tokenMode, { token_type: "Bearer", expires_in: 3600, access_token: token });
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
    openIdMetadataUrl: `${base}/metadata`,
    asked,
    metadataMode: "ok",
    keysMode: "ok",
    tokenMode: "ok",
    publicKeyPem: new TextEncoder().encode(JSON.stringify(jwks.keys[0])),
    sign: (claims, header = {}) =>
      toToken(claims, header, header.kid === foreignKeyId ? foreign.privateKey : teams.privateKey),
    forge: (claims) => toToken(claims, {}, forger.privateKey),
    credentials(appId, tenantId, clientSecret) {
      const send = async (url: string, options?: { body?: string }) => {
        const method = options?.body === undefined ? "GET" : "POST";
        const sent = await fetch(`${base}${new URL(url).pathname}`, { method, body: options?.body ?? null });
        return { status: sent.status, headers: Object.fromEntries(sent.headers), body: JSON.parse(await sent.text()) };
      };
      const client = new ConfidentialClientApplication({
        auth: { clientId: appId, clientSecret, authority: `https://login.microsoftonline.com/${tenantId}` },
        system: { networkClient: { sendGetRequestAsync: send, sendPostRequestAsync: send } },
      });
      // The class of the ES module is another type than the one of the CommonJS module, and the same thing.
      return new MsalServiceClientCredentialsFactory(appId, client as never);
    },
    async verify(authorization) {
      const token = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1] ?? "";
      return (await jwtVerify(token, teams.publicKey, { issuer })).payload;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return self;
}

function answer(response: ServerResponse, mode: IssuerMode, body: unknown): void {
  if (mode === "hang") return;
  response.writeHead(mode === "ok" ? 200 : mode, { "content-type": "application/json" });
  response.end(JSON.stringify(mode === "ok" ? body : { error: "unavailable" }));
}
