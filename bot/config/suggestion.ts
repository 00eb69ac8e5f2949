/** Steps from one word to another: one letter added, left out, changed, or swapped with its neighbour. */
function distance(from: string, to: string): number {
  const rows: number[][] = [];
  const cell = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let i = 0; i <= from.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      rows[i]?.push(
        i === 0
          ? j
          : Math.min(
              cell(i - 1, j) + 1,
              cell(i, j - 1) + 1,
              cell(i - 1, j - 1) + (same ? 0 : 1),
              swapped ? cell(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
            ),
      );
    }
  }
  return cell(from.length, to.length);
}

/** The known word that somebody probably meant by `given`; null when none is near. */
function suggest(given: string, known: readonly string[]): string | null {
  // Longer is no slip of the finger, and the comparison costs the product of both lengths.
  if (given.length > 60) return null;
  const near = known
    .map((word) => ({ word, steps: distance(given.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, steps }) => steps <= Math.max(1, Math.floor(word.length / 3)))
    .sort((a, b) => a.steps - b.steps);
  return near[0]?.word ?? null;
}

/** "one of a, b, c (did you mean b?)"; "nothing here" when nothing is known. */
export function expectOneOf(known: readonly string[], given: unknown): string {
  if (known.length === 0) return "nothing here";
  const meant = typeof given === "string" ? suggest(given, known) : null;
  const list = known.length === 1 ? known[0] : `one of ${known.join(", ")}`;
  return meant === null ? `${list}` : `${list} (did you mean ${meant}?)`;
}
