import { describe, expect, it } from "vitest";
import { policeVerbs } from "../../bot/domain/incident/colleagues/police.ts";
import type { ClickVerb } from "../../bot/domain/incident/command.ts";
import { nl } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import {
  alice,
  type Bot,
  backOffice,
  bob,
  carol,
  frontdesk,
  hour,
  lea,
  minute,
  paul,
  people,
  type Settings,
  sam,
  second,
  startBot,
  startWithAlarm,
  textOf,
} from "../harness.ts";

/** Of the tenant, in none of the bot's channels, and known to nobody. */
const eve: Colleague = { teamsId: "29:9", aadObjectId: "00000000-0000-4000-8000-000000000009", name: "Eve Vreemd" };
const group = "19:praatje@thread.v2";
const unlinked = { channels: { frontdesk: {}, "back-office": {} } };
const linkCode = "1234-5678";

const verbs = [
  "claim",
  "decline",
  "arrive",
  "witness",
  "help",
  "check-in",
  "call-off",
  "resolve",
  ...policeVerbs,
] as const;

/** Clicks with the incident's id from that conversation; answers with all that whoever clicks is shown. */
async function clickFrom(bot: Bot, by: Colleague, where: string, verb: ClickVerb, incident = bot.card.incident) {
  const data = verb === "resolve" ? { incident, outcome: "false" } : { incident };
  const { status, body } = await bot.teams.invoke(by, where, verb, data);
  await bot.settle();
  return { status, text: textOf(body) };
}

/** Types in a channel; answers with the text that the bot said there. */
async function say(bot: Bot, by: Colleague, where: string, text: string): Promise<string> {
  return (await bot.type(by, text, where)).text;
}

function teams(bot: Bot): Settings {
  return bot.settings.teams as Settings;
}

