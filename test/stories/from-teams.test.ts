import { describe, expect, it } from "vitest";
import { mention, nl, says, shown, summary } from "../dutch.ts";
import { toActivity } from "../fakes/teams-activity.ts";
import {
  alice,
  type Bot,
  bob,
  type CardInHand,
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

function start(settings: Record<string, unknown> = {}): Promise<Bot> {
  return startBot({ settings: { sources, ...settings } });
}

describe("an alarm typed in a chat", () => {
  it("presses for who types it: card, ring and pages as for any button", async () => {
    await using bot = await start();
    const answer = await bot.type(paul, "alarm Balie");
    const card = await bot.expectCard("Balie");
    expect(card.text).toContain("Paul Drager");
    expect(card.text).toContain(nl.card.footer.chat(1, "24-11-2026", "10:00:00"));
    expect(answer.text).toContain(nl.personal.answer.pressed.headline);
    expect(answer.text).toContain(`${nl.personal.place}: Balie`);
    expect(answer.text).toContain(shown(nl.personal.answer.pressed.text.join("\n")));
    expect(answer.buttons).toEqual([nl.personal.button.oops]);
    expect(card.text).toContain(mention(alice, bob));
    const said = (await bot.read((reader) => reader.listMessages(card.incident))).filter(
      ({ kind }) => kind === "direct",
    );
    expect(said.map(({ conversation }) => conversation)).toContain(bot.teams.chatOf(paul));
    await bot.fastForward(minute);
    expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("Balie");
    await bot.restartAndExpectNothingElse();
  });

  it.each([
    ["alarm", null],
    ["SOS", null],
    ["sos!!!", null],
    ["Alarm.", null],
    ["ALARM ALARM ALARM", null],
    ["alarmmmm", null],
    ["🆘 sos 🆘", null],
    ["Alarm: Balie!!", "Balie"],
    ["SOS Balie", "Balie"],
    ["alarm alarm kamer 3", "kamer 3"],
    ["s.o.s. Balie", "Balie"],
    ["alarm ik ben in de spreekkamer", null],
    [`alarm ${"x".repeat(200)}`, `${"x".repeat(79)}…`],
  ])("%s presses, and its place is %s", async (text, place) => {
    await using bot = await start();
    const answer = await bot.type(paul, text);
    expect(answer.text).toContain(nl.personal.answer.pressed.headline);
    await bot.expectCard(place ?? nl.terms.placeUnknown);
    expect(answer.text).toContain(place === null ? shown(nl.personal.placeUnknown) : `${nl.personal.place}: ${place}`);
  });

  it.each(["alarmen", "is er alarm?", "sosjes", "vals alarm", "alarmknop kapot"])(
    "%s presses nothing, and puts the button before who typed it",
    async (text) => {
      await using bot = await start();
      const answer = await bot.type(paul, text);
      bot.expectNoCard();
      expect(answer.buttons).toEqual([nl.personal.button.alarm]);
      expect(answer.text).toContain(says(nl.personal.answer.welcome));
      expect((await bot.clickInChat(paul, nl.personal.button.alarm, answer)).text).toContain(
        nl.personal.answer.pressed.headline,
      );
      await bot.expectCard(nl.terms.placeUnknown);
    },
  );

  it("in a channel presses too, and is answered in its thread", async () => {
    await using bot = await start();
    await bot.press("0051");
    const { posted } = await bot.expectCard("Balie");
    const answer = await bot.type(paul, "alarm Kelder", `${frontdesk};messageid=${posted.id}`);
    expect(answer.text).toContain(nl.personal.answer.pressed.headline);
    expect((await bot.expectCard("Kelder")).text).toContain("Paul Drager");
  });

  it("by the button of the greeting in their chat", async () => {
    await using bot = await start();
    await bot.teams.install(paul, bot.teams.chatOf(paul));
    const greeting = bot.saidTo(paul);
    if (greeting === undefined) throw new Error("no greeting");
    expect(greeting.buttons).toEqual([nl.personal.button.alarm]);
    expect((await bot.clickInChat(paul, nl.personal.button.alarm, greeting)).buttons).toEqual([
      nl.personal.button.oops,
    ]);
    await bot.expectCard(nl.terms.placeUnknown);
  });

  it("by a client that has no Action.Execute", async () => {
    await using bot = await start();
    await bot.teams.send(
      toActivity(bot.teams, paul, bot.teams.chatOf(paul), { type: "message", value: { verb: "alarm" } }),
    );
    await bot.expectCard(nl.terms.placeUnknown);
    expect(bot.saidTo(paul)?.text).toContain(nl.personal.answer.pressed.headline);
  });

  it("says nothing of what else they typed, to anybody, nor in the log", async () => {
    await using bot = await start();
    await bot.type(paul, "mevrouw Bewoner is boos");
    await bot.type(paul, "bezoek 45m bij Bewoner, Kerkstraat 1");
    await bot.type(paul, "alarm Balie");
    await bot.expectCard("Balie");
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
    const everything = JSON.stringify([bot.teams.calls, bot.desk.pages, bot.lines]);
    expect(everything).not.toMatch(/Bewoner|boos|Kerkstraat/);
  });

  it("shows a place as it was typed but for its links, understood by nothing", async () => {
    await using bot = await start();
    const place = "[klik](https://kwaad.example) **vet** {{DATE(x)}}";
    const answer = await bot.type(paul, `alarm ${place}`);
    expect(answer.text).toContain("[klik](https: //kwaad. example) **vet** { {DATE(x)}}");
    await bot.expectCard("[klik](https: //kwaad. example) **vet**");
  });

  it("may be claimed by anybody but who raised it", async () => {
    await using bot = await start();
    await bot.type(paul, "alarm Balie");
    const card = await bot.expectCard("Balie");
    expect((await bot.click(paul, card, "claim")).text).toContain(nl.refusal.presser);
    expect((await bot.click(alice, card, "claim")).text).toContain(nl.card.headline.coming(1));
    expect(bot.teams.told.filter(({ to, body }) => to === paul.teamsId && body.attachments === undefined)).toEqual([]);
  });

  it("delivered again by Teams is one press; typed again it rings again", async () => {
    await using bot = await start();
    const message = toActivity(bot.teams, paul, bot.teams.chatOf(paul), { type: "message", text: "sos" });
    await bot.teams.send(message);
    const card = await bot.expectCard(nl.terms.placeUnknown);
    await bot.teams.send(message);
    await bot.fastForward(second);
    expect(bot.look(card).text).not.toContain("2 keer");
    expect(bot.teams.told.filter(({ to }) => to === alice.teamsId)).toHaveLength(1);

    await bot.type(paul, "sos");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain("2 keer");
    expect(bot.teams.told.filter(({ to }) => to === alice.teamsId)).toHaveLength(2);
    bot.expectNoCard();
  });

  it("of two people in the same millisecond is two alarms, though Teams numbers messages by the moment", async () => {
    await using bot = await start();
    for (const colleague of [paul, carol]) {
      const parts = { type: "message", text: "alarm", id: "1795476602001" };
      await bot.teams.send(toActivity(bot.teams, colleague, bot.teams.chatOf(colleague), parts));
    }
    expect((await bot.expectCard(nl.terms.placeUnknown)).text).toContain("Paul Drager");
    expect((await bot.expectCard(nl.terms.placeUnknown)).text).toContain("Carol Smit");
  });
});

describe("the place somebody set", () => {
  it("is named by their later presses, until they forget it", async () => {
    await using bot = await start();
    expect((await bot.type(paul, "plek Balie")).text).toContain(`${nl.personal.place}: Balie`);
    expect((await bot.type(paul, "alarm")).text).toContain(`${nl.personal.place}: Balie`);
    const card = await bot.expectCard("Balie");
    expect((await bot.type(bob, "place Kelder")).text).toContain(`${nl.personal.place}: Kelder`);
    expect((await bot.type(bob, "alarm Zolder")).text).toContain(`${nl.personal.place}: Zolder`);
    await bot.expectCard("Zolder");
    await bot.click(alice, card, "arrive");
    await bot.click(alice, card, "resolve", "real");

    await bot.restart();
    expect((await bot.type(paul, "plek")).text).toContain("geen vaste plaats meer");
    expect((await bot.type(paul, "alarm")).text).toContain(shown(nl.personal.placeUnknown));
    await bot.expectCard(nl.terms.placeUnknown);
  });
});

describe("oops", () => {
  it("within 10 seconds the card says cancelled, and everything goes on", async () => {
    await using bot = await start();
    const answer = await bot.type(paul, "alarm Balie");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(10 * second);
    const oops = await bot.clickInChat(paul, nl.personal.button.oops, answer);
    expect(oops.text).toContain(says(nl.personal.answer.cancelled));
    expect(oops.text).toContain("toch te komen kijken");
    expect((await bot.clickInChat(paul, nl.personal.button.oops, answer)).text).toContain(
      says(nl.personal.answer.cancelled),
    );
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain(nl.card.remark.cancelled);
    await bot.fastForward(49 * second);
    await bot.desk.expectPage("unclaimed");
  });

  it("a millisecond later it changes nothing and says so", async () => {
    await using bot = await start();
    const answer = await bot.type(paul, "alarm Balie");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(10 * second + 1);
    expect((await bot.clickInChat(paul, nl.personal.button.oops, answer)).text).toContain(
      says(nl.personal.answer["too-late"]),
    );
    await bot.fastForward(second);
    expect(bot.look(card).text).not.toContain(nl.card.remark.cancelled);
  });

  it("by somebody else changes nothing", async () => {
    await using bot = await start();
    const answer = await bot.type(paul, "alarm Balie");
    const card = await bot.expectCard("Balie");
    expect((await bot.clickInChat(bob, nl.personal.button.oops, answer)).text).toContain(
      says(nl.personal.answer["not-yours"]),
    );
    await bot.fastForward(second);
    expect(bot.look(card).text).not.toContain(nl.card.remark.cancelled);
  });

  it("of an alarm that was closed says so", async () => {
    await using bot = await start();
    const answer = await bot.type(paul, "alarm Balie");
    const card = await bot.expectCard("Balie");
    await bot.click(alice, card, "arrive");
    await bot.click(alice, card, "resolve", "false");
    expect((await bot.clickInChat(paul, nl.personal.button.oops, answer)).text).toContain(
      says(nl.personal.answer.closed),
    );
  });
});

describe("when it can't be done as it should", () => {
  it("rule 1: storage down: posted and paged from memory, and who typed it is told the truth", async () => {
    await using bot = await start();
    const answer = await bot.type(paul, "help");
    let unstored: CardInHand;
    {
      using _held = bot.holdDisk();
      const failed = await bot.type(paul, "alarm Balie");
      expect(failed.text).toContain(says(nl.personal.answer.unstored));
      unstored = await bot.expectCard(nl.card.headline.unstored);
      await bot.desk.expectPage("unclaimed");
      expect((await bot.clickInChat(paul, nl.personal.button.alarm, answer)).text).toContain(
        says(nl.personal.answer.unstored),
      );
      // It got through a moment ago: a panic is no reason to page twice.
      bot.expectNoCard();
      bot.desk.expectNothing();
    }
    expect((await bot.type(paul, "alarm Balie")).text).toContain(nl.personal.answer.pressed.headline);
    await bot.fastForward(2 * second);
    expect(bot.look(unstored).text).toContain(nl.card.headline.open);
    bot.expectNoCard();
  });

  it("storage down: oops says that the alarm stays", async () => {
    await using bot = await start();
    const answer = await bot.type(paul, "alarm Balie");
    await bot.expectCard("Balie");
    using _held = bot.holdDisk();
    const failed = await bot.clickInChat(paul, nl.personal.button.oops, answer);
    expect(failed.text).toContain(says(nl.personal.answer["oops-failed"]));
    expect(failed.buttons).toEqual([nl.personal.button.oops]);
  });

  it("Teams takes no cards: security is paged, and who typed it is told in a text", async () => {
    await using bot = await start();
    bot.teams.fail("card", { kind: "status", status: 403 });
    const answer = await bot.type(paul, "alarm Balie");
    expect(answer.buttons).toEqual([]);
    expect(answer.text).toBe(summary(nl.personal.answer.pressed));
    expect((await bot.desk.expectPage("teams-unreachable")).incident.place).toBe("Balie");
  });

  it("Teams takes nothing at all: it is an alarm all the same, and nobody is told that it failed", async () => {
    await using bot = await start();
    for (const route of ["card", "text"] as const) bot.teams.fail(route, { kind: "status", status: 503 });
    expect(await bot.teams.say(paul, bot.teams.chatOf(paul), "alarm Balie")).toMatchObject({ status: 200 });
    await bot.fastForward(10 * second);
    await bot.desk.expectPage("teams-unreachable");
    for (const route of ["card", "text"] as const) bot.teams.fail(route, null);
    await bot.fastForward(minute);
    expect((await bot.expectCard("Balie")).text).toContain("Paul Drager");
    // Nothing but what stood there before.
    expect(bot.teams.direct.filter(({ to }) => to === paul.teamsId)).toHaveLength(1);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("no source of type teams: nobody is told, and that is what it says", async () => {
    await using bot = await startBot();
    const answer = await bot.type(paul, "alarm Balie");
    expect(answer.text).toContain(says(nl.personal.answer["no-alarm"]));
    expect(answer.buttons).toEqual([]);
    expect((await bot.type(paul, "bezoek 45m")).text).toContain(says(nl.personal.answer["not-set-up"]));
    expect((await bot.type(paul, "help")).buttons).toEqual([]);
    await bot.restartAndExpectNothingElse();
  });
});
