import { describe, expect, it } from "vitest";
import type { VisitText } from "../../bot/words/colleague/visit.ts";
import { line, nl, says, shown } from "../dutch.ts";
import { type Colleague, toActivity } from "../fakes/teams-activity.ts";
import {
  alice,
  type Bot,
  bob,
  type CardInHand,
  type ChatCard,
  carol,
  frontdesk,
  lea,
  minute,
  paul,
  people,
  sam,
  second,
  sourceSecret,
  startBot,
  startWithAlarm,
} from "../harness.ts";

const words = nl.typedAnswer;
const { button } = nl.card;
/** Of the tenant, and known to nobody. */
const eve: Colleague = { teamsId: "29:9", aadObjectId: "00000000-0000-4000-8000-000000000009", name: "Eve Vreemd" };
const buttons = { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" };
/** An alarm can be typed as well. */
const settings = { sources: { buttons, chat: { type: "teams", policy: "building", channel: "frontdesk" } } };

/** What a card says of the alarm that it is about: the place, and whose alarm it is. */
const ofPaul = `${nl.personal.place}: Spreekkamer 3\n${line("holder", paul)}`;

/** Whether all of an answer stands on a card, between whatever else. */
function saying(answer: VisitText): (text: string) => boolean {
  return (text) => [answer.headline, ...answer.text].every((each) => text.includes(shown(each)));
}

/** The text of an alarm's card once it is up to date, which takes a second. */
async function look(bot: Bot, card: CardInHand = bot.card): Promise<string> {
  await bot.fastForward(2 * second);
  return bot.look(card).text;
}

/** Somebody writes, edits or deletes the message with that id; answers with what the bot says then, if anything. */
async function send(
  bot: Bot,
  by: Colleague,
  id: string,
  parts: Record<string, unknown>,
): Promise<ChatCard | undefined> {
  const before = bot.teams.direct.length;
  const { status } = await bot.teams.send(toActivity(bot.teams, by, bot.teams.chatOf(by), { id, ...parts }));
  expect(status).toBe(200);
  await bot.settle();
  return bot.teams.direct.length === before ? undefined : bot.saidTo(by);
}

const write = (bot: Bot, text: string, id = "1795476602001") => send(bot, alice, id, { type: "message", text });
const edit = (bot: Bot, text: string, id = "1795476602001") =>
  send(bot, alice, id, { type: "messageUpdate", text, channelData: { eventType: "editMessage" } });
const retract = (bot: Bot, id = "1795476602001") =>
  send(bot, alice, id, { type: "messageDelete", channelData: { eventType: "softDeleteMessage" } });

describe("a colleague who is asked to come types in their chat", () => {
  it("that they go, are there, and how it ended; each time they read for which place, and whose alarm it is", async () => {
    await using bot = await startWithAlarm();
    const going = await bot.type(alice, "ga");
    expect(going.text).toContain(words.done.claim.headline);
    expect(going.text).toContain(ofPaul);
    // What comes next stands first, as in what it says.
    expect(going.buttons).toEqual([button.arrive, button.help, button.decline]);
    expect(await look(bot)).toContain(line("coming", alice));

    expect((await bot.type(bob, "I'm there")).text).toContain(words.done.arrive.headline);
    expect(await look(bot)).toContain(line("there", bob));

    const asked = await bot.type(bob, "afsluiten");
    expect(asked.text).toContain(words.ask.outcome.headline);
    expect(asked.text).toContain(ofPaul);
    expect(asked.buttons).toEqual([button.real, button.false, button.test]);
    expect(await look(bot)).toContain(nl.card.headline.there);
    expect((await bot.clickInChat(bob, button.false, asked)).text).toContain(nl.card.headline.closed.false);
    expect(await look(bot)).toContain(nl.card.headline.closed.false);
    bot.desk.expectNothing();
    await bot.restartAndExpectNothingElse();
  });

  it("what they said on the card as well: nothing counts twice", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "claim");
    const before = await bot.events(bot.card.incident);
    expect((await bot.type(alice, "ik ga")).text).toContain(words.done.claim.headline);
    expect(await bot.events(bot.card.incident)).toEqual(before);
  });

  it("“ik ga niet”, and does not count as coming: once all declined, security is paged", async () => {
    await using bot = await startWithAlarm();
    expect((await bot.type(alice, "ik ga niet")).text).toContain(words.done.decline.headline);
    expect(await look(bot)).toContain(line("declined", alice));
    bot.desk.expectNothing();
    await bot.type(bob, "sorry, can't come");
    await bot.desk.expectPage("declined");
  });

  it("“kan niet” after they said that they go", async () => {
    await using bot = await startWithAlarm();
    await bot.type(alice, "ga");
    const answer = await bot.type(alice, "kan niet");
    expect(answer.text).toContain(words.done.decline.headline);
    expect(answer.buttons).toEqual([button.claim]);
    expect(await look(bot)).toContain(nl.card.headline.open);
    expect((await bot.clickInChat(alice, button.claim, answer)).text).toContain(nl.card.headline.coming(1));
  });

  it("with a slip of the finger, or in doubt, where they are asked and nothing counts", async () => {
    await using bot = await startWithAlarm();
    const asked = await bot.type(alice, "ik ga misschien");
    expect(asked.text).toContain(words.ask.meaning.headline);
    expect(asked.text).toContain(ofPaul);
    expect(asked.buttons).toEqual([button.claim, button.decline, button.arrive, button.help]);
    expect(await look(bot)).toContain(nl.card.headline.open);
    await bot.type(alice, "onderwge");
    expect(await look(bot)).toContain(nl.card.headline.coming(1));
  });

  it("what has nothing to do with an alarm, and gets what it got before", async () => {
    await using bot = await startWithAlarm({ settings });
    expect((await bot.type(alice, "hallo")).text).toContain(nl.personal.answer.welcome.headline);
    expect((await bot.type(alice, "status")).text).toContain("Spreekkamer 3");
    expect(await look(bot)).toContain(nl.card.headline.open);
  });

  it("after a restart", async () => {
    await using bot = await startWithAlarm();
    await bot.restart();
    await bot.type(alice, "ga");
    expect(await look(bot)).toContain(nl.card.headline.coming(1));
  });
});

