import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { twilioSms } from "../../../adapters/pagers/twilio-sms.ts";
import type { Page } from "../../../bot/contracts.ts";
import { languages } from "../../../bot/domain/language.ts";
import { RequestRejected } from "../../../bot/errors.ts";
import { countSeptets, safeFor } from "../../../bot/kit/safe-text.ts";
import { maxSmsLength, toSmsText } from "../../../bot/words/guard/sms.ts";
import { httpAnswers, page, pagedAt, pagerContract, report } from "../../contracts/pager-contract.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { createPagerHost } from "../../fakes/pager-host.ts";
import { accountSid, authToken, startTwilio, toCallBack } from "../../fakes/twilio.ts";
import { from, startProvider, to, toTwilioAnswers } from "./twilio.ts";

const messagingServiceSid = "MG00000000000000000000000000000003";
const signal = new AbortController().signal;
const toOptions = (baseUrl: string, more = {}) =>
  twilioSms.Options.parse({ accountSid, authToken, from, to, baseUrl, ...more });
const open = (baseUrl: string, more = {}) =>
  twilioSms.open(toOptions(baseUrl, more), createPagerHost(new FakeClock(pagedAt)));

/** A number that is wrong, not verified, opted out, no mobile one. */
const refused = [21211, 21608, 21610, 21614];

pagerContract("twilio-sms", twilioSms, () => startProvider(toOptions, safeFor.sms), [
  ...httpAnswers,
  ...toTwilioAnswers(refused),
]);

async function send(sent: Page, hand: "page" | "update" | "callOff" = "page", more = {}) {
  await using twilio = await startTwilio();
  await open(twilio.baseUrl, more)[hand]?.(sent, signal);
  expect(twilio.orders).toHaveLength(1);
  return twilio.orders[0]?.form ?? {};
}

describe("the message", () => {
  it("is one form, held back for ten minutes at most", async () => {
    expect(await send(page)).toEqual({
      To: to,
      From: from,
      Body: `Alarm in Spreekkamer 3\nKomt u? Laat het weten via deze link:\n${page.acceptUrl}`,
      ValidityPeriod: "600",
      StatusCallback: "https://alarm.example.nl/pagers/phone?key=i-1-1-1#rc=3&rp=5xx,ct,rt",
    });
  });

  it("goes out by a messaging service, for as long as the settings say", async () => {
    const form = await send(page, "page", { from: undefined, messagingServiceSid, validity: 120 });
    expect(form).toMatchObject({ MessagingServiceSid: messagingServiceSid, ValidityPeriod: "120" });
    expect(form).not.toHaveProperty("From");
  });

  it("tells what is new, and that nobody is needed any more, each under its own key", async () => {
    const update = await send({ ...page, key: "i-1-1-1-u1", reason: "update" }, "update");
    expect(update.Body).toBe(`Alarm in Spreekkamer 3\nEr is nieuws. Lees het via deze link:\n${page.acceptUrl}`);
    expect(update.StatusCallback).toContain("key=i-1-1-1-u1");
    const off = await send({ ...page, key: "i-1-1-1-c1", reason: "call-off" }, "callOff");
    expect(off.Body).toContain("U hoeft niet meer te komen.");
  });
});

it("tells of a trouble in its own words, without a link, however late", async () => {
  await using twilio = await startTwilio();
  await open(twilio.baseUrl).tell?.(report, signal);
  const { title, text } = report.words;
  expect(twilio.orders.map(({ form }) => form)).toEqual([
    { To: to, From: from, Body: `${title}\n${text}`, ValidityPeriod: "36000" },
  ]);
});