describe("rule 28: a click", () => {
  it.each([
    ["a chat with the bot, by somebody of no list", (bot: Bot) => bot.teams.chatOf(eve)],
    ["a group chat", () => group],
    ["a channel of another subject", () => backOffice],
    ["a thread of that channel", () => `${backOffice};messageid=1795476602001`],
  ])("from %s changes nothing and shows nothing, whatever its verb", async (_name, where) => {
    await using bot = await startWithAlarm();
    const before = await bot.history(bot.card.incident);
    for (const verb of verbs) {
      const answer = await clickFrom(bot, eve, where(bot), verb);
      expect(answer).toEqual({ status: 200, text: nl.channel.clickUnknown });
      // An id that is nobody's is told the same, so that none can be found by trying.
      expect(await clickFrom(bot, eve, where(bot), verb, "unknown")).toEqual(answer);
    }
    expect(await bot.history(bot.card.incident)).toEqual(before);
    expect(bot.card.text).toContain(nl.card.headline.open);
    bot.desk.expectNothing();
    expect(bot.lines.filter(({ event }) => event === "click-elsewhere")).toHaveLength(verbs.length);
    await bot.restartAndExpectNothingElse();
  });

  it("of a lead or a colleague of the list counts in their own chat, and in a group chat it does not", async () => {
    await using bot = await startWithAlarm();
    expect((await clickFrom(bot, carol, group, "claim")).text).toBe(nl.channel.clickUnknown);
    expect((await clickFrom(bot, carol, bot.teams.chatOf(carol), "claim")).text).toContain(nl.card.headline.coming(1));
    expect((await clickFrom(bot, lea, bot.teams.chatOf(lea), "resolve")).text).toContain(nl.card.headline.closed.false);
  });

  it("of somebody who was rung for it counts in their own chat, also once they have left the list", async () => {
    await using bot = await startWithAlarm();
    await bot.restart({ people: people.filter(({ name }) => name !== bob.name) });
    expect((await clickFrom(bot, sam, bot.teams.chatOf(sam), "claim")).text).toBe(nl.channel.clickUnknown);
    expect((await clickFrom(bot, bob, bot.teams.chatOf(bob), "claim")).text).toContain(nl.card.headline.coming(1));
    // In a new round nobody new was rung; who was rung before still was.
    await bot.click(alice, bot.card, "arrive");
    await bot.press("0042");
    expect((await clickFrom(bot, bob, bot.teams.chatOf(bob), "claim")).text).toContain(nl.card.headline.coming(1));
  });

  it("of who pressed is theirs for help alone, from the card and from their chat", async () => {
    await using bot = await startWithAlarm();
    for (const verb of ["claim", "arrive", "resolve"] as const)
      expect((await clickFrom(bot, paul, frontdesk, verb)).text).toContain(nl.refusal.presser);
    expect((await clickFrom(bot, paul, bot.teams.chatOf(paul), "help")).text).toContain(nl.card.headline.help);
    await bot.desk.expectPage("help");
  });

  it("of anybody in the channel of the card counts: a member, and a guest of whom nobody has heard", async () => {
    await using bot = await startWithAlarm();
    expect((await clickFrom(bot, sam, `${frontdesk};messageid=${bot.card.posted.id}`, "claim")).text).toContain(
      nl.card.headline.coming(1),
    );
    expect((await clickFrom(bot, eve, frontdesk, "claim")).text).toContain(nl.card.headline.coming(2));
  });

  it("counts in the channel of before for as long as its card may stand there, and in the new one", async () => {
    await using bot = await startBot({ settings: unlinked });
    await say(bot, lea, frontdesk, "koppel frontdesk");
    await bot.open();
    await say(bot, lea, backOffice, "koppel frontdesk");
    await bot.restart();
    expect((await clickFrom(bot, alice, frontdesk, "claim")).text).toContain(nl.card.headline.coming(1));
    expect((await clickFrom(bot, sam, backOffice, "claim")).text).toContain(nl.card.headline.coming(2));

    // Somebody deletes the card, so that the next one stands in the new channel, and is clicked there.
    bot.teams.remove(bot.card.posted.id);
    await bot.click(alice, bot.card.incident, "arrive");
    await bot.fastForward(20 * second);
    const moved = bot.look(bot.teams.cards[0] ?? bot.card);
    expect(moved.posted.conversation).toBe(backOffice);
    expect((await clickFrom(bot, bob, frontdesk, "claim")).text).toContain(nl.card.headline.there);
    expect((await bot.click(carol, moved, "claim")).text).toContain(nl.card.headline.there);

    // The next alarm has nothing to do with the channel of before.
    const { incident } = await bot.press("0051");
    await bot.expectCard("Balie");
    expect((await clickFrom(bot, alice, frontdesk, "claim", incident as string)).text).toBe(nl.channel.clickUnknown);
  });

  it("counts where its card stands, also once the configuration names another conversation for its channel", async () => {
    await using bot = await startWithAlarm();
    await bot.restart({ channels: { frontdesk: { conversation: backOffice }, "back-office": {} } });
    expect((await clickFrom(bot, sam, frontdesk, "claim")).text).toContain(nl.card.headline.coming(1));
  });

  it("counts where an older card of it stands, also once the newest stands elsewhere", async () => {
    await using bot = await startWithAlarm();
    await bot.restart({ channels: { frontdesk: { conversation: backOffice }, "back-office": {} } });
    await bot.fastForward(5 * minute + second);
    expect(bot.card.posted.conversation).toBe(backOffice);
    expect((await clickFrom(bot, sam, frontdesk, "claim")).text).toContain(nl.card.headline.also.delivered);
    expect(bot.look(bot.card).text).not.toContain(nl.card.headline.open);
    expect(await bot.events(bot.card.incident)).toContain("claimed");
  });

  it("counts while the disk takes nothing, and of who may not it does not once it is written", async () => {
    await using bot = await startWithAlarm();
    {
      using _held = bot.holdDisk();
      expect((await clickFrom(bot, alice, frontdesk, "claim")).text).toBe(nl.channel.clickFailed);
      expect((await clickFrom(bot, eve, bot.teams.chatOf(eve), "arrive")).text).toBe(nl.channel.clickUnknown);
    }
    await bot.fastForward(2 * second);
    expect(bot.card.text).toContain(nl.card.headline.coming(1));
    expect(bot.card.text).not.toContain(eve.name);
  });
});

