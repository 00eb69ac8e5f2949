import { describe, expect, it } from "vitest";
import { line, mention, nl } from "../dutch.ts";
import { alice, bob, carol, minute, second, startWithAlarm } from "../harness.ts";

describe("somebody is there", () => {
  it("rule 11: arrived, then silent: the bot asks after ten minutes, and pages when two more pass", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(30 * second);
    await bot.click(carol, bot.card, "arrive");
    await bot.fastForward(10 * minute);
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.check);
    expect(bot.card.thread.at(-1)).toContain(nl.thread.ask.check(mention(carol)));
    await bot.fastForward(2 * minute - second - 1);
    bot.desk.expectNothing();
    bot.phone.expectNothing();
    await bot.fastForward(1);
    await bot.desk.expectPage("check");
    await bot.phone.expectPage("check");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.silent);
    expect(bot.card.text).toContain(line("silent", carol));
    await bot.restartAndExpectNothingElse();
  });

  it("rule 11: who answers is asked again ten minutes later", async () => {
    await using bot = await startWithAlarm();
    await bot.click(carol, bot.card, "arrive");
    await bot.fastForward(11 * minute);
    await bot.click(carol, bot.card, "check-in");
    await bot.fastForward(10 * minute + second);
    expect(bot.card.text).toContain(nl.card.headline.check);
    bot.desk.expectNothing();
    await bot.fastForward(2 * minute - second);
    await bot.desk.expectPage("check");
    await bot.phone.expectPage("check");
  });

  it("rule 11: I need help pages at once with enough people there, and with no step left in a new round", async () => {
    await using bot = await startWithAlarm();
    for (const colleague of [alice, bob, carol]) await bot.click(colleague, bot.card, "arrive");
    await bot.fastForward(30 * second);
    await bot.click(alice, bot.card, "help");
    const first = await bot.desk.expectPage("help");
    expect(first.incident.onTheWay).toBe(3);
    bot.phone.expectNothing();
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.help);

    await bot.click(bob, bot.card, "help");
    await bot.phone.expectPage("help");
    await bot.click(carol, bot.card, "help");
    const again = await bot.desk.expectPage("help");
    expect(again.key).not.toBe(first.key);
    await bot.phone.expectPage("help");
    await bot.restartAndExpectNothingElse();
  });
});
