import { describe, expect, it } from "vitest";
import { mentionedOn } from "../card-text.ts";
import { nl } from "../dutch.ts";
import { alice, bob, type CardInHand, hour, lea, minute, paul, second, sourceSecret, startBot } from "../harness.ts";

const common = { policy: "building", channel: "frontdesk" };
const sources = {
  buttons: { type: "webhook", secret: sourceSecret, ...common },
  chat: { type: "teams", ...common },
};

describe("what a press from memory becomes once the disk is back (rule 1)", () => {
  it("is an alarm that may be a repetition, where it would have opened none: only a person ends what rang", async () => {
    await using bot = await startBot();
    const unreadable = '{"button":"0042","kind":';
    await bot.post("buttons", unreadable);
    await bot.click(lea, await bot.expectCard(nl.card.remark.unreadable), "resolve", "false");
    await bot.fastForward(minute);
    let card: CardInHand;
    {
      using _held = bot.holdDisk();
      expect((await bot.post("buttons", `${unreadable} `)).status).toBe(503);
      card = await bot.expectCard(nl.card.headline.unstored);
      await bot.desk.expectPage("unclaimed");
      await bot.fastForward(second);
    }
    await bot.fastForward(8 * second);
    expect(bot.look(card).text).toContain(nl.card.headline.open);
    expect(bot.look(card).text).toContain(nl.terms.mayBeRepeat);
    await bot.click(lea, bot.look(card), "resolve", "false");
    expect((await bot.post("buttons", `${unreadable}  `)).status).toBe(202);
    await bot.fastForward(second);
    await bot.desk.expectPage("call-off");
    await bot.restartAndExpectNothingElse();
  });

  it("rings who is on duty by then, also where that changed while nothing was written", async () => {
    const people = [
      { name: alice.name, id: alice.aadObjectId, onDuty: "mon-fri 08:00-10:30" },
      { name: bob.name, id: bob.aadObjectId, onDuty: "mon-fri 10:30-18:00" },
    ];
    await using bot = await startBot({ settings: { people } });
    const pressedAt = bot.clock.now();
    let card: CardInHand;
    {
      using _held = bot.holdDisk();
      await bot.press("0042", { id: "once" });
      card = await bot.expectCard(nl.card.headline.unstored);
      expect(mentionedOn(card.posted.shown[0]?.attachments?.[0]?.content)).toEqual([alice.aadObjectId]);
      // A clock that leaps: each look at a disk that is held takes its time.
      bot.clock.to(pressedAt + hour);
      await bot.settle();
    }
    const told = bot.teams.told.length;
    const replies = bot.teams.replies.length;
    await bot.fastForward(10 * second);
    const [incident] = await bot.read((reader) => reader.listOpen(10));
    expect(incident).toMatchObject({ openedAt: pressedAt, round: { onDuty: [{ id: bob.aadObjectId }] } });
    expect(bot.teams.told.slice(told).map(({ to }) => to)).toContain(bob.teamsId);
    expect(bot.teams.told.slice(told).map(({ to }) => to)).not.toContain(alice.teamsId);
    expect(JSON.stringify(bot.teams.replies.slice(replies))).toContain(bob.teamsId);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("shows on the answer to who typed it that it is stored, and what becomes of it", async () => {
    await using bot = await startBot({ settings: { sources } });
    {
      using _held = bot.holdDisk();
      expect((await bot.type(paul, "alarm Balie")).text).toContain(nl.personal.answer.unstored.headline);
      await bot.expectCard(nl.card.headline.unstored);
      await bot.fastForward(5 * second);
    }
    await bot.fastForward(8 * second);
    const shown = bot.chatWith(paul).map(({ text }) => text);
    expect(shown.at(-1)).toContain(nl.personal.answer.pressed.headline);
    expect(shown.join()).not.toContain(nl.personal.answer.unstored.headline);
    const [incident] = await bot.read((reader) => reader.listOpen(10));
    await bot.click(alice, incident?.id ?? "", "claim");
    await bot.fastForward(2 * second);
    expect(bot.chatWith(paul).at(-1)?.text).toContain(nl.presser.state.coming.headline);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});
