import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { twilioVoice } from "../../../adapters/pagers/twilio-voice.ts";
import type { CallBackOutcome, Page, PageEvent } from "../../../bot/contracts.ts";
import type { Language } from "../../../bot/domain/language.ts";
import { RequestRejected } from "../../../bot/errors.ts";
import { toSpokenAddress, toSpokenNumber } from "../../../bot/words/guard/spoken.ts";
import { httpAnswers, page, pagedAt, pagerContract } from "../../contracts/pager-contract.ts";
import { nl } from "../../dutch.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { createPagerHost } from "../../fakes/pager-host.ts";
import { accountSid, authToken, startTwilio, type TwilioOrder, toCallBack } from "../../fakes/twilio.ts";
import { readTwiml, toActions, toSaid } from "../../fakes/twiml-reader.ts";
import { from, startProvider, to, toTwilioAnswers } from "./twilio.ts";

const signal = new AbortController().signal;
const toOptions = (baseUrl: string, more = {}) =>
  twilioVoice.Options.parse({ accountSid, authToken, from, to, baseUrl, ...more });
const open = (baseUrl: string, more = {}, host = createPagerHost(new FakeClock(pagedAt))) =>
  twilioVoice.open(toOptions(baseUrl, more), host);

/** A number that is wrong, not verified, opted out, not allowed. */
const refused = [21211, 21608, 21610, 21215, 13227];

pagerContract("twilio-voice", twilioVoice, () => startProvider(toOptions, toSpoken), [
  ...httpAnswers,
  ...toTwilioAnswers(refused),
]);

/** How a call says it. */
function toSpoken(text: string, what: "place" | "address" | "number", language: Language): string {
  if (what === "number") return toSpokenNumber(text, language);
  return what === "address" ? toSpokenAddress(text, language) : text;
}

/** One call as it was ordered, and what its phone can do. */
async function place(
  what: (ready: ReturnType<typeof open>) => Promise<unknown> | undefined = (ready) => ready.page(page, signal),
  more = {},
  host = createPagerHost(new FakeClock(pagedAt)),
) {
  await using twilio = await startTwilio();
  const ready = open(twilio.baseUrl, more, host);
  await what(ready);
  const [order] = twilio.orders;
  if (order === undefined) throw new Error("nobody was called");
  const twiml = readTwiml(order.form.Twiml ?? "");
  const callBack = (address: string, form: Record<string, string | string[]>) => {
    const result = ready.callBack?.(toCallBack(address, { CallSid: order.sid, AccountSid: accountSid, ...form }));
    if (result === undefined) throw new Error("it takes no call-backs");
    return result;
  };
  return {
    form: order.form,
    said: toSaid(twiml),
    actions: toActions(twiml),
    ready,
    press: (Digits: string | string[], address = toActions(twiml)[0] ?? "") => callBack(address, { Digits }),
    end: (CallStatus: string) => callBack(order.form.StatusCallback ?? "", { CallStatus, CallDuration: "12" }),
  };
}

const without = (changes: Partial<Page["incident"]>, more: Partial<Page> = {}): Page => ({
  ...page,
  ...more,
  incident: { ...page.incident, ...changes },
});
const test: Page = { ...page, reason: "test", words: { title: "TEST: alarm", text: `TEST. ${nl.page.why.test}` } };

