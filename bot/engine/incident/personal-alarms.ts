import { type Alarm, toAlarm } from "../../domain/alarm.ts";
import { formatIdentity } from "../../domain/alarm-identity.ts";
import type { Person } from "../../domain/person.ts";
import type { Directory } from "../../ports/directory.ts";
import type { PersonalAlarms, Pressed, PressResult } from "../../ports/personal.ts";
import type { Reader } from "../../ports/store/store.ts";
import { type Alarms, duplicateMs } from "../kernel/alarms.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { UnrecordedPresses } from "../kernel/unrecorded/unrecorded-presses.ts";
import type { AnswerBuffer } from "./answer-buffer.ts";

export interface PersonalAlarmsOptions {
  readonly handler: Handler;
  readonly alarms: Alarms;
  readonly answers: Pick<AnswerBuffer, "submit">;
  readonly presses: Pick<UnrecordedPresses, "all">;
  readonly directory: Pick<Directory, "isLocation" | "locationIn">;
  /** The source whose alarms are typed in Teams; null: there is none. */
  readonly source: string | null;
}

/** Lets a colleague press in a chat, take the press back, and set where they usually are. */
export function createPersonalAlarms(
  { store, clock }: Kernel,
  { handler, alarms, answers, presses, directory, source }: PersonalAlarmsOptions,
): PersonalAlarms {
  async function loadPressResult(id: string): Promise<Pressed> {
    const incident = await store.read((reader) => reader.loadIncident(id)).catch(() => null);
    return { kind: "pressed", id, incident };
  }

  async function take(from: string, alarm: Alarm, receivedAt: number): Promise<PressResult> {
    try {
      const [receipt] = await alarms.take(from, [alarm], receivedAt);
      return receipt?.incident ? await loadPressResult(receipt.incident) : { kind: "unstored", id: null };
    } catch {
      // `Alarms.take` has logged it, and posted and paged from memory (rule 1).
      return { kind: "unstored", id: alarms.incidentOf(alarm) };
    }
  }

  return {
    async press(person, typed, message, isEdited) {
      const receivedAt = clock.now();
      if (source === null) return { kind: "not-configured" };
      const { id, name } = person;
      // When the place can't be read the alarm does not wait, and says that its place is unknown.
      const place = typed ?? (await store.read((reader) => loadPlaceOf(reader, person)).catch(() => null));
      const colleague = { id, name, via: "chat", isPlaceTyped: typed !== null, isEdited } as const;
      const parts = { id: toId(message), button: id, place, colleague };
      return take(source, toAlarm("press", parts), receivedAt);
    },
    pressAgain({ id, name }, { source: from, button }, message) {
      const colleague = { id, name, via: "chat", isPlaceTyped: false, isEdited: false } as const;
      return take(from, toAlarm("press", { id: toId(message), button, colleague }), clock.now());
    },
    async findPress(message) {
      if (source === null) return null;
      const found = await store.read((reader) => reader.findAlarm(source, toIdentity(message)));
      if (found === null || found.incident === null || clock.now() - found.receivedAt >= duplicateMs) return null;
      return loadPressResult(found.incident);
    },
    async undoPress(person, incident) {
      const result = await handler.handle(incident, { kind: "oops", by: person });
      return result?.reason ?? null;
    },
    hasUnstored: ({ id }) => presses.all.some(({ press }) => press.via === "chat" && press.holder?.id === id),
    locationIn: (text) => directory.locationIn(text),
    async nameLocation(by, incident, location) {
      if (!directory.isLocation(location)) return "no-location";
      const request = { kind: "correct-place", by, place: null, where: { location } } as const;
      return answers.submit({ incident, who: by.id, request });
    },
    setPlace: (person, place) => store.write((tx) => tx.saveUsualPlace(person.id, place)),
  };
}

function toId(message: string | null): string | null {
  return message === null ? null : toIdentity(message);
}

/** The form keeps it apart from identities of visits, which are alarms of the same source. */
function toIdentity(message: string): string {
  return formatIdentity({ kind: "chat", message });
}

/** Loads the place that a colleague set; null when they set none, or are on a visit and so not there. */
async function loadPlaceOf(reader: Reader, person: Person): Promise<string | null> {
  if ((await reader.loadVisit(person.id)) !== null) return null;
  return reader.loadUsualPlace(person.id);
}
