import { z } from "zod";
import type {
  CallBack,
  CallBackOutcome,
  InboundRequest,
  Page,
  PageEvent,
  Pager,
  Receipt,
} from "../../bot/contracts.ts";
import { languages } from "../../bot/domain/language.ts";
import { type CallKind, callKinds, type SpokenAnswer, toSpokenAnswer } from "../../bot/words/guard/voice.ts";
import { toAddress } from "../kit/network/target.ts";
import { accountShape, hasWholeKey, PhoneNumber, postToTwilio, wholeKeyRule } from "../protocols/twilio/account.ts";
import { emptyReply, readCallBack, toCallBackUrl } from "../protocols/twilio/call-back.ts";
import { toCallTwiml } from "../protocols/twilio/call-text.ts";
import { toTwiml, type Verb } from "../protocols/twilio/twiml.ts";

const TwilioVoiceOptions = z
  .strictObject({
    ...accountShape,
    from: PhoneNumber,
    to: PhoneNumber,
    /** Who calls, as the guard knows them. */
    caller: z.string().trim().min(1).max(60).default("Rugdekking"),
    /** Where the guard speaks another language than the house. */
    language: z.enum(languages).optional(),
  })
  .refine(hasWholeKey, wholeKeyRule);
type TwilioVoiceOptions = z.infer<typeof TwilioVoiceOptions>;

/** Twilio answers when it has queued the call, long before a phone rings. */
const timeoutMs = 10_000;
/** Four or five rings: beyond them a mailbox takes it, and the next way to reach somebody waits. */
const ringSeconds = "30";
/** Three times all of it and its answer are two minutes; a mailbox that listens on costs no more than this. */
const maxSeconds = "300";
/** How often somebody is asked again after a wrong key. */
const maxAttempts = 3;

/**
 * All ends of a call. "completed" proves nothing: a mailbox answers too.
 * https://www.twilio.com/docs/voice/api/call-resource
 */
const ends = new Set(["completed", "busy", "no-answer", "failed", "canceled"]);

/** What we know again when a call-back comes, out of its address. */
interface Known {
  readonly key: string;
  readonly kind: CallKind;
  readonly attempt: number;
}

/**
 * Calls a phone, speaks, and takes a key: 5 is coming, 9 is not coming, and nothing else is an answer. No machine
 * detection: it is wrong too often, and a mailbox presses no keys.
 *
 * No `update`: who drives already must not pick up the phone for it. `callOff` rings: who drives with haste to
 * something that is over should stop, and whoever was called but did not answer must not set out after all.
 */
export const twilioVoice: Pager<TwilioVoiceOptions> = {
  title: "Phone call (Twilio)",
  Options: TwilioVoiceOptions,
  canCall: true,
  addresses: ({ baseUrl }) => [toAddress(baseUrl)],
  open(options, host) {
    const { clock, callBackUrl } = host;
    const { caller, language = host.language } = options;

    function call(page: Page, kind: CallKind, to: string, signal: AbortSignal): Promise<Receipt> {
      // A guard's page without a link was not recorded: a key could be kept no more than a click.
      const hasKeys = kind === "colleague" || kind === "test" || (kind === "guard" && page.acceptUrl !== null);
      const action = hasKeys ? toKeyUrl({ key: page.key, kind, attempt: 1 }) : null;
      const form = {
        To: to,
        From: options.from,
        Twiml: toCallTwiml(page, { kind, caller, language, action }),
        Timeout: ringSeconds,
        TimeLimit: maxSeconds,
        StatusCallback: toCallBackUrl(callBackUrl, { key: page.key, as: kind, about: "status" }),
        StatusCallbackMethod: "POST",
        StatusCallbackEvent: "completed",
      };
      return postToTwilio(options, "Calls", form, clock, signal);
    }

    function toKeyUrl({ key, kind, attempt }: Known): string {
      return toCallBackUrl(callBackUrl, { key, as: kind, attempt: String(attempt) });
    }

    function callBack(request: InboundRequest): CallBack {
      const { known: query, form } = readCallBack(request, callBackUrl, options.authToken);
      const known = toKnown(query);
      if (known === null) return { events: [], reply: emptyReply };
      if (query.get("about") === "status") {
        return { events: toStatusNews(known, form.get("CallStatus")), reply: emptyReply };
      }
      const { key, kind } = known;
      if (kind === "call-off") return { events: [], reply: emptyReply };
      const answer = toAnswer(kind, form.getAll("Digits"));
      const events: PageEvent[] = answer === null ? [] : [{ kind: "answered", key, answer }];
      const reply = (outcome: CallBackOutcome) => {
        const said = answer === null ? null : outcome === "taken" ? answer : outcome;
        return { type: "text/xml", body: toTwiml(toReply(known, kind, said), language) };
      };
      return { events, reply };
    }

    /** After a key that is no answer it asks again, and after the last time it says that there was none. */
    function toReply(known: Known, kind: Exclude<CallKind, "call-off">, said: SpokenAnswer | null): Verb[] {
      const say = (answer: SpokenAnswer): Verb => ({ kind: "say", text: toSpokenAnswer(answer, kind, language) });
      if (said !== null) return [say(said), { kind: "hang-up" }];
      if (known.attempt >= maxAttempts) return [say("silent"), { kind: "hang-up" }];
      const action = toKeyUrl({ ...known, attempt: known.attempt + 1 });
      const text = toSpokenAnswer("wrong", kind, language);
      return [{ kind: "ask", text, action }, say("silent"), { kind: "hang-up" }];
    }

    return {
      timeoutMs,
      page: (page, signal) => call(page, page.reason === "test" ? "test" : "guard", options.to, signal),
      callOff: (page, signal) => call(page, "call-off", options.to, signal),
      call: (page, phone, signal) => call(page, page.reason === "test" ? "test" : "colleague", phone, signal),
      callBack,
      [Symbol.asyncDispose]: async () => {},
    };
  },
};

function toKnown(query: URLSearchParams): Known | null {
  const key = query.get("key") ?? "";
  const kind = callKinds.find((each) => each === query.get("as"));
  if (key === "" || kind === undefined) return null;
  const attempt = Number(query.get("attempt"));
  return { key, kind, attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : maxAttempts };
}

/** A test asks for one key only, so that its 9 is as wrong as a 7. */
function toAnswer(kind: CallKind, digits: readonly string[]): "accept" | "decline" | null {
  const [digit] = digits;
  if (digits.length !== 1) return null;
  if (digit === "5") return "accept";
  return digit === "9" && kind !== "test" ? "decline" : null;
}

/**
 * A call that ended reached nobody, unless a key was pressed: that is another call-back, and goes before this one in
 * whatever order they come. A call-off asks for no key, so that one which was picked up is as good as heard.
 */
function toStatusNews({ key, kind }: Known, status: string | null): PageEvent[] {
  if (status === null || !ends.has(status) || (kind === "call-off" && status === "completed")) return [];
  return [{ kind: "failed", key, reason: "no-answer" }];
}
