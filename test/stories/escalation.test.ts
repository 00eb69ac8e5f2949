import { describe, expect, it } from "vitest";
import { alice, bob, carol, minute, second, startBot } from "../harness.ts";

describe("before the first page", () => {
  it("rule 12: a page whose moment comes while somebody is coming is held, and goes when the claim lapses", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(50 * second);
    await bot.click(alice, card, "claim");
    await bot.fastForward(2 * minute - 1);
    bot.desk.expectNothing();
    bot.phone.expectNothing();
    expect(bot.look(card).text).toContain("Is er om 10:02:50 nog niemand? Dan roepen we externe beveiliging op.");

    await bot.fastForward(1);
    await bot.desk.expectPage("lapsed");
    await bot.phone.expectPage("lapsed");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain("🟥 NIEMAND IS AANGEKOMEN");
    expect(bot.look(card).text).toContain("Onderweg, nog niet aangekomen: Alice Jansen");
    expect(bot.look(card).thread).toContainEqual(expect.stringContaining("We roepen desk nog niet op"));
    await bot.expectNothingElse();
  });

  it("rule 12: a claim given back lets the held page go at once; later steps keep their own moments", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(10 * second);
    await bot.click(alice, card, "claim");
    await bot.fastForward(80 * second);
    bot.desk.expectNothing();

    await bot.click(alice, card, "decline");
    await bot.desk.expectPage("unclaimed");
    await bot.fastForward(30 * second - 1);
    bot.phone.expectNothing();
    await bot.fastForward(1);
    await bot.phone.expectPage("unclaimed");
    await bot.expectNothingElse();
  });

  it("rule 12: too few is not enough", async () => {
    await using bot = await startBot({ policy: { claimsNeeded: 2 } });
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.click(alice, card, "claim");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain("🟠 1 van 2 collega's onderweg");
    expect(bot.look(card).text).toContain("Lukt dat niet? Om 10:01:00 roepen we externe beveiliging op.");
    await bot.fastForward(minute);
    expect((await bot.desk.expectPage("unclaimed")).incident.onTheWay).toBe(1);
    await bot.expectNothingElse();
  });

  it("rule 12: nobody is paged after a claim because of a slow queue", async () => {
    await using bot = await startBot();
    // Sixty-four pages are under way at once; the sixty-fifth waits until one of them is answered or given up.
    for (let number = 1; number <= 65; number += 1) await bot.press(`field-${number}`, { place: `Veld ${number}` });
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
    await using bot = await startBot();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(10 * second);
    await bot.click(alice, card, "claim");
    await bot.fastForward(90 * second);
    await bot.click(bob, card, "claim");
    await bot.fastForward(30 * second - 1);
    bot.desk.expectNothing();
    await bot.fastForward(1);
    expect((await bot.desk.expectPage("lapsed")).incident.onTheWay).toBe(2);
    await bot.phone.expectPage("lapsed");
    await bot.fastForward(second);
    const { text, thread } = bot.look(card);
    expect(text).toContain("Onderweg, nog niet aangekomen: Alice Jansen, Bob de Vries");
    expect(thread).toContainEqual(
      expect.stringContaining("<at>Alice Jansen</at>, <at>Bob de Vries</at>: je bent niet op tijd aangekomen."),
    );
    await bot.expectNothingElse();
  });

  it("rule 10: one of them arrives, and nothing lapses", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.click(alice, card, "claim");
    await bot.click(bob, card, "claim");
    await bot.fastForward(2 * minute - 1);
    await bot.click(bob, card, "arrive");
    await bot.fastForward(8 * minute);
    expect(await bot.events(card.incident)).not.toContain("lapsed");
    await bot.expectNothingElse();
  });
});

describe("from the first page on", () => {
  it("rule 13: a claim holds nothing back any more, and is shown to the guard", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    expect(await bot.guardPage(page)).toContain("Nog niemand onderweg");

    await bot.fastForward(10 * second);
    await bot.click(alice, card, "claim");
    const update = await bot.desk.expectPage("update");
    expect(update).toMatchObject({ page: page.key, acceptUrl: page.acceptUrl, incident: { onTheWay: 1 } });
    expect(update.key).not.toBe(page.key);
    expect(await bot.guardPage(page)).toContain("1 onderweg, 0 ter plaatse");
    await bot.fastForward(50 * second);
    expect((await bot.phone.expectPage("unclaimed")).incident.onTheWay).toBe(1);
    await bot.expectNothingElse();
  });

  it("rule 13: an arrival holds what comes later, and who is there may give it back", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
    await bot.click(alice, card, "arrive");
    await bot.fastForward(3 * minute);
    bot.phone.expectNothing();
    await bot.click(alice, card, "decline");
    await bot.phone.expectPage("unclaimed");
    await bot.expectNothingElse();
  });

  it("rule 3: a press on an open incident after an arrival starts a new round on the same card", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.click(alice, card, "claim");
    await bot.fastForward(20 * second);
    await bot.click(alice, card, "arrive");
    await bot.fastForward(5 * minute);
    expect((await bot.press("0042")).outcome).toBe("repeated");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain("🔴 ALARM – NIEMAND GAAT NOG");
    expect(bot.look(card).text).toContain("Om 10:06:20 roepen we externe beveiliging op.");
    await bot.fastForward(59 * second - 1);
    bot.desk.expectNothing();
    await bot.fastForward(1);
    expect((await bot.desk.expectPage("unclaimed")).key).toBe(`${card.incident}-2-1`);
    await bot.expectNothingElse();
  });
});

describe("somebody is there", () => {
  it("rule 11: arrived, then silent: the bot asks after ten minutes, and pages when two more pass", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(30 * second);
    await bot.click(carol, card, "arrive");
    await bot.fastForward(10 * minute);
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain("❓ GAAT HET DAAR GOED?");
    expect(bot.look(card).thread.at(-1)).toContain("<at>Carol Smit</at>: gaat het goed?");
    await bot.fastForward(2 * minute - second - 1);
    bot.desk.expectNothing();
    bot.phone.expectNothing();
    await bot.fastForward(1);
    await bot.desk.expectPage("check");
    await bot.phone.expectPage("check");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain("🟥 GEEN ANTWOORD VAN WIE ER IS");
    expect(bot.look(card).text).toContain("Was er, geeft geen antwoord: Carol Smit");
    await bot.expectNothingElse();
  });

  it("rule 11: who answers is asked again ten minutes later", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.click(carol, card, "arrive");
    await bot.fastForward(11 * minute);
    await bot.click(carol, card, "check-in");
    await bot.fastForward(10 * minute + second);
    expect(bot.look(card).text).toContain("❓ GAAT HET DAAR GOED?");
    bot.desk.expectNothing();
    await bot.fastForward(2 * minute - second);
    await bot.desk.expectPage("check");
    await bot.phone.expectPage("check");
  });

  it("rule 11: I need help pages at once with enough people there, and with no step left in a new round", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    for (const colleague of [alice, bob, carol]) await bot.click(colleague, card, "arrive");
    await bot.fastForward(30 * second);
    await bot.click(alice, card, "help");
    const first = await bot.desk.expectPage("help");
    expect(first.incident.onTheWay).toBe(3);
    bot.phone.expectNothing();
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain("🆘 COLLEGA VRAAGT HULP");

    await bot.click(bob, card, "help");
    await bot.phone.expectPage("help");
    await bot.click(carol, card, "help");
    const again = await bot.desk.expectPage("help");
    expect(again.key).not.toBe(first.key);
    await bot.phone.expectPage("help");
    await bot.expectNothingElse();
  });
});
