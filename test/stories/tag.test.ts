import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import type { PostedCard } from "../fakes/teams.ts";
import { listMentioned } from "../fakes/teams-mentions.ts";
import { alice, type Bot, lea, minute, type Settings, second, startBot } from "../harness.ts";

const bhv = { id: "tag-bhv", name: "BHV", mayRingPresser: true };
const remark = nl.card.remark.tagRung(bhv.name);

/** A channel with a tag, and nobody in the roster unless `settings` say so. */
async function startWithTag(settings: Settings = {}, tags: readonly string[] = [bhv.id]): Promise<Bot> {
  const channels = { frontdesk: { conversation: "19:alarms@thread.tacv2", tag: bhv } };
  return startBot({ teams: { tags }, settings: { people: undefined, channels, ...settings } });
}

const tagsOf = (card: PostedCard | undefined) =>
  card === undefined ? [] : listMentioned(card.body).flatMap(({ id, isTag }) => (isTag ? [id] : []));

describe("a channel that has a tag", () => {
  it("has it rung by the card itself, and the card says that the tag was warned, and of nobody that they were reached", async () => {
    await using bot = await startWithTag();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    expect(tagsOf(card.posted)).toEqual([bhv.id]);
    expect(card.text).toContain(nl.card.remark.tagRung(`<at>${bhv.name}</at>`));
    expect(card.text).not.toContain(nl.card.remark.nobodyRung);
    await bot.click(alice, card, "claim");
    await bot.fastForward(second);
    const updated = bot.look(card);
    expect(updated.posted.shown.length).toBeGreaterThan(1);
    expect(updated.text).toContain(remark);
    expect(JSON.stringify(updated.posted.shown.at(-1))).not.toContain('"mention"');
  });

  it("has it rung again by the new card of a round", async () => {
    await using bot = await startWithTag();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.click(alice, card, "arrive");
    await bot.fastForward(minute);
    await bot.press("0042");
    await bot.fastForward(second);
    expect(bot.teams.cards.map((each) => tagsOf(each))).toEqual([[bhv.id], [bhv.id]]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("gets its card also when Teams does not know the tag, and then nobody is said to be warned", async () => {
    await using bot = await startWithTag({}, []);
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    expect(tagsOf(card.posted)).toEqual([]);
    expect(card.text).not.toContain(remark);
    expect(card.text).toContain(nl.card.remark.nobodyRung);
    await bot.click(alice, card, "decline");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain(nl.card.remark.nobodyRung);
    expect(bot.desk.pages).toEqual([]);
  });

  it("gets its card at once when the tag was rung too often, without it", async () => {
    await using bot = await startWithTag();
    for (const button of ["field-1", "field-2", "field-3"]) await bot.press(button);
    for (const _ of [1, 2, 3]) await bot.expectCard("Plaats onbekend");
    expect(bot.teams.cards.map((each) => tagsOf(each).length).sort()).toEqual([0, 1, 1]);
  });

  it("has it rung beside the people on duty", async () => {
    const people = [{ name: lea.name, id: lea.aadObjectId, onDuty: "always" }];
    await using bot = await startWithTag({ people });
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    expect(listMentioned(card.posted.body).map(({ id }) => id)).toEqual([lea.teamsId, bhv.id]);
  });
});
