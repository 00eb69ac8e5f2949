import { TeamsAdapter } from "@microsoft/teams-ai";
import type { InvokeResponse, Activity as SdkActivity, TurnContext } from "botbuilder";
import type { ServiceClientCredentialsFactory } from "botframework-connector";
import { AuthenticationConstants, ClaimsIdentity, type ConnectorFactory } from "botframework-connector";
import type { Clock } from "../../ports/time.ts";
import type { Activity } from "./activity.ts";
import { BotCredentialsFactory } from "./credentials.ts";
import type { Trust } from "./trust.ts";

/** How the bot is registered; all null with `local`. */
export interface Registration {
  readonly appId: string | null;
  readonly tenantId: string | null;
  readonly clientSecret: string | null;
}

/**
 * Runs turns for callers whom the door has checked. The SDK's own entrance is not used: it skips checks, answers 500 to
 * forged tokens and writes to the console.
 */
export class CheckedAdapter extends TeamsAdapter {
  readonly #appId: string;

  constructor({ appId, tenantId, clientSecret }: Registration, { loginUrl }: Trust, clock: Clock) {
    if (appId === null || tenantId === null || clientSecret === null) super({});
    else {
      super(
        // An unknown type would silently become MultiTenant, and an empty app id would switch authentication off.
        {
          MicrosoftAppId: appId,
          MicrosoftAppTenantId: tenantId,
          MicrosoftAppPassword: clientSecret,
          MicrosoftAppType: "SingleTenant",
        },
        new BotCredentialsFactory({ appId, tenantId, clientSecret, loginUrl, clock }),
      );
    }
    this.#appId = appId ?? "";
  }

  /** What the bot signs its calls with; nothing with `local`. */
  get credentials(): ServiceClientCredentialsFactory {
    return this.credentialsFactory;
  }

  /** Runs one turn of an activity that was checked. Resolves with the answer to an invoke, else with undefined. */
  async run(
    activity: Activity,
    connectorFactory: ConnectorFactory,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<InvokeResponse | undefined> {
    const claims = this.#appId === "" ? [] : [{ type: AuthenticationConstants.AudienceClaim, value: this.#appId }];
    const caller = {
      audience: AuthenticationConstants.ToChannelFromBotOAuthScope,
      claimsIdentity: new ClaimsIdentity(claims, true),
      connectorFactory,
    };
    // zod has checked every field that we or the SDK's routing read; the SDK's type promises many more.
    return this.processActivity(caller, activity as unknown as SdkActivity, logic);
  }
}
