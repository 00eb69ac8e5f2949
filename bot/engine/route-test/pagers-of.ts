import type { ReadyPager } from "../../contracts.ts";
import type { Directory } from "../../ports/directory.ts";

/**
 * The pagers by which alarms of a channel call security. Of a channel to which no alarms go it is all of them, and so
 * it is where there are no locations, because then each is everybody's.
 */
export function toPagersOf(
  pagers: Readonly<Record<string, ReadyPager>>,
  directory: Directory,
): (channel: string | null) => readonly string[] {
  const names = Object.keys(pagers);
  return (channel) => {
    if (channel === null || !directory.hasLocations) return names;
    const called = names.filter((name) => directory.channels.ofPager(name).includes(channel));
    return called.length === 0 ? names : called;
  };
}
