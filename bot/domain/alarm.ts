import { z } from "zod";

/** Where a press came from, when the device knows it. WGS 84 degrees; accuracy is a radius in metres. */
export const Position = z.object({
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  accuracyM: z.number().nonnegative().nullable(),
});
export type Position = z.infer<typeof Position>;

/**
 * The kinds of messages that a source sends. `pressed`: the device says that it is pressed and not since when, so what
 * it said before decides whether that is a press. `still-pressed`: the device says that its alarm goes on, so it opens
 * what a lost press would have opened and rings nobody again. `position`: where a button is whose alarm is open.
 * `trouble`: the network reports that something is wrong with the button, until its next sign of life; with button ""
 * something is wrong with the source itself. `unreadable`: the sender is authenticated, and the message may be a press
 * but can't be read.
 */
export const alarmKinds = [
  "press",
  "pressed",
  "still-pressed",
  "test",
  "cancel",
  "position",
  "heartbeat",
  "battery-low",
  "trouble",
  "unreadable",
] as const;

/** One message of a source, in the form that all sources share. */
export const Alarm = z.object({
  kind: z.enum(alarmKinds),
  /** The identity of the whole message: the same one within 24 h is the same alarm (rule 2). null when it has none. */
  id: z.string().min(1).max(256).nullable(),
  /** The button's id within its source; "" when that can't be read. */
  button: z.string().max(128),
  /** By the device's own clock, epoch milliseconds; used only to show that an alarm is late. */
  at: z.number().int().nullable(),
  /** Of a colleague: what they typed of it, or keep as where they usually are; it may name their location. */
  place: z.string().nullable(),
  position: Position.nullable(),
  /** 0 to 1. */
  battery: z.number().min(0).max(1).nullable(),
  /**
   * What the message says of a state that lasts until it ends; null when it says nothing of one. `name`: names it where
   * a button may have several; null: the button's own. `run`: tells one time that it is on from the next; null where
   * the source doesn't.
   */
  state: z
    .object({
      name: z.string().min(1).max(256).nullable(),
      run: z.string().min(1).max(256).nullable(),
      isOn: z.boolean(),
    })
    .nullable(),
  /**
   * The colleague who presses in Teams, and how; null for a device. `isPlaceTyped`: the place was typed with this very
   * press. `isEdited`: it is a message of before whose text was changed, so that what is known by its identity is to be
   * corrected.
   */
  colleague: z
    .object({
      id: z.string(),
      name: z.string(),
      via: z.enum(["chat", "visit"]),
      isPlaceTyped: z.boolean(),
      isEdited: z.boolean(),
    })
    .nullable(),
});
export type Alarm = z.infer<typeof Alarm>;

/** Makes an alarm of that kind; what `parts` does not name is unknown. */
export function toAlarm(kind: Alarm["kind"], parts: Partial<Omit<Alarm, "kind">> = {}): Alarm {
  const nothing = { id: null, button: "", at: null, place: null, position: null, battery: null };
  return { kind, ...nothing, state: null, colleague: null, ...parts };
}

/** How many of one message's alarms are taken one by one: those that may be a press, and all others. */
const maxPresses = 100;
const maxOthers = 1000;

/**
 * The alarms of one message, of which no more than a hundred may be a press: one that is unreadable stands for all
 * others of those, because no message of a hundred buttons that were pressed at one moment is what it seems, and yet
 * somebody has to look. Of those that can't be a press, such as signs of life, the first thousand count.
 */
export function limitAlarms(alarms: readonly Alarm[]): readonly Alarm[] {
  if (alarms.length <= maxPresses) return alarms;
  const presses = alarms.filter(({ kind }) => mayBePress(kind));
  const beyond = presses[maxPresses];
  const taken = new Set([
    ...presses.slice(0, maxPresses),
    ...alarms.filter(({ kind }) => !mayBePress(kind)).slice(0, maxOthers),
  ]);
  const limited = alarms.filter((alarm) => taken.has(alarm));
  // A retry of the message has the same identities, and must not open another alarm.
  return beyond === undefined
    ? limited
    : [...limited, toAlarm("unreadable", { id: beyond.id && `rest ${beyond.id}`.slice(0, 256) })];
}

/** Whether an alarm of this kind may be a press, which is never lost. */
export function mayBePress(kind: Alarm["kind"]): boolean {
  return kind === "press" || kind === "pressed" || kind === "still-pressed" || kind === "unreadable";
}

/** Whether the alarm may change an incident; all others only show how a button is. */
export function mayChangeIncident({ kind }: Pick<Alarm, "kind">): boolean {
  return mayBePress(kind) || kind === "cancel" || kind === "position";
}
