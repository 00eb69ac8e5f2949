import { describe, expect, it } from "vitest";
import { mentionedOn } from "../card-text.ts";
import { line, nl } from "../dutch.ts";
import { alice, type Bot, backOffice, bob, frontdesk, lea, minute, second, startBot } from "../harness.ts";

/** A bot whose channel was linked by a lead, with an alarm in it. */
async function startLinked(): Promise<Bot> {
  const bot = await startBot({ settings: { channels: { frontdesk: {}, "back-office": {} } } });
  await bot.teams.say(lea, frontdesk, "koppel frontdesk");
  await bot.settle();
  return bot.open();
}

async function linkElsewhere(bot: Bot): Promise<void> {
  await bot.teams.say(lea, backOffice, "koppel frontdesk");
  await bot.fastForward(second);
}

describe("a channel that is linked elsewhere while an alarm is open", () => {
  it("has its card there at once, which rings; the one before leads to it, and counts", async () => {
    await using bot = await startLinked();
    const [before] = bot.teams.cards;
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(minute / 2);
    await linkElsewhere(bot);
    expect(bot.teams.cards.map(({ conversation }) => conversation)).toEqual([frontdesk, backOffice]);
    const newest = bot.card;
    expect(newest.posted.conversation).toBe(backOffice);
    expect(newest.text).toContain(line("coming", alice));
    expect(mentionedOn(newest.posted.shown[0]?.attachments?.[0]?.content)).toContain(bob.teamsId);
    expect(before?.shown.at(-1)?.summary).toContain(nl.card.old.headline);
    await bot.teams.click(bob, { incident: newest.incident, verb: "claim", card: before?.id ?? "" });
    await bot.fastForward(2 * second);
    expect(bot.card.text).toContain(nl.card.headline.coming(2));
    expect(bot.card.thread).toContainEqual(expect.stringContaining(nl.thread.alsoComing(bob.name)));
    await bot.click(lea, bot.card, "resolve", "test");
    await bot.fastForward(second);
    expect(bot.teams.cards).toHaveLength(2);
  });

  it("that does not take it keeps the card of before up to date", async () => {
    await using bot = await startLinked();
    bot.teams.forbid("moderated", { channel: backOffice });
    await linkElsewhere(bot);
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(2 * second);
    expect(bot.teams.cards).toHaveLength(1);
    expect(bot.card.text).toContain(line("coming", alice));
    bot.teams.allow({ channel: backOffice });
    await bot.click(bob, bot.card, "claim");
    await bot.fastForward(2 * second);
    expect(bot.card.posted.conversation).toBe(backOffice);
    expect(bot.card.text).toContain(line("coming", alice, bob));
  });

  it("leaves an alarm that is over where it was", async () => {
    await using bot = await startLinked();
    await bot.click(lea, bot.card, "resolve", "test");
    // Its card does not say so yet.
    await linkElsewhere(bot);
    await bot.restart();
    await bot.fastForward(minute);
    expect(bot.teams.cards).toHaveLength(1);
    expect(bot.card.text).toContain(nl.card.headline.closed.test);
  });
});
