import { z } from "zod";
import { type Path, valueAt } from "./document.ts";
import { expectOneOf } from "./expect-one-of.ts";
import type { Findings } from "./findings.ts";

/**
 * Parses the part of the configuration at `path`; null when it has problems, which are then among the findings.
 * `moreKeys` are keys next to those of the schema that are read elsewhere.
 */
export function parseSection<T>(
  schema: z.ZodType<T>,
  value: unknown,
  path: Path,
  findings: Findings,
  moreKeys: readonly string[] = [],
): T | null {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const place = [...path, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      const known = [...keysAt(schema, issue.path), ...moreKeys];
      for (const key of issue.keys) {
        findings.addProblem([...place, key], "there is no such setting here", expectOneOf(known));
      }
      continue;
    }
    if (issue.code === "invalid_key") {
      findings.addProblem(place, "this name can't be used", issue.issues.map(({ message }) => message).join("; "));
      continue;
    }
    const found = valueAt(value, issue.path);
    findings.addProblem(place, toWrong(issue, found), toExpected(issue, found));
  }
  return null;
}

function toWrong(issue: z.core.$ZodIssue, found: unknown): string {
  if (found === undefined) return "it is missing";
  if (issue.code === "invalid_type") return `it is ${typeOf(found)}`;
  if (issue.code === "too_small") return "it is too short or too small";
  if (issue.code === "too_big") return "it is too long or too large";
  return "it can't be used";
}

/** Schemas of the configuration carry what they expect as their message; the library's own messages are translated. */
function toExpected(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.code === "invalid_value") return expectOneOf(issue.values.map(String));
  if (issue.code === "invalid_union" && issue.discriminator !== undefined)
    return issue.message.replace(/^.*?Expected /, "");
  const expected = issue.message.replace(/^[^:]*: expected /, "");
  if (issue.code !== "invalid_type" || expected === issue.message) return expected;
  if (issue.expected === "string") return found === undefined || found === null ? "text" : "text (in quotes)";
  return typeWords.get(issue.expected) ?? issue.expected;
}

const typeWords = new Map<string, string>([
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["array", "a list"],
  ["object", "a mapping"],
  ["record", "a mapping"],
]);

function typeOf(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : `a ${typeof value}`;
}

/** The keys an object schema knows at a path; none where they can't be known. */
function keysAt(schema: z.core.$ZodType, path: Path): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return keysAt(schema.unwrap(), path);
  }
  if (schema instanceof z.ZodPipe) return keysAt(schema.in, path);
  const [step, ...rest] = path;
  if (step === undefined) return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  if (schema instanceof z.ZodArray) return keysAt(schema.element, rest);
  if (schema instanceof z.ZodRecord) return keysAt(schema.valueType, rest);
  const inner = schema instanceof z.ZodObject ? schema.shape[String(step)] : undefined;
  return inner === undefined ? [] : keysAt(inner, rest);
}