describe("the text", () => {
  const anyText = fc.oneof(
    fc.string({ unit: "binary", maxLength: 700 }),
    fc.string({ unit: "grapheme", maxLength: 700 }),
  );
  const anyReason = fc.constantFrom("unclaimed", "repeat", "update", "call-off", "test" as const);
  const anyLink = fc.integer({ min: 20, max: 300 }).map((length) => `https://a.nl/guard/${"x".repeat(length - 19)}`);

  it("fits, and keeps what to do and the whole link at its end, whatever the title holds", () => {
    fc.assert(
      fc.property(
        anyText,
        anyText,
        anyReason,
        anyLink,
        fc.constantFrom(...languages),
        (title, text, reason, acceptUrl, language) => {
          const body = toSmsText({ reason, acceptUrl, words: { title, text } }, language);
          expect(countSeptets(body)).toBeLessThanOrEqual(maxSmsLength);
          expect(body.endsWith(`\n${acceptUrl}`)).toBe(true);
          expect(body.isWellFormed()).toBe(true);
          expect(body.split("\n")).toHaveLength(3);
          if (reason === "test") expect(body).toMatch(/^TEST/);
        },
      ),
    );
  });

  it("never cuts a character in half", () => {
    for (const start of ["", "x"]) {
      const words = { title: `${start}${"😀".repeat(400)}`, text: "" };
      expect(toSmsText({ ...page, words }, "nl").isWellFormed()).toBe(true);
    }
  });

  it("never cuts a link, however long", () => {
    const acceptUrl = `https://alarm.example.nl/${"x".repeat(600)}`;
    expect(toSmsText({ ...page, acceptUrl }, "nl").endsWith(`\n${acceptUrl}`)).toBe(true);
  });

  it("says all it can where there is no link, what to do first", () => {
    fc.assert(
      fc.property(anyText, anyReason, fc.constantFrom(...languages), (text, reason, language) => {
        const body = toSmsText({ reason, acceptUrl: null, words: { title: "ALARM: Balie", text } }, language);
        expect(countSeptets(body)).toBeLessThanOrEqual(maxSmsLength);
        expect(body.isWellFormed()).toBe(true);
        expect(body).not.toMatch(/link/i.test(text) ? /$^/ : /link/i);
      }),
    );
    const body = toSmsText({ ...page, acceptUrl: null }, "nl");
    expect(body).toBe("Alarm in Spreekkamer 3\nGa er nu heen.\nGeen collega heeft op tijd geantwoord.");
  });

  it("uses the signs of the SMS alphabet for typographic ones: one other sign halves what fits", () => {
    const words = { title: "ALARM: ‘Balie’ – “west”…", text: "" };
    expect(toSmsText({ ...page, words }, "nl")).toMatch(/^ALARM: 'Balie' - "west"\.\.\.\n/);
  });

  it.each(languages)("of a test says TEST in every line of ours (%s)", (language) => {
    const words = { title: "ALARM: Balie", text: "" };
    for (const acceptUrl of [page.acceptUrl, null]) {
      const lines = toSmsText({ reason: "test", acceptUrl, words }, language).trim().split("\n");
      for (const line of lines.slice(0, 2)) expect(line).toMatch(/^TEST/);
    }
  });
});

describe("what becomes of it", () => {
  const address = "https://alarm.example.nl/pagers/phone?key=i-1-1-1#rc=3&rp=5xx,ct,rt";
  const ready = open("http://127.0.0.1:9");
  const callBack = (MessageStatus: string) =>
    ready.callBack?.(
      toCallBack(address, { MessageSid: "SM1", MessageStatus, SmsStatus: MessageStatus, ErrorCode: "30003" }),
    );

  it.each(["undelivered", "failed"])("%s is lost", (status) => {
    expect(callBack(status)?.events).toEqual([{ kind: "failed", key: "i-1-1-1", reason: "undelivered" }]);
    expect(callBack(status)?.events).toEqual(callBack(status)?.events);
    expect(callBack(status)?.reply("taken")).toEqual({ type: "text/plain", body: "" });
  });

  it.each(["queued", "accepted", "sending", "sent", "delivered", "read", "", "FAILED"])("%j is no event", (status) => {
    expect(callBack(status)?.events).toEqual([]);
  });

  it("is no event without a key", () => {
    const bare = "https://alarm.example.nl/pagers/phone";
    expect(ready.callBack?.(toCallBack(bare, { MessageStatus: "failed" })).events).toEqual([]);
  });

  it.each([
    ["another token", toCallBack(address, { MessageStatus: "failed" }, { token: `${authToken}x` })],
    ["another page", { ...toCallBack(address, { MessageStatus: "failed" }), query: "key=i-2-1-1" }],
    [
      "another status",
      { ...toCallBack(address, { MessageStatus: "sent" }), body: Buffer.from("MessageStatus=failed") },
    ],
    ["no signature", { ...toCallBack(address, { MessageStatus: "failed" }), headers: {} }],
  ])("is not believed with %s", (_, request) => {
    expect(() => ready.callBack?.(request)).toThrow(RequestRejected);
  });
});

describe("the settings", () => {
  const good = { accountSid, authToken, from, to };

  it.each([{ from: "Rugdekking" }, { from: "Stadhuis 1" }, { from: undefined, messagingServiceSid }])(
    "take %j",
    (more) => {
      expect(twilioSms.Options.safeParse({ ...good, ...more }).success).toBe(true);
    },
  );

  it.each([
    [{ ...good, from: undefined }],
    [{ ...good, messagingServiceSid }],
    [{ ...good, from: "a name that is too long" }],
    [{ ...good, from: "12345678901" }],
    [{ ...good, to: "0612345678" }],
    [{ ...good, validity: 5 }],
    [{ ...good, validity: 36_001 }],
    [{ ...good, validity: 7.5 }],
    [{ ...good, apiSecret: "a-secret-of-an-api-key" }],
    [{ ...good, language: "nl" }],
  ])("are refused, without repeating a secret: %j", (settings) => {
    const result = twilioSms.Options.safeParse(settings);
    expect(result.success).toBe(false);
    for (const secret of [authToken, to, from, "a-secret-of"]) expect(String(result.error)).not.toContain(secret);
  });
});