describe("the call", () => {
  it("is one form with its own TwiML, so that it speaks when nobody can reach us", async () => {
    const { form, said, actions } = await place();
    const address = "https://alarm.example.nl/pagers/phone?key=i-1-1-1&as=guard";
    expect(form).toEqual({
      To: to,
      From: from,
      Twiml: expect.any(String),
      Timeout: "30",
      TimeLimit: "300",
      StatusCallback: `${address}&about=status#rc=3&rp=5xx,ct,rt`,
      StatusCallbackMethod: "POST",
      StatusCallbackEvent: "completed",
    });
    const round =
      "Dit is een alarmoproep van Rugdekking. De plaats is: Spreekkamer 3. Ik herhaal: Spreekkamer 3. " +
      "Er is niemand onderweg. Zo komt u er: Begane grond, links van de balie. " +
      "Toets 5 als u komt. Toets 9 als u niet komt.";
    const silent = "We hebben geen 5 of 9 ontvangen. We gaan door met waarschuwen.";
    expect(said).toEqual([round, round, round, silent]);
    expect(new Set(actions)).toEqual(new Set([`${address}&attempt=1#rc=3&rp=5xx,ct,rt`]));
  });

  it("speaks no link and no position, and the verification once there is one", async () => {
    const { form, said } = await place((ready) => ready.page(without({ verification: "witnessed" }), signal));
    expect(form.Twiml).not.toMatch(/guard\/|proof|52[.,]5|5[.,]7/);
    expect(said[0]).toContain("Iemand ter plaatse zegt: het is echt.");
  });

  it("speaks the position only where the place has no name", async () => {
    const { said } = await place((ready) => ready.page(without({ place: null, directions: null }), signal));
    expect(said[0]).toContain("De plaats is onbekend. Ik herhaal: de plaats is onbekend.");
    expect(said[0]).toContain("De positie is: breedte 52,5000, lengte 5,7000.");
  });

  it("names who calls, in the guard's own language", async () => {
    const { said, press } = await place(undefined, { caller: "Gemeente Voorbeeld", language: "en" });
    expect(said[0]).toMatch(/^This is an alarm call from Gemeente Voorbeeld\. The place is: Spreekkamer 3\. I repeat/);
    expect(said[0]).toMatch(/Press 5 if you are coming\. Press 9 if you are not coming\.$/);
    expect(toSaid(readTwiml(press("5").reply("taken").body))[0]).toContain("We know now that you are coming");
  });

  it("speaks the configured language unless told otherwise", async () => {
    const { said } = await place(undefined, {}, createPagerHost(new FakeClock(pagedAt), { language: "en" }));
    expect(said[0]).toContain("This is an alarm call from Rugdekking.");
  });

  it("asks for no key when the alarm could not be recorded: no answer could be stored", async () => {
    const { said, actions } = await place((ready) => ready.page({ ...page, acceptUrl: null }, signal));
    expect(actions).toEqual([]);
    expect(said[0]).toMatch(/U kunt nu niet met een toets antwoorden\. Ga er nu heen\.$/);
    expect(said.join()).not.toContain("Druk");
  });

  it("goes to a colleague's phone with words for a colleague", async () => {
    const called = { ...page, key: "call-7", pageKey: "call-7", acceptUrl: null };
    const { form, said, press, end } = await place((ready) => ready.call?.(called, "+31600000009", signal));
    expect(form.To).toBe("+31600000009");
    expect(said[0]).toMatch(/Zo kom je er: .* Toets 5 als je gaat\. Toets 9 als je niet kunt\.$/);
    expect(press("5").events).toEqual([{ kind: "answered", key: "call-7", answer: "accept" }]);
    expect(press("9").events).toEqual([{ kind: "answered", key: "call-7", answer: "decline" }]);
    expect(toSaid(readTwiml(press("9").reply("taken").body))[0]).toContain("We weten nu dat je niet kunt.");
    expect(end("busy").events).toEqual([{ kind: "failed", key: "call-7", reason: "no-answer" }]);
  });

  it("says that it is no longer needed, and asks for nothing", async () => {
    const off: Page = { ...page, key: "i-1-1-1-c1", reason: "call-off" };
    const { said, actions, end } = await place((ready) => ready.callOff?.(off, signal));
    expect(actions).toEqual([]);
    expect(said[0]).toMatch(
      /^Dit is een alarmoproep van Rugdekking\. Dit gaat over alarm 17\. U hoeft niet meer te komen\./,
    );
    expect(said[0]).toMatch(/U hoeft niet meer te komen\.$/);
    expect(said.join()).not.toMatch(/Druk|waarschuwen/);
    expect(end("completed").events).toEqual([]);
    expect(end("no-answer").events).toEqual([{ kind: "failed", key: "i-1-1-1-c1", reason: "no-answer" }]);
  });

  it("has no update: whoever drives is left alone", () => {
    expect(open("http://127.0.0.1:9")).not.toHaveProperty("update");
  });

  it.each(["page", "call"] as const)(
    "a test (%s) says TEST first and last, whatever is said, and 5 means that it was heard",
    async (hand) => {
      const { said, press } = await place((ready) =>
        hand === "page" ? ready.page(test, signal) : ready.call?.(test, "+31600000009", signal),
      );
      const replies = (["taken", "over", "unknown"] as const).map((outcome) => press("5").reply(outcome).body);
      const all = [...said, ...[...replies, press("9").reply("taken").body].flatMap((body) => toSaid(readTwiml(body)))];
      expect(all.length).toBeGreaterThanOrEqual(9);
      for (const each of all) expect(each).toMatch(/^TEST\. .* Dit was een TEST\.$/);
      expect(said[0]).toContain(nl.page.why.test);
      const { keys, answer } = nl.voice.form[hand === "page" ? "test" : "colleague-test"];
      expect(said[0]).toContain(keys);
      expect(toSaid(readTwiml(replies[0] ?? ""))[0]).toContain(answer.accept);
      expect(press("5").events).toEqual([{ kind: "answered", key: "i-1-1-1", answer: "accept" }]);
      expect(press("9").events).toEqual([]);
    },
  );
});

