/**
 * The one seam between stored text and our types: reads back what this program itself wrote as a `T`; null when it is
 * no JSON any more, because a disk loses parts of what it holds. Nothing else is checked here, because a schema parse
 * of every incident would cost more than the rest of a press. What guards it: only this folder writes the database, one
 * process owns it, and an incident carries its shape (see `incidentShape`). Text from outside never comes through here;
 * that is parsed by zod at its own edge.
 */
export function fromJson<T>(text: string): T | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether something that was read has fields; a list has none. */
export function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
