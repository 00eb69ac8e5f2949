import { describe, expect, it } from "vitest";
import { line, nl, upTo, way } from "../dutch.ts";
import { alice, type Bot, bob, hour, minute, second, startBot, startWithAlarm } from "../harness.ts";

/** Down from now on, for that long; everything is still on disk. */
async function sleep(bot: Bot, ms: number): Promise<void> {
  await bot.stop();
  bot.clock.to(bot.clock.now() + ms);
  await bot.start();
}

function pagesOf(bot: Bot): string[] {
  return [...bot.desk.pages, ...bot.phone.pages].map(({ key, reason }) => `${key} ${reason}`);
}

describe("what is overdue after a restart is due now", () => {
  it("pages: both at once, each only once", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(10 * second);
    await sleep(bot, 4 * minute);
    await bot.desk.expectPage("unclaimed");
    await bot.phone.expectPage("unclaimed");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.delivered);
    await bot.restartAndExpectNothingElse();
  });

  it("a claim that lapsed meanwhile", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(50 * second);
    await bot.click(alice, bot.card, "claim");
    await sleep(bot, 2 * minute - 1);
    bot.desk.expectNothing();
    await bot.fastForward(1);
    await bot.desk.expectPage("lapsed");
    await bot.phone.expectPage("lapsed");
    await bot.restartAndExpectNothingElse();
  });

  it("a guard who did not come, and a question that nobody answered", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    await bot.press("0051");
    await bot.expectCard("Spreekkamer 3");
    const there = await bot.expectCard("Balie");
    await bot.click(alice, there, "arrive");
    await bot.fastForward(minute);
    await bot.answer(await bot.desk.expectPage("unclaimed"), "accept");
    await bot.fastForward(9 * minute + second);
    expect(bot.look(there).text).toContain(nl.card.headline.check);
    await sleep(bot, 6 * minute);
    await bot.desk.expectPage("check");
    expect(bot.phone.pages.map(({ incident }) => incident.place).sort()).toEqual(["Balie", "Spreekkamer 3"]);
    bot.phone.ignoreRest();
    await bot.restartAndExpectNothingElse();
  });

  it("an hour of repeats is one repeat, and then they go on as before", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    await bot.fastForward(2 * minute);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    await sleep(bot, hour);
    await bot.desk.expectPage("repeat");
    await bot.phone.expectPage("repeat");
    await bot.fastForward(3 * minute - 1);
    bot.desk.expectNothing();
    await bot.fastForward(1);
    await bot.desk.expectPage("repeat");
    await bot.phone.expectPage("repeat");
    expect(new Set(pagesOf(bot)).size).toBe(6);
  });

  it("a card that could not be posted", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", { kind: "status", status: 503 });
    await bot.press("0042");
    await bot.fastForward(5 * second);
    await bot.stop();
    bot.teams.fail("card", null);
    await bot.start();
    await bot.fastForward(4 * second);
    const card = await bot.expectCard("Spreekkamer 3");
    expect(bot.teams.told.map(({ to }) => to).sort()).toEqual([alice.teamsId, bob.teamsId]);
    await bot.click(alice, card, "claim");
    await bot.fastForward(minute);
    await bot.restartAndExpectNothingElse();
  });
});

describe("nothing is lost and nothing comes twice", () => {
  it("restarted every five seconds, a story is the same story", async () => {
    await using bot = await startWithAlarm();
    for (let turn = 0; turn < 36; turn += 1) {
      await bot.fastForward(5 * second);
      await bot.restart();
      if (turn === 13) await bot.click(alice, bot.card, "claim");
      if (turn === 20) await bot.answer(await bot.desk.expectPage("unclaimed"), "accept");
    }
    const thread = bot.card.thread.map((reply) => reply.replace(/<at>.*<\/at>: /s, ""));
    expect(new Set(thread).size).toBe(thread.length);
    expect(await bot.events(bot.card.incident)).toEqual([
      "opened",
      "rung",
      "card-posted",
      "page-queued",
      "page-accepted",
      "claimed",
      "guard-accepted",
      "page-held",
    ]);
    expect((await bot.desk.expectPage("update")).incident.onTheWay).toBe(1);
    expect(bot.teams.told).toHaveLength(2);
    expect(bot.card.text).toContain(upTo(nl.card.headline.guardComing));
    await bot.restartAndExpectNothingElse();
  });

  it("a page under way when the process stops keeps its key", async () => {
    await using bot = await startWithAlarm();
    bot.desk.answerWith({ kind: "hang" });
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.stop();
    bot.desk.answerWith({ kind: "ok" });
    await bot.start();
    await bot.phone.expectPage("unclaimed");
    await bot.fastForward(5 * second);
    expect((await bot.desk.expectPage("unclaimed")).key).toBe(page.key);
    await bot.restartAndExpectNothingElse();
  });

  it("a held page is still held, and still goes", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(70 * second);
    await bot.restart();
    bot.desk.expectNothing();
    await bot.click(alice, bot.card, "decline");
    await bot.desk.expectPage("unclaimed");
    await bot.restartAndExpectNothingElse();
  });

  it("the guard's link and the card's buttons work after a restart; the same message is still a duplicate", async () => {
    await using bot = await startBot();
    const alarm = { id: "delivery-1" };
    await bot.press("0042", alarm);
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.restart();
    expect((await bot.press("0042", alarm)).outcome).toBe("duplicate");
    await bot.answer(page, "accept");
    await bot.click(bob, card, "arrive");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain(way("desk", upTo(nl.security.answered)));
    expect(bot.look(card).text).toContain(line("there", bob));
    await bot.fastForward(5 * minute);
    bot.desk.ignoreRest();
    await bot.restartAndExpectNothingElse();
  });
});
