import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar, visit, type YAMLError } from "yaml";
import type { Language } from "../../domain/language.ts";
import { type Problems, problems } from "../../words/settings/problems.ts";
import { ConfigurationError } from "../configuration-error.ts";

/** Keys and list positions from the top of the file to a value. */
export type Path = readonly PropertyKey[];

/** A configuration file that is YAML. */
export interface Document {
  readonly value: unknown;
  /** Line and column, from 1, of the value at that path, or of the nearest thing above it that is there. */
  locate(path: Path): { readonly line: number; readonly column: number };
}

/** Reads YAML 1.2. Throws ConfigurationError naming every place where it is not. */
export function parseYaml(file: string, text: string): Document {
  // Pretty errors quote the line they stand in, and that line may hold a secret.
  const document = parseDocument(text, { prettyErrors: false });
  const at = createLocator(text);
  const language: Language = isMap(document.contents) && document.get("language") === "en" ? "en" : "nl";
  const words = problems[language].yaml;
  const errors = document.errors.map((error) => ({ ...at(error.pos[0]), ...describeError(error, words) }));
  visit(document, {
    // A configuration is short enough to be written out, and an alias could refer to nothing or grow without end.
    Alias(_key, node) {
      errors.push({ ...at(node.range?.[0] ?? 0), ...words.alias });
    },
    Pair(_key, { key }) {
      if (!isScalar(key)) return;
      // It would be left out further on, and nobody would notice.
      if (key.value === "__proto__") errors.push({ ...at(key.range?.[0] ?? 0), ...words.forbiddenKey });
      if (!isKeptAsWritten(key)) errors.push({ ...at(key.range?.[0] ?? 0), ...words.changedKey });
    },
  });
  if (errors.length > 0) {
    const found = errors.map((error) => ({ path: "", ...error }));
    throw new ConfigurationError(file, found, { language });
  }
  return { value: document.toJS(), locate: (path) => at(offsetOf(document.contents, path)) };
}

/** Creates what says in which line and column an offset lies, both from 1; most files are never asked. */
function createLocator(text: string): (offset: number) => { readonly line: number; readonly column: number } {
  let counted: LineCounter | undefined;
  return (offset) => {
    counted ??= countLines(text);
    const { line, col } = counted.linePos(offset);
    return { line, column: col };
  };
}

function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return lines;
}

/** Returns the value at that path; undefined when there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );
}

/**
 * Whether a key without quotes stays what it is: of an account 001234, 12E4 or 0xABC a number would be left that no
 * panel has.
 */
function isKeptAsWritten({ value, source }: Scalar): boolean {
  return typeof value === "string" || source === undefined || String(value ?? "") === source;
}

/** Finds the offset of the value at that path, or of the nearest thing above it that is there. */
function offsetOf(contents: unknown, path: Path): number {
  let node = contents;
  let offset = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) break;
      offset = (isScalar(pair.key) && pair.key.range?.[0]) || offset;
      node = pair.value;
      continue;
    }
    if (!isSeq(node)) break;
    node = node.items[Number(step)];
    if (isMap(node) || isSeq(node) || isScalar(node)) offset = node.range?.[0] ?? offset;
  }
  return offset;
}

/** Describes an error in our own words, because the library's may quote the text it failed on. */
function describeError({ code }: YAMLError, words: Problems["yaml"]): { wrong: string; expected: string } {
  if (code === "DUPLICATE_KEY") return words.twice;
  if (code === "TAB_AS_INDENT") return words.tab;
  return code === "BAD_INDENT" ? words.indent : words.notYaml(code);
}
