import { type ServiceClientCredentials, ServiceClientCredentialsFactory } from "botframework-connector";
import type { BotToken } from "../bot-token.ts";

/** What the SDK signs a call to Teams with; `token` null: local, no Authorization header at all. */
export function toCredentials(token: BotToken | null): ServiceClientCredentials {
  return {
    async signRequest(request) {
      if (token !== null) request.headers.set("authorization", `Bearer ${await token.get()}`);
      return request;
    },
  };
}

/** Gives the SDK our token: its own fetch has no deadline, and makes as many requests as there are calls. */
export class BotCredentialsFactory extends ServiceClientCredentialsFactory {
  readonly #appId: string;
  readonly #token: BotToken;

  constructor(appId: string, token: BotToken) {
    super();
    this.#appId = appId;
    this.#token = token;
  }

  override async isValidAppId(appId: string): Promise<boolean> {
    return appId === this.#appId;
  }

  override async isAuthenticationDisabled(): Promise<boolean> {
    return false;
  }

  override async createCredentials(): Promise<ServiceClientCredentials> {
    return toCredentials(this.#token);
  }
}
