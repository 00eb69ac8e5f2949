import { describe, expect, it } from "vitest";
import { nl, upTo, way } from "../dutch.ts";
import { type Bot, carol, minute, second, startWithAlarm } from "../harness.ts";

const { state } = nl.guardState;
const button = nl.guardButtons;

/** Paged at one minute; the same link is open at two guards who have not answered. */
async function openTwice() {
  await using stack = new AsyncDisposableStack();
  const bot = stack.use(await startWithAlarm());
  await bot.fastForward(minute);
  const page = await bot.desk.expectPage("unclaimed");
  const first = await bot.openGuardPage(page);
  const other = await bot.openGuardPage(page);
  const held = stack.move();
  return { bot, page, first, other, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/** Who answered what, oldest first. */
async function answers(bot: Bot): Promise<string[]> {
  await bot.settle();
  return (await bot.events(bot.card.incident)).filter((kind) => kind.startsWith("guard-"));
}

describe("one link, several guards", () => {
  it("a page opened before another one's promise takes nothing back, and asks who this is", async () => {
    await using shared = await openTwice();
    const { bot, first, other } = shared;
    await first.press(button.accept);
    expect(first.text).toContain(state.coming);
    expect(await other.press(button.decline)).toBe(200);
    expect(other.text).toContain(state["link-coming"]);
    expect(other.text).toContain(nl.guardState.asked["link-coming"]);
    await bot.fastForward(second);
    expect(bot.card.text).toContain(upTo(nl.card.headline.guardComing));
    await first.reload();
    expect(first.text).toContain(state.coming);
    bot.phone.expectNothing();

    await other.press(button.another);
    expect(other.text).toContain(state["other-guard"]);
    await other.press(button.decline);
    expect(other.text).toContain(state["declined-other"]);
    await bot.fastForward(second);
    expect(bot.card.text).toContain(upTo(nl.card.headline.guardComing));
    expect(await answers(bot)).toEqual(["guard-accepted", "guard-declined"]);
    await bot.restartAndExpectNothingElse();
  });

  it("an arrival stands, whatever anybody with the link says", async () => {
    await using shared = await openTwice();
    const { bot, page, first, other } = shared;
    await first.press(button.accept);
    await first.press(button.arrived);
    await other.press(button.decline);
    expect(other.text).toContain(state["link-there"]);
    await fetch((await bot.openGuardPage(page)).url, { method: "POST", body: "answer=decline" });
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.guardThere);
    await first.reload();
    expect(first.text).toContain(state.there);
    expect(await answers(bot)).toEqual(["guard-accepted", "guard-arrived"]);
  });

  it("whoever promised takes it back: on their own page, or by saying that it was them", async () => {
    await using shared = await openTwice();
    const { bot, page } = shared;
    await bot.answer(page, "accept");
    const opened = await bot.openGuardPage(page);
    expect(opened.buttons.slice(0, 3)).toEqual([button.me, button.notAfterAll, button.another]);
    await opened.press(button.notAfterAll);
    expect(opened.text).toContain(state.declined);
    await bot.phone.expectPage("unclaimed");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(way("desk", nl.security.failed(nl.terms.failure["guard-declined"])));
    const later = await bot.openGuardPage(page);
    expect(later.text).toContain(state["link-declined"]);
    await later.press(button.accept);
    expect(later.text).toContain(state.coming);
  });

  it("who lost the page finds it again, and both may come and be there", async () => {
    await using shared = await openTwice();
    const { bot, page, first, other } = shared;
    await first.press(button.accept);
    await bot.fastForward(10 * second);
    await other.press(button.accept);
    await other.press(button.arrived);
    const again = await bot.openGuardPage(page);
    expect(again.text).toContain(state["link-there"]);
    expect(again.buttons.filter((label) => label.startsWith(button.meSince("")))).toHaveLength(2);
    await again.press(again.buttons[1] ?? "");
    expect(again.text).toContain(state.coming);
    await again.press(button.arrived);
    expect(again.text).toContain(state.there);
    expect(await answers(bot)).toEqual(["guard-accepted", "guard-accepted", "guard-arrived", "guard-arrived"]);
  });

  it("a button in the message pressed by two is no decline of the one who comes", async () => {
    await using shared = await openTwice();
    const { bot, first } = shared;
    const press = (answer: string) => fetch(first.url, { method: "POST", body: `answer=${answer}` });
    await press("accept");
    const declined = await press("decline");
    expect(await declined.text()).toContain(state["link-coming"]);
    await bot.fastForward(second);
    expect(bot.card.text).toContain(upTo(nl.card.headline.guardComing));
    bot.phone.expectNothing();
  });
});

describe("a guard who needs help", () => {
  it("asks for it on the page: the next way is tried at once, the channel and every other page say so", async () => {
    await using shared = await openTwice();
    const { bot, first, other } = shared;
    await first.press(button.accept);
    await first.press(button.arrived);
    await first.press(button.help);
    expect(first.text).toContain(state.help);
    const page = await bot.phone.expectPage("help");
    // So many lines in one second are more than a channel takes.
    await bot.fastForward(3 * second);
    expect(bot.card.text).toContain(nl.card.headline.guardHelp);
    expect(bot.card.thread.join()).toContain(nl.thread.guardHelp("desk"));
    await other.reload();
    expect(other.text).toContain(nl.guardView.done["guard-help"]);
    expect((await bot.openGuardPage(page)).text).toContain(nl.guardView.reason.help);
    // Nobody needs to be told what they said themselves.
    expect(first.text.split(nl.guardView.done["guard-help"])).toHaveLength(2);
  });

  it("also when the page asks whether the guard is still safe", async () => {
    await using shared = await openTwice();
    const { bot, first } = shared;
    await first.press(button.accept);
    await first.press(button.arrived);
    await bot.fastForward(10 * minute);
    await first.reload();
    expect(first.text).toContain(state.check);
    await first.press(button.help);
    await bot.phone.expectPage("help");
  });
});

describe("the page of a guard who looked before it happened", () => {
  it("says at its top what is new, and renews itself until it is over, unless that is switched off", async () => {
    await using shared = await openTwice();
    const { bot, first } = shared;
    await first.press(button.accept);
    expect(first.renewsAfter).toBe(20);
    expect(first.text).not.toContain(nl.guardView.done.help);
    await bot.click(carol, bot.card, "arrive");
    await bot.click(carol, bot.card, "help");
    await first.reload();
    expect(first.text.indexOf(nl.guardView.done.help)).toBeLessThan(first.text.indexOf("Spreekkamer 3"));
    await first.press(button.renewOff);
    expect(first.renewsAfter).toBeNull();
    expect(first.text).toContain(state.coming);
    await first.press(button.arrived);
    expect(first.renewsAfter).toBeNull();
    await first.press(button.renewOn);
    expect(first.renewsAfter).toBe(20);
    bot.phone.ignoreRest();
    bot.desk.ignoreRest();
    await first.press(button.safe);
    expect(first.renewsAfter).toBeNull();
    await first.press(button.safeFalse);
    expect(first.text).toContain(state.closed);
    expect(first.renewsAfter).toBeNull();
    expect(first.text).not.toContain(nl.guardView.news("").trim());
  });

  it("asks one question before it closes, says that it is not closed yet, and goes back unharmed", async () => {
    await using shared = await openTwice();
    const { bot, first } = shared;
    await first.press(button.accept);
    await first.press(button.arrived);
    await first.press(button.safe);
    expect(first.text).toContain(nl.guardView.notClosedYet);
    expect(first.buttons).toEqual([button.safeReal, button.safeFalse, button.back]);
    expect(await bot.events(bot.card.incident)).not.toContain("closed");
    await first.press(button.back);
    expect(first.text).toContain(state.there);
    await first.press(button.safe);
    await first.press(button.safeReal);
    expect(first.text).toContain(state.closed);
    await bot.settle();
    expect(await bot.events(bot.card.incident)).toContain("closed");
    bot.desk.ignoreRest();
  });
});
