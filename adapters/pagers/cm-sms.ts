import { z } from "zod";
import type { Page, Pager, Receipt } from "../../bot/contracts.ts";
import { DeliveryError } from "../../bot/errors.ts";
import { toDigest } from "../../bot/kit/digest.ts";
import { PhoneNumber } from "../../bot/kit/phone-number.ts";
import { toJson } from "../../bot/kit/safe-text.ts";
import { toReportSmsText, toSmsText } from "../../bot/words/guard/sms.ts";
import { expects } from "../../bot/words/settings/expects.ts";
import { parseJson } from "../kit/message.ts";
import { postJson } from "../kit/network/http.ts";
import { toAddress } from "../kit/network/target.ts";

const CmSmsOptions = z.strictObject({
  productToken: z.string().regex(/^[\w-]{16,64}$/, expects("productToken")),
  /** https://developers.cm.com/messaging/docs/sms: what the phone shows as the sender. */
  from: z.string().regex(/^(?=.*[a-z])[\w .-]{1,11}$|^\+?\d{3,16}$/i, expects("smsSender")),
  to: PhoneNumber,
  url: z.url({ protocol: /^https?$/, error: expects("httpUrl") }).default("https://gw.cmtelecom.com/v1.0/message"),
});
type CmSmsOptions = z.infer<typeof CmSmsOptions>;

const timeoutMs = 10_000;

/**
 * After this CM.com drops the SMS, because an alarm that arrives hours later sends people to a place where nothing is
 * wrong any more; meanwhile the page is repeated.
 */
const validity = "10m";

/**
 * Text outside of the SMS alphabet needs up to eight parts. CM.com cuts off what is over the maximum, and the link
 * comes last.
 */
const maximumNumberOfMessageParts = 8;

/**
 * An SMS with the guard's link through CM.com. CM.com has no idempotency, so that a retry after a lost answer may send
 * a second SMS, which is better than none. Accepted by CM.com is neither delivered nor read; its status reports are not
 * signed, so they are not used. Rejects as `postJson` does, and with the error that CM.com reports in a 200 or 400.
 */
export const cmSms: Pager<CmSmsOptions> = {
  title: "SMS (CM.com)",
  Options: CmSmsOptions,
  canCall: false,
  canTell: true,
  mayGetPhones: true,
  addresses: ({ url }) => [toAddress(url)],
  open(options, { clock, language }) {
    async function sendSms(key: string, text: string, signal: AbortSignal): Promise<Receipt> {
      const now = clock.wall();
      const body = toJson(toBody(options, key, text));
      const headers = { "x-cm-producttoken": options.productToken };
      const answer = await postJson({ url: options.url, headers, body, now, signal, toReason: toRefusal });
      checkAnswer(answer.body);
      return { acceptedAt: now };
    }
    const send = (page: Page, signal: AbortSignal) => sendSms(page.key, toSmsText(page, language), signal);
    return {
      timeoutMs,
      page: send,
      update: send,
      callOff: send,
      tell: ({ key, words }, signal) => sendSms(key, toReportSmsText(words), signal),
      [Symbol.asyncDispose]: async () => {},
    };
  },
};

/** https://developers.cm.com/messaging/docs/integration */
function toBody({ from, to }: CmSmsOptions, key: string, content: string): object {
  const message = {
    from,
    // In international form with 00.
    to: [{ number: to.replace("+", "00") }],
    body: { type: "auto", content },
    // 1 to 32 letters and digits.
    reference: toDigest(key).slice(0, 32),
    validity,
    minimumNumberOfMessageParts: 1,
    maximumNumberOfMessageParts,
    allowedChannels: ["SMS"],
  };
  return { messages: { msg: [message] } };
}

/** https://developers.cm.com/messaging/docs/responses-errors-json */
const Answer = z.object({
  errorCode: z.int(),
  messages: z.array(z.object({ messageErrorCode: z.int() })),
});

/** What the body of a refusal says of it: a wrong token is a 400 with the error 101. */
function toRefusal(body: string): DeliveryError["reason"] {
  const { success, data } = Answer.safeParse(parseJson(Buffer.from(body)));
  const isSetting = success && toReason(data.messages[0]?.messageErrorCode ?? data.errorCode) === "misconfigured";
  return isSetting ? "misconfigured" : "refused";
}

/**
 * Throws DeliveryError unless the body of a 200 says that the message was accepted: CM.com may have rejected it, and
 * when the body does not mention it nobody knows what became of it.
 */
function checkAnswer(body: string): void {
  const { success, data } = Answer.safeParse(parseJson(Buffer.from(body)));
  const message = success ? data.messages[0] : undefined;
  if (!success || (message === undefined && data.errorCode === 0)) {
    throw new DeliveryError("unreachable", "The answer could not be read.");
  }
  const code = message?.messageErrorCode ?? data.errorCode;
  if (code === 0) return;
  throw new DeliveryError(toReason(code), `CM.com answered 200 with error ${code}.`);
}

/** 1xx: token or credit; 5xx and 999: a fault at CM.com; between them, a fault of this message or this number. */
function toReason(code: number): "misconfigured" | "unreachable" | "refused" {
  if (code >= 100 && code < 200) return "misconfigured";
  return code >= 500 ? "unreachable" : "refused";
}
