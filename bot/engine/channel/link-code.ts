import { randomInt } from "node:crypto";
import type { Store } from "../../ports/store/store.ts";

/**
 * Loads the code that links a channel where there is no team lead, such as "1234-5678". It is made once, and short,
 * because a person types it. Rejects when the storage is down.
 */
export function loadLinkCode(store: Store): Promise<string> {
  return store.write(async (tx) => {
    const storedCode = await tx.loadSetting("secret", "link-code");
    if (storedCode !== null) return storedCode;
    const digits = String(randomInt(100_000_000)).padStart(8, "0");
    const code = `${digits.slice(0, 4)}-${digits.slice(4)}`;
    await tx.saveSetting("secret", "link-code", code);
    return code;
  });
}
