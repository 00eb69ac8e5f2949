import { Copied } from "../../../domain/incident/time/return.ts";
import type { Log } from "../../../log.ts";
import type { Audit } from "../../../log-events/audit.ts";
import type { Transaction } from "../../../ports/store/store.ts";
import type { Kernel } from "../kernel.ts";

/**
 * Loads what the database says of the copy that it was; null: it was none, or that can't be read. Never rejects: then
 * what is open goes on as it stands.
 */
export async function loadCopied({ store, log }: Pick<Kernel, "store" | "log">): Promise<Copied | null> {
  try {
    const text = await store.read((reader) => reader.loadSetting("copied", "database"));
    return text === null ? null : Copied.parse(JSON.parse(text));
  } catch (error) {
    log.error({ err: error }, "look-failed");
    return null;
  }
}

/** Has the log account for a database that was put back, once for each copy. */
export async function notePutBack(tx: Transaction, copied: Copied | null, log: Log): Promise<void> {
  if (copied === null || (await tx.loadSetting("copied-told", "database")) === String(copied.at)) return;
  await tx.saveSetting("copied-told", "database", String(copied.at));
  const audit: Audit = { by: { kind: "machine" }, on: ["database"], result: "done" };
  const closed = Object.keys(copied.ended).length;
  log.info({ copiedAt: new Date(copied.at).toISOString(), closed, audit }, "database-put-back");
}
