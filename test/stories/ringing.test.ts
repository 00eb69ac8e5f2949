import { describe, expect, it } from "vitest";
import { mentionedOn } from "../card-text.ts";
import { line, mention, nl } from "../dutch.ts";
import type { PostedCard, TeamsCall } from "../fakes/teams.ts";
import { alice, type Bot, bob, carol, lea, minute, paul, second, startBot, startWithAlarm } from "../harness.ts";

const ids = (...who: readonly { teamsId: string }[]) => who.map(({ teamsId }) => teamsId);
const mentioned = ({ shown }: PostedCard, at = 0) => mentionedOn(shown[at]?.attachments?.[0]?.content);
/** Without the look that is had each minute, whether or not there is an alarm. */
const routes = (calls: readonly TeamsCall[]) => calls.map(({ route }) => route).filter((each) => each !== "member");

/** What Teams was called for while that was done, and in the seconds after it. */
async function callsOf(bot: Bot, work: () => Promise<unknown>): Promise<readonly TeamsCall[]> {
  const before = bot.teams.calls.length;
  await work();
  await bot.fastForward(10 * second);
  return bot.teams.calls.slice(before);
}

describe("an alarm rings the people on duty (rule 25)", () => {
  it("by the card itself, which mentions them, and by a message to each; who pressed gets neither (rule 7)", async () => {
    await using bot = await startWithAlarm();
    expect(mentioned(bot.card.posted)).toEqual(ids(alice, bob));
    expect(bot.card.text).toContain(`${nl.card.label.rung}:** ${mention(alice, bob)}`);
    expect(bot.teams.told.map(({ to }) => to).sort()).toEqual([alice.teamsId, bob.teamsId]);
    const everything = JSON.stringify([bot.teams.cards, bot.teams.told, bot.teams.replies]);
    for (const { aadObjectId, teamsId } of [paul, carol, lea]) {
      expect(everything).not.toContain(aadObjectId);
      expect(everything).not.toContain(`"${teamsId}"`);
    }
  });

  it("and nobody is looked up before the card is posted", async () => {
    await using bot = await startBot();
    bot.teams.fail("member", { kind: "hang" });
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    expect(mentioned(card.posted)).toEqual(ids(alice, bob));
    bot.teams.fail("member", null);
    await bot.fastForward(10 * second);
    expect(bot.teams.told).toHaveLength(2);
  });

  it("and once: what changes on the card later only names them", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(second);
    expect(bot.card.updates).toBe(1);
    expect(bot.card.posted.shown.slice(1).flatMap((_, at) => mentioned(bot.card.posted, at + 1))).toEqual([]);
    expect(bot.card.text).toContain(line("rung", alice, bob));
    expect(bot.teams.replies.flatMap(({ body }) => body.entities ?? [])).toEqual([]);
  });

  it("twenty-five of them: twenty on the card, the other five in one reply", async () => {
    const people = Array.from({ length: 25 }, (_, at) => ({
      name: `Collega ${at + 1}`,
      id: `00000000-0000-4000-9000-0000000000${String(at + 1).padStart(2, "0")}`,
      onDuty: "always",
    }));
    await using bot = await startBot({ settings: { people, buttons: [] } });
    for (const { id, name } of people) bot.teams.roster.join({ name, aadObjectId: id, teamsId: `29:${id}` });
    await bot.press("0042");
    const card = await bot.expectCard("Plaats onbekend");
    // Whom the bot has never met it has to look up, for their message: that takes Teams' calls of some seconds.
    await bot.fastForward(5 * second);
    expect(mentioned(card.posted)).toEqual(people.slice(0, 20).map(({ id }) => id));
    const rung = bot.teams.replies.filter(({ body }) => body.entities !== undefined);
    expect(rung.map(({ body }) => body.entities?.map((each) => each.mentioned.id))).toEqual([
      people.slice(20).map(({ id }) => id),
    ]);
  });

  it("costs Teams one call for the card and two for each person, and a click two and one for each", async () => {
    await using bot = await startBot();
    await bot.press("0051");
    await bot.click(lea, await bot.expectCard("Balie"), "resolve", "test");
    await bot.fastForward(minute);
    // From the second alarm on the bot knows the conversations of all three.
    const alarm = await callsOf(bot, () => bot.press("0051"));
    expect(routes(alarm).sort()).toEqual(["card", "card", "card", "card", "text", "text", "text"]);
    const card = await bot.expectCard("Balie");
    const click = await callsOf(bot, () => bot.click(alice, card, "claim"));
    expect(routes(click).sort()).toEqual(["reply", "update", "update", "update", "update"]);
  });
});

describe("help rings at once", () => {
  it("whoever can still come, by a message and a mention, also right after the alarm", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "arrive");
    await bot.fastForward(second);
    const messages = bot.teams.told.length;
    await bot.click(alice, bot.card, "help");
    expect(bot.teams.told.slice(messages).map(({ to }) => to)).toEqual([bob.teamsId]);
    const ringing = bot.teams.replies.filter(({ body }) => body.entities !== undefined);
    expect(ringing.map(({ body }) => body.entities?.map((each) => each.mentioned.id))).toEqual([[bob.teamsId]]);
    expect(ringing[0]?.body.text).toContain(nl.card.headline.help);
    await bot.desk.expectPage("help");
    expect(bot.teams.cards).toHaveLength(1);
  });

  it("and asks nobody who pressed or asked for it", async () => {
    await using bot = await startWithAlarm();
    for (const colleague of [alice, bob]) await bot.click(colleague, bot.card, "arrive");
    const messages = bot.teams.told.length;
    for (const colleague of [alice, bob]) await bot.click(colleague, bot.card, "help");
    expect(bot.teams.told).toHaveLength(messages);
    expect(bot.teams.replies.flatMap(({ body }) => body.entities ?? [])).toEqual([]);
  });
});
