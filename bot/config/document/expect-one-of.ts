/** Says what was expected where only known names will do: "one of a, b, c"; "nothing here" when none is known. */
export function expectOneOf(known: readonly string[]): string {
  if (known.length === 0) return "nothing here";
  return known.length === 1 ? `${known[0]}` : `one of ${known.join(", ")}`;
}
