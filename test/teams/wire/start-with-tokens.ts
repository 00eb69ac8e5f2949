import { toActivity } from "../../fakes/teams-activity.ts";
import { startTokenIssuer, type TokenIssuer } from "../../fakes/token-issuer.ts";
import { alarms, alice, type Started, start } from "../start.ts";

export const appId = "33333333-3333-4333-8333-333333333333";
export const tenantId = "11111111-1111-4111-8111-111111111111";
export const serviceUrl = "https://smba.trafficmanager.net/emea/";

type Changes = Readonly<Record<string, unknown>>;

/** A bot that is registered, and Microsoft as a fake issuer plays it. */
export class BotWithTokens implements AsyncDisposable {
  readonly bot: Started;
  readonly issuer: TokenIssuer;

  constructor(bot: Started, issuer: TokenIssuer) {
    this.bot = bot;
    this.issuer = issuer;
  }

  /** By the clock of both, in epoch seconds. */
  get now(): number {
    return this.bot.clock.now() / 1000;
  }

  /** What a good token says, with these changes. */
  claims(changes: Changes = {}) {
    return { aud: appId, serviceurl: serviceUrl, nbf: this.now - 60, exp: this.now + 600, ...changes };
  }

  async bearer(changes: Changes = {}, header: Changes = {}): Promise<string> {
    return `Bearer ${await this.issuer.sign(this.claims(changes), header)}`;
  }

  /** A click, because its answer needs no call back to Teams. */
  click(changes: Changes = {}): Changes {
    const value = { action: { type: "Action.Execute", verb: "claim", data: { incident: "i-1" } } };
    const made = toActivity(this.bot.fake, alice, alarms, { type: "invoke", name: "adaptiveCard/action", value });
    return { ...made, serviceUrl, ...changes };
  }

  /** Sends an activity as Teams does; answers with the status. */
  async post(authorization: string, activity: Changes = this.click()): Promise<number> {
    const headers = { "content-type": "application/json", authorization };
    const body = JSON.stringify(activity);
    return (await fetch(this.bot.fake.botUrl, { method: "POST", headers, body })).status;
  }

  /** What the log says of refused activities. */
  get refusals(): Record<string, unknown>[] {
    return this.bot.lines.filter(({ event }) => event === "activity-refused").map(({ facts }) => facts);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bot[Symbol.asyncDispose]();
    await this.issuer[Symbol.asyncDispose]();
  }
}

export async function startWithTokens(): Promise<BotWithTokens> {
  const issuer = await startTokenIssuer();
  const registration = { local: false, appId, tenantId, clientSecret: "not-a-real-secret", serviceUrl: null };
  const channels = { frontdesk: { conversation: null } };
  return new BotWithTokens(await start({ ...registration, channels, trust: issuer.trust }), issuer);
}
