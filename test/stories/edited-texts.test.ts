import { describe, expect, it } from "vitest";
import { mention, nl, says, shown } from "../dutch.ts";
import { type Colleague, toActivity } from "../fakes/teams-activity.ts";
import {
  alice,
  type Bot,
  bob,
  type ChatCard,
  carol,
  frontdesk,
  minute,
  paul,
  second,
  sourceSecret,
  startBot,
} from "../harness.ts";

const buttons = { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" };
const sources = { buttons, chat: { type: "teams", policy: "building", channel: "frontdesk" } };

function start(): Promise<Bot> {
  return startBot({ settings: { sources } });
}

/** What somebody does with a message that has this id; answers with what the bot said last in their chat. */
async function act(bot: Bot, by: Colleague, parts: Record<string, unknown>, where = bot.teams.chatOf(by)) {
  const { status } = await bot.teams.send(toActivity(bot.teams, by, where, { id: "1795476602001", ...parts }));
  expect(status).toBe(200);
  await bot.settle();
  return bot.saidTo(by) as ChatCard;
}

function toEvent(bot: Bot, eventType: string) {
  return { channelData: { eventType, tenant: { id: bot.teams.tenantId } } };
}

const write = (bot: Bot, text: string, by = paul) => act(bot, by, { type: "message", text });
const edit = (bot: Bot, text: string, by = paul) =>
  act(bot, by, { type: "messageUpdate", text, ...toEvent(bot, "editMessage") });
const putBack = (bot: Bot, text: string) =>
  act(bot, paul, { type: "messageUpdate", text, ...toEvent(bot, "undeleteMessage") });
const remove = (bot: Bot) => act(bot, paul, { type: "messageDelete", ...toEvent(bot, "softDeleteMessage") });

/** How often the bot rang a colleague in their own chat. */
function ringsOf(bot: Bot, colleague: Colleague): number {
  return bot.teams.told.filter(({ to, body }) => to === colleague.teamsId && body.attachments === undefined).length;
}

describe("a text that did nothing", () => {
  it("is an alarm once it is edited into one", async () => {
    await using bot = await start();
    expect((await write(bot, "alarn kamer 4")).text).toContain(says(nl.personal.answer.called));
    bot.expectNoCard();
    const answer = await edit(bot, "alarm kamer 4");
    expect(answer.text).toContain(nl.personal.answer.pressed.headline);
    expect((await bot.expectCard("kamer 4")).text).toContain(paul.name);
    expect(ringsOf(bot, alice)).toBe(1);
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
    await bot.restartAndExpectNothingElse();
  });

  it("is an alarm once it is put back, if nobody heard it before", async () => {
    await using bot = await start();
    expect((await putBack(bot, "sos")).text).toContain(nl.personal.answer.pressed.headline);
    await bot.expectCard(nl.terms.placeUnknown);
  });

  it("is an answer once it is edited into one", async () => {
    await using bot = await start();
    await bot.type(paul, "bezoek 45m");
    await write(bot, "klar");
    expect((await edit(bot, "klaar")).text).toContain(says(nl.personal.answer["visit-ended"]));
    expect((await bot.type(paul, "klaar")).text).toContain(says(nl.personal.answer["no-visit"]));
  });

  it("is answered with what works while it does nothing, in a chat; in a channel people edit for themselves", async () => {
    await using bot = await start();
    await write(bot, "alarn");
    const before = bot.teams.direct.length;
    expect((await edit(bot, "alaarm")).text).toContain(says(nl.personal.answer.called));
    expect(bot.teams.direct).toHaveLength(before + 1);
    const told = bot.teams.calls.length;
    await act(bot, paul, { type: "messageUpdate", text: "iets anders", ...toEvent(bot, "editMessage") }, frontdesk);
    expect(bot.teams.calls).toHaveLength(told);
  });

  it("in a channel is an alarm too, and answered in its thread", async () => {
    await using bot = await start();
    await bot.press("0051");
    const { posted } = await bot.expectCard("Balie");
    const parts = { type: "messageUpdate", text: `<at>${bot.teams.bot.name}</at>&nbsp;alarm Kelder` };
    await act(bot, paul, { ...parts, ...toEvent(bot, "editMessage") }, `${frontdesk};messageid=${posted.id}`);
    await bot.expectCard("Kelder");
    const answers = bot.teams.replies.filter(({ root }) => root === posted.id);
    expect(JSON.stringify(answers)).toContain(nl.personal.answer.pressed.headline);
  });
});

describe("an alarm that is edited", () => {
  it("says where it really is: on its card, to whoever was asked to come, and to who was paged", async () => {
    await using bot = await start();
    await write(bot, "alarm kamer 4");
    const card = await bot.expectCard("kamer 4");
    await bot.fastForward(minute);
    expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("kamer 4");

    const answer = await edit(bot, "alarm kamer 14");
    expect(answer.text).toContain(nl.personal.answer.pressed.headline);
    expect(answer.text).toContain(`${nl.personal.place}: kamer 14`);
    await bot.fastForward(second);
    bot.expectNoCard();
    const now = bot.look(card);
    expect(now.text).toContain("kamer 14");
    expect(now.text).not.toContain(shown(nl.card.remark.presses(2)));
    expect(now.thread.join("\n")).toContain(nl.thread.placeCorrected("kamer 14", paul.name));
    expect(now.thread.join("\n")).toContain(mention(alice, bob));
    expect([ringsOf(bot, alice), ringsOf(bot, bob)]).toEqual([2, 2]);
    expect(bot.teams.told.findLast(({ to }) => to === alice.teamsId)?.body.text).toContain("kamer 14");
    expect((await bot.desk.expectPage("update")).incident.place).toBe("kamer 14");
    expect((await bot.history(card.incident)).join("\n")).toContain(nl.thread.placeCorrected("kamer 14", paul.name));
    await bot.restartAndExpectNothingElse();
  });

  it("is known again after a restart, and each edit counts once", async () => {
    await using bot = await start();
    await write(bot, "alarm kamer 4");
    const card = await bot.expectCard("kamer 4");
    await bot.restart();
    await edit(bot, "alarm kamer 14");
    await edit(bot, "alarm kamer 14");
    await write(bot, "alarm kamer 4");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain("kamer 14");
    expect((await bot.events(card.incident)).filter((kind) => kind === "place-corrected")).toHaveLength(1);
    expect((await bot.events(card.incident)).filter((kind) => kind === "pressed-again")).toEqual([]);
    bot.expectNoCard();
  });

  it("keeps its place when the new text names none", async () => {
    await using bot = await start();
    await write(bot, "alarm kamer 4");
    const card = await bot.expectCard("kamer 4");
    expect((await edit(bot, "ALARM!!")).text).toContain(`${nl.personal.place}: kamer 4`);
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain("kamer 4");
    expect(await bot.events(card.incident)).not.toContain("place-corrected");
  });

  it.each(["sorry, vergissing", "status", "klaar", "plaats Balie"])(
    "into %s is taken back by nothing, and whoever did it is told so",
    async (text) => {
      await using bot = await start();
      await write(bot, "alarm kamer 4");
      const card = await bot.expectCard("kamer 4");
      const answer = await edit(bot, text);
      expect(answer.text).toContain(nl.personal.answer["still-pressed"].headline);
      expect(answer.buttons).toEqual([nl.personal.button.oops]);
      await bot.fastForward(second);
      expect(bot.look(card).text).toContain(nl.card.headline.open);
      expect(bot.look(card).text).not.toContain(nl.card.remark.cancelled);
      expect((await bot.clickInChat(paul, nl.personal.button.oops, answer)).text).toContain(
        says(nl.personal.answer.cancelled),
      );
    },
  );

  it("is not taken back by deleting it either, and does not count again when it is put back", async () => {
    await using bot = await start();
    await write(bot, "alarm kamer 4");
    const card = await bot.expectCard("kamer 4");
    expect((await remove(bot)).text).toContain(nl.personal.answer["still-pressed"].headline);
    expect((await putBack(bot, "alarm kamer 4")).text).toContain(nl.personal.answer.pressed.headline);
    await bot.fastForward(second);
    expect(await bot.events(card.incident)).toEqual(["opened", "rung", "card-posted"]);
    bot.expectNoCard();
  });

  it("and closed before, opens none: its answer says that it is over, with a button for a new one", async () => {
    await using bot = await start();
    await write(bot, "alarm kamer 4");
    const card = await bot.expectCard("kamer 4");
    await bot.click(alice, card, "arrive");
    await bot.click(alice, card, "resolve", "false");
    const answer = await edit(bot, "alarm kamer 14");
    expect(answer.text).toContain(says(nl.personal.answer.closed));
    expect(answer.buttons).toEqual([nl.personal.button.alarm]);
    bot.expectNoCard();
    expect((await remove(bot)).text).toContain(says(nl.personal.answer.closed));
  });

  it("while the disk takes nothing goes out from memory with its new place", async () => {
    await using bot = await start();
    await write(bot, "alarm kamer 4");
    await bot.expectCard("kamer 4");
    using _held = bot.holdDisk();
    expect((await edit(bot, "alarm kamer 14")).text).toContain(says(nl.personal.answer.unstored));
    expect((await bot.expectCard(nl.card.headline.unstored)).text).toContain("kamer 14");
    expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("kamer 14");
  });

  it("of somebody else in the same millisecond is another alarm", async () => {
    await using bot = await start();
    await write(bot, "alarm kamer 4");
    await bot.expectCard("kamer 4");
    await edit(bot, "alarm Kelder", carol);
    expect((await bot.expectCard("Kelder")).text).toContain(carol.name);
  });
});