describe("with two alarms open", () => {
  it("they are asked for which one, newest first, with a button that names its place", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(second);
    await bot.press("0051");
    const desk = await bot.expectCard("Balie");
    const asked = await bot.type(alice, "ga");
    expect(asked.text).toContain(words.ask.alarm.headline);
    expect(asked.buttons).toEqual([`${button.claim}: Balie`, `${button.claim}: Spreekkamer 3`]);
    for (const card of [bot.card, desk]) expect(await look(bot, card)).toContain(nl.card.headline.open);
    await bot.clickInChat(alice, `${button.claim}: Balie`, asked);
    expect(await look(bot, desk)).toContain(nl.card.headline.coming(1));
    expect(await look(bot)).toContain(nl.card.headline.open);
  });

  it("what is said to them is stored for each alarm that it names, to be taken away with those", async () => {
    await using bot = await startWithAlarm();
    await bot.press("0051");
    const desk = await bot.expectCard("Balie");
    const { id: asked } = await bot.type(alice, "ga");
    await bot.click(bob, bot.card, "arrive");
    const { id: helped } = await bot.type(bob, "help");
    const stored = async ({ incident }: CardInHand) =>
      (await bot.read((reader) => reader.listMessages(incident))).map(({ activity }) => activity);
    expect(await stored(bot.card)).toEqual(expect.arrayContaining([asked, helped]));
    expect(await stored(desk)).toContain(asked);
    expect(await stored(desk)).not.toContain(helped);
    await bot.desk.expectPage("help");
  });

  it("help is for each that they go to or are at, at once, and for no other", async () => {
    await using bot = await startWithAlarm();
    await bot.press("0051");
    const desk = await bot.expectCard("Balie");
    await bot.press("0060");
    const outside = await bot.expectCard("Buitendienst");
    await bot.click(alice, bot.card, "arrive");
    await bot.fastForward(second);
    await bot.click(alice, desk, "claim");
    expect((await bot.type(alice, "hulp")).text).toSatisfy(saying(words.done.help));
    expect(await look(bot)).toContain(nl.card.headline.help);
    expect(await look(bot, desk)).toContain(nl.card.headline.help);
    expect(await look(bot, outside)).toContain(nl.card.headline.open);
    const pages = [await bot.desk.expectPage("help"), await bot.desk.expectPage("help")];
    expect(pages.map(({ incident }) => incident.place).sort()).toEqual(["Balie", "Spreekkamer 3"]);
  });
});

