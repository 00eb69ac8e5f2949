import { AppCredentials, type ServiceClientCredentials, ServiceClientCredentialsFactory } from "botframework-connector";
import { z } from "zod";
import { readText } from "../../kit/read-text.ts";
import type { Clock } from "../../ports/time.ts";

/** Longest that a token may take; a card waits for it no longer (rule 16). */
const tokenWithinMs = 5_000;
/** For a token server that does not say how long its token lives, in seconds. */
const defaultLifeSeconds = 600;

const Token = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().catch(defaultLifeSeconds) });
const Refusal = z.object({ error: z.string().regex(/^\w{1,64}$/) });

/** As whom the bot asks for tokens, and where. */
export interface BotIdentity {
  readonly appId: string;
  readonly tenantId: string;
  readonly clientSecret: string;
  /** Where Entra gives out tokens, without a slash at its end. */
  readonly loginUrl: string;
  readonly clock: Clock;
}

/** Makes what the bot signs its calls to Teams with. */
export class BotCredentialsFactory extends ServiceClientCredentialsFactory {
  readonly #identity: BotIdentity;

  constructor(identity: BotIdentity) {
    super();
    this.#identity = identity;
  }

  override async isValidAppId(appId: string): Promise<boolean> {
    return appId === this.#identity.appId;
  }

  override async isAuthenticationDisabled(): Promise<boolean> {
    return false;
  }

  override async createCredentials(_appId: string, audience: string): Promise<ServiceClientCredentials> {
    return new BotCredentials(this.#identity, audience);
  }
}

/**
 * Fetches tokens by the grant of client credentials, and keeps one until five minutes before its end. The SDK's own
 * fetch has no deadline and reads without a bound, so that a token server that hangs would leave a connection behind at
 * every call.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication#step-1-request-an-access-token-from-the-azure-ad-account-login-service
 */
class BotCredentials extends AppCredentials {
  readonly #identity: BotIdentity;

  constructor(identity: BotIdentity, audience: string) {
    super(identity.appId, identity.tenantId, audience);
    this.#identity = identity;
  }

  /** Rejects with an Error whose `code` says why, and that holds no secret. */
  protected override async refreshToken(): Promise<{ accessToken: string; expiresOn: Date }> {
    const { appId, tenantId, clientSecret, loginUrl, clock } = this.#identity;
    using deadline = clock.timeout(tokenWithinMs);
    const response = await fetch(`${loginUrl}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: appId,
        client_secret: clientSecret,
        scope: `${this.oAuthScope}/.default`,
      }),
      signal: deadline.signal,
      redirect: "error",
    });
    const answer = parseJson(await readText(response.body));
    const token = response.ok ? Token.safeParse(answer).data : undefined;
    if (token === undefined) throw toTokenError(Refusal.safeParse(answer).data?.error ?? `token_${response.status}`);
    return { accessToken: token.access_token, expiresOn: new Date(Date.now() + token.expires_in * 1_000) };
  }
}

function toTokenError(code: string): Error {
  return Object.assign(new Error("the token server gave no token"), { code });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
