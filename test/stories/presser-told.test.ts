import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { alice, type Bot, lea, minute, paul, people, type Settings, second, startBot } from "../harness.ts";
import { countDirect, presserCardOf, startWithNights } from "../in-chats.ts";

const { state } = nl.presser;
const place = { address: "Raadhuisplein 1", phone: "+31300000001" };
/** Who presses in the hall is told by messages, who presses in the yard is not. */
const locations = {
  hall: { name: "Gemeentehuis", ...place, tellPresser: true },
  yard: { name: "Stadswerf", ...place },
};
const inHall = { source: "buttons", id: "hall", place: "Balie", location: "hall", holder: paul.name };
const inYard = { source: "buttons", id: "yard", place: "Loods", location: "yard", holder: paul.name };
const withOwn = (tellPresser: boolean) =>
  people.map((person) => (person.name === paul.name ? { ...person, tellPresser } : person));

async function pressAndClaim(bot: Bot, id: string, where: string): Promise<void> {
  await bot.press(id);
  const card = await bot.expectCard(where);
  await bot.fastForward(2 * second);
  await bot.click(alice, card, "claim");
  await bot.fastForward(2 * second);
}

describe("tellPresser: true at a location", () => {
  const start = (settings: Settings) => startWithNights({ settings: { locations, ...settings } });

  it("tells who presses there by messages, also the end; whose buttons all belong there has no card made", async () => {
    const { bot: started, night } = await start({ buttons: [inHall] });
    await using bot = started;
    await night(minute);
    expect(countDirect(bot, paul)).toBe(0);
    await bot.press("hall");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(2 * second);
    await bot.click(alice, card, "claim");
    await bot.fastForward(2 * second);
    await bot.click(lea, card, "resolve", "real");
    await bot.fastForward(2 * second);
    const told = bot.chatWith(paul).map(({ text }) => text.split("\n")[0]);
    expect(told).toEqual([state.received, state.coming, state.over].map(({ headline }) => `**${headline}**`));
  });

  it("and at another place without a sound, on a card, of who presses there too", async () => {
    const { bot: started } = await start({ buttons: [inHall, inYard] });
    await using bot = started;
    await bot.fastForward(minute);
    expect(countDirect(bot, paul)).toBe(1);
    await pressAndClaim(bot, "yard", "Loods");
    expect(countDirect(bot, paul)).toBe(1);
    expect(presserCardOf(bot, paul).text).toContain(state.coming.headline);
    await pressAndClaim(bot, "hall", "Balie");
    expect(bot.saidTo(paul)?.text).toContain(state.coming.headline);
    expect(countDirect(bot, paul)).toBe(3);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("gives way to what stands at a person, whichever that is", async () => {
    const quiet = await start({ buttons: [inHall], people: withOwn(false) });
    {
      await using bot = quiet.bot;
      await bot.fastForward(minute);
      await pressAndClaim(bot, "hall", "Balie");
      expect(countDirect(bot, paul)).toBe(1);
      expect(presserCardOf(bot, paul).text).toContain(state.coming.headline);
    }
    await using bot = await startBot({ settings: { locations, buttons: [inYard], people: withOwn(true) } });
    await bot.fastForward(minute);
    await pressAndClaim(bot, "yard", "Loods");
    expect(countDirect(bot, paul)).toBe(2);
    expect(bot.saidTo(paul)?.text).toContain(state.coming.headline);
  });
});
