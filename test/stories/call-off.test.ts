import { describe, expect, it } from "vitest";
import { nl, way } from "../dutch.ts";
import { alice, bob, minute, second, startWithAlarm } from "../harness.ts";

describe("calling off", () => {
  it("by somebody who is there: sent to every pager that was paged, and shown as taken", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(60 * second);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.click(bob, bot.card, "claim");
    await bot.desk.expectPage("update");
    expect((await bot.click(bob, bot.card, "call-off")).text).toContain(nl.refusal["not-there"]);
    bot.desk.expectNothing();
    const { body } = await bot.click(alice, bot.card, "arrive");
    expect(JSON.stringify(body)).toContain(nl.card.button["call-off"]);
    await bot.desk.expectPage("update");
    await bot.click(alice, bot.card, "call-off");
    const off = await bot.desk.expectPage("call-off");
    expect(off.page).toBe(page.key);
    await bot.fastForward(5 * second);
    const { text, buttons } = bot.card;
    expect(text).toContain(way("desk", nl.security.callOff.taken));
    expect(buttons).not.toContain(nl.card.button["call-off"]);
    expect(await bot.guardPage(page)).toContain(nl.guardState.state["called-off"]);
    // Who is there must still answer, and security is paged anew when they don't.
    await bot.fastForward(12 * minute);
    await bot.desk.expectPage("check");
    await bot.phone.expectPage("check");
  });

  it("that waits to be tried again is not sent after a page for help", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(60 * second);
    await bot.desk.expectPage("unclaimed");
    await bot.click(alice, bot.card, "arrive");
    await bot.desk.expectPage("update");
    bot.desk.answerWith({ kind: "refuse", status: 500 });
    await bot.click(alice, bot.card, "call-off");
    await bot.desk.expectPage("call-off");
    bot.desk.answerWith({ kind: "ok" });
    bot.phone.answerWith({ kind: "ok" });
    await bot.click(bob, bot.card, "help");
    await bot.phone.expectPage("help");
    await bot.click(bob, bot.card, "help");
    await bot.fastForward(minute);
    expect((await bot.desk.expectPage("help")).page).not.toBe(bot.desk.pages[0]?.page);
    expect(bot.desk.pages.slice(3).map(({ reason }) => reason)).not.toContain("call-off");
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it.each([400, 401])(
    "on closing: what could not be told (%i) is shown in words, also on a closed card",
    async (status) => {
      await using bot = await startWithAlarm();
      await bot.fastForward(60 * second);
      await bot.desk.expectPage("unclaimed");
      await bot.click(alice, bot.card, "arrive");
      await bot.desk.expectPage("update");
      bot.desk.answerWith({ kind: "refuse", status });
      await bot.click(alice, bot.card, "resolve", "false");
      await bot.fastForward(5 * second);
      expect(bot.card.text).toContain(`${nl.past.unanswered}; ${nl.security.callOff.failed}`);
      bot.desk.ignoreRest();
    },
  );
});
