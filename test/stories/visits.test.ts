import { describe, expect, it } from "vitest";
import { nl, says, summary } from "../dutch.ts";
import {
  alice,
  type Bot,
  backOffice,
  bob,
  type ChatCard,
  minute,
  paul,
  second,
  sourceSecret,
  startBot,
} from "../harness.ts";

const sources = {
  buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" },
  chat: { type: "teams", policy: "building", channel: "frontdesk" },
};
const visitButtons = [nl.personal.button["visit-done"], nl.personal.button["visit-longer"], nl.personal.button.alarm];

function start(): Promise<Bot> {
  return startBot({ settings: { sources } });
}

/** What the bot asks a colleague now; every ask comes once. */
function askedOf(bot: Bot): ChatCard {
  const card = bot.saidTo(paul);
  const asks = [nl.visit.ask("").headline, nl.visit.askLast("").headline];
  if (card === undefined || !asks.some((ask) => card.text.includes(ask))) throw new Error("nothing was asked");
  return card;
}

/** Without the card that shows what becomes of a press, which has stood there for a while. */
function messagesTo(bot: Bot): number {
  const own = bot.teams.direct.filter(({ to }) => to === paul.teamsId);
  return own.filter(({ body }) => !body.summary?.includes(nl.presser.state.rest.headline)).length;
}

