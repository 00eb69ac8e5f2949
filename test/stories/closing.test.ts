import { describe, expect, it } from "vitest";
import { nl, upTo, way } from "../dutch.ts";
import { alice, bob, carol, hour, lea, minute, paul, second, startWithAlarm } from "../harness.ts";

describe("closing", () => {
  it("rule 18: nothing closes by itself", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(hour);
    expect(await bot.events(bot.card.incident)).not.toContain("closed");
    expect(bot.card.buttons).toContain(nl.card.button.claim);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    await bot.restartAndExpectNothingElse();
  });

  it("rule 18: who has been there closes, with an outcome; who is only on the way does not, nor does the presser", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "claim");
    await bot.click(bob, bot.card, "arrive");
    await bot.click(alice, bot.card, "resolve", "false");
    await bot.click(paul, bot.card, "resolve", "false");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.there);

    await bot.click(bob, bot.card, "resolve", "false");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.closed.false);
    expect(bot.card.text).toContain(nl.card.remark.closedBy(bob.name, "10:00:01"));
    expect(bot.card.buttons).toEqual([]);
    await bot.fastForward(hour);
    await bot.restartAndExpectNothingElse();
  });

  it("rule 18: a team lead closes from wherever", async () => {
    await using bot = await startWithAlarm();
    await bot.click(lea, bot.card, "resolve", "test");
    await bot.fastForward(5 * minute);
    expect(bot.card.text).toContain(nl.card.headline.closed.test);
    await bot.restartAndExpectNothingElse();
  });

  it("rule 18: a guard closes once there, and not from the link alone", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.answer(page, "accept");
    await bot.answer(page, "safe", "real");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(upTo(nl.card.headline.guardComing));
    await bot.answer(page, "arrived");
    await bot.answer(page, "safe", "real");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.closed.real);
    expect(bot.card.text).toContain(nl.card.remark.closedBy(nl.card.remark.byRole.guard, "10:01:01"));
    await bot.desk.expectPage("call-off");
    await bot.fastForward(second);
    const { label, nobody, paged, ...course } = nl.past;
    expect(bot.card.text).toContain(`${label.firstClaim}: ${nobody}`);
    expect(bot.card.text).toContain(`${label.firstArrival}: ${nl.card.remark.byRole.guard} (10:01:01)`);
    const desk = [paged("10:01:00"), course["guard-accepted"]("10:01:00"), course["guard-arrived"]("10:01:01")];
    expect(bot.card.text).toContain(way("desk", `${desk.join(", ")}; ${nl.security.callOff.taken}`));
    expect(await bot.guardPage(page)).not.toContain(nl.guardView.colleagues);
    await bot.restartAndExpectNothingElse();
  });

  it("rule 18: closed stays closed, whoever clicks; the next press opens a new incident", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "arrive");
    await bot.click(alice, bot.card, "resolve", "real");
    await bot.fastForward(second);
    const events = await bot.events(bot.card.incident);
    for (const verb of ["claim", "decline", "arrive", "witness", "help", "check-in"] as const) {
      const { text } = await bot.click(carol, bot.card, verb);
      expect(text).toContain(nl.card.headline.closed.real);
      expect(text).toContain(`${nl.past.label.firstArrival}: ${alice.name} (10:00:00)`);
    }
    await bot.click(lea, bot.card, "resolve", "false");
    await bot.press("0042", { kind: "cancel" });
    expect(await bot.events(bot.card.incident)).toEqual(events);

    expect((await bot.press("0042")).outcome).toBe("opened");
    const next = await bot.expectCard(nl.card.headline.open);
    expect(next.incident).not.toBe(bot.card.incident);
    expect(next.text).toContain(nl.card.footer.button(2, "24-11-2026", "10:00:01", "0042", "buttons"));
    await bot.restartAndExpectNothingElse();
  });

  it("calls off who was paged, and nobody else; the guard's page says so and dies a day later", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.click(alice, bot.card, "arrive");
    await bot.desk.expectPage("update");
    await bot.click(alice, bot.card, "resolve", "false");
    expect(await bot.desk.expectPage("call-off")).toMatchObject({
      page: page.key,
      incident: { id: bot.card.incident },
    });
    expect(await bot.guardPage(page)).toContain(nl.guardState.state.closed);
    bot.clock.to(bot.clock.now() + 24 * hour - 1);
    expect(await bot.guardPage(page)).toContain(nl.guardState.state.closed);
    bot.clock.to(bot.clock.now() + 1);
    expect(await bot.guardPage(page)).toContain(nl.guardMessage.gone.title);
    bot.phone.expectNothing();
    await bot.restartAndExpectNothingElse();
  });

  it("a page that was never sent is not called off: closed at 59 s", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(59 * second);
    await bot.click(lea, bot.card, "resolve", "false");
    await bot.fastForward(5 * minute);
    await bot.restartAndExpectNothingElse();
  });
});

describe("cancelled by the holder", () => {
  it("rule 19: ends nothing: the card says to go and look, and paging goes on", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(30 * second);
    await bot.press("0042", { kind: "cancel" });
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.remark.cancelled);
    expect(bot.card.text).toContain(nl.card.headline.open);
    expect(bot.card.thread.at(-1)).toContain(nl.thread.cancelled);
    await bot.fastForward(29 * second);
    const page = await bot.desk.expectPage("unclaimed");
    expect(await bot.guardPage(page)).toContain(nl.guardView.cancelled);
    await bot.fastForward(minute);
    await bot.phone.expectPage("unclaimed");
    await bot.restartAndExpectNothingElse();
  });
});