describe("a call for help", () => {
  it.each(["hulp", "help", "geen hulp nodig", "ik kan niet meer, HULP!", "hlup"])(
    "%j, of who is on the way, is one at once, without a question",
    async (text) => {
      await using bot = await startWithAlarm({ settings });
      await bot.type(alice, "ga");
      const answer = await bot.type(alice, text);
      expect(answer.text).toSatisfy(saying(words.done.help));
      expect(answer.text).toContain(ofPaul);
      expect(await look(bot)).toContain(nl.card.headline.help);
      await bot.desk.expectPage("help");
    },
  );

  it("of who was on the way is one again the second time", async () => {
    await using bot = await startWithAlarm({ settings });
    await bot.type(alice, "ga");
    for (const text of ["hulp", "help!"]) expect((await bot.type(alice, text)).text).toSatisfy(saying(words.done.help));
    expect((await bot.events(bot.card.incident)).filter((kind) => kind === "help")).toHaveLength(2);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("of who was there when the button was pressed again counts too", async () => {
    await using bot = await startWithAlarm();
    await bot.type(alice, "ben er");
    await bot.press("0042");
    await bot.type(alice, "hulp");
    expect(await look(bot)).toContain(nl.card.headline.help);
    await bot.desk.expectPage("help");
  });

  it("of who pressed is a press again, also of a device, which stays what it is", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute / 2);
    const answer = await bot.type(paul, "hulp");
    expect(answer.text).toSatisfy(saying(words.pressedAgain));
    expect(answer.text).toContain(ofPaul);
    const card = await look(bot);
    bot.expectNoCard();
    expect(card).toContain(nl.card.remark.presses(2));
    expect((await bot.events(bot.card.incident)).filter((kind) => kind === "pressed-again")).toHaveLength(1);
    expect(bot.card.thread.join("\n")).toContain(nl.thread.again.chat());
    // The alarm did not begin in Teams, whatever was typed since.
    expect(card).toContain("knop 0042");
    expect(bot.teams.direct.filter(({ to, body }) => to === alice.teamsId && !body.attachments)).toHaveLength(2);
  });

  it("of who typed an alarm is a press again", async () => {
    await using bot = await startBot({ settings });
    await bot.type(carol, "alarm kamer 4");
    const card = await bot.expectCard("kamer 4");
    expect((await bot.type(carol, "help!")).text).toSatisfy(saying(words.pressedAgain));
    const now = await look(bot, card);
    expect(now).toContain(nl.card.remark.presses(2));
    expect(now).toContain("kamer 4");
    bot.expectNoCard();
  });

  it("of everybody else brings the button for an alarm first", async () => {
    await using bot = await startWithAlarm({ settings });
    for (const by of [alice, eve]) {
      const answer = await bot.type(by, "hulp");
      expect(answer.text).toContain(nl.personal.answer.called.headline);
      expect(answer.buttons).toEqual([nl.personal.button.alarm]);
      expect(answer.text).not.toContain("Spreekkamer");
    }
    bot.desk.expectNothing();
    expect(await look(bot)).toContain(nl.card.headline.open);
  });

  it("of a claimer counts where there is no roster, and they said on the card that they go", async () => {
    const unlisted = [{ source: "buttons", id: "0042", place: "Spreekkamer 3" }];
    await using bot = await startWithAlarm({ settings: { people: undefined, buttons: unlisted } });
    await bot.click(sam, bot.card, "claim");
    expect((await bot.type(sam, "hulp")).text).toSatisfy(saying(words.done.help));
    await bot.desk.expectPage("help");
    expect((await bot.type(eve, "ga")).text).toSatisfy(saying(words.nothingOpen));
  });
});

