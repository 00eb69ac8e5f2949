/** Thrown to have a work run by itself: it asks for what is not held in memory. It is no failure of the work. */
export class NotTogether extends Error {}

/** Thrown when a group finds rows otherwise than it has read them, so that each of its works runs by itself. */
export class ChangedMeanwhile extends Error {}

/** Throws unless as many rows were written as there should be: another process may have changed the others. */
export function requireAll(rows: readonly unknown[], written: { readonly changed: number }): void {
  if (written.changed !== rows.length) throw new ChangedMeanwhile(`${written.changed} of ${rows.length} rows changed`);
}
