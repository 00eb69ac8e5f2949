import { describe, expect, it } from "vitest";
import type { CalendarOptions } from "../../bot/engine/kernel/calendar.ts";
import { nl } from "../dutch.ts";
import { type Bot, backOffice, frontdesk, hour, minute, second, startBot } from "../harness.ts";

const day = 24 * hour;

/** A bot whose calendar strikes when the story says so, after its first look at Teams. */
async function startWithCalendar(): Promise<{ bot: Bot; strike: () => Promise<number> }> {
  let calendar: CalendarOptions | undefined;
  const bot = await startBot({
    calendar: (options) => {
      calendar = options;
      return { [Symbol.dispose]: () => undefined };
    },
  });
  await bot.fastForward(minute);
  const strike = async () => {
    const asked = (await calendar?.showSigns()) ?? Number.NaN;
    await bot.settle();
    return asked;
  };
  return { bot, strike };
}

/** Nothing but the calendar counts the days: a day of looks every second says nothing more. */
async function later(bot: Bot, ms: number): Promise<void> {
  await bot.stop();
  bot.clock.to(bot.clock.now() + ms);
  await bot.start();
  await bot.fastForward(minute);
}

const lostChannels = async (bot: Bot) =>
  (await bot.troubles()).flatMap((each) => (each.kind === "teams-lost" ? [each.channel] : []));

describe("the sign that the bot works", () => {
  it("rule 26: stands in each linked channel once a day, edited silently, and is posted anew after a week", async () => {
    const { bot: started, strike } = await startWithCalendar();
    await using bot = started;
    expect(await strike()).toBe(2);
    expect(bot.teams.texts.map(({ conversation }) => conversation).sort()).toEqual([frontdesk, backOffice].sort());
    const [first] = bot.teams.texts;
    expect(first?.body.text).toBe(nl.signOfLife.works("Rugdekking", "24-11-2026", "10:01"));
    expect(first?.body.channelData).toBeUndefined();
    expect(first?.body.entities).toBeUndefined();
    expect(await strike()).toBe(0);

    await later(bot, day);
    expect(await strike()).toBe(2);
    expect(bot.teams.texts).toHaveLength(2);
    const edited = bot.teams.edits.find(({ id }) => id === first?.id);
    expect(edited?.body.text).toBe(nl.signOfLife.works("Rugdekking", "25-11-2026", "10:02"));

    await later(bot, 6 * day);
    await strike();
    expect(bot.teams.texts).toHaveLength(4);
    expect(bot.teams.edits).toHaveLength(2);
    await later(bot, day);
    await strike();
    expect(bot.teams.texts).toHaveLength(4);
    expect(bot.teams.edits.at(-1)?.id).toBe(bot.teams.texts.at(-1)?.id);
  });

  it("is posted anew where somebody deleted it", async () => {
    const { bot: started, strike } = await startWithCalendar();
    await using bot = started;
    await strike();
    for (const { id } of bot.teams.texts) bot.teams.remove(id, 403);
    await later(bot, day);
    await strike();
    expect(bot.teams.texts).toHaveLength(4);
    expect(await lostChannels(bot)).toEqual([]);
  });

  it("rule 26: finds within a week that nobody but moderators may post, and tries each hour until it may", async () => {
    const { bot: started, strike } = await startWithCalendar();
    await using bot = started;
    await strike();
    bot.teams.forbid("moderated", { channel: frontdesk });
    await later(bot, day);
    await strike();
    expect(await lostChannels(bot)).toEqual([]);
    await later(bot, 6 * day);
    await strike();
    await bot.fastForward(10 * second);
    expect(await lostChannels(bot)).toEqual(["frontdesk"]);

    await bot.fastForward(hour);
    expect(await strike()).toBe(1);
    await bot.fastForward(10 * second);
    expect(await lostChannels(bot)).toEqual(["frontdesk"]);
    bot.teams.allow({ channel: frontdesk });
    await bot.fastForward(hour);
    expect(await strike()).toBe(1);
    expect(await lostChannels(bot)).toEqual([]);
    expect(await strike()).toBe(0);
  });

  it("rule 26: is posted the same day where posts were refused, and so finds that they are taken again", async () => {
    const { bot: started, strike } = await startWithCalendar();
    await using bot = started;
    await strike();
    bot.teams.forbid("moderated");
    for (let hours = 0; hours < 3; hours += 1) {
      await bot.app.reportTroubles();
      await bot.fastForward(minute);
    }
    expect(await lostChannels(bot)).toEqual(["frontdesk"]);
    bot.teams.allow();
    expect(await strike()).toBe(1);
    expect(await lostChannels(bot)).toEqual([]);
    expect(bot.teams.texts).toHaveLength(3);
  });

  it("waits for no alarm, and no alarm for it", async () => {
    const { bot: started, strike } = await startWithCalendar();
    await using bot = started;
    bot.teams.fail("text", { kind: "hang" });
    await strike();
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    bot.teams.fail("text", null);
    await bot.fastForward(minute);
    expect(bot.teams.texts.length).toBeGreaterThanOrEqual(2);
    bot.desk.ignoreRest();
  });
});