describe("rule 28: linking a channel", () => {
  it("takes a lead where there is one, also the first time, and no code", async () => {
    await using bot = await startBot({ settings: unlinked });
    await bot.restart({ teams: { ...teams(bot), linkCode } });
    for (const text of ["koppel frontdesk", `koppel frontdesk ${linkCode}`])
      expect(await say(bot, alice, frontdesk, text)).toBe(nl.channel.linkForbidden);
    await bot.press("0042");
    await bot.desk.expectPage("teams-unreachable");
    bot.expectNoCard();
    expect(await say(bot, lea, frontdesk, "koppel frontdesk")).toBe(nl.channel.linked("frontdesk"));
    await bot.expectCard("Spreekkamer 3");
  });

  it("takes the code where there is no lead, however a phone writes it", async () => {
    await using bot = await startBot({ settings: { ...unlinked, people: undefined, buttons: [] } });
    await bot.restart({ teams: { ...teams(bot), linkCode: "abcd-1234-x" } });
    const refused = nl.channel.linkWrongCode(bot.teams.bot.name, "frontdesk");
    for (const text of ["koppel frontdesk", "koppel frontdesk 0000-0000"])
      expect(await say(bot, alice, frontdesk, text)).toBe(refused);
    expect(await say(bot, alice, frontdesk, "Koppel Frontdesk ABCD–1234X")).toBe(nl.channel.linked("frontdesk"));
    expect(bot.lines.filter(({ event }) => event === "code-wrong")).toHaveLength(1);
  });

  it("is for nobody who guesses: after ten wrong codes theirs no longer counts for an hour, and others' do", async () => {
    await using bot = await startBot({ settings: { ...unlinked, people: [] } });
    await bot.restart({ teams: { ...teams(bot), linkCode } });
    for (let tries = 0; tries < 10; tries += 1) {
      await say(bot, eve, backOffice, `koppel frontdesk 0000-000${tries}`);
      await bot.fastForward(second);
    }
    const refused = nl.channel.linkWrongCode(bot.teams.bot.name, "frontdesk");
    expect(await say(bot, eve, backOffice, `koppel frontdesk ${linkCode}`)).toBe(refused);
    expect(await say(bot, sam, frontdesk, `koppel frontdesk ${linkCode}`)).toBe(nl.channel.linked("frontdesk"));
    await bot.fastForward(hour);
    expect(await say(bot, eve, backOffice, `koppel frontdesk ${linkCode}`)).toBe(nl.channel.linkedAnew("frontdesk"));
  });

  it("takes a code that the bot made and keeps, where the configuration has none; whoever starts it is told", async () => {
    await using bot = await startBot({ settings: { ...unlinked, people: undefined, buttons: [] } });
    const told = await bot.app.linkCodeToTell();
    expect(told).toEqual({ code: expect.stringMatching(/^\d{4}-\d{4}$/), channels: ["frontdesk", "back-office"] });
    await bot.restart();
    expect(await bot.app.linkCodeToTell()).toEqual(told);
    expect(JSON.stringify(bot.lines)).not.toContain(told?.code);
    await say(bot, alice, frontdesk, `koppel frontdesk ${told?.code}`);
    await say(bot, alice, backOffice, `koppel back-office ${told?.code}`);
    // Testing takes the code as well, so who starts the bot is told it once all is linked too.
    expect(await bot.app.linkCodeToTell()).toEqual({ ...told, channels: [] });
    const uncoded = teams(bot);
    await bot.restart({ teams: { ...uncoded, linkCode } });
    expect(await bot.app.linkCodeToTell()).toBeNull();
    // A lead needs none.
    await bot.restart({ teams: uncoded, people, channels: { ...unlinked.channels, late: {} } });
    expect(await bot.app.linkCodeToTell()).toBeNull();
  });

  it("tells the channel of before that its alarms go elsewhere, and by whom, also when Teams was away", async () => {
    await using bot = await startBot({ settings: unlinked });
    await say(bot, lea, frontdesk, "koppel frontdesk");
    bot.teams.fail("text", { kind: "status", status: 503 });
    await bot.teams.say(lea, backOffice, "koppel frontdesk");
    await bot.restart();
    bot.teams.fail("text", null);
    await bot.fastForward(5 * minute);
    const texts = bot.teams.texts.map(({ conversation, body }) => [conversation, body.text]);
    expect(texts).toContainEqual([frontdesk, nl.channel.moved("frontdesk", lea.name)]);
    expect(texts.filter(([, text]) => text?.includes(nl.channel.moved("frontdesk", lea.name)))).toHaveLength(1);
    await bot.press("0042");
    expect((await bot.expectCard("Spreekkamer 3")).posted.conversation).toBe(backOffice);
  });

  it("that the configuration changed is told there too", async () => {
    await using bot = await startBot({ settings: unlinked });
    await say(bot, lea, frontdesk, "koppel frontdesk");
    const { serviceUrl: _, ...settings } = teams(bot);
    await bot.restart({ teams: settings, channels: { frontdesk: { conversation: backOffice }, "back-office": {} } });
    await bot.teams.say(sam, backOffice, "help");
    await bot.settle();
    expect(bot.teams.texts.map(({ conversation, body }) => [conversation, body.text])).toContainEqual([
      frontdesk,
      nl.channel.movedByFile("frontdesk"),
    ]);
  });

  it("that could not be kept changes nothing: the alarms go on to where they went", async () => {
    await using bot = await startBot({ settings: unlinked });
    await say(bot, lea, frontdesk, "koppel frontdesk");
    {
      using _held = bot.holdDisk();
      await bot.teams.say(lea, backOffice, "koppel frontdesk");
      await bot.settle();
    }
    expect(bot.teams.texts.at(-1)?.body.text).toBe(nl.channel.commandFailed);
    await bot.press("0042");
    expect((await bot.expectCard("Spreekkamer 3")).posted.conversation).toBe(frontdesk);
  });
});

