import { expect, it } from "vitest";
import { isFurther } from "../cards-of-alarm.ts";
import { line, nl, says, upTo, way } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import { toCallBack } from "../fakes/twilio.ts";
import { readTwiml } from "../fakes/twiml-reader.ts";
import { alice, type Bot, bob, type ChatCard, carol, frontdesk, hour, lea, minute, sam, second } from "../harness.ts";
import { cardOf, type OldBot, openOldBot } from "../old-database/old-bot.ts";

/** The 1:1 card with that verb that this colleague got last, as it can still be clicked. */
function chatOf({ bot, inHand }: OldBot, colleague: Colleague, verb: string): ChatCard {
  const contents = inHand("chat")
    .filter(({ to }) => to === colleague.teamsId)
    .map(({ body }) => body.attachments?.[0]?.content as Pick<ChatCard, "actions"> | undefined);
  const actions = contents.findLast((each) => each?.actions.some((action) => action.verb === verb))?.actions;
  if (actions === undefined) throw new Error(`${colleague.name} got no card with ${verb}`);
  return { conversation: bot.teams.chatOf(colleague), text: "", summary: undefined, buttons: [], actions };
}

/** How often this colleague received that in their chat. */
function countReceived({ teams }: Bot, { teamsId }: Colleague, text: string): number {
  return teams.direct.filter(({ to, body }) => to === teamsId && body.summary?.includes(text)).length;
}

/** A page of that incident as the guard got it. */
function pageOf({ of, inHand }: OldBot, button: string) {
  const page = inHand("page").findLast(({ incident }) => incident === of(button));
  if (page === undefined) throw new Error(`nobody was paged for ${button}`);
  return page;
}

