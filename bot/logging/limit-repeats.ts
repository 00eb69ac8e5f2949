import { inspect } from "node:util";
import type { Log } from "../log.ts";
import type { LogEvent } from "../log-events/log-events.ts";

/**
 * How many lines of one event and owner are written in each minute; many incidents fail alike while a provider is down.
 */
export const maxLinesPerMinute = 20;
const minuteMs = 60_000;
/**
 * Facts that say whose a line is, and why. They are the configuration's names and codes of our own, of which there are
 * few, so that whoever fails or is refused often hides nobody else: many strangers no button whose secret is wrong, one
 * pager no other.
 */
const owners = ["source", "pager", "channel", "receiver", "status", "code", "reason"];
/** So many owners are told apart in a minute; all others of an event share its lines. */
const maxOwners = 1_000;

/** What was written of one event and owner since its minute began. */
interface Minute {
  readonly event: LogEvent;
  readonly owner: Readonly<Record<string, unknown>>;
  readonly startedAt: number;
  readonly written: Set<string>;
  leftOut: number;
}

/**
 * Leaves out a warning or an error that was written within the last minute, and those of an event that comes too
 * often from one owner; how many follows in a line of its own. So an outage of hours does not fill the disk on which
 * alarms are recorded. `now`: milliseconds of any clock that only goes forward.
 */
export function limitRepeats(log: Log, now: () => number): Log {
  const minutes = new Map<string, Minute>();

  function write(facts: Record<string, unknown>, event: LogEvent<"warn" | "error">, writeLine: () => void): void {
    closeMinutes();
    const minute = minuteOf(event, toOwner(facts));
    const line = toComparable(facts);
    if (minute.written.has(line) || minute.written.size >= maxLinesPerMinute) {
      minute.leftOut += 1;
      return;
    }
    minute.written.add(line);
    writeLine();
  }

  function minuteOf(event: LogEvent, owner: Minute["owner"]): Minute {
    const own = JSON.stringify([event, owner]);
    const isOwn = minutes.has(own) || minutes.size < maxOwners;
    const key = isOwn ? own : event;
    const minute = minutes.get(key) ?? {
      ...{ event, owner: isOwn ? owner : {} },
      ...{ startedAt: now(), written: new Set(), leftOut: 0 },
    };
    minutes.set(key, minute);
    return minute;
  }

  function closeMinutes(): void {
    for (const [key, { event, owner, startedAt, leftOut }] of minutes) {
      if (now() - startedAt < minuteMs) continue;
      minutes.delete(key);
      if (leftOut > 0) log.warn({ of: event, ...owner, count: leftOut }, "lines-left-out");
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

function toOwner(facts: Record<string, unknown>): Minute["owner"] {
  const isName = (value: unknown) => typeof value === "string" || typeof value === "number";
  return Object.fromEntries(owners.map((name) => [name, facts[name]]).filter(([, value]) => isName(value)));
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
