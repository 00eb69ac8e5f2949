import { z } from "zod";

const rule = "a secret, or a list of the new one and the one before it";

/** The setting of a secret that both sides know: one value, or two that count both while it is changed (`Secret`). */
export function oneOrTwo(value: z.ZodType<string, string>) {
  const both = z
    .array(value, rule)
    .min(1, rule)
    .max(2, rule)
    .refine((values) => new Set(values).size === values.length, "two secrets that differ");
  return z.union([value, both], rule);
}
