import type { Log } from "../../log.ts";
import type { Store } from "../../ports/store/store.ts";

/**
 * Loads a secret of this installation, which is made once and stored beside what it opens. While the storage can't be
 * read or written there is one for this process alone, because a start must not wait for a disk.
 */
export async function loadOwnSecret(
  store: Store,
  log: Log,
  name: "guard-key" | "link-code",
  make: () => string,
): Promise<string> {
  const made = make();
  try {
    const stored = await store.read((reader) => reader.loadSetting("secret", name));
    if (stored !== null) return stored;
    await store.write((tx) => tx.saveSetting("secret", name, made));
  } catch (error) {
    log.error({ name, err: error }, "secret-not-read");
  }
  return made;
}
