import { describe, expect, it } from "vitest";
import type { DeskMode } from "../fakes/desk.ts";
import { alice, bob, minute, people, type Settings, second, startWithAlarm } from "../harness.ts";

const failures: [string, DeskMode, { after: number; why: string }][] = [
  ["refuses", { kind: "refuse", status: 403 }, { after: 0, why: "geweigerd" }],
  ["is broken", { kind: "refuse", status: 500 }, { after: 0, why: "onbereikbaar" }],
  ["sends us elsewhere", { kind: "refuse", status: 302 }, { after: 0, why: "verkeerd ingesteld" }],
  ["hangs", { kind: "hang" }, { after: 5 * second, why: "onbereikbaar" }],
  ["resets", { kind: "reset-after-body" }, { after: 0, why: "onbereikbaar" }],
  ["answers garbage", { kind: "garbage" }, { after: 0, why: "onbereikbaar" }],
  ["is too busy", { kind: "throttle", retryAfter: "20" }, { after: 0, why: "te druk" }],
];

describe("the first pager fails", () => {
  it.each(failures)("rule 14: it %s, and the second is tried at once", async (_what, mode, expected) => {
    await using bot = await startWithAlarm();
    bot.desk.answerWith(mode);
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    if (expected.after > 0) {
      await bot.fastForward(expected.after - 1);
      bot.phone.expectNothing();
      await bot.fastForward(1);
    }
    await bot.phone.expectPage("unclaimed");
    await bot.fastForward(second);
    const { text, thread } = bot.card;
    expect(text).toContain(`Beveiliging desk: niet gelukt: ${expected.why}`);
    expect(text).toContain("🛡️ BEVEILIGING OPGEROEPEN – NOG GEEN ANTWOORD");
    expect(thread).toContainEqual(expect.stringContaining(`Oproepen via desk lukt niet: ${expected.why}.`));

    bot.desk.answerWith({ kind: "ok" });
    await bot.fastForward(30 * second);
    const keys = bot.desk.pages.map(({ key }) => key);
    expect(new Set(keys)).toEqual(new Set([page.key]));
    expect(keys.length).toBeGreaterThan(1);
    // What a retry brings in the end stands on the card as well.
    expect(bot.card.text).toContain("Beveiliging desk: heeft het bericht, nog geen mens");
    expect(bot.phone.pages).toHaveLength(1);
  });

  it("rule 14: both fail: the card says that nobody was reached and what to do, and it goes on", async () => {
    await using bot = await startWithAlarm();
    bot.desk.answerWith({ kind: "refuse", status: 403 });
    bot.phone.answerWith({ kind: "refuse", status: 403 });
    await bot.fastForward(minute + second);
    expect(bot.card.text).toContain("🟥 BEVEILIGING NIET BEREIKT");
    expect(bot.card.text).toContain("Bel zelf de beveiliging of 112.");
    expect(bot.card.text).toContain("Komt er niemand? Om 10:04:00 proberen we het opnieuw.");
    bot.desk.answerWith({ kind: "ok" });
    await bot.fastForward(3 * minute);
    expect(bot.desk.pages.at(-1)).toMatchObject({ reason: "repeat", key: `${bot.card.incident}-2-1` });
    expect(bot.card.text).toContain("🛡️ BEVEILIGING OPGEROEPEN – NOG GEEN ANTWOORD");
  });

  it("rule 14: a pager that is down is tried until it is up again", async () => {
    await using bot = await startWithAlarm({ policy: { repeatEvery: "20m" } });
    bot.desk.answerWith({ kind: "reset-after-body" });
    await bot.fastForward(10 * minute);
    expect(bot.desk.pages.length).toBeGreaterThan(15);
    bot.desk.answerWith({ kind: "ok" });
    await bot.fastForward(32 * second);
    expect(bot.card.text).toContain("Beveiliging desk: heeft het bericht, nog geen mens");
    expect(new Set(bot.desk.pages.map(({ key }) => key)).size).toBe(1);
  });
});