describe("who may answer", () => {
  it.each([
    ["somebody of the channel, who is of no list", sam],
    ["somebody known to nobody", eve],
  ])("is not %s: they are told of no place, and nothing changes", async (_name, by) => {
    await using bot = await startWithAlarm();
    for (const text of ["ga", "kan niet", "ben er", "afsluiten"]) {
      const answer = await bot.type(by, text);
      expect(answer.text).toSatisfy(saying(words.nothingOpen));
      expect(JSON.stringify(answer)).not.toMatch(/Spreekkamer|Paul|0042/);
    }
    expect(await bot.events(bot.card.incident)).toEqual(["opened", "rung", "card-posted"]);
  });

  it("is not who pressed, who reads why", async () => {
    await using bot = await startWithAlarm();
    const answer = await bot.type(paul, "ik ga");
    expect(answer.text).toContain(words.refused);
    expect(answer.text).toContain(nl.refusal.presser);
    expect(await look(bot)).toContain(nl.card.headline.open);
  });

  it("how it ended is who is there, and a lead", async () => {
    await using bot = await startWithAlarm();
    const answer = await bot.type(alice, "afsluiten");
    expect(answer.text).toContain(nl.refusal["not-there"]);
    expect(answer.buttons).toEqual([button.arrive]);
    const asked = await bot.type(lea, "afsluiten");
    expect((await bot.clickInChat(lea, button.test, asked)).text).toContain(nl.card.headline.closed.test);
  });

  it("is also who was rung and has left the list since, in the round after", async () => {
    await using bot = await startWithAlarm();
    await bot.restart({ people: people.filter(({ name }) => name !== bob.name) });
    await bot.click(alice, bot.card, "arrive");
    await bot.press("0042");
    expect((await bot.type(bob, "ga")).text).toContain(words.done.claim.headline);
    expect(await look(bot)).toContain(line("coming", bob));
  });

  it("is nobody in a channel, where it is no answer", async () => {
    await using bot = await startWithAlarm();
    for (const text of ["ga", "ik ben er", "hulp"]) {
      const [first = "?"] = nl.channel.help(bot.teams.bot.name).split("\n");
      expect((await bot.type(alice, text, frontdesk)).text).toContain(first);
    }
    expect(await bot.events(bot.card.incident)).toEqual(["opened", "rung", "card-posted"]);
  });
});