describe("a visit", () => {
  it("is asked about at its end, once more after 2 minutes, and then it is a press", async () => {
    await using bot = await start();
    const started = await bot.type(paul, "bezoek 5");
    expect(started.text).toContain(says(nl.visit.started("10:05:00")));
    expect(started.buttons).toEqual(visitButtons);

    await bot.fastForward(5 * minute - 1);
    expect(messagesTo(bot)).toBe(1);
    await bot.fastForward(1);
    const first = askedOf(bot);
    expect(first.text).toContain(says(nl.visit.ask("10:07:00")));
    expect(first.summary).toBe(summary(nl.visit.ask("10:07:00")));
    expect(first.buttons).toEqual(visitButtons);

    await bot.fastForward(2 * minute - 1);
    expect(messagesTo(bot)).toBe(2);
    await bot.fastForward(1);
    expect(askedOf(bot).text).toContain(says(nl.visit.askLast("10:09:00")));

    await bot.fastForward(2 * minute - 1);
    bot.expectNoCard();
    await bot.fastForward(1);
    const card = await bot.expectCard("Paul Drager");
    expect(card.text).toContain(nl.card.footer.visit(1, "24-11-2026", "10:09:00"));
    expect((await bot.click(paul, card, "claim")).text).toContain(nl.refusal.presser);
    expect((await bot.click(alice, card, "claim")).text).toContain(nl.card.headline.coming(1));
    expect(messagesTo(bot)).toBe(4);
    expect(bot.saidTo(paul)?.text).toContain(says(nl.personal.answer["visit-pressed"]));
    await bot.restartAndExpectNothingElse();
  });

  it.each(["bezoek klaar", "visit done", "klaar", "Ik ben klaar.", "done"])("is over by typing %s", async (text) => {
    await using bot = await start();
    await bot.type(paul, "visit 5m");
    expect((await bot.type(paul, text)).text).toContain(says(nl.personal.answer["visit-ended"]));
    await bot.fastForward(10 * minute);
    expect(messagesTo(bot)).toBe(2);
    await bot.restartAndExpectNothingElse();
  });

  it("is over by a click on any of its cards, and an old card says that there is none", async () => {
    await using bot = await start();
    const started = await bot.type(paul, "bezoek 5m");
    await bot.fastForward(5 * minute);
    expect((await bot.clickInChat(paul, nl.personal.button["visit-done"], askedOf(bot))).text).toContain(
      says(nl.personal.answer["visit-ended"]),
    );
    expect((await bot.clickInChat(paul, nl.personal.button["visit-done"], started)).text).toContain(
      says(nl.personal.answer["no-visit"]),
    );
    expect((await bot.clickInChat(paul, nl.personal.button["visit-longer"], started)).text).toContain(
      says(nl.personal.answer["no-visit"]),
    );
    await bot.fastForward(10 * minute);
    await bot.restartAndExpectNothingElse();
  });

  it("made longer is asked about later, counted from its end or from now when that has passed", async () => {
    await using bot = await start();
    const started = await bot.type(paul, "bezoek 5m");
    expect((await bot.clickInChat(paul, nl.personal.button["visit-longer"], started)).text).toContain(
      says(nl.visit.started("10:20:00")),
    );
    await bot.fastForward(20 * minute);
    await bot.fastForward(minute);
    expect((await bot.clickInChat(paul, nl.personal.button["visit-longer"], askedOf(bot))).text).toContain(
      says(nl.visit.started("10:36:00")),
    );
    await bot.fastForward(15 * minute - 1);
    expect(messagesTo(bot)).toBe(2);
    await bot.fastForward(1);
    expect(askedOf(bot).text).toContain(says(nl.visit.ask("10:38:00")));
    bot.expectNoCard();
  });

  it("is not ended by a word that may mean anything: the buttons come again, and then the alarm", async () => {
    await using bot = await start();
    await bot.type(paul, "bezoek 5m");
    await bot.fastForward(5 * minute);
    const answer = await bot.type(paul, "ja hoor");
    expect(answer.text).toContain(nl.visit.ask("").headline);
    expect(answer.text).toContain(nl.visit.noAnswer);
    expect(answer.buttons).toEqual(visitButtons);
    await bot.fastForward(4 * minute);
    await bot.expectCard("Paul Drager");
  });

  it("can't be announced where others look on", async () => {
    await using bot = await start();
    const answer = await bot.type(paul, "bezoek 5m", backOffice);
    expect(answer.text).toContain(says(nl.personal.answer["visit-elsewhere"]));
    expect((await bot.type(paul, "klaar")).text).toContain(says(nl.personal.answer["no-visit"]));
    await bot.fastForward(10 * minute);
    expect(messagesTo(bot)).toBe(1);
  });

  it("is not ended by somebody else's click", async () => {
    await using bot = await start();
    const started = await bot.type(paul, "bezoek 5m");
    expect((await bot.clickInChat(bob, nl.personal.button["visit-done"], started)).text).toContain(
      says(nl.personal.answer["no-visit"]),
    );
    await bot.fastForward(9 * minute);
    await bot.expectCard("Paul Drager");
  });

  it("has an alarm on every card, which goes at once", async () => {
    await using bot = await start();
    const started = await bot.type(paul, "bezoek 5m");
    expect((await bot.clickInChat(paul, nl.personal.button.alarm, started)).text).toContain(
      nl.personal.answer.pressed.headline,
    );
    await bot.expectCard(nl.card.footer.chat(1, "24-11-2026", "10:00:00"));
  });

  it.each(["bezoek", "bezoek mevrouw Bewoner", "visit soon", "bezoek 0m", "bezoek 1000000"])(
    "is not begun by %s, and the answer says how",
    async (text) => {
      await using bot = await start();
      const answer = await bot.type(paul, text);
      expect(answer.text).toContain(says(nl.personal.answer["visit-unclear"]));
      expect(answer.text).not.toContain("Bewoner");
      await bot.fastForward(minute);
      await bot.restartAndExpectNothingElse();
    },
  );

  it.each([
    ["bezoek 45m", "10:45:00"],
    ["visit 45", "10:45:00"],
    ["bezoek 1u", "11:00:00"],
    ["Visit 1h", "11:00:00"],
    ["bezoek 1u30", "11:30:00"],
    ["bezoek 90 min", "11:30:00"],
    ["bezoek 1 uur en 15 minuten", "11:15:00"],
    ["bezoek 20u", "22:00:00"],
  ])("%s lasts until %s", async (text, until) => {
    await using bot = await start();
    expect((await bot.type(paul, text)).text).toContain(says(nl.visit.started(until)));
  });
});

