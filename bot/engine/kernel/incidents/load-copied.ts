import { Copied } from "../../../domain/incident/time/return.ts";
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