describe("what may mean two things is asked", () => {
  it("“veilig” of who is there: whether they are, or the alarm is over", async () => {
    await using bot = await startWithAlarm();
    await bot.type(alice, "ben er");
    const asked = await bot.type(alice, "veilig");
    expect(asked.text).toContain(words.ask.safe.headline);
    expect(asked.buttons).toEqual([button["check-in"], button.real, button.false, button.test]);
    expect(await look(bot)).toContain(nl.card.headline.there);
    await bot.clickInChat(alice, button["check-in"], asked);
    expect(await look(bot)).toContain(nl.card.headline.there);
    await bot.clickInChat(alice, button.real, asked);
    expect(await look(bot)).toContain(nl.card.headline.closed.real);
  });

  it.each(["veilig", "dank je", "alles goed"])(
    "%j of who pressed is about their own alarm, which stays open",
    async (text) => {
      await using bot = await startWithAlarm({ settings });
      const answer = await bot.type(paul, text);
      expect(answer.text).toSatisfy(saying(words.own));
      expect(answer.text).toContain(ofPaul);
      expect(answer.buttons).toEqual([button.help]);
      expect(await look(bot)).toContain(nl.card.headline.open);
      await bot.clickInChat(paul, button.help, answer);
      expect(await look(bot)).toContain(nl.card.headline.help);
      await bot.desk.expectPage("help");
    },
  );

  it.each(["hij heeft een mes", "bel politie", "🔪", "stop daarmee"])(
    "%j, which is no answer, of who is there or on the way: whether they need help, for that alarm first",
    async (text) => {
      await using bot = await startWithAlarm({ settings });
      await bot.click(alice, bot.card, "claim");
      await bot.click(bob, bot.card, "arrive");
      for (const by of [alice, bob]) {
        const asked = await bot.type(by, text);
        expect(asked.text).toSatisfy(saying(words.ask.help));
        expect(asked.text).toContain(ofPaul);
        expect(asked.buttons).toEqual([button.help, nl.personal.button.alarm]);
        await bot.clickInChat(by, button.help, asked);
      }
      expect((await bot.events(bot.card.incident)).filter((kind) => kind === "help")).toHaveLength(2);
      await bot.desk.expectPage("help");
      bot.phone.ignoreRest();
      bot.expectNoCard();
    },
  );

  it("“veilig” of who pressed is so beside other alarms, too", async () => {
    await using bot = await startWithAlarm({ settings });
    await bot.press("0051");
    expect((await bot.type(paul, "veilig")).text).toSatisfy(saying(words.own));
  });

  it.each(["ik ga", "kan niet", "alles goed"])("%j of who is there, with help among the buttons", async (text) => {
    await using bot = await startWithAlarm();
    await bot.type(alice, "ben er");
    const asked = await bot.type(alice, text);
    expect(asked.text).toContain(words.ask.meaning.headline);
    expect(asked.buttons).toEqual([button["check-in"], button.decline, button.help]);
    expect(await look(bot)).toContain(nl.card.headline.there);
  });

  it("all of who is on a visit, whose question goes first; but a call for help is one", async () => {
    await using bot = await startWithAlarm({ settings });
    await bot.type(alice, "bezoek 45m");
    const before = bot.teams.direct.length;
    await bot.type(alice, "ik ben er");
    const [visit, asked] = bot.teams.direct.slice(before).map(({ body }) => JSON.stringify(body));
    expect(visit).toContain(nl.visit.noAnswer);
    expect(asked).toContain(words.ask.meaning.headline);
    expect(await look(bot)).toContain(nl.card.headline.open);
    expect((await bot.type(alice, "klaar")).text).toContain(says(nl.personal.answer["visit-ended"]));
    await bot.type(alice, "ga");
    // So much in one second Teams lets nobody say in a chat.
    await bot.fastForward(2 * second);
    await bot.type(alice, "bezoek 45m");
    expect((await bot.type(alice, "hulp")).text).toSatisfy(saying(words.done.help));
    expect(bot.saidTo(alice)?.text).toContain(shown(nl.visit.noAnswer));
    await bot.desk.expectPage("help");
  });
});