/** The provider tells the bot of a call that was made before; answers with what is said to who was called. */
async function callBack(bot: Bot, call: { form: Readonly<Record<string, string>> }, form: Record<string, string>) {
  const asked = JSON.stringify(readTwiml(call.form.Twiml ?? "")).match(/https?:[^"]+/)?.[0] ?? "";
  const { query, headers, body } = toCallBack("Digits" in form ? asked : (call.form.StatusCallback ?? ""), form);
  const answered = await fetch(`${bot.url}/pagers/calls?${query}`, {
    method: "POST",
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
  });
  await bot.settle();
  return { status: answered.status, said: await answered.text() };
}

it("an alarm that was taken before is a duplicate of that one, and a new one joins or opens as ever", async () => {
  await using old = await openOldBot();
  const { bot, of } = old;
  // What could not be read has no id by which it is known again.
  const alarms = old.inHand("alarm").filter(({ name, incident }) => incident !== null && name !== "unreadable");
  expect(alarms.length).toBeGreaterThan(30);
  for (const { source, body, incident } of alarms) {
    expect(await bot.post(source, body)).toMatchObject({ status: 202, outcome: "duplicate", incident });
  }
  expect(await bot.press("paged")).toMatchObject({ outcome: "repeated", incident: of("paged") });
  const again = await bot.press("closed");
  expect(again.outcome).toBe("opened");
  expect(again.incident).not.toBe(of("closed"));
});

it("a guard's link of then still answers, in every state", async () => {
  await using old = await openOldBot();
  const { bot, of } = old;
  expect(await bot.guardPage(pageOf(old, "paged"))).toContain("Kamer paged");
  expect(await bot.answer(pageOf(old, "paged"), "accept")).toBe(200);
  expect(await bot.answer(pageOf(old, "lapsed"), "decline")).toBe(200);
  expect(await bot.answer(pageOf(old, "guard-coming"), "arrived")).toBe(200);
  expect(await bot.answer(pageOf(old, "guard-there"), "safe", "false")).toBe(200);
  await bot.fastForward(2 * second);
  const textOf = (button: string) => bot.look(cardOf(old, of(button))).text;
  expect(textOf("paged")).toContain(upTo(nl.card.headline.guardComing));
  expect(textOf("lapsed")).toContain(nl.terms.failure["guard-declined"]);
  expect(textOf("guard-coming")).toContain(way("desk", nl.security.there));
  expect(textOf("guard-there")).toContain(nl.card.headline.closed.false);
  const moved = { acceptUrl: pageOf(old, "paged").acceptUrl?.replace(of("paged"), of("silent")) ?? null };
  expect(await bot.answer(moved, "accept")).toBe(404);
});

it("a key that is pressed in a call of then counts for who was called", async () => {
  await using old = await openOldBot();
  const { bot, of } = old;
  const calls = old.inHand("call").filter(({ form }) => form.StatusCallback?.includes(of("called")));
  const guard = calls.find(({ form }) => form.To === "+31612345678");
  const [own, other] = calls.filter(({ form }) => form.To !== "+31612345678");
  if (guard === undefined || own === undefined || other === undefined) throw new Error("nobody was called");
  expect((await callBack(bot, own, { Digits: "5" })).said).toContain(nl.voice.form.colleague.answer.accept);
  expect((await callBack(bot, other, { Digits: "9" })).status).toBe(200);
  expect((await callBack(bot, guard, { Digits: "5" })).status).toBe(200);
  expect((await callBack(bot, guard, { CallStatus: "completed" })).status).toBeLessThan(300);
  await bot.fastForward(2 * second);
  const { text } = bot.look(cardOf(old, of("called")));
  expect(text).toContain(alice.name);
  expect(text).toContain(line("declined", bob));
  expect(text).toContain(way("calls", upTo(nl.security.answered)));
});

it("a visit goes on: asked once more and then a press, made longer or ended on the card of then", async () => {
  await using old = await openOldBot();
  const { bot } = old;
  const longer = await bot.clickInChat(sam, nl.personal.button["visit-longer"], chatOf(old, sam, "visit-longer"));
  expect(longer.text).toContain(says(nl.visit.started("11:00:06")));
  const ended = await bot.clickInChat(carol, nl.personal.button["visit-done"], chatOf(old, carol, "visit-done"));
  expect(ended.text).toContain(says(nl.personal.answer["visit-ended"]));
  await bot.fastForward(minute);
  expect(countReceived(bot, bob, nl.visit.askLast("").headline)).toBe(1);
  await bot.fastForward(2 * minute);
  const cards = bot.teams.cards.filter((card) => !isFurther(card, bot.teams));
  const pressed = cards.map((card) => bot.look(card).text).filter((text) => text.includes(line("holder", bob)));
  expect(
    pressed.filter((text) => text.includes(nl.card.footer.visit(0, "", "").split(/ · |, /)[1] ?? "?")),
  ).toHaveLength(1);
  expect(countReceived(bot, bob, nl.personal.answer["visit-pressed"].headline)).toBe(1);
  await bot.stop();
  bot.clock.to(Date.parse("2026-11-24T10:00:05Z"));
  await bot.start();
  expect(countReceived(bot, sam, nl.visit.ask("").headline)).toBe(0);
  await bot.fastForward(second);
  expect(countReceived(bot, sam, nl.visit.ask("").headline)).toBe(1);
  expect(countReceived(bot, carol, nl.visit.askLast("").headline)).toBe(0);
});

it("a typed alarm is taken back on its card of then, and the next one knows the place that was set", async () => {
  await using old = await openOldBot();
  const { bot, of } = old;
  // As that button was called then.
  const taken = await bot.clickInChat(sam, "Oeps", chatOf(old, sam, "oops"));
  expect(taken.text).toContain(says(nl.personal.answer.cancelled));
  await bot.fastForward(2 * second);
  expect(bot.look(cardOf(old, of(sam.aadObjectId))).text).toContain(nl.card.remark.cancelled);
  expect((await bot.clickInChat(sam, nl.personal.button.alarm, chatOf(old, sam, "alarm"))).text).toContain(
    nl.personal.answer.pressed.headline,
  );
  expect((await bot.type(lea, "alarm")).text).toContain("Balie 2");
});

/** Whether that says what came of a test. */
function isTestResult(text = ""): boolean {
  return [nl.routeTest.allAnswered, nl.routeTest.notAllAnswered].some((headline) => text.includes(headline));
}

it("a test of the routes goes on on its card of then, and its result is said once every route has answered", async () => {
  await using old = await openOldBot();
  const { bot, twilio } = old;
  const [over, running] = old
    .inHand("card")
    .map(({ conversation, body }) => ({ conversation, content: body.attachments?.[0]?.content }))
    .map(({ conversation, content }) => ({ conversation, ...(content as Pick<ChatCard, "actions">) }))
    .filter(({ actions }) => actions.some(({ verb }) => verb === "test-look"))
    .map((card): ChatCard => ({ text: "", summary: undefined, buttons: [], ...card }));
  if (over === undefined || running === undefined) throw new Error("there are no cards of tests");
  await bot.fastForward(5 * second);
  expect((await bot.clickInChat(lea, nl.routeTest.button.refresh, over)).text).toContain(
    `desk: ${nl.routeTest.route.answered("10:00:01")}`,
  );
  for (const desk of [bot.desk, bot.phone]) {
    const page = desk.pages.find(({ reason }) => reason === "test");
    expect(await bot.answer(page ?? { acceptUrl: null }, "accept")).toBe(200);
  }
  const [order] = twilio.orders.filter(({ form }) => form.StatusCallback?.includes("key=test."));
  if (order === undefined) throw new Error("nobody was called for the test");
  expect((await callBack(bot, order, { Digits: "5" })).status).toBe(200);
  const test = running.actions.find(({ verb }) => verb === "test-look")?.data.test;
  const confirm = {
    title: nl.routeTest.button.confirm("centre"),
    verb: "test-confirm",
    data: { test, pager: "centre" },
  };
  const confirmed = await bot.clickInChat(lea, confirm.title, { ...running, actions: [confirm] });
  expect(confirmed.text).toContain(`centre: ${upTo(nl.routeTest.route.confirmed)}`);
  await bot.fastForward(second);
  const results = bot.teams.texts.map(({ body }) => body.text).filter((text) => isTestResult(text));
  expect(results[1]).toContain(nl.routeTest.allAnswered);
});

it("a test that is not answered everywhere ends when it was to end", async () => {
  await using old = await openOldBot();
  const { bot } = old;
  await bot.stop();
  bot.clock.to(old.takenAt + 29 * minute + 57 * second);
  await bot.start();
  const results = () => bot.teams.texts.filter(({ body }) => isTestResult(body.text)).length;
  expect(results()).toBe(1);
  await bot.fastForward(second);
  expect(results()).toBe(2);
});

it("what was remembered is not asked or told again", async () => {
  await using old = await openOldBot();
  const { bot, figure } = old;
  await bot.fastForward(5 * second);
  const texts = bot.teams.texts.length;
  await bot.teams.install(lea, frontdesk);
  await bot.teams.install(sam, bot.teams.chatOf(sam));
  expect(await bot.app.reportTroubles()).toBe(0);
  await bot.settle();
  expect(bot.teams.texts).toHaveLength(texts);
  const provenAt = await figure('rugdekking_route_proven_timestamp_seconds{pager="desk"}');
  expect(provenAt).toBe(Date.parse("2026-11-24T09:29:10Z") / 1000);
  expect(await figure('rugdekking_source_heard_timestamp_seconds{source="annex"}')).toBe(
    Date.parse("2026-11-24T09:29:47Z") / 1000,
  );
  expect(await figure('rugdekking_troubles{source="annex",kind="battery-low"}')).toBe(1);
  // Counted from when the route was first seen, half an hour before this version.
  await bot.stop();
  bot.clock.to(Date.parse("2026-11-24T09:00:00Z") + 35 * 24 * hour + second);
  await bot.start();
  expect(await figure('rugdekking_troubles{pager="phone",kind="route-unproven"}')).toBe(1);
});
