import { describe, expect, it } from "vitest";
import { cmSms } from "../../../adapters/pagers/cm-sms.ts";
import type { Page } from "../../../bot/contracts.ts";
import { safeFor } from "../../../bot/kit/safe-text.ts";
import { type AnswerCase, httpAnswers, page, pagedAt, pagerContract, report } from "../../contracts/pager-contract.ts";
import { nl } from "../../dutch.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { startCm } from "../../fakes/cm.ts";
import { createPagerHost } from "../../fakes/pager-host.ts";

const productToken = "00000000-aaaa-bbbb-cccc-111111111111";
const to = "+31612345678";
const signal = new AbortController().signal;

/** A 2xx alone tells nothing: CM.com says in its body what became of the message. */
const answers: AnswerCase[] = [
  { behaviour: { kind: "ok" }, reason: null },
  ...httpAnswers.filter(({ reason }) => reason !== null),
  answer(0, [0], null),
  answer(201, [303], "refused"),
  answer(201, [304], "refused"),
  answer(201, [402], "refused"),
  answer(201, [403], "refused"),
  answer(102, [], "misconfigured"),
  answer(101, [], "misconfigured"),
  answer(201, [103], "misconfigured"),
  answer(201, [500], "unreachable"),
  answer(999, [], "unreachable"),
  answer(0, [], "unreachable"),
  { behaviour: { kind: "status", status: 200 }, reason: "unreachable" },
  { behaviour: { kind: "status", status: 204 }, reason: "unreachable" },
  { behaviour: { kind: "status", status: 200, body: "<html>busy</html>" }, reason: "unreachable" },
  { behaviour: { kind: "status", status: 200, body: "[]" }, reason: "unreachable" },
];

function answer(errorCode: number, codes: number[], reason: AnswerCase["reason"]): AnswerCase {
  const messages = codes.map((messageErrorCode) => ({
    to: "0031612345678",
    status: messageErrorCode === 0 ? "Accepted" : "Rejected",
    reference: null,
    parts: 1,
    messageDetails: "Gsm '0031612345678' is not right.",
    messageErrorCode,
  }));
  const body = JSON.stringify({ details: `Created ${codes.length} message(s)`, errorCode, messages });
  return { behaviour: { kind: "status", status: 200, body }, reason };
}

pagerContract(
  "cm-sms",
  cmSms,
  async () => {
    const provider = await startCm({ productToken });
    return {
      options: { productToken, from: "Rugdekking", to, url: `${provider.url}/v1.0/message` },
      behave: provider.behave,
      received: provider.received,
      get keys() {
        return provider.messages.map(({ reference }) => reference ?? "");
      },
      lastText: () => provider.messages.at(-1)?.body.content ?? "",
      shows: (text) => safeFor.sms(text),
      secrets: [productToken, to, "0031612345678", provider.url, new URL(provider.url).host],
      [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose](),
    };
  },
  answers,
);

