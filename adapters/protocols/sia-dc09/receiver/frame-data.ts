import type { Frame } from "../frame/frame.ts";
import { readEvents } from "./events.ts";

/** What stands between the brackets of a frame. */
export interface FrameData {
  /** The account in front, without its number sign; null when there is none. */
  readonly account: string | null;
  /** The blocks behind the account. */
  readonly data: string;
}

/**
 * Tells the account in front of a frame's data from its events. ANSI/SIA DC-09 marks it by a number sign. Where that is
 * left out, the block before the first bar is the account when the frame's header names the same, or when it can be
 * one and an event follows: read as an event, the account 1120 would be a panic. Where the header names another, what
 * looks like an event more than like an account is one.
 */
export function splitAccount({ id, account: named }: Pick<Frame, "id" | "account">, text: string): FrameData {
  const [block = "", ...rest] = text.split("|");
  // A field of fixed length may be filled up with blanks.
  const first = block.trim();
  const data = rest.join("|");
  if (first.startsWith("#")) return { account: first.slice(1).trim(), data };
  // A bar in front ends an account that was left out.
  if (first === "") return { account: null, data };
  const isOther = () => !looksLikeEvent(id, first) && isEvent(id, rest[0] ?? "");
  const isAccount = isSame(first, named ?? "") || (isNumber(first) && (!named || isOther()));
  return rest.length > 0 && isAccount ? { account: first, data } : { account: null, data: text };
}

/** Whether two texts are the same account, in whatever case and with whatever zeros in front. */
function isSame(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) =>
    text
      .trim()
      .toUpperCase()
      .replace(/^0+(?=.)/, ""),
  );
  return first === second;
}

function isNumber(block: string): boolean {
  return /^[0-9A-F]{3,16}$/i.test(block);
}

/** Whether a block is written as events mostly are: two letters and a number, such as BA001, or three digits. */
function looksLikeEvent(id: string, block: string): boolean {
  return /^(?:[A-Z]{2}\d*|\d{3})$/.test(block) && isReadable(id, block);
}

/** Whether a block can be read as an event, and not as an account. */
function isEvent(id: string, block: string): boolean {
  return !isNumber(block) && isReadable(id, block);
}

function isReadable(id: string, block: string): boolean {
  const { events } = readEvents(id, block);
  return events.length > 0 && events.every(({ code }) => code !== "");
}
