import type { Location } from "./location.ts";

/** Which locations a text names, by their keys, and what else it says. */
export interface NamedIn {
  /** Those whose whole name stands in it, and in no longer one that does. */
  readonly whole: readonly string[];
  /** Where none stands in it whole: those of which it has the first word. */
  readonly half: readonly string[];
  /** What stands around the name where it names one location; else all of it. */
  readonly rest: string;
}

/** Finds the locations that a text names, however it is written: without capitals, accents and marks. */
export type FindLocations = (text: string) => NamedIn;

interface Word {
  readonly form: string;
  /** Where it begins and ends in the text. */
  readonly from: number;
  readonly to: number;
}

interface Span {
  readonly key: string;
  /** Index of its first word, and of the word after its last. */
  readonly from: number;
  readonly to: number;
}

/** A half name of fewer letters says too little. */
const minHalf = 4;
/** Words that lead to a place or a location and are none: "ik zit in de balie van de stadswerf". */
const leading = "ik ben zit sta in op bij van aan de het i am m on at of the".split(" ");

export function createLocationFinder(locations: ReadonlyMap<string, Pick<Location, "name">>): FindLocations {
  const names = Array.from(locations, ([key, { name }]) => ({ key, forms: toWords(name).map(({ form }) => form) }));
  return (text) => {
    const words = toWords(text);
    const all = names.flatMap(({ key, forms }) => findSpans(key, forms, words));
    const spans = all.filter((span) => !all.some((other) => isWithin(span, other)));
    const whole = [...new Set(spans.map(({ key }) => key))];
    if (whole.length > 0) return { whole, half: [], rest: whole.length > 1 ? text : cutOut(spans, words, text) };
    const half = names.filter(({ forms: [first = "", ...others] }) => {
      return others.length > 0 && first.length >= minHalf && words.some(({ form }) => form === first);
    });
    return { whole, half: half.map(({ key }) => key), rest: text };
  };
}

/** A name as it is compared with what people type. */
export function toNameForm(name: string): string {
  return toWords(name)
    .map(({ form }) => form)
    .join(" ");
}

function toWords(text: string): readonly Word[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].flatMap(({ 0: word, index: from }) => {
    const form = word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    return form === "" ? [] : [{ form, from, to: from + word.length }];
  });
}

function findSpans(key: string, forms: readonly string[], words: readonly Word[]): readonly Span[] {
  if (forms.length === 0) return [];
  return words.flatMap((_, from) => {
    const isThere = forms.every((form, at) => words[from + at]?.form === form);
    return isThere ? [{ key, from, to: from + forms.length }] : [];
  });
}

function isWithin(span: Span, other: Span): boolean {
  const isInside = other.from <= span.from && span.to <= other.to;
  return isInside && other.to - other.from > span.to - span.from;
}

/** The text without those names, and without the words that lead to one, or to what is left. */
function cutOut(spans: readonly Span[], words: readonly Word[], text: string): string {
  const isLeading = (at: number) => leading.includes(words[at]?.form ?? "");
  const cut = new Set<number>();
  for (const { from, to } of spans) {
    for (let at = from; at < to; at += 1) cut.add(at);
    for (let at = from - 1; isLeading(at); at -= 1) cut.add(at);
  }
  for (let at = 0; cut.has(at) || isLeading(at); at += 1) cut.add(at);
  let rest = "";
  let end = 0;
  words.forEach(({ from, to }, at) => {
    rest += cut.has(at) ? text.slice(end, from).replace(/\S/gu, " ") : text.slice(end, to);
    end = to;
  });
  return `${rest}${text.slice(end)}`;
}
