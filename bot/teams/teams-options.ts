import type { Incident } from "../domain/incident/incident.ts";
import type { Policy } from "../domain/incident/policy.ts";
import type { Language } from "../domain/language.ts";
import type { Names } from "../domain/names.ts";
import type { InFlight } from "../kit/in-flight.ts";
import type { NoteSecret, Secret } from "../kit/secrets/secret.ts";
import type { Log } from "../log.ts";
import type { IsOccupied } from "../ports/occupied.ts";
import type { Store } from "../ports/store/store.ts";
import type { Clock } from "../ports/time.ts";
import type { Limits } from "./wire/budget/limits.ts";
import type { Trust } from "./wire/trust.ts";

/** What the Teams side takes from the configuration and from the application. */
export interface TeamsOptions {
  readonly appId: string | null;
  readonly tenantId: string | null;
  readonly clientSecret: Secret | null;
  /** Is told which value of the secret is used. */
  readonly noteSecret: NoteSecret;
  /** No Microsoft account: an emulator on this machine, callers from loopback only, no token either way. */
  readonly local: boolean;
  /** The only service URL to talk to; null: Microsoft's own, or with `local` any on this machine. */
  readonly serviceUrl: string | null;
  readonly channels: Readonly<Record<string, { readonly conversation: string | null }>>;
  /** The channel of the source of type `teams`; null: nobody can raise an alarm from here. */
  readonly teamsChannel: string | null;
  readonly language: Language;
  /** IANA name. */
  readonly timezone: string;
  readonly names: Names;
  readonly clock: Clock;
  readonly store: Store;
  readonly log: Log;
  readonly inFlight: InFlight;
  /** Whether an alarm is open: then what is unknown is asked again sooner. */
  readonly isAlarmOpen: () => boolean;
  /** Who is not rung for that alarm, because another one occupies them. */
  readonly isOccupied: IsOccupied;
  /** The policy by which that incident goes, as far as memory knows it; null: it has to be read. */
  readonly recallPolicy: (incident: Incident) => Policy | null;
  /** Whom the bot trusts; left out: Microsoft. Only tests give another. */
  readonly trust?: Trust;
  /** How many calls Teams takes; left out: as it says, or with `local` any number. Only tests give others. */
  readonly limits?: Limits;
}
