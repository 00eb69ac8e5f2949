const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** A row as `copy … from stdin` reads it (postgresql.org/docs/current/sql-copy.html, "Text Format"). */
export function toCopyText(values: readonly unknown[]): string {
  return `${values.map(toField).join("\t")}\n`;
}

function toField(value: unknown): string {
  if (value === null) return "\\N";
  return String(value).replace(/[\\\t\n\r]/g, (sign) => escapes[sign] ?? sign);
}
