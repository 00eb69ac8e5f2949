import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { accountSid, authToken, type FakeTwilio, startTwilio, toCallBack } from "../fakes/twilio.ts";
import { readTwiml } from "../fakes/twiml-reader.ts";
import { type Bot, building, frontdesk, lea, minute, second, startBot } from "../harness.ts";

const steps = [
  { after: "0s", tell: "frontdesk" },
  { after: "60s", page: "voice" },
];

async function startWithVoice(twilio: FakeTwilio, withDesk = false): Promise<Bot> {
  const bot = await startBot();
  const { desk } = bot.settings.pagers as { desk: object };
  const account = { accountSid, authToken, from: "+31850000000", to: "+31612345678" };
  await bot.restart({
    pagers: { ...(withDesk ? { desk } : {}), voice: { type: "twilio-voice", baseUrl: twilio.baseUrl, ...account } },
    policies: { building: { ...building, steps } },
  });
  return bot;
}

/** `of`: the pager whose test it is about. */
async function callBack(bot: Bot, twilio: FakeTwilio, form: Record<string, string>, of = "voice"): Promise<number> {
  const order = twilio.orders.at(-1)?.form;
  const inTwiml = JSON.stringify(readTwiml(order?.Twiml ?? "")).match(/https?:[^"]+/)?.[0];
  const address = "Digits" in form ? (inTwiml ?? "") : (order?.StatusCallback ?? "");
  const { query, headers, body } = toCallBack(address.replace("test.voice.", `test.${of}.`), form);
  const answered = await fetch(`${bot.url}/pagers/voice?${query}`, {
    method: "POST",
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
  });
  await bot.settle();
  return answered.status;
}

describe("a test by phone", () => {
  it("is spoken as a test, and a key that a human pressed proves the way", async () => {
    await using twilio = await startTwilio();
    await using bot = await startWithVoice(twilio);
    await bot.type(lea, "test", frontdesk);
    await bot.expectCard(nl.routeTest.running);
    expect(twilio.orders).toHaveLength(1);
    expect(twilio.orders[0]?.form.Twiml).toContain("TEST");
    await bot.fastForward(20 * second);
    expect(await callBack(bot, twilio, { Digits: "5" })).toBe(200);
    await bot.fastForward(second);
    bot.expectNotice(frontdesk, `- voice: ${nl.routeTest.route.answered("10:00:20")}`);
    expect(await bot.read((reader) => reader.loadSetting("route-proven", "voice"))).not.toBeNull();
    await bot.restartAndExpectNothingElse();
  });

  it("proves that way alone, whatever its provider says of another", async () => {
    await using twilio = await startTwilio();
    await using bot = await startWithVoice(twilio, true);
    await bot.type(lea, "test", frontdesk);
    await bot.expectCard(nl.routeTest.running);
    await bot.desk.expectPage("test");
    expect(await callBack(bot, twilio, { Digits: "5" }, "desk")).toBe(200);
    const pagers = ["desk", "voice"];
    const read = () =>
      bot.read((reader) => Promise.all(pagers.map((pager) => reader.loadSetting("route-proven", pager))));
    expect(await read()).toEqual([null, null]);
    await callBack(bot, twilio, { Digits: "5" });
    expect(await read()).toEqual([null, expect.any(String)]);
  });

  it("that nobody answers proves nothing, and says so", async () => {
    await using twilio = await startTwilio();
    await using bot = await startWithVoice(twilio);
    await bot.type(lea, "test", frontdesk);
    await bot.expectCard(nl.routeTest.running);
    expect(await callBack(bot, twilio, { CallStatus: "no-answer" })).toBe(200);
    await bot.fastForward(minute);
    bot.expectNotice(frontdesk, `- voice: ${nl.routeTest.route.failed(nl.terms.failure["no-answer"])}`);
    expect(await bot.read((reader) => reader.loadSetting("route-proven", "voice"))).toBeNull();
    // Nobody is called again for a test.
    expect(twilio.orders).toHaveLength(1);
  });
});
