// From its own file: the package as a whole loads tokenizers and language models, which takes time at each start.
import { TeamsAdapter } from "@microsoft/teams-ai/lib/TeamsAdapter.js";
import type { InvokeResponse, Activity as SdkActivity } from "botbuilder";
import { AuthenticationConstants, ClaimsIdentity } from "botframework-connector";
import type { Activity } from "../activity.ts";
import type { BotToken } from "../bot-token.ts";
import type { Clients } from "./clients.ts";
import { BotCredentialsFactory } from "./credentials.ts";
import type { Turn } from "./turn.ts";

/** As whom the SDK runs a turn. */
export interface AdapterOptions {
  readonly appId: string;
  readonly tenantId: string;
  readonly clientSecret: string;
  readonly token: BotToken;
}

/**
 * Runs turns for callers whom the door has checked. The SDK's own entrance is not used: it skips checks, answers 500 to
 * forged tokens and writes to the console.
 */
export class CheckedAdapter extends TeamsAdapter {
  readonly #appId: string;
  readonly #clients: Clients;

  /** `options` null: local, nobody is anybody. */
  constructor(options: AdapterOptions | null, clients: Clients) {
    if (options === null) super({});
    else {
      const { appId, tenantId, clientSecret, token } = options;
      super(
        // An unknown type would silently become MultiTenant, and an empty app id would switch authentication off.
        {
          MicrosoftAppId: appId,
          MicrosoftAppTenantId: tenantId,
          MicrosoftAppPassword: clientSecret,
          MicrosoftAppType: "SingleTenant",
        },
        new BotCredentialsFactory(appId, token),
      );
    }
    this.#appId = options?.appId ?? "";
    this.#clients = clients;
  }

  /** Runs one turn of an activity that was checked. Resolves with the answer to an invoke, else with undefined. */
  async run(activity: Activity, logic: (turn: Turn) => Promise<void>): Promise<InvokeResponse | undefined> {
    const claims = this.#appId === "" ? [] : [{ type: AuthenticationConstants.AudienceClaim, value: this.#appId }];
    const caller = {
      audience: AuthenticationConstants.ToChannelFromBotOAuthScope,
      claimsIdentity: new ClaimsIdentity(claims, true),
      connectorFactory: this.#clients,
    };
    // zod has checked every field that we or the SDK's routing read; the SDK's type promises many more.
    return this.processActivity(caller, activity as unknown as SdkActivity, logic);
  }
}
