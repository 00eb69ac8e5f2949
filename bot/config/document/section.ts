import { z } from "zod";
import { toExpected } from "../../words/settings/expects.ts";
import type { Readings } from "../../words/settings/readings.ts";
import { type Path, valueAt } from "./document.ts";
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
  const { readings, language } = findings.words;
  for (const issue of result.error.issues) {
    const place = [...path, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      const expected = readings.oneOf([...keysAt(schema, issue.path), ...moreKeys]);
      for (const key of issue.keys) findings.addProblem([...place, key], { wrong: readings.noSetting, expected });
      continue;
    }
    if (issue.code === "invalid_key") {
      const expected = issue.issues.map((each) => toExpected(each.message, language) ?? readings.anotherValue);
      findings.addProblem(place, { wrong: readings.badName, expected: expected.join("; ") });
      continue;
    }
    const found = valueAt(value, issue.path);
    const expected = toExpected(issue.message, language) ?? toUsual(issue, found, readings);
    findings.addProblem(place, { wrong: toWrong(issue, found, readings), expected });
  }
  return null;
}

function toWrong(issue: z.core.$ZodIssue, found: unknown, readings: Readings): string {
  if (found === undefined) return readings.missing;
  if (issue.code === "invalid_type") return readings.is[typeOf(found)];
  if (issue.code === "too_small") return readings.tooSmall;
  return issue.code === "too_big" ? readings.tooBig : readings.unusable;
}

/** What a schema expects that does not say so by itself. */
function toUsual(issue: z.core.$ZodIssue, found: unknown, readings: Readings): string {
  switch (issue.code) {
    case "invalid_value":
      return readings.oneOf(issue.values.map(String));
    case "invalid_type": {
      if (issue.expected === "string" && found !== undefined && found !== null) return readings.type.quoted;
      return isType(issue.expected, readings) ? readings.type[issue.expected] : readings.anotherValue;
    }
    case "too_small":
      return toBound(readings.atLeast, issue.origin, String(issue.minimum), issue.inclusive, readings.atLeast.more);
    case "too_big":
      return toBound(readings.atMost, issue.origin, String(issue.maximum), issue.inclusive, readings.atMost.less);
    case "invalid_union":
      return "options" in issue ? readings.oneOf(issue.options?.map(String) ?? []) : readings.anotherValue;
    default:
      return readings.anotherValue;
  }
}

type Bounds = Pick<Readings["atLeast"], "string" | "array" | "number">;

function toBound(
  bounds: Bounds,
  origin: string,
  bound: string,
  isInclusive: boolean | undefined,
  beyond: (bound: string) => string,
): string {
  if (origin === "string" || origin === "array") return bounds[origin](bound);
  return isInclusive === false ? beyond(bound) : bounds.number(bound);
}

function isType(expected: string, { type }: Readings): expected is keyof Readings["type"] {
  return Object.hasOwn(type, expected);
}

function typeOf(value: unknown): keyof Readings["is"] {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "list";
  const type = typeof value;
  if (type === "object") return "mapping";
  return type === "string" || type === "number" || type === "boolean" ? type : "other";
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
