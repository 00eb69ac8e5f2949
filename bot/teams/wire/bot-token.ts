import { z } from "zod";
import type { TokenFault, TokenFlaw } from "../../domain/teams-test/teams-test.ts";
import { readText } from "../../kit/read-text.ts";
import { type NoteSecret, type Secret, toSecretValue, valuesOf } from "../../kit/secrets/secret.ts";
import type { Clock } from "../../ports/time.ts";
import { TokenRefused } from "./failure.ts";

/** Longest that a token may take; a card waits for it no longer (rule 16). */
const tokenWithinMs = 5_000;
/** For a token server that does not say how long its token lives, in seconds. */
const defaultLifeSeconds = 600;
/** A token this close to its end is not used any more: it may end on its way. */
const spareMs = 60_000;
/** Whoever keeps the token fresh has a new one made this long before its end, so that no alarm has to wait for it. */
const freshMs = 10 * 60_000;
/** A token that Teams refuses is given up once in this time: where each one is refused, its server can't help. */
const dropEveryMs = 60_000;

const Token = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().catch(defaultLifeSeconds) });
const Refusal = z.object({
  error: z.string().regex(/^\w{1,64}$/),
  error_codes: z.array(z.int().nonnegative()).catch([]),
});

/**
 * What Entra's numbers say.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const flawOf: ReadonlyMap<number, TokenFlaw> = new Map([
  [7_000_215, "secret-wrong"],
  [7_000_222, "secret-expired"],
  [700_016, "app-unknown"],
  [7_000_229, "app-unknown"],
  [7_000_112, "app-disabled"],
  [53_003, "access-blocked"],
  [90_002, "tenant-unknown"],
  [900_023, "tenant-unknown"],
]);

/** What is wrong with the secret itself, so that another one may do. */
const refusedSecrets: ReadonlySet<TokenFlaw> = new Set(["secret-wrong", "secret-expired"]);

/** Whose token: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication */
const scope = "https://api.botframework.com/.default";

/** As whom the bot asks for tokens, and where. */
export interface BotIdentity {
  readonly appId: string;
  readonly tenantId: string;
  /** Where Entra refuses the first value, the second is tried. */
  readonly clientSecret: Secret;
  /** Where Entra gives out tokens, without a slash at its end. */
  readonly loginUrl: string;
}

interface HeldToken {
  readonly text: string;
  readonly endsAt: number;
}

/**
 * The token with which the bot calls Teams, by the grant of client credentials. One request at a time, whoever needs
 * it: a burst of alarms waits for one answer.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication#step-1-request-an-access-token-from-the-azure-ad-account-login-service
 */
export class BotToken {
  readonly #identity: BotIdentity;
  readonly #clock: Clock;
  readonly #noteSecret: NoteSecret;
  #held: HeldToken | null = null;
  #fetching: Promise<string> | null = null;
  #droppedAt = Number.NEGATIVE_INFINITY;

  constructor(identity: BotIdentity, clock: Clock, noteSecret: NoteSecret) {
    this.#identity = identity;
    this.#clock = clock;
    this.#noteSecret = noteSecret;
  }

  /** Resolves with a token; rejects with TokenRefused, whose `code` says why and which holds no secret. */
  async get(): Promise<string> {
    return this.#isLeft(spareMs) && this.#held !== null ? this.#held.text : this.#fetchOnce();
  }

  /** Fetches another one when there is none, or the one there is ends soon. Rejects as `get`. */
  async freshen(): Promise<void> {
    if (!this.#isLeft(freshMs)) await this.#fetchOnce();
  }

  /** Fetches another one however good the one there is, to learn whether that still works. Rejects as `get`. */
  async renew(): Promise<void> {
    await this.#fetchOnce();
  }

  /** Gives up a token that Teams refused. Returns whether a call made now would carry another one. */
  drop(refused: string): boolean {
    if (this.#held?.text !== refused) return true;
    if (this.#clock.now() - this.#droppedAt < dropEveryMs) return false;
    this.#droppedAt = this.#clock.now();
    this.#held = null;
    return true;
  }

  #isLeft(ms: number): boolean {
    return this.#held !== null && this.#held.endsAt - this.#clock.now() > ms;
  }

  #fetchOnce(): Promise<string> {
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<string> {
    const askedAt = this.#clock.now();
    const { access_token: text, expires_in: lifeSeconds } = await this.#request();
    this.#held = { text, endsAt: askedAt + lifeSeconds * 1_000 };
    return text;
  }

  /** Asks the server for a token, within its time; with the secret before the new one where the new one is refused. */
  async #request(): Promise<z.infer<typeof Token>> {
    using deadline = this.#clock.timeout(tokenWithinMs);
    const values = valuesOf(this.#identity.clientSecret);
    for (const [place, value] of values.entries()) {
      try {
        const token = await requestToken(this.#identity, value, deadline.signal);
        this.#noteSecret("teams.clientSecret", toSecretValue(place) ?? "first");
        return token;
      } catch (error) {
        const isRefused = error instanceof TokenRefused && refusedSecrets.has(error.fault.flaw);
        if (!isRefused || place === values.length - 1) throw error;
      }
    }
    throw toTokenError("no_secret", { flaw: "secret-wrong", answer: null });
  }
}

/** Asks the server for a token, body included. */
async function requestToken(
  { appId, tenantId, loginUrl }: Omit<BotIdentity, "clientSecret">,
  clientSecret: string,
  signal: AbortSignal,
) {
  try {
    const response = await fetch(`${loginUrl}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: appId,
        client_secret: clientSecret,
        scope,
      }),
      signal,
      redirect: "error",
    });
    const answer = parseJson(await readText(response.body));
    const token = response.ok ? Token.safeParse(answer).data : undefined;
    if (token !== undefined) return token;
    const { error = `token_${response.status}`, error_codes = [] } = Refusal.safeParse(answer).data ?? {};
    throw toTokenError(error, response.status < 500 ? toFault(error_codes) : unreachable);
  } catch (error) {
    if (error instanceof TokenRefused) throw error;
    const { code = "token_unreachable" } = Coded.safeParse(error).data ?? {};
    throw toTokenError(code, unreachable);
  }
}

const Coded = z.looseObject({ code: z.string().regex(/^\w{1,64}$/) });

const unreachable: TokenFault = { flaw: "login-unreachable", answer: null };

function toTokenError(code: string, fault: TokenFault): TokenRefused {
  return Object.assign(new TokenRefused("the token server gave no token", fault), { code });
}

/** Goes by the first number that we know, or shows the first one. */
function toFault(codes: readonly number[]): TokenFault {
  const code = codes.find((each) => flawOf.has(each)) ?? codes[0];
  if (code === undefined) return { flaw: "login-refused", answer: null };
  return { flaw: flawOf.get(code) ?? "login-refused", answer: `AADSTS${code}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
