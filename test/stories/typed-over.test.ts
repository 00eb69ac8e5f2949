import { describe, expect, it } from "vitest";
import { line, nl, says, shown } from "../dutch.ts";
import { alice, type Bot, bob, paul, second, sourceSecret, startWithAlarm } from "../harness.ts";

const { ask, own } = nl.typedAnswer;
const { button } = nl.card;
const { alarm } = nl.personal.button;
const buttons = { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" };
const settings = { sources: { buttons, chat: { type: "teams", policy: "building", channel: "frontdesk" } } };

async function startWithAliceThere(): Promise<Bot> {
  const bot = await startWithAlarm({ settings });
  await bot.click(alice, bot.card, "arrive");
  return bot;
}

/** The text of the alarm's card once it is up to date. */
async function look(bot: Bot): Promise<string> {
  await bot.fastForward(2 * second);
  return bot.look(bot.card).text;
}

describe("“alarm voorbij”", () => {
  it.each(["alarm voorbij", "Alarm uit", "alarm is vals", "ALARM STOP!", "alarm over", "alarm false"])(
    "%j of who is there asks whether it is over, and rings nobody",
    async (text) => {
      await using bot = await startWithAliceThere();
      const asked = await bot.type(alice, text);
      expect(asked.text).toContain(ask["new-danger"].headline);
      expect(asked.buttons).toEqual([alarm, button.real, button.false, button.test]);
      expect(await look(bot)).toContain(line("there", alice));
      bot.expectNoCard();
      expect((await bot.clickInChat(alice, button.false, asked)).text).toContain(nl.card.headline.closed.false);
    },
  );

  it("of who is there is an alarm after all by one click", async () => {
    await using bot = await startWithAliceThere();
    await bot.clickInChat(alice, alarm, await bot.type(alice, "alarm voorbij"));
    await bot.expectCard("Plaats onbekend");
  });

  it.each([
    ["who is on the way", alice],
    ["who pressed", paul],
  ])("of %s asks too, and closes nothing", async (_name, by) => {
    await using bot = await startWithAlarm({ settings });
    await bot.click(alice, bot.card, "claim");
    const asked = await bot.type(by, "alarm voorbij");
    for (const each of [ask["still-open"].headline, ...ask["still-open"].text])
      expect(asked.text).toContain(shown(each));
    expect(asked.buttons).toEqual([alarm, button.help]);
    bot.expectNoCard();
    expect(await look(bot)).toContain(nl.card.headline.coming(1));
  });

  it("of who is in no alarm is one, as is whatever else stands behind the word", async () => {
    await using bot = await startWithAliceThere();
    await bot.type(bob, "alarm voorbij");
    await bot.expectCard("voorbij");
    await bot.type(alice, "alarm loods");
    await bot.expectCard("loods");
  });
});

describe("“klaar”, “vals alarm”, “stop” and “afgesloten”", () => {
  it.each(["klaar", "ik ben klaar", "vals alarm", "loos alarm", "stop", "afgesloten", "done", "het is voorbij"])(
    "%j of who is there asks how it ended",
    async (text) => {
      await using bot = await startWithAliceThere();
      const asked = await bot.type(alice, text);
      expect(asked.text).toContain(ask.outcome.headline);
      expect(asked.buttons).toEqual([button.real, button.false, button.test]);
      expect(await look(bot)).toContain(nl.card.headline.there);
    },
  );

  it("end a visit first, and close nothing for who is not there", async () => {
    await using bot = await startWithAliceThere();
    await bot.type(alice, "bezoek 45m");
    expect((await bot.type(alice, "klaar")).text).toContain(says(nl.personal.answer["visit-ended"]));
    expect((await bot.type(bob, "klaar")).text).toContain(says(nl.personal.answer["no-visit"]));
    expect((await bot.type(bob, "stop")).text).toContain(nl.personal.answer.welcome.headline);
    expect((await bot.type(paul, "vals alarm")).text).toContain(own.headline);
    expect((await bot.type(alice, "bezoek klaar")).text).toContain(says(nl.personal.answer["no-visit"]));
  });
});
