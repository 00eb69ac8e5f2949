import { inspect } from "node:util";
import type { Log } from "../log.ts";
import type { LogEvent } from "../log-events/log-events.ts";

/** How many lines of one event are written in each minute; many incidents fail alike while a provider is down. */
export const maxLinesPerMinute = 20;
const minuteMs = 60_000;

/** What was written of one event since its minute began. */
interface Minute {
  readonly startedAt: number;
  readonly written: Set<string>;
  leftOut: number;
}

/**
 * Leaves out a warning or an error that was written within the last minute, and those of an event that comes too often;
 * how many follows in a line of its own. So an outage of hours does not fill the disk on which alarms are recorded.
 * `now`: milliseconds of any clock that only goes forward.
 */
export function limitRepeats(log: Log, now: () => number): Log {
  const minutes = new Map<LogEvent, Minute>();

  function write(facts: Record<string, unknown>, event: LogEvent<"warn" | "error">, writeLine: () => void): void {
    closeMinutes();
    const minute = minutes.get(event) ?? { startedAt: now(), written: new Set(), leftOut: 0 };
    minutes.set(event, minute);
    const line = toComparable(facts);
    if (minute.written.has(line) || minute.written.size >= maxLinesPerMinute) {
      minute.leftOut += 1;
      return;
    }
    minute.written.add(line);
    writeLine();
  }

  function closeMinutes(): void {
    for (const [event, { startedAt, leftOut }] of minutes) {
      if (now() - startedAt < minuteMs) continue;
      minutes.delete(event);
      if (leftOut > 0) log.warn({ of: event, count: leftOut }, "lines-left-out");
    }
  }

  return {
    info(facts, event) {
      closeMinutes();
      log.info(facts, event);
    },
    warn: (facts, event) => write(facts, event, () => log.warn(facts, event)),
    error: (facts, event) => write(facts, event, () => log.error(facts, event)),
  };
}

/** Two lines with the same text here say the same. An error counts by what it says, since its stack may differ. */
function toComparable(facts: Record<string, unknown>): string {
  try {
    return JSON.stringify(facts, (_, value: unknown) => (value instanceof Error ? [value.name, value.message] : value));
  } catch {
    // No JSON can be made of a circle or a bigint, and such a line is to be written too.
    return inspect(facts);
  }
}
