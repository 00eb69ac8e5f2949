import type { Incident } from "../../domain/incident/incident.ts";
import type { AlarmReader, AlarmRecord, AlarmTx } from "./alarms.ts";
import type { ButtonStateTx } from "./button-states.ts";
import type { DeviceReader, DeviceTx } from "./devices.ts";
import type { BackfillTx, IncidentReader, IncidentTx } from "./incidents.ts";
import type { MomentReader, MomentTx } from "./moments.ts";
import type { OutboxReader, OutboxRow, OutboxTx } from "./outbox.ts";
import type {
  ChatCardReader,
  ChatCardTx,
  FollowUpReader,
  FollowUpTx,
  PresserCardReader,
  PresserCardTx,
} from "./personal-cards.ts";
import type { ProvenRouteReader, ProvenRouteTx } from "./proven-routes.ts";
import type { RouteTestReader, RouteTestTx } from "./route-tests.ts";
import type { SettingReader, SettingTx } from "./settings.ts";
import type { TeamsReader, TeamsTx } from "./teams.ts";
import type { UsualPlaceReader, UsualPlaceTx } from "./usual-places.ts";
import type { VisitReader, VisitTx } from "./visits.ts";

/** Reads what one can do without. */
export interface OptionalReader {
  /**
   * Resolves as `read` does; null: that failed, and all else goes on. Nothing else may be asked meanwhile. In a
   * transaction a failure that was caught otherwise takes all of it.
   */
  tryToRead<T>(read: () => Promise<T>): Promise<T | null>;
}

/** All that can be read. Each subject is one line here, and has its interface in a file of its own. */
export type Reader = IncidentReader &
  AlarmReader &
  OutboxReader &
  DeviceReader &
  VisitReader &
  RouteTestReader &
  TeamsReader &
  ChatCardReader &
  PresserCardReader &
  FollowUpReader &
  SettingReader &
  UsualPlaceReader &
  ProvenRouteReader &
  MomentReader &
  OptionalReader;

/** All that can be read and changed in one transaction. */
export type Transaction = IncidentTx &
  AlarmTx &
  ButtonStateTx &
  OutboxTx &
  DeviceTx &
  VisitTx &
  RouteTestTx &
  TeamsTx &
  ChatCardTx &
  PresserCardTx &
  FollowUpTx &
  SettingTx &
  UsualPlaceTx &
  ProvenRouteTx &
  MomentTx &
  BackfillTx &
  OptionalReader;

/**
 * What is wrong with the storage itself. `refuses`: it takes no writes, a full disk most often. `unread`: what is due
 * can't be read. `behind`: what was written can't be brought into the database, so that its log grows. `lost`: what is
 * on disk can't be trusted any more, so that the process ends itself. `gone`: the same, and the next process will know
 * nothing of what is open. `aside`: the process runs without its database, which can't be used. `unlocked`: another
 * process may have the same database. `shut`: its server does not let us in. `newer`: a newer version has changed it.
 */
export type StorageFault =
  `storage-${"refuses" | "unread" | "behind" | "lost" | "gone" | "aside" | "unlocked" | "shut" | "newer"}`;

/** What goes before all that waits. */
export interface FirstWork {
  /** Does the work. The result is called once it is on disk. */
  run(tx: Transaction): Promise<() => void>;
  /** Called when the work itself failed, or the disk refused it and took what was behind. */
  reject(reason: unknown): void;
  /** As of `Store.write`. */
  readonly foreseen?: Foreseen | undefined;
}

/**
 * What a work will read, as far as that is known before it begins: a store reads it for many works at once. It changes
 * nothing of what a work finds: what is missing is read when it is asked for, what is too much is read in vain, and
 * where it is wrong each work runs by itself.
 */
export interface Foreseen {
  /** Ids of incidents. */
  readonly incidents?: readonly string[];
  readonly alarms?: readonly Pick<AlarmRecord, "source" | "key">[];
  /** Buttons and places whose open incident is looked for. */
  readonly buttons?: readonly { readonly source: string; readonly button: string }[];
  readonly places?: readonly { readonly channel: string; readonly fixedPlace: string }[];
  readonly states?: readonly { readonly source: string; readonly name: string }[];
  /** Ids of incidents whose newest card is looked for. */
  readonly cards?: readonly string[];
  /** Ids of people whose visit is looked for. */
  readonly visitors?: readonly string[];
  /** Rows of the outbox that are settled. */
  readonly sent?: readonly Pick<OutboxRow, "id">[];
  /** Keys of rows that may be enqueued, and wait already. */
  readonly keys?: readonly string[];
  /** The same, of each of those incidents, once that is read; what else is enqueued of it does not wait already. */
  readonly keysOf?: (incident: Incident) => readonly string[];
}

/** Stores everything that must survive a restart. One process owns a SQLite file. */
export interface Store extends AsyncDisposable {
  /**
   * Runs `work` in the next group transaction and resolves once that is on disk (one fsync for all that wait). It sees
   * what the works before it have written; its rejection undoes only what it wrote itself. `work` must use nothing but
   * the transaction, and may be run again in the same group, so that what it does besides counts only once it has
   * resolved. `foreseen`: what it will read; left out: that is not known, and it is not made one with others.
   */
  write<T>(work: (tx: Transaction) => Promise<T>, foreseen?: Foreseen): Promise<T>;
  /**
   * From now on what `list` has is written before all that waits, in transactions of their own, until it has nothing
   * more: so all that is written finds it there. What was done or failed by itself must not be in it any more. Where
   * the disk refuses such a transaction what waits is tried without it. Where that is refused too nothing of it is
   * called, and the next write begins with it. `list` must not throw.
   */
  writeFirst(list: () => readonly FirstWork[]): void;
  /** Runs `work` on committed data. */
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  /** Does a real read and a real write; rejects when the storage is not usable. */
  probe(): Promise<void>;
  /**
   * Looks after the storage itself, and resolves with what is wrong with it; never rejects. Takes as long as a write
   * does where the last one was refused, for it tries one then.
   */
  inspect(): Promise<readonly StorageFault[]>;
  /**
   * Reads the clock of the server that has the database, in epoch milliseconds; null: it is a file, or no server can be
   * asked yet. Rejects where the server does not answer.
   */
  readClock(): Promise<number | null>;
  /** When it was last copied, in epoch milliseconds; null: that is not known. Takes as long as the disk does. */
  lastCopyAt(): Promise<number | null>;
}
