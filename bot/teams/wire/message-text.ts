import { z } from "zod";
import { parseTypedCommand } from "./personal-command.ts";

/** The parts of an activity that its text is read with. */
interface Mentioning {
  readonly text?: string | undefined;
  readonly entities?: readonly unknown[] | undefined;
  readonly recipient: { readonly id: string; readonly name?: string | undefined };
}

/** An entity may lack its text, or spell it otherwise than the message does. */
const Mention = z.object({
  type: z.literal("mention"),
  text: z.string().min(1).optional().catch(undefined),
  mentioned: z.object({ id: z.string(), name: z.string().optional().catch(undefined) }),
});
type Mention = z.infer<typeof Mention>;

/** More than these nobody mentions in an alarm. */
const maxMentions = 50;

const anyTag = /<[^<>]*>/g;
/** What nobody sees or types on purpose, such as a mark of direction that comes along with pasted text. */
const unseen = /\p{Default_Ignorable_Code_Point}/gu;
/** An element around the name of who is mentioned. */
const atElement = /<at\b[^<>]*>(?<name>[^<>]*)<\/at>/gi;

/**
 * Returns what somebody typed as one line, without the mention of who receives it, markup and odd spaces (Teams sends
 * `&nbsp;` after a mention). What stands escaped is put back once, after the tags are gone, so that what somebody typed
 * as a tag or as `&amp;` stays that.
 */
export function toTypedText({ text = "", entities = [], recipient }: Mentioning): string {
  const mentions = entities.slice(0, maxMentions).flatMap((entity) => Mention.safeParse(entity).data ?? []);
  const own = mentions.filter(({ mentioned }) => mentioned.id === recipient.id);
  const names = toNames([...own, { mentioned: recipient }]);
  const bare = own
    .reduce((rest, mention) => (mention.text === undefined ? rest : rest.replaceAll(mention.text, " ")), text)
    .replace(atElement, (element, name: string) => (names.has(toSpelling(name)) ? " " : element));
  if (bare !== text || own.length === 0) return toLine(bare.replace(anyTag, " "));
  // The bot is mentioned, and by no text that it knows: then the first mention of nobody else is it.
  const others = toNames(mentions.filter((mention) => !own.includes(mention)));
  const first = [...bare.matchAll(atElement)].find(({ groups }) => !others.has(toSpelling(groups?.name ?? "")));
  if (first !== undefined) return toLine(bare.replace(first[0], () => " ").replace(anyTag, " "));
  return withoutName(toLine(bare.replace(anyTag, " ")), names);
}

/**
 * Returns the line without the name that it begins with. A line that is an alarm as it stands is left alone, because a
 * bot may be called "Alarm".
 */
function withoutName(line: string, names: ReadonlySet<string>): string {
  const start = line.replace(/^@/, "");
  const name = [...names].find((each) => start.toLowerCase().startsWith(each));
  return name === undefined || parseTypedCommand(line)?.kind === "alarm" ? line : start.slice(name.length).trim();
}

/** The names by which these are mentioned, spelt as they are compared. */
function toNames(mentions: readonly Partial<Mention>[]): ReadonlySet<string> {
  const all = mentions.flatMap(({ text, mentioned }) => [text, mentioned?.name]);
  return new Set(all.map((name) => toSpelling(name ?? "")).filter((name) => name !== ""));
}

function toSpelling(name: string): string {
  return toLine(name.replace(anyTag, " ")).replace(/^@/, "").toLowerCase();
}

function toLine(escaped: string): string {
  // The space without width ends a word, as any space does; the rest of what is not seen ends nothing.
  const spaced = unescapeOnce(escaped).replaceAll("\u200b", " ");
  return spaced
    .replace(unseen, "")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
}

const namedCharacters: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", " "],
]);

/** Puts back the characters that XML escapes, and `&nbsp;`; what names no character stays as it is. */
function unescapeOnce(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return namedCharacters.get(String(name).toLowerCase()) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    const isCharacter = code >= 0x20 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : whole;
  });
}
