import type { Alarm } from "../../../domain/alarm.ts";
import type { Transaction } from "../../../ports/store/store.ts";

/** After an unreadable message was closed as false, another one of that button opens nothing for this long (rule 5). */
const mutedMs = 24 * 3_600_000;
/** How many closed incidents are looked at; beyond them a muted button may open an incident too many. */
const maxClosed = 200;

/**
 * Whether an unreadable message of a known button opens nothing, because an incident that such a message opened was
 * closed as false (rule 5). Buttons that only joined that incident are not muted, because nobody went to look at them:
 * their next message opens an incident.
 */
export async function isMuted(
  tx: Transaction,
  source: string,
  { button }: Alarm,
  receivedAt: number,
): Promise<boolean> {
  if (button === "") return false;
  const closed = await tx.listClosed(source, receivedAt - mutedMs, maxClosed);
  return closed.some(({ unreadable, outcome, closedAt, pressers: [opener] }) => {
    // What was closed under a clock that was ahead would mute the button for as long as that was ahead.
    const isPast = closedAt !== null && closedAt <= receivedAt;
    return isPast && unreadable && outcome === "false" && opener !== undefined && isButton(opener.button, button);
  });
}

/** Whether these are one button of a source. */
export function isButton(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
