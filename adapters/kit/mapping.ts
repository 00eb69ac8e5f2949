import { z } from "zod";
import { Position } from "../../bot/domain/alarm.ts";
import { evaluate, expression } from "./expression.ts";
import { type Reading, toReading, toShare } from "./reading.ts";

/**
 * The schema of a mapping, which says what a message of an unknown device means by expressions over `variables`; null:
 * over any. `press`, `stillPressed`, `test`, `cancel` and `heartbeat` give true or false and the first true one counts,
 * in this order. `battery` gives per cent, 0 to 100; `lat` and `lon` degrees, `accuracyM` metres.
 */
export function mappingOver(variables: readonly string[] | null) {
  const condition = expression("bool", variables);
  const quantity = expression("number", variables).optional();
  return z.strictObject({
    press: condition,
    stillPressed: condition.optional(),
    test: condition.optional(),
    cancel: condition.optional(),
    heartbeat: condition.optional(),
    battery: quantity,
    lat: quantity,
    lon: quantity,
    accuracyM: quantity,
  });
}

/** A mapping over any variables. Unlike with `mappingOver`, a misspelt name shows only when a message comes. */
export const Mapping = mappingOver(null);
export type Mapping = z.infer<typeof Mapping>;

/**
 * Reads a message by its mapping. A message for which no condition is true is a `position` when it has one, else a
 * `heartbeat`. Never throws: an expression that fails or gives no boolean makes the message unreadable, because it may
 * be a press; a wrong quantity is left out.
 */
export function readMapping(mapping: Mapping, variables: Readonly<Record<string, unknown>>): Reading {
  const battery = toShare(evaluateOptional(mapping.battery, variables));
  const position = toPosition(mapping, variables);
  const kind = toKind(mapping, variables, position !== null);
  return toReading(kind, { battery, position, isOn: toIsOn(mapping, kind) });
}

/** Only a mapping with `stillPressed` reads a state, and every message that it can read says whether that is on. */
function toIsOn({ stillPressed }: Mapping, kind: Reading["kind"]): boolean | null {
  if (stillPressed === undefined || kind === "unreadable") return null;
  return kind === "press" || kind === "still-pressed";
}

function toKind(mapping: Mapping, variables: Readonly<Record<string, unknown>>, hasPosition: boolean): Reading["kind"] {
  const conditions = [
    ["press", mapping.press],
    ["still-pressed", mapping.stillPressed],
    ["test", mapping.test],
    ["cancel", mapping.cancel],
    ["heartbeat", mapping.heartbeat],
  ] as const;
  for (const [kind, condition] of conditions) {
    if (condition === undefined) continue;
    const holds = evaluate(condition, variables);
    if (typeof holds !== "boolean") return "unreadable";
    if (holds) return kind;
  }
  return hasPosition ? "position" : "heartbeat";
}

function toPosition(mapping: Mapping, variables: Readonly<Record<string, unknown>>): Position | null {
  const lat = evaluateOptional(mapping.lat, variables);
  const lon = evaluateOptional(mapping.lon, variables);
  const accuracyM = Position.shape.accuracyM.catch(null).parse(evaluateOptional(mapping.accuracyM, variables));
  return Position.safeParse({ lat, lon, accuracyM }).data ?? null;
}

function evaluateOptional(text: string | undefined, variables: Readonly<Record<string, unknown>>): unknown {
  return text === undefined ? null : evaluate(text, variables);
}
