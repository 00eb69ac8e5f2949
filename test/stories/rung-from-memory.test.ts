import { describe, expect, it } from "vitest";
import { nl, upTo } from "../dutch.ts";
import { accountSid, authToken, type FakeTwilio, startTwilio, toCallBack } from "../fakes/twilio.ts";
import { alice, type Bot, bob, building, minute, people, second, startBot, startWithAlarm } from "../harness.ts";
import { cardsOf } from "../in-chats.ts";
import { mentions, ringsOf } from "../rings-of.ts";

/** Nobody is paged: what these stories are about is whom of the colleagues it rings. */
const tellAtOnce = { after: "0s", tell: "frontdesk" };
const again = { repeatEvery: "3m", steps: [tellAtOnce, { after: "2m", page: "desk" }] };

/** An alarm is open, and what belongs to its first ring is out. */
async function startOpen(): Promise<Bot> {
  const bot = await startWithAlarm({ policy: again });
  await bot.fastForward(5 * second);
  return bot;
}

/** How often each of these was rung since. */
function countSince(bot: Bot): () => readonly number[] {
  const before = [alice, bob].map((who) => ringsOf(bot, who).length);
  return () => [alice, bob].map((who, index) => ringsOf(bot, who).length - (before[index] ?? 0));
}

describe("rule 1: nothing can be written while an alarm is open", () => {
  it("and a new round begins: all on duty are mentioned on its card and messaged, once, and it is theirs afterwards", async () => {
    await using bot = await startOpen();
    const first = bot.card.posted.id;
    const rung = countSince(bot);
    {
      using _held = bot.holdDisk();
      await bot.fastForward(5 * minute + 10 * second);
      expect(rung()).toEqual([2, 2]);
      const { posted, text } = bot.card;
      expect(posted.id).not.toBe(first);
      expect(text).not.toContain(nl.card.headline.unstored);
      expect([alice, bob].every((who) => mentions(who, posted))).toBe(true);
      // Whoever clicks there is kept, and counts.
      await bot.click(alice, bot.card, "claim");
      await bot.fastForward(5 * second);
    }
    const chats = [alice, bob].map((who) => cardsOf(bot, who).length);
    await bot.fastForward(minute);
    expect(bot.card.text).toContain(nl.card.headline.coming(1));
    // Nobody is rung once more; the card follows that a message always has.
    expect(rung()).toEqual([3, 3]);
    expect([alice, bob].map((who) => cardsOf(bot, who).length)).toEqual(chats.map((count) => count + 1));
    bot.desk.ignoreRest();
    await bot.restartAndExpectNothingElse();
  });

  it.each(["before the disk", "after the disk"])(
    "and Teams takes nothing either: each is rung once, as soon as it does, %s",
    async (when) => {
      await using bot = await startOpen();
      const rung = countSince(bot);
      const routes = ["card", "text"] as const;
      {
        using _held = bot.holdDisk();
        for (const route of routes) bot.teams.fail(route, { kind: "status", status: 503 });
        await bot.fastForward(5 * minute + 5 * second);
        expect(rung()).toEqual([0, 0]);
        if (when === "before the disk") {
          for (const route of routes) bot.teams.fail(route, null);
          await bot.fastForward(15 * second);
          expect(rung()).toEqual([2, 2]);
        }
      }
      await bot.fastForward(5 * second);
      for (const route of routes) bot.teams.fail(route, null);
      await bot.fastForward(minute);
      expect(rung()).toEqual([3, 3]);
      bot.desk.ignoreRest();
      await bot.restartAndExpectNothingElse();
    },
  );

  it("and somebody there needs help: who is not there is rung at once, and each minute that they say it anew", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "arrive");
    const rung = countSince(bot);
    using _held = bot.holdDisk();
    await bot.click(alice, bot.card, "help");
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([0, 2]);
    await bot.click(alice, bot.card, "help");
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([0, 2]);
    await bot.fastForward(minute);
    await bot.click(alice, bot.card, "help");
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([0, 4]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

async function startWithCalls(twilio: FakeTwilio): Promise<Bot> {
  const bot = await startBot();
  const { pagers } = bot.settings as { pagers: object };
  const account = { type: "twilio-voice", baseUrl: twilio.baseUrl, accountSid, authToken };
  const calls = { ...account, from: "+31850000000", to: "+31612345678" };
  const steps = [tellAtOnce, { after: "30s", call: "on-duty", by: "calls" }, { after: "5m", page: "desk" }];
  await bot.restart({
    pagers: { ...pagers, calls },
    policies: { building: { ...building, steps } },
    people: people.map((person, index) => ({ ...person, phone: `+3160000000${index}` })),
  });
  return bot.open();
}

/** The provider tells what became of the first call; answers with the status that it gets. */
async function report(bot: Bot, twilio: FakeTwilio, status: string): Promise<number> {
  const { query, headers, body } = toCallBack(twilio.orders[0]?.form.StatusCallback ?? "", { CallStatus: status });
  const init = { method: "POST", headers: headers as Record<string, string>, body: new Uint8Array(body) };
  const answered = await fetch(`${bot.url}/pagers/calls?${query}`, init);
  await bot.settle();
  return answered.status;
}

describe("rule 1: nothing can be written when colleagues are to be called", () => {
  const called = (twilio: FakeTwilio) => twilio.orders.map(({ form }) => form.To).toSorted();

  it("they are called once, from memory, and the history says so", async () => {
    await using twilio = await startTwilio();
    await using bot = await startWithCalls(twilio);
    {
      using _held = bot.holdDisk();
      await bot.fastForward(40 * second);
      expect(called(twilio)).toEqual(["+31600000000", "+31600000001"]);
    }
    await bot.fastForward(minute);
    expect(called(twilio)).toHaveLength(2);
    expect(await bot.events(bot.card.incident)).toContain("called");
    expect(bot.card.text).toContain(upTo((count) => nl.card.remark.reached(0, 2) + count));
    await bot.restartAndExpectNothingElse();
  });

  it("that a call reached nobody counts from when it was reported, however often that is", async () => {
    await using twilio = await startTwilio();
    await using bot = await startWithCalls(twilio);
    const notDelivered = async () =>
      (await bot.history(bot.card.incident)).filter((each) => each.endsWith(`: ${nl.terms.failure["no-answer"]}.`));
    {
      using _held = bot.holdDisk();
      await bot.fastForward(40 * second);
      expect(await report(bot, twilio, "no-answer")).toBe(503);
      await bot.fastForward(minute);
      expect(await report(bot, twilio, "no-answer")).toBe(503);
    }
    await bot.fastForward(10 * second);
    expect((await notDelivered()).map((each) => each.slice(0, 8))).toEqual(["10:00:40"]);
    expect(await report(bot, twilio, "no-answer")).toBe(200);
    expect(await notDelivered()).toHaveLength(1);
  });

  it("who says before that they come is not called", async () => {
    await using twilio = await startTwilio();
    await using bot = await startWithCalls(twilio);
    using _held = bot.holdDisk();
    await bot.click(alice, bot.card, "decline");
    await bot.fastForward(40 * second);
    expect(called(twilio)).toEqual(["+31600000001"]);
  });
});
