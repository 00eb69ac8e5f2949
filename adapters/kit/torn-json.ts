/**
 * The text of the field `name` in a message that is no JSON, because it broke off or because its sender put something
 * into it that JSON does not know; "" when there is none. Only a value with its closing mark is read, and only when all
 * fields of that name say the same, since a wrong room is worse than none. In a list nobody knows whose the rest is, so
 * that nothing of it is read. Never throws.
 */
export function findText(message: Buffer, name: string): string {
  const text = message.toString("utf8");
  if (!/^\s*\{/.test(text)) return "";
  const found = new Set(
    [...text.matchAll(toPattern(name))].map(([, , quoted, single, number]) => {
      return quoted === undefined ? (single ?? number ?? "") : toUnescaped(quoted);
    }),
  );
  const [only = ""] = found;
  return found.size === 1 ? only : "";
}

/** Whether all that was opened in the message was closed again, so that nothing of it broke off. */
export function isClosed(message: Buffer): boolean {
  const text = message.toString("utf8").trim();
  const count = (mark: string) => text.split(mark).length;
  return text.startsWith("{") && text.endsWith("}") && count("{") === count("}") && count("[") === count("]");
}

/**
 * Finds `"name": "value"`, also in single quotes as Python prints it, and a number that something follows. What is
 * longer than this is no name.
 */
function toPattern(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const value = String.raw`(?:"((?:[^"\\]|\\.){0,500})"|'([^'\\]{0,500})'|(-?\d{1,20}(?:\.\d{1,20})?)(?=\s*[,}\]]))`;
  return new RegExp(String.raw`(["'])${escaped}\1\s*:\s*${value}`, "gs");
}

/** The text between the marks; "" for one that JSON does not know. */
function toUnescaped(quoted: string): string {
  try {
    return String(JSON.parse(`"${quoted}"`));
  } catch (error) {
    if (error instanceof SyntaxError) return "";
    throw error;
  }
}
