import type { ListenerHost } from "../../../../bot/contracts.ts";

/** Writes a line for `who`, or counts it where `who` had one of that kind within the last minute. */
export type QuietNote = (event: string, who: string, facts?: Readonly<Record<string, unknown>>) => void;

const quietMs = 60_000;
/** After this long without a word a sender's count is dropped. */
const forgetMs = 600_000;
const whoLimit = 50;

/**
 * A log that nobody outside can flood: a line a minute for each event, sender, reason and account, which says how many it stands for, and
 * beyond fifty of them at a time one line for all others together.
 */
export function toQuietNote(host: Pick<ListenerHost, "clock" | "note">): QuietNote {
  const noted = new Map<string, { at: number; held: number }>();
  return (event, who, facts = {}) => {
    const now = host.clock.now();
    for (const [key, { at, held }] of noted) if (now - at >= (held === 0 ? quietMs : forgetMs)) noted.delete(key);
    // Behind a tunnel all panels have one address, so what is said of whom tells them apart.
    const own = JSON.stringify([event, who, facts.reason, facts.account]);
    const isOwn = noted.has(own) || noted.size < whoLimit;
    const key = isOwn ? own : "others";
    const last = noted.get(key);
    if (last !== undefined && now - last.at < quietMs) {
      last.held += 1;
      return;
    }
    noted.set(key, { at: now, held: 0 });
    const more = last === undefined || last.held === 0 ? {} : { more: last.held };
    host.note(event, { ...(isOwn ? { from: who } : { from: "several addresses" }), ...facts, ...more });
  };
}
