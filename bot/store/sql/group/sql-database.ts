import type { Kysely } from "kysely";
import type { Reader, StorageFault } from "../../../ports/store/store.ts";
import type { Connection } from "../connection.ts";
import type { Tables } from "../tables.ts";
import type { Loss } from "./group-commit.ts";
import type { Sequences } from "./rows/sequences.ts";
import type { Session } from "./transactions.ts";

/** Called by a database that can't be trusted any more; `fault` is what people are told from then on. */
export type Lose = (loss: Loss, cause: unknown, fault?: StorageFault) => void;

/** A database of one dialect that belongs to this process, with its tables up to date. */
export interface SqlDatabase extends AsyncDisposable {
  /** Builds queries in its dialect; runs none. */
  readonly db: Kysely<Tables>;
  readonly writer: Connection & Session;
  /** Numbers the rows of the transaction that the writer holds. */
  readonly sequences: Sequences;
  /** Whether only a write tells that it is there still, so that one is tried at each look. */
  readonly isFar: boolean;
  /** What is wrong with it beside refused writes. */
  readonly faults: readonly StorageFault[];
  /** Why it is not usable although it takes a write; null: it is. */
  readonly hindrance: string | null;
  /** Runs `work` on committed data. */
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  /** Called after each group that is on disk. */
  noteGroup(): void;
  /** Looks whether it is there still; is called some seconds after it was before. Never rejects. */
  look(): Promise<void>;
  /** Looks after it, as long as it can be trusted. Never rejects. */
  tend(): Promise<void>;
  /** As `Store` has them. */
  readClock(): Promise<number | null>;
  lastCopyAt(): Promise<number | null>;
}
