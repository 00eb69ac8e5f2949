import { z } from "zod";
import { parseTypedCommand } from "./personal-command.ts";

/** The parts of an activity that its text is read with. */
interface Mentioning {
  readonly text?: string | undefined;
  readonly entities?: readonly unknown[] | undefined;
  readonly recipient?: { readonly id: string; readonly name?: string | undefined } | undefined;
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
/** The same, but for those of a mention. */
const otherTag = /<(?!\/?at\b)[^<>]*>/gi;
/** What nobody sees or types on purpose, such as a mark of direction that comes along with pasted text. */
const unseen = /\p{Default_Ignorable_Code_Point}/gu;
/** An element around the name of who is mentioned. */
const atElement = /<at\b[^<>]*>[^<>]*<\/at>/gi;

/**
 * Returns what somebody typed as one line, without markup, odd spaces (Teams sends `&nbsp;` after a mention), the
 * message that it answers, and whom it mentions, because a colleague's name is no place (rule 20). What stands escaped
 * is put back once, after the tags are gone, so that what somebody typed as a tag or as `&amp;` stays that.
 */
export function toTypedText({ text = "", entities = [], recipient }: Mentioning): string {
  const mentions = entities.slice(0, maxMentions).flatMap((entity) => Mention.safeParse(entity).data ?? []);
  const others = mentions.filter(({ mentioned }) => mentioned.id !== recipient?.id);
  const isMentioned = others.length < mentions.length;
  const said = withoutQuote(text).replace(otherTag, " ");
  const bare = mentions
    .filter((mention) => !others.includes(mention) || mention.text?.startsWith("@"))
    .reduce((rest, mention) => (mention.text === undefined ? rest : rest.replaceAll(mention.text, " ")), said)
    .replace(atElement, " ");
  const line = toLine(bare.replace(anyTag, " "));
  // Whoever typed "@alarm" in a hurry may have got what Teams knows by that name, such as a channel.
  if (line === "") return toNames(others).find(isAlarm) ?? "";
  const called = isMentioned && recipient !== undefined ? [...mentions, { mentioned: recipient }] : others;
  const unnamed = withoutNames(line, toNames(called));
  return bare === said || isAlarm(unnamed) ? unnamed : line;
}

/**
 * Returns the line without the names that it begins with. A line that is an alarm as it stands is left alone, because a
 * bot may be called "Alarm".
 */
function withoutNames(line: string, names: readonly string[]): string {
  let rest = line;
  for (let each = 0; each < names.length && !isAlarm(rest); each += 1) {
    const start = rest.replace(/^@/, "");
    const name = names.find((known) => start.toLowerCase().startsWith(known));
    if (name === undefined) break;
    rest = start.slice(name.length).trim();
  }
  return rest;
}

function isAlarm(line: string): boolean {
  return parseTypedCommand(line)?.kind === "alarm";
}

/**
 * The text without the message that it answers, which Teams puts in front; a quote that breaks off stays.
 * https://github.com/microsoft/teams.ts/pull/206
 */
function withoutQuote(text: string): string {
  let depth = 0;
  const parts = text.split(/(<\/?blockquote\b[^<>]*>)/i).filter((part, index) => {
    const isTag = index % 2 === 1;
    if (isTag && part.startsWith("</")) {
      depth = Math.max(0, depth - 1);
      return depth === 0;
    }
    if (isTag && (depth > 0 || part.includes("schema.skype.com/Reply"))) depth += 1;
    return depth === 0;
  });
  return depth === 0 ? parts.join(" ") : text;
}

/** The names by which these are mentioned, spelt as they are compared, the longest first. */
function toNames(mentions: readonly Partial<Mention>[]): readonly string[] {
  const all = mentions.flatMap(({ text, mentioned }) => [text, mentioned?.name]);
  const names = all.map((name) => toSpelling(name ?? "")).filter((name) => name !== "");
  return names.toSorted((one, other) => other.length - one.length);
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