describe("when something breaks meanwhile", () => {
  it("a restart, at any moment, loses no deadline and asks nothing twice", async () => {
    await using bot = await start();
    await bot.type(paul, "bezoek 5m");
    await bot.restart();
    await bot.fastForward(5 * minute);
    expect(messagesTo(bot)).toBe(2);
    await bot.restart();
    await bot.fastForward(2 * minute);
    expect(askedOf(bot).text).toContain(nl.visit.askLast("").headline);
    expect(messagesTo(bot)).toBe(3);
    await bot.stop();
    bot.clock.to(bot.clock.now() + 10 * minute);
    await bot.start();
    await bot.expectCard(nl.card.footer.visit(1, "24-11-2026", "10:17:00"));
    expect(messagesTo(bot)).toBe(4);
  });

  it("down over the end: the question still comes first, with time to answer it", async () => {
    await using bot = await start();
    await bot.type(paul, "bezoek 5m");
    await bot.stop();
    bot.clock.to(bot.clock.now() + 30 * minute);
    await bot.start();
    expect(askedOf(bot).text).toContain(nl.visit.ask("").headline);
    bot.expectNoCard();
    expect((await bot.clickInChat(paul, nl.personal.button["visit-done"], askedOf(bot))).text).toContain(
      says(nl.personal.answer["visit-ended"]),
    );
  });

  it("Teams down while it asks: it still becomes a press", async () => {
    await using bot = await start();
    await bot.type(paul, "bezoek 5m");
    for (const route of ["card", "text", "reply", "update"] as const)
      bot.teams.fail(route, { kind: "status", status: 503 });
    await bot.fastForward(9 * minute + 10 * second);
    expect(messagesTo(bot)).toBe(1);
    await bot.desk.expectPage("teams-unreachable");
    bot.desk.ignoreRest();
  });

  it("Teams down for the first question only: it comes late, and is not asked of who answered", async () => {
    await using bot = await start();
    const started = await bot.type(paul, "bezoek 5m");
    bot.teams.fail("card", { kind: "status", status: 503 });
    await bot.fastForward(5 * minute + 10 * second);
    expect(messagesTo(bot)).toBe(1);
    await bot.clickInChat(paul, nl.personal.button["visit-longer"], started);
    bot.teams.fail("card", null);
    await bot.fastForward(minute);
    expect(messagesTo(bot)).toBe(1);
  });

  it("storage down: a click says that it failed and can be clicked again; the end of it all is a press from memory", async () => {
    await using bot = await start();
    const started = await bot.type(paul, "bezoek 5m");
    await bot.fastForward(8 * minute);
    using _held = bot.holdDisk();
    const failed = await bot.clickInChat(paul, nl.personal.button["visit-done"], started);
    expect(failed.text).toContain(says(nl.personal.answer["visit-failed"]));
    expect(failed.buttons).toEqual(visitButtons);
    await bot.fastForward(minute);
    await bot.expectCard(nl.card.headline.unstored);
    expect((await bot.desk.expectPage("unclaimed")).acceptUrl).toBeNull();
    await bot.fastForward(30 * second);
    bot.expectNoCard();
  });

  it("storage down from before its end: no question can be kept, and it goes out from memory when the answer is overdue", async () => {
    await using bot = await start();
    await bot.type(paul, "bezoek 5");
    await bot.fastForward(5 * minute - second);
    using _held = bot.holdDisk();
    // Each look at a disk that is held takes its time: a clock that leaps makes it twelve of them.
    for (let leaps = 0; leaps < 12; leaps += 1) {
      bot.clock.to(bot.clock.now() + 20 * second);
      await bot.settle();
    }
    bot.expectNoCard();
    await bot.fastForward(10 * second);
    await bot.expectCard(nl.card.headline.unstored);
    await bot.desk.expectPage("unclaimed");
    await bot.fastForward(minute);
    bot.expectNoCard();
  });

  it("whose source left the configuration becomes a press all the same", async () => {
    await using bot = await start();
    await bot.type(paul, "bezoek 5");
    await bot.restart({ sources: { buttons: sources.buttons } });
    await bot.fastForward(9 * minute);
    await bot.expectCard("Paul Drager");
  });

  it("the app was removed and installed again: the question finds the new chat", async () => {
    await using bot = await start();
    await bot.type(paul, "bezoek 5m");
    bot.teams.fail("card", { kind: "status", status: 404, code: "ConversationNotFound", times: 1 });
    await bot.fastForward(5 * minute + 5 * second);
    expect(bot.teams.calls.filter(({ route }) => route === "converse")).toHaveLength(1);
    expect(askedOf(bot).text).toContain(nl.visit.ask("").headline);
  });
});
