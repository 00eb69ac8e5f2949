import type { Person } from "../../domain/person.ts";
import type { Clock } from "../../ports/time.ts";
import { CheckedAdapter, type Registration } from "./adapter.ts";
import { type Connector, createConnector } from "./connector.ts";
import { microsoft, type Trust } from "./trust.ts";

/** How the bot is registered, or that it runs beside an emulator. */
export interface WireOptions extends Registration {
  readonly local: boolean;
  readonly clock: Clock;
  readonly trust?: Trust;
}

/** The connection to Teams: whose calls the bot takes, and as whom it calls. */
export class Wire {
  readonly appId: string | null;
  readonly trust: Trust;
  readonly adapter: CheckedAdapter;
  readonly connector: Connector;
  /**
   * The bot as Teams knows it. With `local` it is learned from the first activity; the emulator does not look at its
   * id.
   */
  bot: Person;

  /** Throws when a registration is incomplete: the SDK takes an empty app id as "let everybody in". */
  constructor(options: WireOptions) {
    const registration = parseRegistration(options);
    this.appId = registration.appId;
    this.trust = options.trust ?? microsoft;
    this.bot = { id: `28:${this.appId ?? "rugdekking"}`, name: "Rugdekking" };
    this.adapter = new CheckedAdapter(registration, this.trust, options.clock);
    this.connector = createConnector(this.appId, this.adapter.credentials, () => this.bot, options.clock);
  }
}

/** Returns all three settings or, with `local`, none. Throws when one is missing. */
function parseRegistration({ appId, tenantId, clientSecret, local }: WireOptions): Registration {
  if (local) return { appId: null, tenantId: null, clientSecret: null };
  if (!appId || !tenantId || !clientSecret) throw new Error("teams needs appId, tenantId and clientSecret, or local");
  return { appId, tenantId, clientSecret };
}
