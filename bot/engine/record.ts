import type { ReadyPager } from "../contracts.ts";
import type { Copied } from "../domain/incident/time/return.ts";
import type { Directory } from "../ports/directory.ts";
import type { Transaction } from "../ports/store/store.ts";
import type { Handler } from "./kernel/handle.ts";
import { notePutBack } from "./kernel/incidents/load-copied.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { bringBackAll } from "./kernel/time/bring-back.ts";
import { type KnownConfiguration, noteConfiguration, saveConfiguration } from "./known-configuration.ts";
import { StartRecord } from "./readiness/start-record.ts";
import { keepRoutesOf } from "./ring-test/start-ring-testing.ts";
import { saveKnownPagers } from "./route-test/pager-records.ts";

interface RecordOptions {
  readonly directory: Directory;
  /** An IANA name; by it the days are counted on which people were asked. */
  readonly timezone: string;
  readonly known: KnownConfiguration;
}

interface StartOptions extends RecordOptions {
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  /** How far the machine's clock was behind what is on disk, in milliseconds; null: it could be made up for. */
  readonly behindMs: number | null;
  /** What the database says of the copy that it was; null: it was none. */
  readonly copied: Copied | null;
}

/**
 * Writes the policies with which incidents open from now on (rule 6), and which pagers there are. What lies ahead of a
 * machine's clock that was set back is brought back; incidents are by the timekeeper.
 */
export function recordStart(kernel: Kernel, handler: Handler, options: StartOptions): Promise<StartRecord> {
  const { pagers, behindMs, copied } = options;
  return StartRecord.open(kernel, handler, async (tx) => {
    await notePutBack(tx, copied, kernel.log);
    if (behindMs !== null) await bringBackAll(tx, kernel.clock.now());
    await saveKnownPagers(tx, Object.keys(pagers), kernel.clock.now());
    await saveDirectory(tx, options, kernel.clock.now());
    await noteConfiguration(tx, options.known, kernel.log);
  });
}

/** Writes what alarms need of a directory before they go by it. Rejects when the storage is down. */
export function recordDirectory({ clock }: Kernel, handler: Handler, options: RecordOptions): Promise<void> {
  return handler.write<void>(async (tx) => {
    await saveDirectory(tx, options, clock.now());
    await saveConfiguration(tx, options.known);
    return { value: undefined, commits: [] };
  });
}

/** Saves its policies (rule 6), and brings the routes of its people in line. */
async function saveDirectory(tx: Transaction, options: RecordOptions, now: number): Promise<void> {
  for (const { hash, policy } of options.directory.policies) await tx.savePolicy(hash, policy);
  await keepRoutesOf(tx, options, now);
}