describe("a message that was an answer", () => {
  it.each(["kan niet", "hallo", "status", "klaar"])(
    "and is edited into %j changes nothing, and says so",
    async (text) => {
      await using bot = await startWithAlarm({ settings });
      await write(bot, "ga");
      const answer = await edit(bot, text);
      expect(answer?.text).toContain(words.standing.headline);
      expect(answer?.text).toContain(ofPaul);
      expect(await look(bot)).toContain(line("coming", alice));
    },
  );

  it("and is retracted changes nothing, and says so", async () => {
    await using bot = await startWithAlarm();
    await write(bot, "ga");
    expect((await retract(bot))?.text).toContain(words.standing.headline);
    expect(await look(bot)).toContain(line("coming", alice));
  });

  it("and is edited into a call for help is one, once", async () => {
    await using bot = await startWithAlarm({ settings });
    await write(bot, "ga");
    expect((await edit(bot, "ga, hulp!"))?.text).toSatisfy(saying(words.done.help));
    await bot.desk.expectPage("help");
    expect((await edit(bot, "hulp"))?.text).toContain(words.standing.headline);
    expect((await bot.events(bot.card.incident)).filter((kind) => kind === "help")).toHaveLength(1);
  });

  it("and is edited into an alarm is one", async () => {
    await using bot = await startWithAlarm({ settings });
    await write(bot, "ga");
    expect((await edit(bot, "alarm Kelder"))?.text).toContain(nl.personal.answer.pressed.headline);
    await bot.expectCard("Kelder");
  });

  it("and is delivered again, after another one, counts no second time", async () => {
    await using bot = await startWithAlarm();
    await write(bot, "ga", "1");
    await write(bot, "kan niet", "2");
    expect(await write(bot, "ga", "1")).toBeUndefined();
    expect(await look(bot)).toContain(line("declined", alice));
  });

  it.each([
    ["delivered again", write, "ga"],
    ["put back", edit, "ga"],
    ["edited", edit, "ben er"],
  ])("and is %s after a restart counts no second time either", async (_what, again, text) => {
    await using bot = await startWithAlarm({ settings });
    await write(bot, "ga");
    await bot.click(alice, bot.card, "decline");
    await bot.restart();
    const answer = await again(bot, text);
    if (again === edit) expect(answer?.text).toContain(words.standing.headline);
    else expect(answer).toBeUndefined();
    expect(await look(bot)).toContain(line("declined", alice));
  });

  it("and called for help does so once, also over a restart, and an answer edited into a call is one then", async () => {
    await using bot = await startWithAlarm({ settings });
    await write(bot, "ga", "1");
    await write(bot, "hulp", "2");
    await bot.restart();
    await write(bot, "hulp", "2");
    const helps = async () => (await bot.events(bot.card.incident)).filter((kind) => kind === "help").length;
    expect(await helps()).toBe(1);
    expect((await edit(bot, "hulp!", "1"))?.text).toSatisfy(saying(words.done.help));
    expect(await helps()).toBe(2);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("a day ago is a new one once it is edited, as one that was refused is at once", async () => {
    await using bot = await startWithAlarm({ settings });
    await send(bot, paul, "1", { type: "message", text: "ik ga" });
    expect((await send(bot, paul, "1", { type: "messageUpdate", text: "ben er" }))?.text).toContain(words.refused);
    await write(bot, "ben er");
    await bot.click(alice, bot.card, "resolve", "real");
    await bot.stop();
    bot.clock.to(bot.clock.now() + 24 * 60 * minute);
    await bot.start();
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    expect((await edit(bot, "ga"))?.text).toContain(words.done.claim.headline);
  });

  it("is also one that was none, once it is edited into it", async () => {
    await using bot = await startWithAlarm();
    await write(bot, "gga");
    expect((await edit(bot, "ga"))?.text).toContain(words.done.claim.headline);
    expect(await look(bot)).toContain(line("coming", alice));
  });
});

describe("while the disk takes nothing", () => {
  it("an answer is kept, says that it is, and counts in order once the disk works", async () => {
    await using bot = await startWithAlarm();
    {
      using _held = bot.holdDisk();
      const answer = await bot.type(alice, "ga");
      expect(answer.text).toSatisfy(saying(words.kept.answer));
      expect(answer.text).toContain(ofPaul);
      expect(answer.buttons).toEqual([button.claim]);
      await bot.type(alice, "ben er");
      await bot.type(bob, "ga");
      await bot.type(bob, "kan niet");
      expect(await look(bot)).toContain(nl.card.headline.open);
    }
    await bot.fastForward(3 * second);
    expect(await look(bot)).toContain(line("there", alice));
    expect(await look(bot)).toContain(line("declined", bob));
  });

  it("a call for help says that it can't be relied upon", async () => {
    await using bot = await startWithAlarm();
    await bot.type(alice, "ben er");
    {
      using _held = bot.holdDisk();
      expect((await bot.type(alice, "hulp")).text).toSatisfy(saying(words.kept.help));
    }
    await bot.fastForward(2 * second);
    await bot.desk.expectPage("help");
  });
});

it("an alarm that is over says by whom and when to who was asked to come, and to nobody else", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "arrive");
  await bot.click(alice, bot.card, "resolve", "real");
  const answer = await bot.type(bob, "ik ga");
  expect(answer.text).toContain(words.closedBy(alice.name, "10:00:00"));
  expect(answer.text).toContain(ofPaul);
  expect(answer.buttons).toEqual([]);
  expect((await bot.type(carol, "ik ga")).text).toSatisfy(saying(words.nothingOpen));
  await bot.fastForward(61 * minute);
  expect((await bot.type(bob, "ik ga")).text).toSatisfy(saying(words.nothingOpen));
});
