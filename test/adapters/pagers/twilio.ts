import type { AnswerCase, FakeProvider } from "../../contracts/pager-contract.ts";
import { accountSid, authToken, startTwilio, type TwilioOrder } from "../../fakes/twilio.ts";
import { readTwiml, toSaid } from "../../fakes/twiml-reader.ts";

export const from = "+31970000001";
export const to = "+31600000002";

/** What Twilio refuses by these codes of its own (https://www.twilio.com/docs/api/errors); and too many at once. */
export function toTwilioAnswers(codes: readonly number[]): readonly AnswerCase[] {
  return [
    ...codes.map((code): AnswerCase => {
      const body = JSON.stringify({ code, message: `The 'To' number ${to} is not valid`, status: 400 });
      return { behaviour: { kind: "status", status: 400, body }, reason: "refused" };
    }),
    { behaviour: { kind: "status", status: 429, body: '{"code":20429,"status":429}' }, reason: "throttled" },
  ];
}

/** Twilio as the contract of pagers wants a provider. */
export async function startProvider<Options>(
  toOptions: (baseUrl: string) => Options,
  shows: FakeProvider<Options>["shows"] & object,
): Promise<FakeProvider<Options>> {
  const twilio = await startTwilio();
  return {
    options: toOptions(twilio.baseUrl),
    behave: twilio.behave,
    received: twilio.received,
    get keys() {
      // What tells of a trouble asks for no status, and has no key there.
      return twilio.orders.filter(({ form }) => form.StatusCallback !== undefined).map(toKey);
    },
    lastText: () => toText(twilio.orders.at(-1)),
    shows,
    secrets: [authToken, accountSid, from, to, twilio.baseUrl, new URL(twilio.baseUrl).host],
    [Symbol.asyncDispose]: () => twilio[Symbol.asyncDispose](),
  };
}

export function toKey({ form }: TwilioOrder): string {
  return new URL(form.StatusCallback ?? "").searchParams.get("key") ?? "";
}

/** What is read, or said. */
function toText(order: TwilioOrder | undefined): string {
  const { Body, Twiml } = order?.form ?? {};
  return Twiml === undefined ? (Body ?? "") : toSaid(readTwiml(Twiml)).join("\n");
}
