/**
 * Makes a record of what has names from outside. Nothing is found in it that was not put there, such as what every
 * object is born with under "constructor".
 */
export function toNamed<T>(entries: Iterable<readonly [string, T]>): Readonly<Record<string, T>> {
  const named: Record<string, T> = Object.create(null);
  for (const [name, each] of entries) named[name] = each;
  return named;
}
