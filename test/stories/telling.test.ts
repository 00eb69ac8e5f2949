import { describe, expect, it } from "vitest";
import { click, lastWord, line, mention, nl } from "../dutch.ts";
import {
  alice,
  type Bot,
  backOffice,
  bob,
  carol,
  frontdesk,
  lea,
  minute,
  paul,
  second,
  startBot,
  startWithAlarm,
} from "../harness.ts";

const withNotice = {
  steps: [
    { after: "0s", tell: "frontdesk" },
    { after: "30s", tell: "back-office" },
    { after: "60s", page: "desk" },
    { after: "90s", tell: "frontdesk" },
    { after: "120s", page: "phone" },
  ],
};

/** When each update of each card arrived, by the card's id. */
function watchUpdates(bot: Bot): Map<string, number[]> {
  const moments = new Map<string, number[]>();
  bot.teams.onActivity = (route, { id }) => {
    if (route === "update") moments.set(id, [...(moments.get(id) ?? []), bot.clock.now()]);
  };
  return moments;
}

describe("the card", () => {
  it("says what is so at each moment, and never that somebody was reached who was not", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    const card = await bot.expectCard(nl.card.headline.open);
    const { also, ...first } = nl.card.headline;
    const both = (loud: string, quiet: string) => `${loud} – ${quiet}`;
    const headline = async () => {
      await bot.fastForward(second);
      return bot.look(card).text.split("\n")[0];
    };
    expect(card.text).toContain(line("holder", paul));
    await bot.click(alice, card, "claim");
    expect(await headline()).toBe(nl.card.headline.coming(1));
    await bot.click(bob, card, "claim");
    expect(await headline()).toBe(nl.card.headline.coming(2));
    await bot.fastForward(2 * minute);
    expect(await headline()).toBe(both(first.lapsed, also.delivered));
    const page = await bot.desk.expectPage("lapsed");
    await bot.answer(page, "accept");
    expect(await headline()).toBe(both(first.guardComing("10:02:03"), also.lapsed));
    await bot.click(alice, card, "arrive");
    expect(await headline()).toBe(both(first.there, also.guardComing("10:02:03")));
    expect(bot.look(card).text).toContain(line("there", alice));
    await bot.click(alice, card, "help");
    expect(await headline()).toBe(both(first.help, also.guardComing("10:02:03")));
    await bot.answer(page, "arrived");
    expect(await headline()).toBe(both(first.bothThere, also.helpMet));
    await bot.click(alice, card, "resolve", "real");
    expect(await headline()).toBe(nl.card.headline.closed.real);
    const { text } = bot.look(card);
    expect(text).not.toContain(click);
    expect(text).not.toContain(`${lastWord(nl.card.headline.coming(1))} (`);
  });

  it("collapses many changes: at most one update a second, and the newest state within a second", async () => {
    await using bot = await startBot();
    const moments = watchUpdates(bot);
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    for (const colleague of [alice, bob, carol, lea]) {
      await bot.click(colleague, card, "claim");
      await bot.click(colleague, card, "decline");
      await bot.click(colleague, card, "claim");
    }
    expect(bot.look(card).updates).toBeLessThanOrEqual(1);
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain(nl.card.headline.coming(4));
    expect(bot.look(card).updates).toBeLessThanOrEqual(2);
    await bot.fastForward(5 * second);
    // Every two thirds of a second somebody else changes their mind, so that what was so does not come back at once.
    const changedAt: number[] = [];
    for (let times = 0; times < 18; times += 1) {
      changedAt.push(bot.clock.now());
      const colleague = [lea, bob, carol][times % 3] ?? lea;
      await bot.click(colleague, card, Math.floor(times / 3) % 2 === 0 ? "decline" : "claim");
      await bot.fastForward((2 / 3) * second);
    }
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain(nl.card.headline.coming(4));
    const shown = moments.get(card.posted.id) ?? [];
    expect(shown.length).toBeGreaterThanOrEqual(12);
    const gaps = shown.slice(1).map((at, index) => at - (shown[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(second);
    for (const at of changedAt)
      expect(Math.min(...shown.filter((each) => each >= at)) - at).toBeLessThanOrEqual(second);
    // Nothing is left out of the thread: it is the managers' history.
    await bot.fastForward(5 * second);
    for (const { name } of [lea, bob, carol])
      expect(bot.look(card).thread.filter((reply) => reply.includes(name))).toHaveLength(9);
    await bot.restartAndExpectNothingElse();
  });

  it("updates each card by itself: a busy one does not slow another", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    await bot.press("0051");
    const room = await bot.expectCard("Spreekkamer 3");
    const desk = await bot.expectCard("Balie");
    await bot.click(alice, room, "claim");
    await bot.click(bob, desk, "claim");
    await bot.fastForward(second);
    expect(bot.look(room).text).toContain(line("coming", alice));
    expect(bot.look(desk).text).toContain(line("coming", bob));
  });
});

describe("people", () => {
  it("those on duty are messaged 1:1, with the place first; the presser and the others are not (rule 7)", async () => {
    await using bot = await startWithAlarm();
    expect(bot.teams.told.map(({ to }) => to).sort()).toEqual([alice.teamsId, bob.teamsId]);
    expect(bot.teams.told[0]?.body.text).toContain(nl.thread.ask.onDuty);
    expect(bot.teams.told[0]?.body.text).toContain("**Spreekkamer 3**");
    const everybody = JSON.stringify([bot.teams.told, bot.teams.replies]);
    for (const colleague of [paul, carol, lea]) expect(everybody).not.toContain(colleague.name);
  });

  it("a later step of the same channel is a ringing reply, and messages again", async () => {
    await using bot = await startWithAlarm({ policy: withNotice });
    await bot.fastForward(90 * second - 1);
    expect(bot.teams.told).toHaveLength(2);
    const replies = bot.card.thread.length;
    await bot.fastForward(1);
    // What stands above the names is what is so now, not what was so at the press.
    expect(bot.card.thread.slice(replies)).toEqual([
      expect.stringContaining(
        `**Spreekkamer 3** ${nl.card.headline.delivered}\n\n${nl.thread.ask.rung(mention(alice, bob))}`,
      ),
    ]);
    expect(bot.teams.told.map(({ to }) => to).sort()).toEqual([alice.teamsId, alice.teamsId, bob.teamsId, bob.teamsId]);
    expect(bot.teams.cards).toHaveLength(1);
  });
});

describe("another channel", () => {
  it("gets a notice at its own moment, with the place and where the card is", async () => {
    await using bot = await startWithAlarm({ policy: withNotice });
    await bot.fastForward(30 * second - 1);
    expect(bot.teams.texts).toEqual([]);
    await bot.fastForward(1);
    bot.expectNotice(backOffice, "**Spreekkamer 3**");
    const [notice] = bot.teams.texts;
    expect(notice?.body.text).toContain(nl.card.headline.open);
    expect(notice?.body.text).toContain(nl.thread.ask.channel("frontdesk"));
    await bot.fastForward(second);
    expect(bot.card.thread.at(-1)).toContain(nl.thread.told("back-office"));
    await bot.fastForward(2 * minute);
    expect(bot.teams.texts).toHaveLength(1);
    expect(bot.teams.cards.every(({ conversation }) => conversation === frontdesk)).toBe(true);
  });

  it("is left alone when the incident was closed before", async () => {
    await using bot = await startWithAlarm({ policy: withNotice });
    await bot.click(lea, bot.card, "resolve", "false");
    await bot.fastForward(5 * minute);
    expect(bot.teams.texts).toEqual([]);
    await bot.restartAndExpectNothingElse();
  });
});
