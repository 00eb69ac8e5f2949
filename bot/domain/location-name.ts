import type { Location } from "./location.ts";
import { isOneSlip } from "./one-slip.ts";

/** Which locations a text names, by their keys, and what else it says. */
export interface NamedIn {
  /** Those whose whole name stands in it, and in no longer one that does. */
  readonly whole: readonly string[];
  /** Those of which it has a part, or the name with a slip, joined or split; beside a whole name what says more. */
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

/** A part of a name that stands for it has as many letters; one that stands inside a word, as a slip asks for. */
const minHalf = 3;
const minPart = 4;
/** Words that lead to a place or a location and are none: "ik zit in de balie van de stadswerf". */
const leading = new Set("ik ben zit sta in op bij van aan de het een met naar i am m on at of the a with".split(" "));
/** Words of any building, which name a location only where they stand in its name as they are. */
const ofAnyPlace = new Set(
  "kamer spreekkamer balie gang ingang hal trap zaal lift deur kantoor room desk hall door office".split(" "),
);

type Called = Pick<Location, "name" | "aliases">;

export function createLocationFinder(locations: ReadonlyMap<string, Called>): FindLocations {
  const names = [...locations].flatMap(([key, { name, aliases }]) =>
    [name, ...aliases].map((each): Name => ({ key, forms: toWords(each).map(({ form }) => form) })),
  );
  return (text) => {
    const words = toWords(text);
    const all = names.flatMap(({ key, forms }) => findSpans(key, forms, words));
    const spans = all.filter((span) => !all.some((other) => isWithin(span, other)));
    const whole = [...new Set(spans.map(({ key }) => key))];
    const half = [...new Set(findHalves(names, words, spans))].filter((key) => !whole.includes(key));
    return { whole, half, rest: whole.length === 1 && half.length === 0 ? cutOut(spans, words, text) : text };
  };
}

/** A name of a location, or an alias. */
interface Name {
  readonly key: string;
  readonly forms: readonly string[];
}

/** Letters of all words of a text, each a bit. */
type Letters = bigint;

/** Some words of the text as one. */
interface Piece {
  readonly form: string;
  /** Whether it is one word as it was typed. */
  readonly isWord: boolean;
  /** Its first letter, counted in all words. */
  readonly from: number;
}

/** More words than this are joined into no part of a name: "stads werf", "wijk team oost". */
const maxJoined = 3;

/**
 * The locations of which the text has a part, and of no other one more in the same letters. Beside whole names those
 * alone of which it says more.
 */
function findHalves(names: readonly Name[], words: readonly Word[], whole: readonly Span[]): readonly string[] {
  const starts = words.map((_, at) => words.slice(0, at).reduce((sum, { form }) => sum + form.length, 0));
  const pieces = toPieces(words, starts);
  const known = new Map<string, Letters>();
  const lettersOf = (part: string) => {
    const letters = known.get(part) ?? pieces.reduce((all, piece) => all | toLetters(piece, part), none);
    known.set(part, letters);
    return letters;
  };
  const found = names.flatMap(({ key, forms }) => {
    const letters = forms.reduce((all, form) => all | lettersOf(form), lettersOf(forms.join("")));
    return letters === none ? [] : [{ key, letters }];
  });
  const said = whole.map(({ from, to }) => {
    return words.slice(from, to).reduce((all, { form }, at) => all | toBits(starts[from + at] ?? 0, form.length), none);
  });
  const all = new Set([...said, ...found.map(({ letters }) => letters)]);
  return found.flatMap(({ key, letters }) => {
    const isMore = said.length === 0 || said.some((each) => isLess(each, letters));
    return isMore && ![...all].some((other) => isLess(letters, other)) ? [key] : [];
  });
}

/** Each word, and neighbours as one, because people split a name. */
function toPieces(words: readonly Word[], starts: readonly number[]): readonly Piece[] {
  return words.flatMap((word, at) => {
    const from = starts[at] ?? 0;
    const isPart = word.form.length >= minHalf && !leading.has(word.form);
    let form = word.form;
    const joined = words.slice(at + 1, at + maxJoined).map((next): Piece => {
      form += next.form;
      return { form, isWord: false, from };
    });
    return isPart ? [{ form: word.form, isWord: true, from }, ...joined] : joined;
  });
}

/**
 * The letters of that piece that stand for that part of a name: all of them where it is the part, with one slip at
 * most, or begins or ends it; those of the part where a word begins or ends with it; none where it is something else.
 */
function toLetters({ form, isWord, from }: Piece, part: string): Letters {
  if (form === part) return toBits(from, form.length);
  if (Math.min(form.length, part.length) < minPart || ofAnyPlace.has(form) || ofAnyPlace.has(part)) return none;
  if (Math.abs(form.length - part.length) <= 1 && isOneSlip(form, part)) return toBits(from, form.length);
  if (!isWord) return none;
  if (part.startsWith(form) || part.endsWith(form)) return toBits(from, form.length);
  if (form.startsWith(part)) return toBits(from, part.length);
  return form.endsWith(part) ? toBits(from + form.length - part.length, part.length) : none;
}

const none: Letters = 0n;

function toBits(from: number, length: number): Letters {
  return ((1n << BigInt(length)) - 1n) << BigInt(from);
}

function isLess(some: Letters, more: Letters): boolean {
  return some !== more && (some & more) === some;
}

/** Words that may stand beside a location by which somebody says that they are there. */
const beside = new Set("locatie location gebouw building hulp help nu now we wij zijn are is hier here".split(" "));
/** With one of these a text says where somebody is not. */
const negations = new Set("niet geen nooit weg not no never".split(" "));
/** More other words than this say something else: "stuur iemand van de stadswerf". */
const maxBeside = 1;

/**
 * Creates what reads at which location somebody says that they are: of a text that names one, whole, with hardly
 * another word; null for any other.
 */
export function createLocationReader(locations: ReadonlyMap<string, Called>): (text: string) => string | null {
  const find = createLocationFinder(locations);
  return (text) => {
    const { whole, half, rest } = find(text);
    const [only = null, ...others] = whole;
    const words = toWords(rest).map(({ form }) => form);
    const isMore = words.filter((word) => !beside.has(word) && !leading.has(word)).length > maxBeside;
    return others.length + half.length > 0 || isMore || words.some((word) => negations.has(word)) ? null : only;
  };
}

/** Words with which people press, answer, or say what they want of the bot. */
const commands = new Set(
  [
    "alarm sos plaats plek place bezoek visit test oproeptest ringtest klaar done stop einde end status",
    "hulp help hellup assistentie bijstand nood noodalarm noodgeval paniek emergency panic assistance",
    "ga gaan going go kom kan kunnen coming onderweg omw er ter plaatse plekke there here aangekomen arrived sta",
    "afsluiten sluiten sluit close resolve vals loos false echt real veilig safe goed ok ja nee yes no voorbij over",
  ].flatMap((line) => line.split(" ")),
);

/**
 * Whether people type that without naming a location: each word of it is a number, has fewer than three letters, or is
 * of any building, leads to a place or says what they want.
 */
export function isTypedAnyway(name: string): boolean {
  return toWords(name).every(({ form }) => {
    const isCommon = ofAnyPlace.has(form) || leading.has(form) || beside.has(form) || negations.has(form);
    return /^\p{N}+$/u.test(form) || form.length < minHalf || isCommon || commands.has(form);
  });
}

/** Whether one name stands in another one, which is longer, as whole words of it. */
export function isPartOf(name: string, other: string): boolean {
  const [form, longer] = [toNameForm(name), toNameForm(other)];
  return form !== longer && ` ${longer} `.includes(` ${form} `);
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
  const isLeading = (at: number) => leading.has(words[at]?.form ?? "");
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
