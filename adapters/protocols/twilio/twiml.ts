// https://www.twilio.com/docs/voice/twiml
import type { Language } from "../../../bot/domain/language.ts";
import { safeFor } from "../../../bot/kit/safe-text.ts";
import type { Speech } from "../../../bot/words/guard/spoken.ts";

/** One thing that happens in a call. */
export type Verb =
  | { readonly kind: "say"; readonly text: string | Speech }
  /** Speaks, listens for one key and posts it to `action`; without a key the next verb follows. */
  | { readonly kind: "ask"; readonly text: string | Speech; readonly action: string }
  | { readonly kind: "pause" | "hang-up" };

/**
 * The voice is named because the account's default one may know no Dutch, and a language that the voice does not know
 * is an error in the middle of a call. https://www.twilio.com/docs/voice/twiml/say
 */
const voices = {
  nl: 'language="nl-NL" voice="Polly.Lotte"',
  en: 'language="en-GB" voice="Polly.Amy"',
} satisfies Record<Language, string>;

/** Long enough to take the phone from the ear and find the key. */
const keySeconds = 6;

/** The TwiML document of a call. Texts may hold any characters. */
export function toTwiml(verbs: readonly Verb[], language: Language): string {
  const content = verbs.map((verb) => toXml(verb, language)).join("");
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${content}</Response>`;
}

function toXml(verb: Verb, language: Language): string {
  switch (verb.kind) {
    case "say":
      return toSay(verb.text, language);
    case "ask":
      // There is no actionOnEmptyResult, so that silence leads to the next verb, also when we can't be reached.
      return (
        `<Gather input="dtmf" numDigits="1" timeout="${keySeconds}" method="POST" action="${safeFor.speech(verb.action)}">` +
        `${toSay(verb.text, language)}</Gather>`
      );
    case "pause":
      return '<Pause length="1"/>';
    case "hang-up":
      return "<Hangup/>";
  }
}

function toSay(text: string | Speech, language: Language): string {
  const parts = typeof text === "string" ? [text] : text;
  return `<Say ${voices[language]}>${parts.map(toSpeech).join(" ")}</Say>`;
}

/**
 * The slow parts are SSML, which standard voices of Polly know all of.
 * https://www.twilio.com/docs/voice/twiml/say/text-speech
 * https://docs.aws.amazon.com/polly/latest/dg/supportedtags.html
 */
function toSpeech(part: Speech[number]): string {
  if (typeof part === "string") return safeFor.speech(part);
  return `<prosody rate="slow">${safeFor.speech(part.slow)}</prosody>`;
}
