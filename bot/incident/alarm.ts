import { z } from "zod";

/** Where a press came from, when the device knows it. WGS 84 degrees; accuracy is a radius in metres. */
export const Position = z.object({
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  accuracyM: z.number().nonnegative().nullable(),
});
export type Position = z.infer<typeof Position>;

/** Longest place name that is taken over from outside; a card must stay readable on a phone. */
export const placeLimit = 80;

/** Shortens a place named by the outside to `placeLimit` characters and makes it one line without control characters; null when nothing is left. */
export function toPlace(text: string): string | null {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...line];
  if (characters.length === 0) return null;
  return characters.length <= placeLimit ? line : `${characters.slice(0, placeLimit - 1).join("")}…`;
}

/** One message of a source, in our form. `unreadable`: authenticated, may be a press, can't be read. */
export const Alarm = z.object({
  kind: z.enum(["press", "test", "cancel", "heartbeat", "battery-low", "unreadable"]),
  /** The sender's identity of this message, for de-duplication; null when it gave none. */
  id: z.string().min(1).max(256).nullable(),
  /** The button's id within its source; "" when unreadable. */
  button: z.string().max(128),
  /** The device's own clock, epoch milliseconds; only ever used to show that an alarm is late. */
  at: z.number().int().nullable(),
  place: z.string().nullable(),
  position: Position.nullable(),
  /** 0 to 1. */
  battery: z.number().min(0).max(1).nullable(),
});
export type Alarm = z.infer<typeof Alarm>;
