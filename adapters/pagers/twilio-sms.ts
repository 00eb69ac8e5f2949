import { z } from "zod";
import type { CallBack, InboundRequest, Page, Pager, Receipt, Report } from "../../bot/contracts.ts";
import { PhoneNumber } from "../../bot/kit/phone-number.ts";
import { toReportSmsText, toSmsText } from "../../bot/words/guard/sms.ts";
import { expects } from "../../bot/words/settings/expects.ts";
import { toAddress } from "../kit/network/target.ts";
import { accountShape, hasWholeKey, postToTwilio, wholeKeyRule } from "../protocols/twilio/account.ts";
import { emptyReply, readCallBack, toCallBackUrl } from "../protocols/twilio/call-back.ts";

/** The longest that Twilio keeps a message, in seconds. */
const maxValidity = 36_000;

const TwilioSmsOptions = z
  .strictObject({
    ...accountShape,
    /** A number, or a name as the phone shows it. https://www.twilio.com/docs/messaging/api/message-resource */
    from: z
      .string()
      .regex(/^(?:\+[1-9]\d{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/, expects("twilioSender"))
      .optional(),
    messagingServiceSid: z
      .string()
      .regex(/^MG[0-9a-fA-F]{32}$/, expects("messagingService"))
      .optional(),
    to: PhoneNumber,
    /** How many seconds Twilio may wait to send it, because an alarm that arrives hours late does harm. */
    validity: z.int().min(6).max(maxValidity).default(600),
  })
  .refine(hasWholeKey, wholeKeyRule)
  .refine(({ from, messagingServiceSid }) => (from === undefined) !== (messagingServiceSid === undefined), {
    error: expects("fromOrService"),
    path: ["from"],
  });
type TwilioSmsOptions = z.infer<typeof TwilioSmsOptions>;

/** Twilio answers when it has queued the message. */
const timeoutMs = 10_000;

/**
 * States after which the message reaches no phone.
 * https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
 */
const lostStates = new Set(["undelivered", "failed"]);

/**
 * Sends an SMS with the guard's link. "delivered" comes from the phone, not from a human: only the link is an answer.
 */
export const twilioSms: Pager<TwilioSmsOptions> = {
  title: "SMS (Twilio)",
  Options: TwilioSmsOptions,
  canCall: false,
  canTell: true,
  mayGetPhones: true,
  addresses: ({ baseUrl }) => [toAddress(baseUrl)],
  open(options, { clock, language, callBackUrl }) {
    const { from, messagingServiceSid, to, validity } = options;

    const addresses = {
      To: to,
      ...(from === undefined ? {} : { From: from }),
      ...(messagingServiceSid === undefined ? {} : { MessagingServiceSid: messagingServiceSid }),
    };

    function send(page: Page, signal: AbortSignal): Promise<Receipt> {
      const form = {
        ...addresses,
        Body: toSmsText(page, language),
        ValidityPeriod: String(validity),
        StatusCallback: toCallBackUrl(callBackUrl, { key: page.key }),
      };
      return postToTwilio(options, "Messages", form, clock, signal);
    }

    /** May arrive late, and nobody asks whether it has. */
    function tell({ words }: Report, signal: AbortSignal): Promise<Receipt> {
      const form = { ...addresses, Body: toReportSmsText(words), ValidityPeriod: String(maxValidity) };
      return postToTwilio(options, "Messages", form, clock, signal);
    }

    function callBack(request: InboundRequest): CallBack {
      const { proof, known, form } = readCallBack(request, callBackUrl, options.authToken);
      const key = known.get("key") ?? "";
      const isLost = key !== "" && lostStates.has(form.get("MessageStatus") ?? "");
      return { proof, events: isLost ? [{ kind: "failed", key, reason: "undelivered" }] : [], reply: emptyReply };
    }

    return {
      timeoutMs,
      page: send,
      update: send,
      callOff: send,
      tell,
      callBack,
      [Symbol.asyncDispose]: async () => {},
    };
  },
};
