import { describe, expect, it } from "vitest";
import { line, nl, upTo, way } from "../dutch.ts";
import { accountSid, authToken, type FakeTwilio, startTwilio, toCallBack } from "../fakes/twilio.ts";
import { readTwiml } from "../fakes/twiml-reader.ts";
import { alice, type Bot, bob, building, people, sam, second, startBot } from "../harness.ts";

const from = "+31850000000";
const steps = [
  { after: "0s", tell: "frontdesk" },
  { after: "30s", call: "on-duty", by: "calls" },
  { after: "60s", page: "calls" },
  { after: "120s", page: "desk" },
];

async function startWithCalls(twilio: FakeTwilio): Promise<Bot> {
  const bot = await startBot();
  const { pagers } = bot.settings as { pagers: object };
  const calls = { type: "twilio-voice", baseUrl: twilio.baseUrl, accountSid, authToken, from, to: "+31612345678" };
  await bot.restart({
    pagers: { ...pagers, calls },
    policies: { building: { ...building, steps } },
    people: people.map((person, index) => ({ ...person, phone: `+3160000000${index}` })),
  });
  return bot;
}

/** A press with calls set up, and its card after that time. */
async function press(button: string, place: string, ms: number) {
  await using stack = new AsyncDisposableStack();
  const twilio = stack.use(await startTwilio());
  const bot = stack.use(await startWithCalls(twilio));
  await bot.press(button);
  const card = await bot.expectCard(place);
  await bot.fastForward(ms);
  const held = stack.move();
  return { twilio, bot, card, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/** The provider tells what became of the newest call to that number; answers with what the caller then hears. */
async function callBack(bot: Bot, twilio: FakeTwilio, to: string, form: Record<string, string>, forged = false) {
  const order = twilio.orders.findLast((each) => each.form.To === to);
  const address = "Digits" in form ? actionOf(order?.form.Twiml) : (order?.form.StatusCallback ?? "");
  return post(bot, address, form, forged);
}

async function post(bot: Bot, address: string, form: Record<string, string>, forged = false) {
  const { query, headers, body } = toCallBack(address, form, forged ? { token: "another" } : {});
  const answered = await fetch(`${bot.url}/pagers/calls?${query}`, {
    method: "POST",
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
  });
  await bot.settle();
  return { status: answered.status, said: await answered.text() };
}

function actionOf(twiml: string | undefined): string {
  return JSON.stringify(readTwiml(twiml ?? "")).match(/https?:[^"]+/)?.[0] ?? "";
}

describe("calls to the colleagues on duty", () => {
  it("5 claims for who was called, 9 declines, and the card counts only them as reached", async () => {
    await using twilio = await startTwilio();
    await using bot = await startWithCalls(twilio);
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    expect(card.text).toContain(line("reached", nl.card.remark.reached(0, 2)));
    await bot.fastForward(30 * second);
    const called = twilio.orders.map(({ form }) => form.To);
    expect(called.length).toBeGreaterThan(1);
    expect(new Set(called).size).toBe(called.length);
    const [first = "", other = ""] = called;
    await callBack(bot, twilio, other, { Digits: "9" });
    const { said } = await callBack(bot, twilio, first, { Digits: "5" });
    expect(said).toContain("<Say");
    await bot.fastForward(5 * second);
    expect(bot.look(card).text).toContain(nl.card.headline.coming(1));
    expect(bot.look(card).text).toContain(line("declined"));
    expect(bot.look(card).text).toContain(line("reached", nl.card.remark.reached(2, 2)));
    await bot.fastForward(40 * second);
    expect(twilio.orders).toHaveLength(called.length);
  });

  it("rule 28: a key counts for who was called, also once they have left the list, and for nobody else", async () => {
    await using held = await press("0042", "Spreekkamer 3", 30 * second);
    const { twilio, bot, card } = held;
    const { people: listed } = bot.settings as { people: { id: string }[] };
    await bot.restart({ people: listed.filter(({ id }) => id !== alice.aadObjectId) });
    await callBack(bot, twilio, "+31600000000", { Digits: "5" });
    await bot.fastForward(5 * second);
    expect(bot.look(card).text).toContain(line("coming", alice));
    // The address of a call that was never made, to somebody of no list.
    const order = twilio.orders.find(({ form }) => form.To === "+31600000001");
    const address = actionOf(order?.form.Twiml).replace(bob.aadObjectId, sam.aadObjectId);
    await post(bot, address, { Digits: "5" });
    expect(await bot.history(card.incident)).not.toContainEqual(expect.stringContaining(sam.name));
  });

  it("a call that nobody answers is told in the thread, and reaches nobody", async () => {
    await using held = await press("0042", "Spreekkamer 3", 30 * second);
    const { twilio, bot, card } = held;
    const to = twilio.orders[0]?.form.To ?? "";
    await callBack(bot, twilio, to, { CallStatus: "busy" });
    await callBack(bot, twilio, to, { CallStatus: "busy" });
    const lines = await bot.history(card.incident);
    expect(lines.filter((each) => each.endsWith(`: ${nl.terms.failure["no-answer"]}.`))).toHaveLength(1);
    expect(bot.look(card).text).toContain(line("reached", nl.card.remark.reached(0, 2)));
  });

  it("who has no phone in the configuration is said to be unreachable by it, and everybody else is called", async () => {
    await using twilio = await startTwilio();
    await using bot = await startWithCalls(twilio);
    await bot.restart({
      people: people.map((person, index) => ({ ...person, phone: index === 0 ? null : `+3160000000${index}` })),
    });
    await bot.press("0051");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(30 * second);
    expect(twilio.orders.length).toBeGreaterThan(0);
    const lines = await bot.history(card.incident);
    expect(
      lines.filter((each) => each.includes(nl.thread.notDelivered.call(alice.name, nl.terms.failure.misconfigured))),
    ).toHaveLength(1);
  });

  it("a key on a call of an earlier round still counts", async () => {
    await using held = await press("0042", "Spreekkamer 3", 30 * second);
    const { twilio, bot, card } = held;
    const to = twilio.orders[0]?.form.To ?? "";
    const first = actionOf(twilio.orders[0]?.form.Twiml);
    await bot.fastForward(6 * 60 * second);
    expect(twilio.orders.filter((order) => order.form.To === to).length).toBeGreaterThan(1);
    expect((await post(bot, first, { Digits: "5" })).said).toContain(nl.voice.form.colleague.answer.accept);
    expect(await bot.events(card.incident)).toContain("claimed");
  });

  it("9 takes back no promise that was made in Teams, because anybody may pick up, and says so", async () => {
    await using held = await press("0051", "Balie", 30 * second);
    const { twilio, bot, card } = held;
    await bot.click(alice, card, "claim");
    const { said } = await callBack(bot, twilio, "+31600000000", { Digits: "9" });
    expect(said).toContain(nl.voice.form.colleague.answer.stands);
    await bot.fastForward(5 * second);
    expect(bot.look(card).text).toContain(nl.card.headline.coming(1));
    expect(await bot.events(card.incident)).not.toContain("declined");
  });

  it("whoever claimed in Teams is not called", async () => {
    await using twilio = await startTwilio();
    await using bot = await startWithCalls(twilio);
    await bot.press("0051");
    const card = await bot.expectCard("Balie");
    await bot.click(alice, card, "decline");
    await bot.fastForward(30 * second);
    await bot.click(bob, card, "claim");
    expect(twilio.orders.map(({ form }) => form.To)).not.toContain("+31600000000");
  });
});

describe("a page by phone", () => {
  it("only a key is an answer: a call that ended without one makes the next page due now", async () => {
    await using held = await press("0042", "Spreekkamer 3", 65 * second);
    const { twilio, bot, card } = held;
    expect(bot.look(card).text).toContain(way("calls", nl.security.accepted));
    await callBack(bot, twilio, "+31612345678", { CallStatus: "completed" });
    await bot.fastForward(5 * second);
    expect(bot.look(card).text).toContain(way("calls", nl.security.failed(nl.terms.failure["no-answer"])));
    await bot.desk.expectPage("unclaimed");
    await callBack(bot, twilio, "+31612345678", { Digits: "5" });
    await callBack(bot, twilio, "+31612345678", { Digits: "5" });
    await callBack(bot, twilio, "+31612345678", { CallStatus: "completed" });
    await bot.fastForward(5 * second);
    expect(bot.look(card).text).toContain(upTo(nl.card.headline.guardComing));
    expect((await bot.events(card.incident)).filter((kind) => kind === "guard-accepted")).toHaveLength(1);
  });

  it("a call-back that is not the provider's is refused, changes nothing, and is in the log", async () => {
    await using held = await press("0042", "Spreekkamer 3", 60 * second);
    const { twilio, bot, card } = held;
    const { status, said } = await callBack(bot, twilio, "+31612345678", { Digits: "5" }, true);
    expect(status).toBe(401);
    expect(said).not.toContain("+316");
    expect(bot.look(card).text).not.toContain(upTo(nl.card.headline.guardComing));
    expect(bot.lines.map(({ event }) => event)).toContain("call-back-refused");
  });

  it("after closing, a key is answered with what stands", async () => {
    await using held = await press("0042", "Spreekkamer 3", 60 * second);
    const { twilio, bot, card } = held;
    const guard = twilio.orders.length;
    await bot.click(alice, card, "arrive");
    await bot.click(alice, card, "resolve", "false");
    expect(twilio.orders).toHaveLength(guard + 1);
    const { said } = await post(bot, actionOf(twilio.orders[guard - 1]?.form.Twiml), { Digits: "5" });
    expect(said).toContain("al afgesloten");
  });
});