it("a test of no place names none", async () => {
  const incident = { ...test.incident, place: null, directions: null, position: null };
  const { said } = await place((ready) => ready.page({ ...test, incident, acceptUrl: null }, signal));
  expect(said[0]).toBe(
    `TEST. ${nl.voice.fromTest("Rugdekking")} ${nl.page.why.test} ` +
      "Toets 5. Dan weten we dat deze test is gehoord. Dit was een TEST.",
  );
});

describe("a key", () => {
  it.each([
    ["5", "accept", "Dank u. We weten nu dat u komt. Ga er nu heen."],
    ["9", "decline", "Dank u. We weten nu dat u niet komt. We gaan door met waarschuwen."],
  ])("%s is %s", async (digit, answer, sentence) => {
    const { press } = await place();
    const { events, reply } = press(digit);
    expect(events).toEqual([{ kind: "answered", key: "i-1-1-1", answer }]);
    const say = (outcome: CallBackOutcome) => toSaid(readTwiml(reply(outcome).body));
    expect(reply("taken").type).toBe("text/xml");
    expect(say("taken")).toEqual([sentence]);
    expect(say("over")).toEqual(["Dit alarm is al afgesloten. U hoeft niet meer te komen."]);
    expect(say("unknown")).toEqual(["We kennen dit alarm niet. Bel uw meldkamer."]);
  });

  it.each(["", "1", "0", "55", "59", "5 ", "#", "*", "five", "٥", ["5", "9"], ["5", "7"]])(
    "%j is no answer, and it is asked again",
    async (digits) => {
      const { press } = await place();
      const { events, reply } = press(digits);
      expect(events).toEqual([]);
      const [asked, silent] = toSaid(readTwiml(reply("taken").body));
      expect(asked).toBe("Dat was een andere toets. Toets 5 als u komt. Toets 9 als u niet komt.");
      expect(silent).toContain("We gaan door met waarschuwen.");
    },
  );

  it("is asked for three times and not for ever; a late 5 still counts", async () => {
    const { press, actions } = await place();
    let action = actions[0];
    let asked = 0;
    while (action !== undefined && asked < 10) {
      asked += 1;
      expect(press("5", action).events).toHaveLength(1);
      const again = readTwiml(press("7", action).reply("taken").body);
      action = toActions(again)[0];
      if (action === undefined)
        expect(toSaid(again)).toEqual(["We hebben geen 5 of 9 ontvangen. We gaan door met waarschuwen."]);
    }
    expect(asked).toBe(3);
  });

  it("of a page whose key needs escaping comes back as that key", async () => {
    const key = "a&b=c d+e/f?g#h%20é";
    const { press, end } = await place((ready) => ready.page({ ...page, key, pageKey: key }, signal));
    expect(press("5").events).toEqual([{ kind: "answered", key, answer: "accept" }]);
    expect(end("failed").events).toEqual([{ kind: "failed", key, reason: "no-answer" }]);
  });
});

