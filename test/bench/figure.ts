/** One measured figure beside what it should be. `ok` null: for comparison only. */
export interface Figure {
  readonly part: string;
  readonly name: string;
  readonly target: string;
  readonly value: string;
  readonly ok: boolean | null;
}

/** Milliseconds between two moments of the monotonic clock, which all processes of a machine share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The value below which `part` (0 to 1) of the values lie; NaN when there are none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** A figure that must not be above a limit. */
export function atMost(part: string, name: string, value: number, limit: number, unit: string, detail = ""): Figure {
  return { part, name, target: `≤ ${limit}${unit}`, value: `${round(value)}${unit}${detail}`, ok: value <= limit };
}

/** A figure that must not be below a limit. */
export function atLeast(part: string, name: string, value: number, limit: number, unit: string, detail = ""): Figure {
  return { part, name, target: `≥ ${limit}${unit}`, value: `${round(value)}${unit}${detail}`, ok: value >= limit };
}

/** A line that stands beside the figures and has no target. */
export function beside(part: string, name: string, value: string): Figure {
  return { part, name, target: "", value, ok: null };
}

/** Three digits that count, no more. */
export function round(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return String(Math.round(value));
  return value.toPrecision(3);
}

/** The figures as a table for a terminal. */
export function toTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ part, name, target, value, ok }) => [
    part,
    name,
    target,
    value,
    ok === null ? "" : ok ? "ok" : "NOT",
  ]);
  const all = [["part", "figure", "target", "measured", ""], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
