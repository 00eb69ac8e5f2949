import { createHash } from "node:crypto";
import type { Received } from "./recorder.ts";

/** A part that fits in it stands in one line. */
const width = 160;
/** A part that is shorter is written out every time. */
const worthAName = 60;

/**
 * The record as text, a message under the moment and the fake. What comes again is written once, as YAML does it:
 * `&name` before it there, and `*name` in its other places. The name is made of what it says.
 */
export function render(received: readonly Received[]): string {
  const counts = new Map<string, number>();
  for (const { message } of received) count(message, counts);
  const written = new Set<string>();
  const blocks = received.map(({ fake, at, message }) => {
    const moment = at === null ? "" : `+${at / 1000}s `;
    return `${moment}${fake} ${write(message, "", counts, written)}`;
  });
  return blocks.length === 0 ? "nothing" : blocks.join("\n");
}

/** How often each part is to be written; what is in a part that comes again is in it once. */
function count(value: unknown, counts: Map<string, number>): void {
  if (typeof value !== "object" || value === null) return;
  const key = JSON.stringify(value);
  const times = (counts.get(key) ?? 0) + 1;
  counts.set(key, times);
  if (times > 1 && key.length >= worthAName) return;
  for (const part of Object.values(value)) count(part, counts);
}

function write(value: unknown, margin: string, counts: ReadonlyMap<string, number>, written: Set<string>): string {
  const key = JSON.stringify(value);
  if (typeof value !== "object" || value === null) return key;
  let mark = "";
  if (key.length >= worthAName && (counts.get(key) ?? 0) > 1) {
    const name = createHash("sha256").update(key).digest("hex").slice(0, 5);
    if (written.has(key)) return `*${name}`;
    written.add(key);
    mark = `&${name} `;
  }
  const inner = `${margin} `;
  const isList = Array.isArray(value);
  const parts = Object.entries(value).map(([name, part]) => {
    return `${isList ? "" : `${name}: `}${write(part, inner, counts, written)}`;
  });
  const [open, close] = isList ? "[]" : "{}";
  const line = `${mark}${open}${parts.join(", ")}${close}`;
  if (margin.length + line.length <= width && !line.includes("\n")) return line;
  return `${mark}${open}\n${parts.map((part) => `${inner}${part}\n`).join("")}${margin}${close}`;
}
