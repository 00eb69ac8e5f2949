import { toAlarm } from "../../domain/alarm.ts";
import { formatIdentity } from "../../domain/alarm-identity.ts";
import type { Person } from "../../domain/person.ts";
import type { PersonalAlarms, PressResult } from "../../ports/personal.ts";
import type { Reader } from "../../ports/store/store.ts";
import type { Alarms } from "../kernel/alarms.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";

export interface PersonalAlarmsOptions {
  readonly handler: Handler;
  readonly alarms: Alarms;
  /** The source whose alarms are typed in Teams; null: there is none. */
  readonly source: string | null;
}

/** What a colleague does for themselves in a chat: presses, takes it back, says where they usually are. */
export function createPersonalAlarms(
  { store, clock }: Kernel,
  { handler, alarms, source }: PersonalAlarmsOptions,
): PersonalAlarms {
  /** What stands after a press; the place that was typed when it can't be read any more. */
  async function loadPressed(incident: string, place: string | null): Promise<PressResult> {
    const found = await store.read((reader) => reader.loadIncident(incident)).catch(() => null);
    return { kind: "pressed", incident, place: found ? found.place : place, isClosed: found?.closedAt != null };
  }

  return {
    async press(person, place, message) {
      const receivedAt = clock.now();
      if (source === null) return { kind: "not-configured" };
      const { id, name } = person;
      // A place that can't be read is no reason to wait: the alarm goes, and says that its place is unknown.
      const where = place ?? (await store.read((reader) => loadPlace(reader, person)).catch(() => null));
      const alarm = toAlarm("press", {
        // Apart from those of visits, which are alarms of the same source.
        id: message === null ? null : formatIdentity({ kind: "chat", message }),
        button: id,
        place: where,
        colleague: { id, name, via: "chat", isPlaceTyped: place !== null },
      });
      try {
        const [taken] = await alarms.take(source, [alarm], receivedAt);
        return taken?.incident ? await loadPressed(taken.incident, where) : { kind: "unstored" };
      } catch {
        // Logged where it failed, and posted and paged from memory there (rule 1).
        return { kind: "unstored" };
      }
    },
    async undoPress(person, incident) {
      const answer = await handler.handle(incident, { kind: "oops", by: person });
      return answer?.reason ?? null;
    },
    setPlace: (person, place) => store.write((tx) => tx.saveUsualPlace(person.id, place)),
  };
}

/** The place a colleague set for themselves; null when they did not, or are out on a visit and so not there. */
async function loadPlace(reader: Reader, person: Person): Promise<string | null> {
  if ((await reader.loadVisit(person.id)) !== null) return null;
  return reader.loadUsualPlace(person.id);
}