describe("rule 28: status", () => {
  it("in a chat is for who is listed, and for who is in a linked channel", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(2 * second);
    for (const by of [carol, sam]) expect((await bot.type(by, "status")).text).toContain("Spreekkamer 3");
    bot.teams.fail("member", { kind: "status", status: 503 });
    expect((await bot.type(carol, "status")).text).toContain("Spreekkamer 3");
    // Whether sam is in the channel can't be seen now.
    expect((await bot.type(sam, "status")).text).toBe(nl.channel.status.hidden);
  });

  it("in a chat tells somebody else nothing but where to ask", async () => {
    await using bot = await startWithAlarm();
    const { text } = await bot.type(eve, "status");
    expect(text).toBe(nl.channel.status.hidden);
    for (const name of ["Spreekkamer", alice.name, "frontdesk", "desk"]) expect(text).not.toContain(name);
    expect((await bot.type(eve, "status", frontdesk)).text).toContain("Spreekkamer 3");
  });

  it("in a channel that is not linked names nothing, also to a lead, because anybody reads it there", async () => {
    await using bot = await startBot({ settings: unlinked });
    await say(bot, lea, frontdesk, "koppel frontdesk");
    await bot.open();
    for (const by of [eve, lea]) expect(await say(bot, by, backOffice, "status")).toBe(nl.channel.status.elsewhere);
  });
});
