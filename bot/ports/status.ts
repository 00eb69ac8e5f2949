import type { SecretTrouble } from "../domain/channel/client-secret.ts";
import type { LostReason } from "../domain/channel/health.ts";
import type { SourceTrouble } from "../domain/device/trouble.ts";
import type { Press } from "../domain/incident/command.ts";
import type { DeliveryReason, Incident } from "../domain/incident/incident.ts";
import type { Person, RingRoute } from "../domain/person.ts";
import type { PeopleTrouble } from "../domain/ring-test/proven-route.ts";
import type { PagerTrouble } from "../domain/route-test/trouble.ts";
import type { TokenFault } from "../domain/teams-test/teams-test.ts";
import type { SecretValue } from "../kit/secrets/secret.ts";
import type { Outgoing } from "./store/outbox.ts";
import type { StorageFault } from "./store/store.ts";

/** What is wrong with the storage. `since`: when it was noticed, in epoch milliseconds UTC. */
export interface StorageTrouble {
  readonly kind: StorageFault;
  readonly since: number;
}

/**
 * `clock-behind`: at its start the process found the machine's clock behind what is on disk, by more than is made up
 * for. `clock-differs`: the clock of the database's server is too far from the machine's, or from ours. `since`: when
 * that was found, in epoch milliseconds UTC by our clock.
 */
export type ClockTrouble =
  | { readonly kind: "clock-behind"; readonly since: number; readonly behindMs: number }
  | { readonly kind: "clock-differs"; readonly since: number; readonly apartMs: number };

/**
 * Somebody of the configuration whom the bot can't message in Teams. `since`: when that was noticed, in epoch
 * milliseconds UTC.
 */
export interface ReachTrouble {
  readonly kind: "person-not-ready";
  readonly person: Person;
  readonly since: number;
}

/** Alarms can't be posted in a channel. `since`: when that began, as far as is known, in epoch milliseconds UTC. */
export interface TeamsTrouble {
  readonly kind: "teams-lost";
  readonly channel: string;
  readonly reason: LostReason;
  readonly since: number;
}

/** How many settings let somebody in who should not be; what they are stands in the log alone. */
export interface SettingsTrouble {
  readonly kind: "settings-weak";
  readonly count: number;
}

/**
 * A fault that lets a press go unreceived or unanswered, or may do so, or lets somebody in who should not be; for IT,
 * and no alarm.
 */
export type Trouble =
  | SourceTrouble
  | PagerTrouble
  | StorageTrouble
  | ClockTrouble
  | TeamsTrouble
  | ReachTrouble
  | PeopleTrouble
  | SecretTrouble
  | SettingsTrouble;

/** Somebody of whom nobody knows for long whether they hear that they are rung. */
export interface UnprovenPerson {
  readonly person: Person;
  readonly routes: readonly RingRoute[];
}

/** A press that went out from memory, and is not recorded yet. */
export interface UnrecordedPress {
  readonly press: Press;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** The data of `status`, of one channel or of all. */
export interface Status {
  /** The newest open incidents; `openCount` counts them all. Where `isOpenRead` is false, those in memory. */
  readonly open: readonly Incident[];
  readonly openCount: number;
  readonly isOpenRead: boolean;
  readonly unrecorded: readonly UnrecordedPress[];
  readonly onDuty: readonly Person[] | null;
  readonly channels: readonly { readonly name: string; readonly isLinked: boolean }[];
  readonly pagers: readonly string[];
  readonly troubles: readonly Trouble[];
  /** Who they are is for team leads only; the trouble itself is a number. Null: that could not be read. */
  readonly unproven: readonly UnprovenPerson[] | null;
  /** Of secrets that are being changed, in a chat alone; none in a channel. */
  readonly secretUses: readonly SecretUse[];
}

/** When that value of a secret was last used. `secret`: its path in the configuration. */
export interface SecretUse {
  readonly secret: string;
  readonly value: SecretValue;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Whether somebody can be messaged in Teams, as far as was looked: since when they can't, in epoch milliseconds. */
export type KnownReach =
  | { readonly person: Person; readonly reach: "ready" | "unknown" }
  | { readonly person: Person; readonly reach: "not-ready"; readonly since: number };

/** What the running bot knows of itself, for the doctor. Moments are epoch milliseconds UTC. */
export interface CheckUp extends Pick<Figures, "lastSeen" | "secretUses" | "troubles"> {
  /** How long a write took until it was on disk; null: none was taken in time. */
  readonly syncMs: number | null;
  /** Why Microsoft gave the bot no token when it was last asked; null: it did, or was not asked yet. */
  readonly tokenFault: TokenFault | null;
  /** Those of the configuration; `isUp`: whether alarms can be posted there, as far as is known. */
  readonly channels: readonly { readonly name: string; readonly isLinked: boolean; readonly isUp: boolean }[];
  readonly people: readonly KnownReach[];
}

/** The data of `/metrics`. Moments are epoch milliseconds UTC. */
export interface Figures {
  readonly troubles: readonly Trouble[];
  readonly lastSeen: readonly { readonly source: string; readonly at: number }[];
  /** When a human last answered through each pager; a pager through which nobody ever did is left out. */
  readonly proven: readonly { readonly pager: string; readonly at: number }[];
  readonly secretUses: readonly SecretUse[];
  /** Whether alarms can be posted in each linked channel, as far as is known. */
  readonly teamsUp: readonly { readonly channel: string; readonly isUp: boolean }[];
  /** Left out when the storage can't be read. */
  readonly openIncidents?: number;
  readonly outboxRows?: number;
  /** When the next message that waits is to go out; null: none waits. */
  readonly nextOutboxAt?: number | null;
  /** When a copy of the database was last made; null: that is not known. */
  readonly lastCopyAt: number | null;
  /** Buttons of which a press went out from memory, and nothing was recorded since. */
  readonly unrecordedAlarms: number;
  /** How often each source that holds a connection noted an event of the log, since the start. */
  readonly notes: readonly { readonly source: string; readonly event: string; readonly count: number }[];
  readonly sendings: readonly SentCount[];
}

/** How often that kind of message had that result since the start. `pager` null: it goes to Teams or a device. */
export interface SentCount {
  readonly kind: Outgoing["kind"];
  readonly pager: string | null;
  readonly result: "sent" | DeliveryReason;
  readonly count: number;
}
