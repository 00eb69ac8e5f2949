import { describe, expect, it } from "vitest";
import { line, nl, shown, upTo, way } from "../dutch.ts";
import type { DeskMode } from "../fakes/desk.ts";
import { alice, bob, minute, people, type Settings, second, startWithAlarm } from "../harness.ts";

const failures: [string, DeskMode, { after: number; why: string }][] = [
  ["refuses", { kind: "refuse", status: 400 }, { after: 0, why: nl.terms.failure.refused }],
  ["does not know us", { kind: "refuse", status: 401 }, { after: 0, why: nl.terms.failure.misconfigured }],
  ["is broken", { kind: "refuse", status: 500 }, { after: 0, why: nl.terms.failure.unreachable }],
  ["sends us elsewhere", { kind: "refuse", status: 302 }, { after: 0, why: nl.terms.failure.misconfigured }],
  ["hangs", { kind: "hang" }, { after: 5 * second, why: nl.terms.failure.unreachable }],
  ["resets", { kind: "reset-after-body" }, { after: 0, why: nl.terms.failure.unreachable }],
  ["answers garbage", { kind: "garbage" }, { after: 0, why: nl.terms.failure.unreachable }],
  ["is too busy", { kind: "throttle", retryAfter: "20" }, { after: 0, why: nl.terms.failure.throttled }],
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
    expect(text).toContain(way("desk", nl.security.failed(expected.why)));
    expect(text).toContain(nl.card.headline.delivered);
    expect(thread).toContainEqual(expect.stringContaining(nl.thread.pageFailed("desk", expected.why)));

    bot.desk.answerWith({ kind: "ok" });
    await bot.fastForward(30 * second);
    const keys = bot.desk.pages.map(({ key }) => key);
    expect(new Set(keys)).toEqual(new Set([page.key]));
    expect(keys.length).toBeGreaterThan(1);
    // What a retry brings in the end stands on the card as well.
    expect(bot.card.text).toContain(way("desk", nl.security.accepted));
    expect(bot.phone.pages).toHaveLength(1);
  });

  it("rule 14: both fail: the card says that nobody was reached and what to do, and it goes on", async () => {
    await using bot = await startWithAlarm();
    bot.desk.answerWith({ kind: "refuse", status: 403 });
    bot.phone.answerWith({ kind: "refuse", status: 403 });
    await bot.fastForward(minute + second);
    expect(bot.card.text).toContain(nl.card.headline.failed);
    expect(bot.card.text).toContain(shown(nl.card.ask.ring));
    expect(bot.card.text).toContain(shown(nl.card.remark.retry("10:04:00")));
    bot.desk.answerWith({ kind: "ok" });
    await bot.fastForward(3 * minute);
    expect(bot.desk.pages.at(-1)).toMatchObject({ reason: "repeat", key: `${bot.card.incident}-2-1` });
    expect(bot.card.text).toContain(nl.card.headline.delivered);
  });

  it("rule 14: a pager that is down is tried until it is up again", async () => {
    await using bot = await startWithAlarm({ policy: { repeatEvery: "20m" } });
    bot.desk.answerWith({ kind: "refuse", status: 500 });
    await bot.fastForward(10 * minute);
    expect(bot.desk.pages.length).toBeGreaterThan(15);
    bot.desk.answerWith({ kind: "ok" });
    await bot.fastForward(32 * second);
    expect(bot.card.text).toContain(way("desk", nl.security.accepted));
    expect(new Set(bot.desk.pages.map(({ key }) => key)).size).toBe(1);
  });
});

describe("a pager takes each page and breaks off before it answers", () => {
  it("rule 14: the pager behind it is paged at once, and this one is tried after longer waits, without end", async () => {
    await using bot = await startWithAlarm({ policy: { repeatEvery: "20m" } });
    bot.desk.answerWith({ kind: "reset-after-body" });
    await bot.fastForward(minute + second);
    await bot.phone.expectPage("unclaimed");
    await bot.fastForward(39 * second);
    expect(bot.desk.pages).toHaveLength(4);
    await bot.fastForward(10 * minute);
    expect(bot.desk.pages.length).toBeGreaterThanOrEqual(13);
    expect(bot.desk.pages.length).toBeLessThanOrEqual(14);
    bot.desk.answerWith({ kind: "ok" });
    await bot.fastForward(62 * second);
    expect(bot.card.text).toContain(way("desk", nl.security.accepted));
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
    expect(bot.card.text).toContain(nl.card.headline.delivered);
    expect(bot.card.text).toContain(way("desk", nl.security.accepted));
    expect(bot.card.text).toContain(shown(nl.card.ask.nextPage("10:02:00")));
    await bot.fastForward(minute - second);
    await bot.phone.expectPage("unclaimed");
    await bot.fastForward(minute);
    const everything = [bot.card.text, ...bot.card.thread].join("\n");
    expect(everything).toContain(line("reached", nl.card.remark.reached(0, 2)));
    // That nobody answered may be said; nothing else may speak of an answer.
    const nobody = [line("reached", nl.card.remark.reached(0, 2)), ...["desk", "phone"].map(nl.thread.pageAccepted)];
    const others = nobody.reduce((text, sentence) => text.replace(sentence, ""), everything).toLowerCase();
    for (const said of [upTo(nl.security.answered).replace(" (", ""), nl.security.there, nl.card.label.reached])
      expect(others).not.toContain(said.toLowerCase());
    expect(others).not.toContain(nl.card.headline.guardThere.toLowerCase());
    await bot.restartAndExpectNothingElse();
  });

  it("rule 14: a new round every three minutes, without end, louder and never quieter", async () => {
    await using bot = await startWithAlarm();
    const messages = () => bot.teams.told.length;
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
    await bot.fastForward(second);
    expect(bot.card.thread).toContainEqual(expect.stringContaining(nl.thread.round.repeat(12)));
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
      settings: { people: people.filter(({ name }) => name !== bob.name) },
    });
    await bot.click(alice, bot.card, "decline");
    await bot.desk.expectPage("declined");
    await bot.fastForward(second);
    expect(bot.card.thread).toContainEqual(expect.stringContaining(nl.thread.allDeclined));
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
    expect(bot.card.text).toContain(nl.card.remark.nobodyOnDuty);
    expect(bot.teams.told).toEqual([]);
    await bot.restartAndExpectNothingElse();
  });
});