describe("the SMS", () => {
  async function messageOf(changes: Partial<Page>, language: "nl" | "en" = "nl") {
    await using provider = await startCm({ productToken });
    const ready = openPager(provider.url, language);
    const { reason } = { ...page, ...changes };
    const send = reason === "update" ? ready.update : reason === "call-off" ? ready.callOff : ready.page;
    await send?.({ ...page, ...changes }, signal);
    return provider.messages[0];
  }

  it("is what CM.com asks for, and ends with the guard's link", async () => {
    expect(await messageOf({})).toEqual({
      from: "Rugdekking",
      to: [{ number: "0031612345678" }],
      body: {
        type: "auto",
        content: `Alarm in Spreekkamer 3\nKomt u? Laat het weten via deze link:\n${page.acceptUrl}`,
      },
      reference: expect.stringMatching(/^[0-9a-f]{32}$/),
      validity: "10m",
      minimumNumberOfMessageParts: 1,
      maximumNumberOfMessageParts: 8,
      allowedChannels: ["SMS"],
    });
  });

  it("asks in English too", async () => {
    expect((await messageOf({}, "en"))?.body.content).toContain(
      `Are you coming? Say so with this link:\n${page.acceptUrl}`,
    );
  });

  it("fits into the parts that are allowed, also outside of the SMS alphabet", async () => {
    const content = (await messageOf({ words: { title: "Ж".repeat(2000), text: "" } }))?.body.content ?? "";
    expect(Math.ceil(content.length / 66)).toBeLessThanOrEqual(8);
    expect(content.endsWith(page.acceptUrl ?? "")).toBe(true);
  });

  it("says TEST", async () => {
    const words = { title: "TEST: Spreekkamer 3", text: `TEST. ${nl.page.why.test}` };
    expect((await messageOf({ reason: "test", words }))?.body.content).toMatch(/^TEST: Spreekkamer 3\nTEST: /);
  });

  it("goes again as an SMS of its own for updates and call-offs", async () => {
    const first = await messageOf({});
    const words = { title: "Nieuws: Spreekkamer 3", text: "Iemand zegt: het is echt." };
    const update = await messageOf({ key: "i-1-1-1-u1", reason: "update", words });
    const callOff = await messageOf({ key: "i-1-1-1-c1", reason: "call-off", words });
    expect(update?.body.content).toContain("Nieuws: Spreekkamer 3");
    expect(callOff?.body.content).toContain("U hoeft niet meer te komen.");
    expect(new Set([first, update, callOff].map((message) => message?.reference))).toHaveLength(3);
  });

  it("is wrongly configured with another token, which CM.com says in the body of a 400", async () => {
    await using provider = await startCm({ productToken: "another-product-token" });
    await expect(openPager(provider.url).page(page, signal)).rejects.toMatchObject({ reason: "misconfigured" });
  });

  it("tells of a trouble in its own words, without a link", async () => {
    await using provider = await startCm({ productToken });
    await openPager(provider.url).tell?.(report, signal);
    expect(provider.messages.map(({ body }) => body.content)).toEqual([`${report.words.title}\n${report.words.text}`]);
  });

  it("makes nothing of CM.com's status reports, which nobody signs", () => {
    expect(openPager("https://gw.example.nl").callBack).toBeUndefined();
  });
});

describe("the settings", () => {
  const settings = { productToken, from: "Rugdekking", to };

  it("lead to CM.com unless told otherwise", () => {
    const options = cmSms.Options.parse(settings);
    expect(options.url).toBe("https://gw.cmtelecom.com/v1.0/message");
    expect(cmSms.Options.parse(options)).toEqual(options);
    expect(cmSms.addresses(options)).toEqual([
      { host: "gw.cmtelecom.com", port: 443, transport: "tls", isPlain: false },
    ]);
  });

  it.each(["Gemeente X", "CM.com", "+31970123456", "1234"])("shows the sender %s", (from) => {
    expect(cmSms.Options.safeParse({ ...settings, from }).success).toBe(true);
  });

  it.each([
    { from: "" },
    { from: "a name too long" },
    { from: "12345678901234567" },
    { to: "0612345678" },
    { to: "0031612345678" },
    { to: "+31 6 12345678" },
    { productToken: "hidden token" },
    { url: "ftp://gw.example.nl" },
    { validity: "1d" },
  ])("refuses %j, without repeating a secret", (changes) => {
    const result = cmSms.Options.safeParse({ ...settings, ...changes });
    expect(result.success).toBe(false);
    expect(String(result.error)).not.toContain("hidden token");
  });
});

function openPager(url: string, language: "nl" | "en" = "nl") {
  const options = cmSms.Options.parse({ productToken, from: "Rugdekking", to, url: `${url}/v1.0/message` });
  return cmSms.open(options, createPagerHost(new FakeClock(pagedAt), { language }));
}
