import { z } from "zod";

/** Where a press came from, when the device knows it. WGS 84 degrees; accuracy is a radius in metres. */
export const Position = z.object({
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  accuracyM: z.number().nonnegative().nullable(),
});
export type Position = z.infer<typeof Position>;

/** Longest place name that is taken over from outside; a card must stay readable on a phone. */
export const maxPlaceLength = 80;

/**
 * Shortens a place named by the outside to `placeLimit` characters and makes it one line without control characters;
 * null when nothing is left.
 */
export function toPlace(text: string): string | null {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...line];
  if (characters.length === 0) return null;
  return characters.length <= maxPlaceLength ? line : `${characters.slice(0, maxPlaceLength - 1).join("")}…`;
}

/**
 * What a message of a source can be. `still-pressed`: the device says that its alarm goes on, so it opens what a lost
 * press would have opened and rings nobody again. `position`: where a button is whose alarm is open. `trouble`: its
 * network says that something is wrong with it, until its next sign of life; with button "" with the source itself.
 * `unreadable`: authenticated, may be a press, can't be read.
 */
export const alarmKinds = [
  "press",
  "still-pressed",
  "test",
  "cancel",
  "position",
  "heartbeat",
  "battery-low",
  "trouble",
  "unreadable",
] as const;

/** One message of a source, in our form. */
export const Alarm = z.object({
  kind: z.enum(alarmKinds),
  /** The message's whole identity: the same one within 24 h is the same alarm (rule 2). null when it has none. */
  id: z.string().min(1).max(256).nullable(),
  /** The button's id within its source; "" when that can't be read. */
  button: z.string().max(128),
  /** The device's own clock, epoch milliseconds; only ever used to show that an alarm is late. */
  at: z.number().int().nullable(),
  place: z.string().nullable(),
  position: Position.nullable(),
  /** 0 to 1. */
  battery: z.number().min(0).max(1).nullable(),
  /** The colleague who presses in Teams, and how; `isPlaceTyped`: with this very press. null for a device. */
  colleague: z
    .object({ id: z.string(), name: z.string(), via: z.enum(["chat", "visit"]), isPlaceTyped: z.boolean() })
    .nullable(),
});
export type Alarm = z.infer<typeof Alarm>;

/** An alarm of which nothing is known but what `parts` says. */
export function toAlarm(kind: Alarm["kind"], parts: Partial<Omit<Alarm, "kind">> = {}): Alarm {
  const nothing = { id: null, button: "", at: null, place: null, position: null, battery: null, colleague: null };
  return { kind, ...nothing, ...parts };
}
