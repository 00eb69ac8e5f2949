import { z } from "zod";
import { expects } from "../../words/settings/expects.ts";

const rule = expects("secretOrTwo");

/** The setting of a secret that both sides know: one value, or two that count both while it is changed (`Secret`). */
export function oneOrTwo(value: z.ZodType<string, string>) {
  const both = z
    .array(value, rule)
    .min(1, rule)
    .max(2, rule)
    .refine((values) => new Set(values).size === values.length, expects("differing"));
  return z.union([value, both], rule);
}
