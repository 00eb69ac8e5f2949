import type { Log } from "../log.ts";

/** What people know an incident by; `place` null: nobody knows where it is. */
export interface IncidentName {
  readonly number: number;
  readonly place: string | null;
}

/**
 * Adds its number and place to each line about an incident, because nobody at a card or a phone has its id. `find`
 * returns null for one that it does not know: then the line says what it says by itself.
 */
export function nameIncidents(log: Log, find: (incident: string) => IncidentName | null): Log {
  const named = (facts: Record<string, unknown>) => {
    const name = typeof facts.incident === "string" ? find(facts.incident) : null;
    return name === null ? facts : { ...name, ...facts };
  };
  return {
    info: (facts, event) => log.info(named(facts), event),
    warn: (facts, event) => log.warn(named(facts), event),
    error: (facts, event) => log.error(named(facts), event),
    get dropped() {
      return log.dropped;
    },
  };
}
