import { createHash } from "node:crypto";
import { kinds, mask, times } from "./by-chance.ts";
import type { Received } from "./recorder.ts";

/** Where the names of ids hang on each other, as a reply's on its root's, so many rounds carry them all the way. */
const rounds = 3;

interface Line {
  /** In order of arrival. */
  readonly index: number;
  readonly fake: string;
  readonly at: number | null;
  readonly text: string;
  readonly ids: readonly string[];
}

/**
 * The messages with names in the place of what is made by chance, and sorted: the same whatever the order of arrival.
 */
export function toNamed(received: readonly Received[], onRealClock: boolean): readonly Received[] {
  const kindOf = new Map<string, string>();
  const texts = received.map(({ message }) => mask(JSON.stringify(message), onRealClock ? times : []));
  for (const text of texts) {
    for (const [kind, shape] of Object.entries(kinds)) for (const id of text.match(shape) ?? []) kindOf.set(id, kind);
  }
  const anyId = new RegExp([...kindOf.keys()].join("|") || "$^", "g");
  const lines = received.map(({ fake, at }, index): Line => {
    const text = texts[index] ?? "";
    return { index, fake, at, text, ids: text.match(anyId) ?? [] };
  });
  const names = toNames(kindOf, lines, anyId);
  return toSorted(lines, ({ text }) => text.replace(anyId, (id) => names.get(id) ?? id)).map(({ fake, at, text }) => {
    return { fake, at, message: JSON.parse(text.replace(anyId, (id) => names.get(id) ?? id)) };
  });
}

function toSorted(lines: readonly Line[], read: (line: Line) => string): readonly Line[] {
  return lines
    .map((line) => ({ line, text: read(line) }))
    .sort((a, b) => (a.line.at ?? 0) - (b.line.at ?? 0) || compare(a.line.fake, b.line.fake) || compare(a.text, b.text))
    .map(({ line }) => line);
}

/**
 * Numbers ids in the order of the record without them. Where that tells two apart by nothing, what a story itself asked
 * of the bot stands in the order in which it did, and all else by what is said with it, of incidents first: one race
 * must not give all of them other numbers. What stands in one message only needs no number, so that one message more or
 * less moves no other's.
 */
function toNames(kindOf: ReadonlyMap<string, string>, lines: readonly Line[], anyId: RegExp): Map<string, string> {
  const places = [...kindOf].map(([id, kind]) => ({ id, kind, around: lines.filter(({ ids }) => ids.includes(id)) }));
  let known: ReadonlyMap<string, string> = kindOf;
  for (let round = 0; round < rounds; round += 1) {
    const before = known;
    const tell = (id: string, own: string) => (id === own ? "<this>" : (before.get(id) ?? ""));
    known = new Map(
      places.map(({ id, around }) => {
        const said = around.map(
          ({ at, fake, text }) => `${at} ${fake} ${text.replace(anyId, (each) => tell(each, id))}`,
        );
        return [id, createHash("sha256").update(said.sort().join("\n")).digest("hex")];
      }),
    );
  }
  const names = new Map(places.map(({ id, kind }) => [id, `<${kind}>`]));
  const shared = new Set(places.filter(({ around }) => around.length > 1).map(({ id }) => id));
  const counts = new Map<string, number>();
  const all = (text: string) => text.replace(anyId, (id) => known.get(id) ?? id);
  for (const isOfIncidents of [true, false]) {
    const read = ({ index, fake, text }: Line) => {
      const told = text.replace(anyId, (id) => names.get(id) ?? id);
      return `${told} ${fake === "client" ? String(index).padStart(9, "0") : all(text)}`;
    };
    for (const id of new Set(toSorted(lines, read).flatMap(({ ids }) => ids))) {
      const kind = kindOf.get(id) ?? "";
      if (!shared.has(id) || (kind === "id") !== isOfIncidents) continue;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      names.set(id, `<${kind}${counts.get(kind)}>`);
    }
  }
  return names;
}

/** By code points: the same on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