describe("the end of a call", () => {
  it.each(["completed", "busy", "no-answer", "failed", "canceled"])("%s reached nobody", async (status) => {
    const { end } = await place();
    expect(end(status).events).toEqual([{ kind: "failed", key: "i-1-1-1", reason: "no-answer" }]);
    expect(end(status).reply("taken")).toEqual({ type: "text/plain", body: "" });
  });

  it.each(["queued", "initiated", "ringing", "in-progress", "answered", "", "COMPLETED"])(
    "%j is no end",
    async (status) => {
      const { end } = await place();
      expect(end(status).events).toEqual([]);
      expect(end(status).reply("unknown")).toEqual({ type: "text/plain", body: "" });
    },
  );

  it("says nothing of a page when its own status is missing, and takes no key from it", async () => {
    const { form, press } = await place();
    expect(press("5", form.StatusCallback).events).toEqual([]);
  });
});

describe("call-backs in any order", () => {
  /** What comes of it: a human's first word stands, and goes before a provider's. */
  function toOutcome(events: readonly PageEvent[]): string {
    const answered = events.find((each) => each.kind === "answered");
    return answered?.kind === "answered" ? answered.answer : (events.at(-1)?.kind ?? "none");
  }

  it("come to the same, also twice and with a second call after an answer that was lost", async () => {
    await using twilio = await startTwilio();
    const ready = open(twilio.baseUrl);
    twilio.behave({ kind: "reset-after-body" });
    await expect(ready.page(page, signal)).rejects.toMatchObject({ reason: "unreachable" });
    twilio.behave({ kind: "ok" });
    await ready.page(page, signal);
    const [first, second] = twilio.orders;
    if (first === undefined || second === undefined) throw new Error("two calls were expected");
    expect(second.sid).not.toBe(first.sid);
    const callBack = ({ sid, form }: TwilioOrder, more: { Digits: string } | { CallStatus: string }) => {
      const [action = ""] = toActions(readTwiml(form.Twiml ?? ""));
      const address = "Digits" in more ? action : (form.StatusCallback ?? "");
      return () => ready.callBack?.(toCallBack(address, { CallSid: sid, ...more })).events ?? [];
    };
    const calls = [
      callBack(first, { Digits: "5" }),
      callBack(first, { Digits: "5" }),
      callBack(first, { CallStatus: "completed" }),
      callBack(second, { CallStatus: "no-answer" }),
      callBack(second, { CallStatus: "no-answer" }),
      callBack(first, { Digits: "7" }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(calls, { minLength: calls.length }), (order) => {
        const events = order.flatMap((call) => call());
        expect(new Set(events.map(({ key }) => key))).toEqual(new Set(["i-1-1-1"]));
        expect(toOutcome(events)).toBe("accept");
      }),
    );
  });
});