describe("a guard answers a page that we believed had failed", () => {
  it.each(["accept", "decline"] as const)("rule 14: after %s it is not tried again", async (answer) => {
    await using bot = await startWithAlarm();
    bot.desk.answerWith({ kind: "reset-after-body" });
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.phone.expectPage("unclaimed");
    await bot.answer(page, answer);
    await bot.fastForward(2 * minute);
    await bot.restartAndExpectNothingElse();
  });
});

describe("nobody answers", () => {
  it("rule 14: an unanswered page does not stop the next one, and nobody is said to be reached", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
    await bot.fastForward(second);
    expect(bot.card.text).toContain("🛡️ BEVEILIGING OPGEROEPEN – NOG GEEN ANTWOORD");
    expect(bot.card.text).toContain("Beveiliging desk: heeft het bericht, nog geen mens");
    expect(bot.card.text).toContain("Om 10:02:00 proberen we het ook op een andere manier.");
    await bot.fastForward(minute - second);
    await bot.phone.expectPage("unclaimed");
    await bot.fastForward(minute);
    const everything = [bot.card.text, ...bot.card.thread].join("\n");
    expect(everything).toContain("Bereikt: 0 van 2 collega's");
    expect(everything.replace("Bereikt: 0 van", "")).not.toMatch(/bewaker (komt|is er)|bereikt/i);
    await bot.restartAndExpectNothingElse();
  });

  it("rule 14: a new round every three minutes, without end, louder and never quieter", async () => {
    await using bot = await startWithAlarm();
    const messages = () => bot.teams.direct.length;
    expect(messages()).toBe(2);
    await bot.fastForward(2 * minute);
    await bot.desk.expectPage("unclaimed");
    await bot.phone.expectPage("unclaimed");
    for (let round = 2; round <= 12; round += 1) {
      await bot.fastForward(3 * minute - 1);
      bot.desk.expectNothing();
      bot.phone.expectNothing();
      await bot.fastForward(1);
      // All at once now: the moments between the steps were for the first round.
      expect((await bot.desk.expectPage("repeat")).key).toBe(`${bot.card.incident}-${round}-1`);
      expect((await bot.phone.expectPage("repeat")).key).toBe(`${bot.card.incident}-${round}-2`);
      expect(messages()).toBe(2 * round);
    }
    expect(bot.card.thread).toContainEqual(expect.stringContaining("We waarschuwen iedereen opnieuw (ronde 12)"));
    await bot.restartAndExpectNothingElse();
  });

  it("rule 14: a claim does not silence the repeats, an arrival does", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(3 * minute);
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(minute);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    await bot.fastForward(minute);
    await bot.desk.expectPage("repeat");
    await bot.phone.expectPage("repeat");
    await bot.click(alice, bot.card, "arrive");
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    await bot.fastForward(9 * minute);
    await bot.restartAndExpectNothingElse();
  });
});

describe("why external security is paged", () => {
  it("rule 9: everyone on duty declined", async () => {
    await using bot = await startWithAlarm({
      settings: { people: people.filter(({ name }) => name !== "Bob de Vries") },
    });
    await bot.click(alice, bot.card, "decline");
    await bot.desk.expectPage("declined");
    await bot.fastForward(second);
    expect(bot.card.thread).toContainEqual(expect.stringContaining("niemand met dienst kan komen"));
    await bot.restartAndExpectNothingElse();
  });

  it("rule 14: a later page says what is so then: they declined, and one of them comes after all", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "decline");
    await bot.click(bob, bot.card, "decline");
    await bot.desk.expectPage("declined");
    await bot.fastForward(20 * second);
    await bot.click(alice, bot.card, "claim");
    expect((await bot.desk.expectPage("update")).incident.onTheWay).toBe(1);
    await bot.fastForward(100 * second);
    expect((await bot.phone.expectPage("unclaimed")).incident.onTheWay).toBe(1);
    await bot.restartAndExpectNothingElse();
  });

  it("rule 9: nobody is on duty, and the card says so", async () => {
    const nobody: Settings[] = people.map((person) => ({ ...person, onDuty: "never" }));
    await using bot = await startWithAlarm({ settings: { people: nobody } });
    await bot.desk.expectPage("nobody-on-duty");
    expect(bot.card.text).toContain("⚠️ Niemand heeft nu dienst.");
    expect(bot.teams.direct).toEqual([]);
    await bot.restartAndExpectNothingElse();
  });
});
