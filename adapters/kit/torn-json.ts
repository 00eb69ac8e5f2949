/** The name of a field; null for any field or element. */
type Step = string | null;

/**
 * The text of the field at that path, from the outside in, in a message that is no JSON, because it broke off or
 * because its sender put something into it that JSON does not know; "" when there is none. Only a value that came
 * whole, with a mark behind it that ends the field, is read, and only when all fields at that path say the same, since
 * a wrong room is worse than none. In a list, or in several messages behind each other, nobody knows whose the rest is,
 * so that nothing of them is read. Never throws.
 */
export function findText(message: Buffer, ...path: readonly Step[]): string {
  const found = new Set<string>();
  const end = walk(message, (levels, value) => {
    const isThere =
      levels.length === path.length && path.every((step, at) => step === null || isNamed(levels[at], step));
    // Two are enough to know that they differ.
    if (isThere && found.size < 2) found.add(value);
  });
  const [only = ""] = found;
  return end !== "not-one" && found.size === 1 ? toText(only) : "";
}

/** Whether the message is one object in which all that was opened was closed again, so that nothing of it broke off. */
export function isClosed(message: Buffer): boolean {
  return walk(message, () => {}) === "closed";
}

/** An object or list that is open; `name` and `value` are those of its present field, as they stand there. */
interface Level {
  readonly close: "}" | "]";
  name: string | null;
  /** null before anything of it came; "" when it is more than one text or number. */
  value: string | null;
}

/** No message that names a button is deeper. */
const maxDepth = 100;

/**
 * Calls `onField` at the end of each field and element; tells whether the message is one object, closed or still open.
 */
function walk(
  message: Buffer,
  onField: (levels: readonly Level[], value: string) => void,
): "closed" | "open" | "not-one" {
  const levels: Level[] = [];
  let isBegun = false;
  for (const token of toTokens(message.toString("utf8"))) {
    const level = levels.at(-1);
    if (level === undefined) {
      if (isBegun || token !== "{") return "not-one";
      isBegun = true;
      levels.push({ close: "}", name: null, value: null });
    } else if (token === "{" || token === "[") {
      level.value = "";
      if (levels.length === maxDepth) return "not-one";
      levels.push({ close: token === "{" ? "}" : "]", name: null, value: null });
    } else if (token === ":" && level.name === null) {
      level.name = level.value ?? "";
      level.value = null;
    } else if (token === "," || token === "}" || token === "]") {
      if (level.value !== null && (level.name !== null || level.close === "]")) onField(levels, level.value);
      level.name = null;
      level.value = null;
      if (token !== ",") levels.pop();
      if (token !== "," && token !== level.close) return "not-one";
    } else {
      level.value = level.value === null ? token : "";
    }
  }
  return isBegun && levels.length === 0 ? "closed" : "open";
}

/** The marks of JSON, texts with their quotes, double or single as Python prints them, and what else stands there. */
function* toTokens(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const mark = text[at] ?? "";
    if (spaces.includes(mark)) {
      at += 1;
      continue;
    }
    const isQuote = mark === '"' || mark === "'";
    const end = isQuote ? findQuote(text, mark, at + 1) : marks.includes(mark) ? at + 1 : findEnd(text, at + 1);
    if (end === null) return;
    yield text.slice(at, end);
    at = end;
  }
}

const marks = "{}[]:,";
/** With the zero bytes that some senders put behind, and the byte order mark that others put in front. */
const spaces = " \t\r\n\0\uFEFF";
const wordEnds = `${marks}${spaces}"'`;

/** Where the text ends that such a quote began; null when it breaks off. */
function findQuote(text: string, quote: string, start: number): number | null {
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return null;
}

/** Where a word ends that has no quotes. */
function findEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !wordEnds.includes(text[at] ?? "")) at += 1;
  return at;
}

function isNamed(level: Level | undefined, name: string): boolean {
  return level?.name === `"${name}"` || level?.name === `'${name}'`;
}

/** What a value says; "" for what is no text or number, for a text that JSON does not know, and for one too long. */
function toText(value: string): string {
  if (value.length > 502) return "";
  if (/^-?\d{1,20}(\.\d{1,20})?$/.test(value)) return value;
  if (value.startsWith("'")) return value.includes("\\") ? "" : value.slice(1, -1);
  try {
    return value.startsWith('"') ? String(JSON.parse(value)) : "";
  } catch (error) {
    if (error instanceof SyntaxError) return "";
    throw error;
  }
}
