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
import { PhoneNumber } from "../../bot/kit/phone-number.ts";
import {
  type CallKind,
  callKinds,
  isTestCall,
  type SpokenAnswer,
  toSpokenAnswer,
} from "../../bot/words/guard/voice.ts";
import { toAddress } from "../kit/network/target.ts";
import { accountShape, hasWholeKey, postToTwilio, wholeKeyRule } from "../protocols/twilio/account.ts";
import { emptyReply, readCallBack, toCallBackUrl } from "../protocols/twilio/call-back.ts";
import { toCallTwiml } from "../protocols/twilio/call-text.ts";
import { toTwiml, type Verb } from "../protocols/twilio/twiml.ts";

const TwilioVoiceOptions = z
  .strictObject({
    ...accountShape,
    from: PhoneNumber,
    to: PhoneNumber,
    /** The name of the caller, as the guard knows it. */
    caller: z.string().trim().min(1).max(60).default("Rugdekking"),
    /** The guard's language, where it is not that of the configuration. */
    language: z.enum(languages).optional(),
  })
  .refine(hasWholeKey, wholeKeyRule);
type TwilioVoiceOptions = z.infer<typeof TwilioVoiceOptions>;

/** Twilio answers when it has queued the call, long before a phone rings. */
const timeoutMs = 10_000;
/** Four or five rings: after them a mailbox answers, and meanwhile the next pager waits. */
const ringSeconds = "30";
/** The longest call: the page three times and an answer take two minutes; it also ends a call to a mailbox. */
const maxSeconds = "300";
/** How often somebody is asked again after a wrong key. */
const maxAttempts = 3;

/**
 * The states in which a call has ended. "completed" proves nothing: a mailbox answers too.
 * https://www.twilio.com/docs/voice/api/call-resource
 */
const endStates = new Set(["completed", "busy", "no-answer", "failed", "canceled"]);

/** The values that we put into the address of a call-back. */
interface CallContext {
  readonly key: string;
  readonly kind: CallKind;
  readonly attempt: number;
}

/**
 * Calls a phone, speaks, and takes a key: 5 is coming, 9 is not coming, and nothing else is an answer. No machine
 * detection: it is wrong too often, and a mailbox presses no keys.
 *
 * There is no `update`, because a guard who is driving must not pick up the phone for it. `callOff` rings, because a
 * guard who hurries to something that is over should stop, and one who was called but did not answer must not set out
 * after all.
 */
export const twilioVoice: Pager<TwilioVoiceOptions> = {
  title: "Phone call (Twilio)",
  Options: TwilioVoiceOptions,
  canCall: true,
  canTell: false,
  mayGetPhones: true,
  addresses: ({ baseUrl }) => [toAddress(baseUrl)],
  open(options, host) {
    const { clock, callBackUrl } = host;
    const { caller, language = host.language } = options;

    function call(page: Page, kind: CallKind, to: string, signal: AbortSignal): Promise<Receipt> {
      // A guard's page without a link was not recorded, so that a key could not be stored either.
      const hasKeys = kind === "guard" ? page.acceptUrl !== null : kind !== "call-off";
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

    function toKeyUrl({ key, kind, attempt }: CallContext): string {
      return toCallBackUrl(callBackUrl, { key, as: kind, attempt: String(attempt) });
    }

    function callBack(request: InboundRequest): CallBack {
      const { proof, known: query, form } = readCallBack(request, callBackUrl, options.authToken);
      const known = toCallContext(query);
      if (known === null) return { proof, events: [], reply: emptyReply };
      if (query.get("about") === "status") {
        return { proof, events: toStatusEvents(known, form.get("CallStatus")), reply: emptyReply };
      }
      const { key, kind } = known;
      if (kind === "call-off") return { proof, events: [], reply: emptyReply };
      const answer = toAnswer(kind, form.getAll("Digits"));
      const events: PageEvent[] = answer === null ? [] : [{ kind: "answered", key, answer }];
      const reply = (outcome: CallBackOutcome) => {
        const spoken = answer === null ? null : outcome === "taken" ? answer : outcome;
        return { type: "text/xml", body: toTwiml(toReply(known, kind, spoken), language) };
      };
      return { proof, events, reply };
    }

    /**
     * The reply to a key. After a key that is no answer the call asks again, and after the last attempt it says that
     * there was none.
     */
    function toReply(known: CallContext, kind: Exclude<CallKind, "call-off">, spoken: SpokenAnswer | null): Verb[] {
      const toSay = (answer: SpokenAnswer): Verb => ({ kind: "say", text: toSpokenAnswer(answer, kind, language) });
      if (spoken !== null) return [toSay(spoken), { kind: "hang-up" }];
      if (known.attempt >= maxAttempts) return [toSay("silent"), { kind: "hang-up" }];
      const action = toKeyUrl({ ...known, attempt: known.attempt + 1 });
      const text = toSpokenAnswer("wrong", kind, language);
      return [{ kind: "ask", text, action }, toSay("silent"), { kind: "hang-up" }];
    }

    return {
      timeoutMs,
      page: (page, signal) => call(page, page.reason === "test" ? "test" : "guard", options.to, signal),
      callOff: (page, signal) => call(page, "call-off", options.to, signal),
      call: (page, phone, signal) => call(page, page.reason === "test" ? "colleague-test" : "colleague", phone, signal),
      callBack,
      [Symbol.asyncDispose]: async () => {},
    };
  },
};

function toCallContext(query: URLSearchParams): CallContext | null {
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
  return digit === "9" && !isTestCall(kind) ? "decline" : null;
}

/**
 * The events of a call's state. A call that ended reached nobody, unless a key was pressed: that is another call-back,
 * which counts instead of this one in whatever order they come. A call-off asks for no key, so that one which was
 * picked up counts as heard.
 */
function toStatusEvents({ key, kind }: CallContext, status: string | null): PageEvent[] {
  if (status === null || !endStates.has(status) || (kind === "call-off" && status === "completed")) return [];
  return [{ kind: "failed", key, reason: "no-answer" }];
}
