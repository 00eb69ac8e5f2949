import { createHash } from "node:crypto";
import type { Received } from "./recorder.ts";

/** Everything made by chance that has the same meaning wherever it stands: each gets a name of its own. */
const kinds: Readonly<Record<string, RegExp>> = {
  // Ids of the house's people, the tenant and the bot are made up of one digit, and stay.
  id: /\b(?!(\d)\1{7}-)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g,
  // Of a message in Teams: concurrent posts may take them in either order.
  message: /\b1795476602\d{3}\b/g,
  // Of a test of the routes.
  test: /(?<=test\.[a-z0-9-]{1,40}\.)[0-9a-f]{16}\b/g,
  // What a page's key is for providers that take 32 characters.
  key: /\b[0-9a-f]{32}\b/g,
  // Of a SIA DC-09 frame: the first one is drawn by lot.
  sequence: /\bsequence-\d{4}\b/g,
};

/** Everything made by chance that means nothing more than that it is there. */
const masks: readonly (readonly [RegExp, string])[] = [
  // The address that the configuration says, port 1, stays.
  [/(?<=127\.0\.0\.1:)\d{2,5}\b/g, "<port>"],
  // Behind a guard's link: 32 bytes.
  [/(?<=\.)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g, "<token>"],
];

/** What the machine's own clock says, in a story that runs on it. */
const times: readonly (readonly [RegExp, string])[] = [
  [/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<moment>"],
  [/\b\d\d-\d\d-20\d\d\b/g, "<day>"],
  [/\b\d\d:\d\d(:\d\d)?\b/g, "<time>"],
  [/(?<="webhook-timestamp":")\d+/g, "<seconds>"],
];

/** Where the names of ids hang on each other, as a reply's on its root's, so many rounds carry them all the way. */
const rounds = 3;

interface Line {
  readonly fake: string;
  readonly at: number | null;
  readonly text: string;
  readonly ids: ReadonlySet<string>;
}

/** The messages with names in the place of what is made by chance, and sorted: the same whatever the order of arrival. */
export function toNamed(received: readonly Received[], onRealClock: boolean): readonly Received[] {
  const kindOf = new Map<string, string>();
  const texts = received.map(({ message }) => mask(JSON.stringify(message), onRealClock ? times : []));
  for (const text of texts) {
    for (const [kind, shape] of Object.entries(kinds)) for (const id of text.match(shape) ?? []) kindOf.set(id, kind);
  }
  const anyId = new RegExp([...kindOf.keys()].join("|") || "$^", "g");
  const lines = received.map(({ fake, at }, index): Line => {
    const text = texts[index] ?? "";
    return { fake, at, text, ids: new Set(text.match(anyId)) };
  });
  const names = toNames(kindOf, lines, anyId);
  return lines
    .map((line) => ({ ...line, text: line.text.replace(anyId, (id) => names.get(id) ?? id) }))
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0) || compare(a.fake, b.fake) || compare(a.text, b.text))
    .map(({ fake, at, text }) => ({ fake, at, message: JSON.parse(text) }));
}

function mask(text: string, more: typeof masks): string {
  return [...masks, ...more].reduce((masked, [shape, name]) => masked.replace(shape, name), text);
}

/** Numbers ids by when they first came, and then by all that is said with them: never by who came first. */
function toNames(kindOf: ReadonlyMap<string, string>, lines: readonly Line[], anyId: RegExp): Map<string, string> {
  const places = [...kindOf].map(([id, kind]) => {
    const around = lines.filter(({ ids }) => ids.has(id));
    return { id, kind, around, at: Math.min(...around.map(({ at }) => at ?? 0)) };
  });
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
  const sorted = places.sort((a, b) => a.at - b.at || compare(known.get(a.id) ?? "", known.get(b.id) ?? ""));
  const counts = new Map<string, number>();
  return new Map(
    sorted.map(({ id, kind }) => {
      const number = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, number);
      return [id, `<${kind}${number}>`];
    }),
  );
}

/** By code points: the same on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
