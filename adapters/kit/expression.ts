import { type ASTNode, Environment, type ParseResult } from "@marcbachmann/cel-js";
import { z } from "zod";
import { expects } from "../../bot/words/settings/expects.ts";

/** A longer expression is a program, and does not belong in a configuration. */
const maxTextLength = 1000;
/** More values than this in one message come from no button. */
const maxValues = 2000;
/** What one evaluation may cost: each is a look at a character or a value, at some nanoseconds. */
const maxSteps = 5_000_000;

/**
 * The functions that an expression may call. Those that can take for ever or make large values from small ones, such as
 * regular expressions and lists made of lists, are left out, because an expression that hangs holds up all alarms.
 */
const callable = new Set([
  ...["has", "size", "int", "double", "string", "bool"],
  ...["contains", "startsWith", "endsWith", "lowerAscii", "upperAscii", "trim", "substring", "indexOf"],
]);
/** Functions that evaluate an expression for each element. One inside another would take n × n steps. */
const perElement = new Set(["all", "exists", "exists_one"]);

/** Operations that look at all of a text or a list, besides functions. */
const lengthy = new Set<string>(["==", "!=", "in", "+", "<", "<=", ">", ">="]);
/** Functions that may look at every character of a text for every one of another, and how many of them at a step. */
const searching = new Set(["contains", "indexOf"]);
const searchedAtOnce = 64;

/** How many parts of an expression take long, once or for each element. */
interface Work {
  each: number;
  searches: number;
  searchesEach: number;
}

interface Compiled {
  readonly program: ParseResult;
  readonly work: Work;
}

/** `length`: characters and values together; `widest`: the most elements of one list or object. */
interface Size {
  readonly length: number;
  readonly widest: number;
}

const options = { homogeneousAggregateLiterals: false, limits: { maxAstNodes: 300, maxDepth: 40 } };
const anyVariables = withJsonNumbers(new Environment({ ...options, unlistedVariablesAreDyn: true }));
const compiled = new Map<string, Compiled>();

/**
 * The value of `text`, with CEL's integers as numbers; null when it has none with these variables, or when they are so
 * long that finding it would hold up all alarms. Never throws.
 */
export function evaluate(text: string, variables: Readonly<Record<string, unknown>>): unknown {
  const size = measure(variables);
  if (size === null) return null;
  try {
    const { program, work } = compile(text);
    if (countSteps(work, size) > maxSteps) return null;
    const value: unknown = program(variables);
    return typeof value === "bigint" ? Number(value) : value;
  } catch {
    // A field that is not there, a type that does not fit, a value nested too deep: all of it is "no value".
    return null;
  }
}

/**
 * An expression in the Common Expression Language, https://github.com/google/cel-spec/blob/master/doc/langdef.md,
 * checked when the configuration is read. `result`: what it must evaluate to. `variables`: the names it may use; null
 * for any.
 */
export function expression(result: "bool" | "number", variables: readonly string[] | null) {
  const environment = variables === null ? anyVariables : withVariables(variables);
  return z.string().superRefine((text, context) => {
    const fault = findFault(text, environment, result === "bool" ? ["bool"] : ["int", "uint", "double"]);
    if (fault === null) return;
    const message = expects(result === "bool" ? "boolExpression" : "numberExpression", fault);
    context.addIssue({ code: "custom", message });
  });
}

function findFault(text: string, environment: Environment, types: readonly string[]): string | null {
  if (text.length > maxTextLength) return expects("longExpression", maxTextLength);
  try {
    const program = environment.parse(text);
    const { valid, type = "", error } = program.check();
    if (!valid) return error?.summary ?? expects("unfitting");
    if (![...types, "dyn"].includes(type)) return expects("givesOther", type);
    return findForbidden(program.ast, false);
  } catch (error) {
    return isCelError(error) ? `${error.summary}${toPlace(error.range)}` : expects("tooDeep");
  }
}

