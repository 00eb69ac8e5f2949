import type { Person } from "../../domain/person.ts";
import type { InFlight } from "../../kit/in-flight.ts";
import { type NoteSecret, newestOf, type Secret } from "../../kit/secrets/secret.ts";
import type { Clock } from "../../ports/time.ts";
import { createConnector } from "./bot-framework/connector.ts";
import { createSdk, type Sdk } from "./bot-framework/sdk.ts";
import { BotToken } from "./bot-token.ts";
import { Budget } from "./budget/budget.ts";
import { type ConnectorFor, shareBudget } from "./budget/connector-for.ts";
import { type Limits, noLimits, teamsLimits } from "./budget/limits.ts";
import { microsoft, type Trust } from "./trust.ts";

/** How the bot is registered, or that it runs beside an emulator. */
export interface WireOptions {
  readonly appId: string | null;
  readonly tenantId: string | null;
  readonly clientSecret: Secret | null;
  readonly local: boolean;
  readonly noteSecret: NoteSecret;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly trust?: Trust;
  /** How many calls Teams takes; left out: as it says, or with `local` any number. Only tests give others. */
  readonly limits?: Limits;
}

/** The connection to Teams: whose calls the bot takes, and as whom it calls. */
export class Wire {
  readonly appId: string | null;
  readonly trust: Trust;
  /** What the bot's calls are signed with; null with `local`. */
  readonly token: BotToken | null;
  /** Loads the SDK, which calls Teams and runs turns: some half a second, once. */
  readonly loadSdk: () => Promise<Sdk>;
  readonly budget: Budget;
  /** Every call to Teams goes through these. */
  readonly connectorFor: ConnectorFor;
  /**
   * The bot as Teams knows it. With `local` it is learned from the first activity; the emulator does not look at its
   * id.
   */
  bot: Person;

  /** Throws when a registration is incomplete: the SDK takes an empty app id as "let everybody in". */
  constructor(options: WireOptions) {
    const { clock, inFlight, noteSecret } = options;
    const registration = parseRegistration(options);
    this.trust = options.trust ?? microsoft;
    const { loginUrl } = this.trust;
    const token = registration === null ? null : new BotToken({ ...registration, loginUrl }, clock, noteSecret);
    this.appId = registration?.appId ?? null;
    this.token = token;
    this.bot = { id: `28:${this.appId ?? "rugdekking"}`, name: "Rugdekking" };
    this.loadSdk = createSdk(
      registration && token && { ...registration, clientSecret: newestOf(registration.clientSecret), token },
      token,
      clock,
    );
    const openClient = async (serviceUrl: string) => (await this.loadSdk()).clients.create(serviceUrl);
    const limits = options.limits ?? (options.local ? noLimits : teamsLimits);
    const connector = createConnector({ openClient, token, bot: () => this.bot, clock });
    this.budget = new Budget({ limits, clock, inFlight });
    this.connectorFor = shareBudget(connector, this.budget);
  }
}

/** Returns all three settings; null with `local`. Throws when one is missing. */
function parseRegistration({ appId, tenantId, clientSecret, local }: WireOptions) {
  if (local) return null;
  if (!appId || !tenantId || !clientSecret) throw new Error("teams needs appId, tenantId and clientSecret, or local");
  return { appId, tenantId, clientSecret };
}
