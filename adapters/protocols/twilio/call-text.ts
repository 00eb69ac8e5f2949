import type { Page } from "../../../bot/contracts.ts";
import type { Language } from "../../../bot/domain/language.ts";
import { type CallKind, toSpokenAnswer, toSpokenPage } from "../../../bot/words/guard/voice.ts";
import { toTwiml, type Verb } from "./twiml.ts";

/**
 * "Max 4000 characters" for `Twiml`; counted in bytes, the strictest way to count.
 * https://www.twilio.com/docs/voice/api/call-resource
 */
export const maxTwimlLength = 4000;

/**
 * How often the whole page is spoken, and in which of these rounds with the directions. The longest that fits is taken;
 * the last one fits any usual page.
 */
const rounds: readonly (readonly boolean[])[] = [
  [true, true, true],
  [true, false, false],
  [true, false],
  [false, false],
  [false],
];

/** One call: of which kind, by whom, in which language, and where a key is posted; null asks for no key. */
export interface CallText {
  readonly kind: CallKind;
  readonly caller: string;
  readonly language: Language;
  readonly action: string | null;
}

/**
 * The whole call as TwiML of at most `maxTwimlLength` bytes, whatever the page holds, so that it is spoken even when we
 * can't be reached.
 */
export function toCallTwiml(page: Page, call: CallText): string {
  for (const directions of rounds) {
    const twiml = toTwiml(toVerbs(page, call, directions), call.language);
    if (isShortEnough(twiml)) return twiml;
  }
  // Only an address of thousands of characters gets here: a call without keys is better than none.
  return toTwiml(toVerbs(page, { ...call, action: null }, [false]), call.language);
}

function toVerbs(page: Page, { kind, caller, language, action }: CallText, directions: readonly boolean[]): Verb[] {
  const spoken = directions.map((each): Verb => {
    const text = toSpokenPage(page, { kind, caller, directions: each, keys: action !== null }, language);
    return action === null ? { kind: "say", text } : { kind: "ask", text, action };
  });
  const paused = spoken.flatMap((verb): Verb[] => [{ kind: "pause" }, verb]);
  if (action === null || kind === "call-off") return [...paused, { kind: "hang-up" }];
  return [...paused, { kind: "say", text: toSpokenAnswer("silent", kind, language) }, { kind: "hang-up" }];
}

function isShortEnough(twiml: string): boolean {
  return Buffer.byteLength(twiml) <= maxTwimlLength;
}