describe("whoever calls back", () => {
  const address = "https://alarm.example.nl/pagers/phone?key=i-1-1-1&as=guard&attempt=1#rc=3&rp=5xx,ct,rt";
  const form = { CallSid: "CA1", Digits: "5" };
  const ready = open("http://127.0.0.1:9");
  const callBack = (request: ReturnType<typeof toCallBack>) => ready.callBack?.(request).events;
  const bare = address.replace(/#.*/, "");

  it("is Twilio, whatever it does with the part behind # and with the port", () => {
    const port = bare.replace(".nl/", ".nl:443/");
    for (const signed of [bare, address, port]) expect(callBack(toCallBack(address, form, { signed }))).toHaveLength(1);
  });

  it.each([
    ["another token", toCallBack(address, form, { token: `${authToken}x` })],
    ["another pager's address", toCallBack(address, form, { signed: bare.replace("phone", "other") })],
    ["the address of another bot", toCallBack(address, form, { signed: bare.replace("alarm.", "other.") })],
    [
      "another page's key",
      { ...toCallBack(address, form), query: new URL(address.replace("i-1-1", "i-2-1")).search.slice(1) },
    ],
    ["no query", { ...toCallBack(address, form), query: "" }],
    ["another digit", { ...toCallBack(address, { ...form, Digits: "9" }), body: Buffer.from("CallSid=CA1&Digits=5") }],
    [
      "a second digit",
      { ...toCallBack(address, { ...form, Digits: "9" }), body: Buffer.from("CallSid=CA1&Digits=9&Digits=5") },
    ],
    ["no body", { ...toCallBack(address, form), body: Buffer.alloc(0) }],
    ["no signature", { ...toCallBack(address, form), headers: {} }],
    ["a body of JSON", { ...toCallBack(address, form), body: Buffer.from(JSON.stringify(form)) }],
  ])("is refused with %s", (_, request) => {
    const calling = () => ready.callBack?.(request);
    expect(calling).toThrow(RequestRejected);
    expect(calling).toThrow(expect.objectContaining({ status: 401 }));
  });

  it.each([
    "https://alarm.example.nl/pagers/phone",
    "https://alarm.example.nl/pagers/phone?key=&as=guard",
    "https://alarm.example.nl/pagers/phone?key=i-1-1-1",
    "https://alarm.example.nl/pagers/phone?key=i-1-1-1&as=somebody",
    "https://alarm.example.nl/pagers/phone?key=i-1-1-1&as=call-off",
  ])("says nothing with an address that asked for nothing: %s", (url) => {
    const result = ready.callBack?.(toCallBack(url, form));
    expect(result?.events).toEqual([]);
    expect(result?.reply("taken")).toEqual({ type: "text/plain", body: "" });
  });

  it.each(["", "0", "-1", "1e9", "x"])("asks no further after an attempt %j", (attempt) => {
    const url = `https://alarm.example.nl/pagers/phone?key=i-1-1-1&as=guard&attempt=${attempt}`;
    const result = ready.callBack?.(toCallBack(url, { Digits: "7" }));
    expect(toActions(readTwiml(result?.reply("taken").body ?? ""))).toEqual([]);
  });
});

describe("the settings", () => {
  const good = { accountSid, authToken, from, to };

  it("lead to Twilio unless told otherwise", () => {
    expect(twilioVoice.addresses(twilioVoice.Options.parse(good))).toEqual([
      { host: "api.twilio.com", port: 443, transport: "tls", isPlain: false },
    ]);
  });

  it("log in by an API key where there is one; call-backs are still proven by the token", async () => {
    const apiKey = "SK00000000000000000000000000000002";
    const apiSecret = "a-secret-of-an-api-key";
    await using twilio = await startTwilio(`${apiKey}:${apiSecret}`);
    const ready = open(twilio.baseUrl, { apiKey, apiSecret });
    await ready.page(page, signal);
    const action = toActions(readTwiml(twilio.orders[0]?.form.Twiml ?? ""))[0] ?? "";
    expect(ready.callBack?.(toCallBack(action, { Digits: "5" })).events).toHaveLength(1);
    await expect(open(twilio.baseUrl).page(page, signal)).rejects.toMatchObject({ reason: "misconfigured" });
  });

  it.each([
    [{ ...good, accountSid: "0123456789abcdef0123456789abcdef" }],
    [{ ...good, authToken: "short" }],
    [{ ...good, to: "0612345678" }],
    [{ ...good, from: "Gemeente" }],
    [{ ...good, apiKey: "SK00000000000000000000000000000002" }],
    [{ ...good, baseUrl: "ftp://api.twilio.com" }],
    [{ ...good, language: "de" }],
    [{ ...good, caller: "" }],
    [{ ...good, colour: "red" }],
    [null],
  ])("are refused, without repeating a secret: %j", (settings) => {
    const result = twilioVoice.Options.safeParse(settings);
    expect(result.success).toBe(false);
    for (const secret of [authToken, to, from]) expect(String(result.error)).not.toContain(secret);
  });
});
