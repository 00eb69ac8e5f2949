import { z } from "zod";
import { Position } from "../../../../bot/domain/alarm.ts";
import { optional } from "../../../kit/message.ts";

/** Base64 (RFC 4648). An absent field is no bytes, because networks omit what is empty; what is no base64 is null. */
export const Bytes = z
  .base64()
  .transform((text) => Buffer.from(text, "base64"))
  .nullable()
  .default(Buffer.alloc(0))
  .catch(null);

/** Hex in either case; null for anything else. */
export function parseHex(value: unknown): Buffer | null {
  return typeof value === "string" && /^([0-9a-f]{2})*$/i.test(value) ? Buffer.from(value, "hex") : null;
}

/**
 * A position that was calculated longer than this before or after a message, in milliseconds, is not taken for its
 * button's.
 */
export const positionFreshMs = 10 * 60_000;

const degrees = z.number().default(0);

/**
 * Degrees WGS 84 and metres. Networks omit a coordinate of 0; both 0 is a device without a fix, not the Gulf of Guinea.
 */
export const Location = optional(
  z
    .object({ latitude: degrees, longitude: degrees, accuracy: z.number().positive().nullable().catch(null) })
    .refine(({ latitude, longitude }) => latitude !== 0 || longitude !== 0)
    .transform(({ latitude, longitude, accuracy }) => ({ lat: latitude, lon: longitude, accuracyM: accuracy }))
    .pipe(Position),
);
