import { describe, expect, it } from "vitest";
import { nl, shown, upTo, way } from "../dutch.ts";
import { alice, bob, carol, minute, paul, second, startWithAlarm } from "../harness.ts";

describe("a guard accepts", () => {
  it("rule 14: only then is somebody of external security said to come", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.fastForward(10 * second);
    expect(bot.card.text).not.toContain(upTo(nl.card.headline.guardComing));

    expect(await bot.guardPage(page)).toContain(nl.guardState.state.asked);
    expect(await bot.answer(page, "accept")).toBe(200);
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.guardComing("10:01:10"));
    expect(bot.card.text).toContain(way("desk", nl.security.answered("10:01:10")));
    expect(bot.card.text).toContain(shown(nl.card.ask.guardComingBy("10:16:10")));
    expect(bot.card.thread.at(-1)).toContain(nl.thread.guardAccepted("desk"));
    await bot.fastForward(10 * minute);
    bot.phone.expectNothing();
    await bot.restartAndExpectNothingElse();
  });

  it("rule 15: and does not come: paging goes on after fifteen minutes", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.answer(page, "accept");
    await bot.fastForward(15 * minute - 1);
    bot.desk.expectNothing();
    bot.phone.expectNothing();
    await bot.fastForward(1);
    await bot.phone.expectPage("lapsed");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.lapsed);
    expect(bot.card.text).toContain(way("desk", nl.security.lapsed));
    expect(bot.card.text).not.toContain(upTo(nl.card.headline.guardComing));
    expect(await bot.guardPage(page)).toContain(nl.guardState.state.lapsed);
    await bot.fastForward(3 * minute - second);
    await bot.desk.expectPage("repeat");
    await bot.phone.expectPage("repeat");
    await bot.restartAndExpectNothingElse();
  });

  it("rule 15: a guard who is there counts as arrived, is asked too, and paging goes on when no answer comes", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.answer(page, "accept");
    await bot.fastForward(4 * minute);
    await bot.answer(page, "arrived");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.guardThere);
    await bot.fastForward(10 * minute);
    expect(await bot.guardPage(page)).toContain(nl.guardState.state.check);
    await bot.answer(page, "arrived");
    await bot.fastForward(12 * minute - 1);
    bot.phone.expectNothing();
    await bot.fastForward(1);
    await bot.phone.expectPage("check");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(way("desk", nl.security.silent));
    await bot.restartAndExpectNothingElse();
  });

  it("rule 15: a colleague who is there keeps the promise for the guard", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    await bot.answer(await bot.desk.expectPage("unclaimed"), "accept");
    await bot.fastForward(10 * minute);
    await bot.click(carol, bot.card, "arrive");
    bot.desk.ignoreRest();
    await bot.fastForward(9 * minute);
    await bot.restartAndExpectNothingElse();
  });

  it("rule 3: a press after a guard's acceptance starts a new round", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    await bot.answer(await bot.desk.expectPage("unclaimed"), "accept");
    await bot.press("0042");
    await bot.fastForward(minute - 1);
    expect(bot.card.text).toContain(nl.card.headline.open);
    bot.desk.expectNothing();
    await bot.fastForward(1);
    expect((await bot.desk.expectPage("unclaimed")).key).toBe(`${bot.card.incident}-2-1`);
    await bot.restartAndExpectNothingElse();
  });

  it("rule 3: a guard who was there before a press keeps the button for help, and reads what became of each answer", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    const guard = await bot.openGuardPage(await bot.desk.expectPage("unclaimed"));
    const { state } = nl.guardState;
    const { stillOpen } = nl.guardView;
    const { accept, arrived, safe, safeReal, help, stillThere, cannot } = nl.guardButtons;
    await guard.press(accept);
    await guard.press(arrived);
    await guard.press(help);
    await bot.phone.expectPage("help");
    await guard.press(safe);
    await bot.press("0042");
    // The round of the press goes on paging for the help that was asked for.
    await bot.desk.expectPage("help");
    await guard.press(safeReal);
    expect(guard.text).toContain(stillOpen.notThere);
    expect(guard.text).toContain(state["was-there"]);
    expect(guard.buttons.slice(0, 3)).toEqual([stillThere, help, cannot]);
    await guard.press(help);
    expect(guard.text).toContain(state.help);
    expect(guard.text).not.toContain(stillOpen.notThere);
    await bot.phone.expectPage("help");
    await guard.press(arrived);
    expect(guard.text).toContain(state.there);
    await guard.press(safe);
    await guard.press(safeReal);
    expect(guard.text).toContain(state.closed);
    expect(guard.text).not.toContain(stillOpen.there);
  });
});

describe("a guard says no", () => {
  it("rule 14: the next page step is due now, and the card says so", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.answer(page, "decline");
    await bot.phone.expectPage("unclaimed");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(way("desk", nl.security.failed(nl.terms.failure["guard-declined"])));
    expect(await bot.guardPage(page)).toContain(nl.guardState.state.declined);
    await bot.restartAndExpectNothingElse();
  });

  it("rule 14: after having accepted, and everybody else declined too: nobody is said to come", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.answer(page, "accept");
    await bot.fastForward(minute);
    bot.phone.expectNothing();
    await bot.answer(page, "decline");
    const second_ = await bot.phone.expectPage("unclaimed");
    await bot.answer(second_, "decline");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.declined);
    expect(bot.card.text).toContain(shown(nl.card.ask.ring));
  });
});

describe("verification", () => {
  it("rule 17: it is real goes to who was paged and into every later page, and names nobody", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    expect(page.incident.verification).toBe("none");
    await bot.click(alice, bot.card, "arrive");
    await bot.desk.expectPage("update");
    await bot.click(alice, bot.card, "witness");
    const update = await bot.desk.expectPage("update");
    expect(update).toMatchObject({ page: page.key, incident: { verification: "witnessed" } });
    expect(await bot.guardPage(page)).toContain(nl.guardView.verification.witnessed);
    await bot.click(alice, bot.card, "help");
    expect((await bot.phone.expectPage("help")).incident.verification).toBe("witnessed");
    // So many lines in one second are more than a channel takes.
    await bot.fastForward(3 * second);
    expect(bot.card.text).toContain(nl.card.label.readOut);
    expect(JSON.stringify([...bot.desk.pages, ...bot.phone.pages])).not.toMatch(/Alice|Jansen|Paul|Drager/);
    await bot.restartAndExpectNothingElse();
  });

  it("rule 17: only somebody there can witness, and not the presser", async () => {
    await using bot = await startWithAlarm();
    await bot.click(bob, bot.card, "claim");
    await bot.click(bob, bot.card, "witness");
    await bot.click(paul, bot.card, "witness");
    expect(await bot.events(bot.card.incident)).not.toContain("verified");
  });

  it("rule 4: a second person's button verifies towards who was paged", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
    expect((await bot.press("0043")).outcome).toBe("verified");
    expect((await bot.desk.expectPage("update")).incident.verification).toBe("second-person");
    await bot.restartAndExpectNothingElse();
  });
});