/** The first call that is not allowed, in words. */
function findForbidden(node: ASTNode, isInside: boolean): string | null {
  const name = node.op === "call" || node.op === "rcall" ? node.args[0] : null;
  const isPerElement = name !== null && perElement.has(name);
  if (name !== null && !isPerElement && !callable.has(name)) return expects("noFunction", name);
  if (isPerElement && isInside) return expects("noFunctionInside", name);
  for (const child of toChildren(node.args)) {
    const found = findForbidden(child, isInside || isPerElement);
    if (found !== null) return found;
  }
  return null;
}

function toChildren(args: ASTNode["args"]): ASTNode[] {
  const parts: unknown[] = Array.isArray(args) ? args.flat(2) : [args];
  return parts.filter(isNode);
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === "object" && part !== null && "op" in part;
}

function isCelError(error: unknown): error is { summary: string; range?: { start: number } } {
  return error instanceof Error && "summary" in error && typeof error.summary === "string";
}

function toPlace(range: { start: number } | undefined): string {
  return range === undefined ? "" : ` at character ${range.start + 1}`;
}

function compile(text: string): Compiled {
  const known = compiled.get(text);
  if (known) return known;
  const program = anyVariables.parse(text);
  const work = { each: 0, searches: 0, searchesEach: 0 };
  addWork(program.ast, false, work);
  compiled.set(text, { program, work });
  return { program, work };
}

/** Counts what takes longer in a longer message; besides searches that is little where it is done once. */
function addWork(node: ASTNode, isEach: boolean, work: Work): void {
  const name = node.op === "call" || node.op === "rcall" ? node.args[0] : null;
  const isPerElement = isEach || (name !== null && perElement.has(name));
  if (isEach && (name !== null || lengthy.has(node.op))) work.each += 1;
  if (
    name !== null &&
    searching.has(name) &&
    !toChildren(node.args)
      .slice(-1)
      .every(({ op }) => op === "value")
  ) {
    work[isPerElement ? "searchesEach" : "searches"] += 1;
  }
  for (const child of toChildren(node.args)) addWork(child, isPerElement, work);
}

/** The most steps that it can take over a message of that size. */
function countSteps({ each, searches, searchesEach }: Work, { length, widest }: Size): number {
  return each * widest * length + ((searches + searchesEach * widest) * length ** 2) / searchedAtOnce;
}

function withVariables(names: readonly string[]): Environment {
  const environment = withJsonNumbers(new Environment(options));
  for (const name of names) environment.registerVariable(name, "dyn");
  return environment;
}

/**
 * Adds arithmetic between doubles and integers, because every number of JSON is a double and nobody writes `/ 100.0`:
 * CEL alone would refuse `battery / 100`.
 */
function withJsonNumbers(environment: Environment): Environment {
  const operations: Record<string, (left: number, right: number) => number> = {
    "+": (left, right) => left + right,
    "-": (left, right) => left - right,
    "*": (left, right) => left * right,
    "/": (left, right) => left / right,
  };
  for (const [sign, calculate] of Object.entries(operations)) {
    for (const signature of [`double ${sign} int`, `int ${sign} double`]) {
      environment.registerOperator(signature, (left, right) => calculate(Number(left), Number(right)));
    }
  }
  return environment;
}

/**
 * The size of a value; null when it has too many parts. Counts without recursion, because a sender may nest the values
 * to any depth.
 */
function measure(value: unknown): Size | null {
  const waiting = [value];
  let length = 0;
  let widest = 0;
  for (let count = 0; waiting.length > 0; count += 1) {
    if (count > maxValues || waiting.length > maxValues) return null;
    const next = waiting.pop();
    length += typeof next === "string" ? next.length : 1;
    if (typeof next !== "object" || next === null) continue;
    const parts = Object.entries(next);
    widest = Math.max(widest, parts.length);
    if (waiting.length + parts.length > maxValues + 1) return null;
    for (const [name, part] of parts) {
      if (!Array.isArray(next)) length += name.length;
      waiting.push(part);
    }
  }
  return { length, widest };
}
