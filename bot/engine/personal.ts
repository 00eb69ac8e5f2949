import { toAlarm } from "../incident/alarm.ts";
import type { Person } from "../incident/incident.ts";
import type { Clock, Personal, Reader, Store } from "../ports.ts";
import type { Alarms } from "./alarms.ts";
import type { Handler } from "./handle.ts";
import type { Visits } from "./visits.ts";

export interface PersonalOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly handler: Handler;
  readonly alarms: Alarms;
  readonly visits: Visits;
  /** The source whose alarms are typed in Teams; null: there is none. */
  readonly source: string | null;
}

/** What a colleague does for themselves in a chat: presses, takes it back, announces a visit. */
export function createPersonal({ store, clock, handler, alarms, visits, source }: PersonalOptions): Personal {
  return {
    async press(person, place, message) {
      const receivedAt = clock.now();
      if (source === null) return { kind: "not-configured" };
      const { id, name } = person;
      // A place that can't be read is no reason to wait: the alarm goes, and says that its place is unknown.
      const where = place ?? (await store.read((reader) => loadPlace(reader, person)).catch(() => null));
      // Apart from those of visits, which are alarms of the same source.
      const identity = message === null ? null : `chat:${message}`;
      const alarm = toAlarm("press", { id: identity, button: id, place: where, colleague: { id, name, via: "chat" } });
      try {
        const [taken] = await alarms.take(source, [alarm], receivedAt);
        if (taken === undefined || taken.incident === null) return { kind: "unrecorded" };
        return { kind: "pressed", incident: taken.incident, outcome: taken.outcome };
      } catch {
        // Logged where it failed, and posted and paged from memory there (rule 1).
        return { kind: "unrecorded" };
      }
    },
    async oops(person, incident) {
      const answer = await handler.handle(incident, { kind: "oops", by: person });
      return answer?.reason ?? null;
    },
    setPlace: (person, place) => store.write((tx) => tx.saveSetting(toPlaceSetting(person), place ?? "")),
    startVisit: visits.start,
    extendVisit: visits.extend,
    endVisit: visits.end,
  };
}

/** The place a colleague set for themselves; null when they did not. */
async function loadPlace(reader: Reader, person: Person): Promise<string | null> {
  const place = await reader.loadSetting(toPlaceSetting(person));
  return place === "" ? null : place;
}

function toPlaceSetting({ id }: Person): string {
  return `place:${id}`;
}
