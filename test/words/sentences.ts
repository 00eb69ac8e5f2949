/** What the words say in both languages, by its path in them. */
export interface Sentence {
  readonly path: string;
  readonly nl: string;
  readonly en: string;
}

type Words = (...given: unknown[]) => unknown;

/**
 * Small numbers read well as names too. Where one, none or nothing makes another sentence, that one stands beside it.
 */
const given: readonly (readonly [name: string, at: (place: number) => unknown, list: readonly unknown[]])[] = [
  ["", (place) => place + 2, [2, 3]],
  [" (1)", () => 1, [1]],
  [" (0)", () => 0, []],
  [" (null)", () => null, []],
];

/** Every sentence of those words, which have the same keys in both languages. */
export function toSentences(nl: unknown, en: unknown, path = ""): readonly Sentence[] {
  if (typeof nl === "string" && typeof en === "string") return [{ path, nl, en }];
  if (typeof nl === "function" && typeof en === "function") return toCalled(nl as Words, en as Words, path);
  const keys = Object.keys(nl as object);
  const others = Object.keys(en as object);
  if (keys.join() !== others.join()) throw new Error(`${path} has other keys in English: ${others}, not ${keys}`);
  return keys.flatMap((key) => {
    const [dutch, english] = [nl, en].map((words) => (words as Record<string, unknown>)[key]);
    return toSentences(dutch, english, path === "" ? key : `${path}.${key}`);
  });
}

function toCalled(nl: Words, en: Words, path: string): readonly Sentence[] {
  const seen = new Set<string>();
  return given.flatMap(([name, at, list]) => {
    const said = toSentences(call(nl, at, list), call(en, at, list), path + name);
    const shape = said.map((each) => `${each.nl}${each.en}`.replace(/\d+|null|[\s,*]/gi, "")).join();
    return seen.size === seen.add(shape).size ? [] : said;
  });
}

/** Who is not content with numbers takes a list of them in the last place. */
function call(words: Words, at: (place: number) => unknown, list: readonly unknown[]): unknown {
  const numbers = Array.from({ length: words.length }, (_, place) => at(place));
  try {
    return words(...numbers);
  } catch {
    return words(...numbers.slice(0, -1), list);
  }
}
