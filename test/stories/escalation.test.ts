import { describe, expect, it } from "vitest";
import { line, mention, nl, shown } from "../dutch.ts";
import { alice, bob, minute, second, startBot, startWithAlarm } from "../harness.ts";

describe("before the first page", () => {
  it("rule 12: a page whose moment comes while somebody is coming is held, and goes when the claim lapses", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(50 * second);
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(2 * minute - 1);
    bot.desk.expectNothing();
    bot.phone.expectNothing();
    expect(bot.card.text).toContain(shown(nl.card.ask.comingBy("10:02:50")));

    await bot.fastForward(1);
    await bot.desk.expectPage("lapsed");
    await bot.phone.expectPage("lapsed");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.lapsed);
    expect(bot.card.text).toContain(line("late", alice));
    expect(bot.card.thread).toContainEqual(expect.stringContaining(nl.thread.pageHeld("desk")));
    await bot.restartAndExpectNothingElse();
  });

  it("rule 12: a claim given back lets the held page go at once; later steps keep their own moments", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(10 * second);
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(80 * second);
    bot.desk.expectNothing();

    await bot.click(alice, bot.card, "decline");
    await bot.desk.expectPage("unclaimed");
    await bot.fastForward(30 * second - 1);
    bot.phone.expectNothing();
    await bot.fastForward(1);
    await bot.phone.expectPage("unclaimed");
    await bot.restartAndExpectNothingElse();
  });

  it("rule 12: too few is not enough", async () => {
    await using bot = await startWithAlarm({ policy: { claimsNeeded: 2 } });
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.tooFew(1, 2));
    expect(bot.card.text).toContain(shown(nl.card.ask.tooFewBy("10:01:00")));
    await bot.fastForward(minute);
    expect((await bot.desk.expectPage("unclaimed")).incident.onTheWay).toBe(1);
    await bot.restartAndExpectNothingElse();
  });

  it("rule 12: nobody is paged after a claim because of a slow queue", async () => {
    await using bot = await startBot({ maxPagesAtOnce: 2 });
    // Two pages are under way at once; the third waits until one of them is answered or given up.
    for (let number = 1; number <= 3; number += 1) await bot.press(`field-${number}`, { place: `Veld ${number}` });
    bot.desk.answerWith({ kind: "hang" });
    await bot.fastForward(minute);
    const paged = bot.desk.pages.map((page) => page.incident.id);
    const waiting = bot.teams.cards
      .map((posted) => bot.look(posted))
      .filter(({ incident }) => !paged.includes(incident));
    expect(waiting).toHaveLength(1);
    const [card] = waiting;
    if (card === undefined) return;
    await bot.click(alice, card, "claim");
    bot.desk.answerWith({ kind: "ok" });
    await bot.fastForward(6 * second);

    const asked = [...bot.desk.pages, ...bot.phone.pages].map((page) => page.incident.id);
    expect(asked).not.toContain(card.incident);
    expect(await bot.events(card.incident)).toContain("page-held");
    await bot.fastForward(2 * minute - 6 * second);
    expect(bot.desk.pages.filter((page) => page.incident.id === card.incident).map((page) => page.reason)).toEqual([
      "lapsed",
    ]);
  });

  it("rule 10: two on the way and nobody arrives: it lapses two minutes after the first claim", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(10 * second);
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(90 * second);
    await bot.click(bob, bot.card, "claim");
    await bot.fastForward(30 * second - 1);
    bot.desk.expectNothing();
    await bot.fastForward(1);
    expect((await bot.desk.expectPage("lapsed")).incident.onTheWay).toBe(2);
    await bot.phone.expectPage("lapsed");
    await bot.fastForward(second);
    const { text, thread } = bot.card;
    expect(text).toContain(line("late", alice, bob));
    expect(thread).toContainEqual(expect.stringContaining(nl.thread.ask.lapsed(mention(alice, bob))));
    await bot.restartAndExpectNothingElse();
  });

  it("rule 10: one of them arrives, and nothing lapses", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "claim");
    await bot.click(bob, bot.card, "claim");
    await bot.fastForward(2 * minute - 1);
    await bot.click(bob, bot.card, "arrive");
    await bot.fastForward(8 * minute);
    expect(await bot.events(bot.card.incident)).not.toContain("lapsed");
    await bot.restartAndExpectNothingElse();
  });
});

describe("from the first page on", () => {
  it("says both: who goes, and that security has not answered or comes to help", async () => {
    await using bot = await startWithAlarm();
    const { also, ...first } = nl.card.headline;
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    const claimed = await bot.click(alice, bot.card, "claim");
    expect(claimed.text).toContain(`${first.coming(1)} – ${also.delivered}`);
    expect(claimed.text).toContain(shown(nl.card.ask.coming));
    expect(claimed.text).not.toContain(shown(nl.card.ask.paged));
    const asked = await bot.click(bob, bot.card, "help");
    expect(asked.text).toContain(`${first.help} – ${also.coming(1)}`);
    await bot.answer(page, "accept");
    // So many lines in one second are more than a channel takes.
    await bot.fastForward(3 * second);
    expect(bot.card.text).toContain(`${first.help} – ${also.guardComing("10:01:00")}`);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("rule 13: a claim holds nothing back any more, and is shown to the guard", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    expect(await bot.guardPage(page)).toContain(nl.guardView.responding(0, 0));

    await bot.fastForward(10 * second);
    await bot.click(alice, bot.card, "claim");
    const update = await bot.desk.expectPage("update");
    expect(update).toMatchObject({ page: page.key, acceptUrl: page.acceptUrl, incident: { onTheWay: 1 } });
    expect(update.key).not.toBe(page.key);
    expect(await bot.guardPage(page)).toContain(nl.guardView.responding(1, 0));
    await bot.fastForward(50 * second);
    expect((await bot.phone.expectPage("unclaimed")).incident.onTheWay).toBe(1);
    await bot.restartAndExpectNothingElse();
  });

  it("rule 13: who was paged hears that a claim was given back, and of an arrival without a claim", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    for (const [verb, onTheWay] of [
      ["claim", 1],
      ["decline", 0],
      ["arrive", 1],
      ["decline", 0],
    ] as const) {
      await bot.click(alice, bot.card, verb);
      expect(await bot.desk.expectPage("update")).toMatchObject({ page: page.key, incident: { onTheWay } });
    }
    await bot.restartAndExpectNothingElse();
  });

  it("rule 13: an arrival holds what comes later, and who is there may give it back", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
    await bot.click(alice, bot.card, "arrive");
    await bot.desk.expectPage("update");
    await bot.fastForward(3 * minute);
    bot.phone.expectNothing();
    await bot.click(alice, bot.card, "decline");
    await bot.desk.expectPage("update");
    await bot.phone.expectPage("unclaimed");
    await bot.restartAndExpectNothingElse();
  });

  it("rule 3: a press on an open incident after an arrival starts a new round on the same card", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(20 * second);
    await bot.click(alice, bot.card, "arrive");
    await bot.fastForward(5 * minute);
    expect((await bot.press("0042")).outcome).toBe("repeated");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.open);
    expect(bot.card.text).toContain(shown(nl.card.ask.openBy("10:06:20")));
    await bot.fastForward(59 * second - 1);
    bot.desk.expectNothing();
    await bot.fastForward(1);
    expect((await bot.desk.expectPage("unclaimed")).key).toBe(`${bot.card.incident}-2-1`);
    await bot.restartAndExpectNothingElse();
  });
});
