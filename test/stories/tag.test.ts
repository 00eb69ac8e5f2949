import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import type { Message } from "../fakes/teams.ts";
import { listMentioned } from "../fakes/teams-mentions.ts";
import {
  alice,
  type Bot,
  type BotOptions,
  frontdesk,
  lea,
  minute,
  type Settings,
  second,
  startBot,
} from "../harness.ts";

const bhv = { id: "tag-bhv", name: "BHV", mayRingPresser: true };
const desk = { id: "tag-desk", name: "Balie", mayRingPresser: true };
/** In no team. */
const nobody = { name: "Niemand", aadObjectId: "00000000-0000-4000-8000-000000000099" };
const remark = nl.card.remark.tagRung(bhv.name);

/** A channel with a tag, and nobody in the roster unless `settings` say so. */
async function startWithTag(settings: Settings = {}, teams: BotOptions["teams"] = { tags: [bhv.id] }): Promise<Bot> {
  const channels = { frontdesk: { conversation: "19:alarms@thread.tacv2", tag: bhv } };
  return startBot({ teams, settings: { people: undefined, channels, ...settings } });
}

const tagsOf = ({ body }: Message) => listMentioned(body).flatMap(({ id, isTag }) => (isTag ? [id] : []));
const tagsUnder = (bot: Bot) => bot.teams.replies.flatMap(tagsOf);

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

  it("has it rung once by a card that goes out while nothing can be written", async () => {
    await using bot = await startWithTag();
    bot.teams.fail("card", { kind: "status", status: 503 });
    await bot.press("0042");
    await bot.fastForward(200);
    bot.teams.fail("card", null);
    {
      using _held = bot.holdDisk();
      await bot.fastForward(20 * second);
    }
    await bot.fastForward(30 * second);
    const card = await bot.expectCard("Spreekkamer 3");
    expect([tagsOf(card.posted), tagsUnder(bot)]).toEqual([[bhv.id], []]);
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

  it("has another one rung by the next alarm once the configuration was read again", async () => {
    await using bot = await startWithTag({}, { tags: [bhv.id, desk.id] });
    const { frontdesk: before } = bot.settings.channels as { frontdesk: Settings };
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.reload({ channels: { frontdesk: { ...before, tag: desk } } });
    await bot.press("0051");
    await bot.expectCard("Balie");
    expect(bot.teams.cards.map((each) => tagsOf(each))).toEqual([[bhv.id], [desk.id]]);
  });

  it("gets its card also when Teams does not know the tag, and then nobody is said to be warned", async () => {
    await using bot = await startWithTag({}, { tags: [] });
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

  it("is not taken for lost because Teams refuses what stands on its card", async () => {
    const people = [lea, nobody].map(({ name, aadObjectId: id }) => ({ name, id, onDuty: "always" }));
    await using bot = await startWithTag({ people }, { tags: [] });
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    const posts = bot.teams.calls.filter(
      ({ route, path }) => route === "card" && decodeURIComponent(path).includes(frontdesk),
    );
    expect(posts).toHaveLength(4);
    expect(listMentioned(card.posted.body).map(({ id }) => id)).toEqual([lea.teamsId]);
    expect(bot.lines.filter(({ event }) => event === "teams-lost")).toEqual([]);
  });

  it("has it rung under the card by each press, by a round within a minute, and by a call for help", async () => {
    await using bot = await startWithTag();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(6 * second);
    await bot.press("0042");
    await bot.fastForward(6 * second);
    expect(tagsUnder(bot)).toEqual([bhv.id]);
    await bot.click(alice, card, "arrive");
    await bot.press("0042");
    await bot.fastForward(6 * second);
    expect(await bot.events(card.incident)).toContain("round-started");
    expect(tagsUnder(bot)).toEqual([bhv.id, bhv.id]);
    await bot.click(alice, card, "arrive");
    await bot.click(alice, card, "help");
    await bot.fastForward(6 * second);
    expect(tagsUnder(bot)).toEqual([bhv.id, bhv.id, bhv.id]);
    expect(bot.teams.cards).toHaveLength(1);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("is not said to be warned by a ring that Teams did not take, until it takes one again", async () => {
    const tags = [bhv.id];
    await using bot = await startWithTag({}, { tags });
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(6 * second);
    expect(bot.look(card).text).not.toContain(nl.card.remark.tagNotRung(bhv.name));
    tags.splice(0);
    await bot.press("0042");
    await bot.fastForward(15 * second);
    const refused = bot.look(card);
    expect(refused.text).toContain(nl.card.remark.tagNotRung(bhv.name));
    expect(refused.text).not.toContain(remark);
    expect(refused.text).not.toContain(nl.card.remark.nobodyRung);
    const told = nl.thread.notMentioned(nl.thread.tag(bhv.name), nl.terms.failure.refused);
    expect(refused.thread).toContainEqual(expect.stringContaining(told));
    expect((await bot.click(alice, card, "decline")).text).toContain(nl.card.remark.tagNotRung(bhv.name));
    tags.push(bhv.id);
    await bot.press("0042");
    await bot.fastForward(3 * second);
    expect(bot.look(card).text).toContain(remark);
    expect(bot.look(card).text).not.toContain(nl.card.remark.tagNotRung(bhv.name));
  });

  it("that never was rung says so beside the people who were, and that nobody was where there are none", async () => {
    const people = [{ name: lea.name, id: lea.aadObjectId, onDuty: "always" }];
    for (const settings of [{ people }, {}]) {
      await using bot = await startWithTag(settings, { tags: [] });
      await bot.press("0042");
      const card = await bot.expectCard("Spreekkamer 3");
      await bot.fastForward(15 * second);
      const { text } = bot.look(card);
      expect(text).toContain(nl.card.remark.tagNotRung(bhv.name));
      expect(text.includes(nl.card.remark.nobodyRung)).toBe(!("people" in settings));
    }
  });

  it("gets its card also when Teams says with another word that it does not take the tag", async () => {
    await using bot = await startWithTag({}, { tags: [], strangerStatus: 403 });
    await bot.press("0042");
    await bot.desk.expectPage("teams-unreachable");
    await bot.fastForward(4 * second);
    const card = await bot.expectCard("Spreekkamer 3");
    expect(tagsOf(card.posted)).toEqual([]);
    expect(card.text).toContain(nl.card.remark.nobodyRung);
  });

  it("gets its card at once when the tag was rung too often, without it, and the tag once Teams takes it again", async () => {
    await using bot = await startWithTag();
    for (const button of ["field-1", "field-2", "field-3"]) await bot.press(button);
    for (const _ of [1, 2, 3]) await bot.expectCard("Plaats onbekend");
    expect(bot.teams.cards.map((each) => tagsOf(each).length).sort()).toEqual([0, 1, 1]);
    const cardCalls = bot.teams.calls.filter(({ route }) => route === "card");
    // What Teams would not take is not asked of it.
    expect(cardCalls).toHaveLength(3);
    await bot.fastForward(6 * second);
    expect(tagsUnder(bot)).toEqual([bhv.id]);
    const [untagged] = bot.teams.cards.filter((each) => tagsOf(each).length === 0);
    if (untagged === undefined) throw new Error("each card has the tag");
    expect(bot.look(untagged).text).toContain(remark);
  });

  it("has it rung by a card that goes out from memory, too", async () => {
    await using bot = await startWithTag();
    using _held = bot.holdDisk();
    await bot.press("0042");
    const card = await bot.expectCard(nl.card.headline.unstored);
    expect(tagsOf(card.posted)).toEqual([bhv.id]);
    expect(card.text).toContain(nl.card.remark.tagRung(`<at>${bhv.name}</at>`));
    bot.desk.ignoreRest();
  });

  it("has it rung beside somebody of the same name: each mention has a text of its own", async () => {
    const people = [{ name: bhv.name, id: lea.aadObjectId, onDuty: "always" }];
    await using bot = await startWithTag({ people });
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    expect(listMentioned(card.posted.body).map(({ id }) => id)).toEqual([lea.teamsId, bhv.id]);
    await bot.fastForward(6 * second);
    await bot.press("0042");
    await bot.fastForward(6 * second);
    expect(bot.teams.replies.flatMap(({ body }) => listMentioned(body)).map(({ id }) => id)).toEqual([
      lea.teamsId,
      bhv.id,
    ]);
  });

  it("has it rung beside the people on duty", async () => {
    const people = [{ name: lea.name, id: lea.aadObjectId, onDuty: "always" }];
    await using bot = await startWithTag({ people });
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    expect(listMentioned(card.posted.body).map(({ id }) => id)).toEqual([lea.teamsId, bhv.id]);
  });
});
