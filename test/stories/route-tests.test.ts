import { describe, expect, it } from "vitest";
import { toTestKey } from "../../bot/domain/route-test/route-test.ts";
import { nl, shown, upTo } from "../dutch.ts";
import { alice, type Bot, frontdesk, hour, lea, minute, type Settings, sam, second, startBot } from "../harness.ts";

const day = 24 * hour;
const linkCode = "1234-5678";
const doctorToken = "een-geheim-voor-de-dokter";

/** Stands still while time passes: weeks of looks every second say nothing more. */
async function later(bot: Bot, ms: number): Promise<void> {
  await bot.stop();
  bot.clock.to(bot.clock.now() + ms);
  await bot.start();
}

/** A team lead types it in the channel, where its card then stands. */
async function startTest(bot: Bot) {
  const card = await bot.type(lea, "test", frontdesk);
  await bot.expectCard(nl.routeTest.running);
  return card;
}

async function proven(bot: Bot): Promise<Record<string, string | null>> {
  return bot.read(async (reader) => ({
    desk: await reader.loadSetting("route-proven", "desk"),
    phone: await reader.loadSetting("route-proven", "phone"),
  }));
}

/** Which ways to security nobody has proven for too long. */
async function unproven(bot: Bot): Promise<string[]> {
  return (await bot.troubles()).flatMap((each) => (each.kind === "route-unproven" ? [each.pager] : []));
}

describe("test, typed by a team lead", () => {
  it("goes out by every way with TEST in every word, and a guard's answer through the link proves that way", async () => {
    await using bot = await startBot();
    const card = await startTest(bot);
    expect(card.text).toContain(nl.routeTest.running);
    expect(card.text).toContain("tot 10:30:00");
    expect(card.text).toContain(nl.routeTest.startedBy(lea.name));

    const page = await bot.desk.expectPage("test");
    await bot.phone.expectPage("test");
    expect(page.incident).toMatchObject({ place: "TEST", number: 0, directions: null, position: null });
    expect(page.key).toBe(page.page);
    expect(await bot.guardPage(page)).toContain("TEST");
    await bot.fastForward(3 * minute);
    expect(await bot.answer(page, "accept")).toBe(200);
    expect(await bot.guardPage(page)).toContain("10:03:00");

    const fresh = await bot.clickInChat(lea, nl.routeTest.button.refresh, card);
    expect(fresh.text).toContain(`desk: ${nl.routeTest.route.answered("10:03:00")}`);
    expect(fresh.text).toContain(`phone: ${nl.routeTest.route.accepted}`);
    expect(fresh.buttons).toEqual([nl.routeTest.button.refresh, nl.routeTest.button.confirm("phone")]);

    await bot.fastForward(27 * minute);
    expect(bot.teams.texts).toHaveLength(1);
    bot.expectNotice(
      frontdesk,
      [
        nl.routeTest.notAllAnswered,
        `- desk: ${nl.routeTest.route.answered("10:03:00")}`,
        `- phone: ${nl.routeTest.route.unanswered}`,
        nl.routeTest.startedBy(lea.name),
      ].join("\n\n"),
    );
    expect(bot.teams.texts[0]?.body.channelData).toBeUndefined();
    expect(await proven(bot)).toEqual({ desk: String(bot.clock.now() - 27 * minute), phone: null });
    await bot.fastForward(hour);
    expect(bot.teams.texts).toHaveLength(1);
    await bot.restartAndExpectNothingElse();
  });

  it("is over at once when a human answered everywhere; a colleague may say so for a way without a link", async () => {
    await using bot = await startBot();
    const card = await startTest(bot);
    await bot.answer(await bot.desk.expectPage("test"), "accept");
    await bot.phone.expectPage("test");
    await bot.fastForward(minute);
    const confirmed = await bot.clickInChat(
      lea,
      nl.routeTest.button.confirm("phone"),
      await bot.clickInChat(lea, nl.routeTest.button.refresh, card),
    );
    expect(confirmed.text).toContain(`phone: ${nl.routeTest.route.confirmed("10:01:00")}`);
    await bot.fastForward(second);
    bot.expectNotice(frontdesk, nl.routeTest.allAnswered);
    expect(Object.values(await proven(bot)).map(Number)).toEqual([bot.clock.now() - 61_000, bot.clock.now() - second]);
    expect((await bot.type(lea, "test")).text).toContain(`desk: ${nl.routeTest.route.queued}`);
    await bot.desk.expectPage("test");
    await bot.phone.expectPage("test");
  });

  it("opens no incident, pages nobody else and rings nobody", async () => {
    await using bot = await startBot();
    await bot.type(lea, "test");
    const page = await bot.desk.expectPage("test");
    await bot.phone.expectPage("test");
    await bot.answer(page, "decline");
    await bot.fastForward(hour);
    expect(bot.teams.direct.filter(({ body }) => body.channelData !== undefined)).toEqual([]);
    // Typed in a chat: there is no channel to say it in.
    expect(bot.teams.texts).toEqual([]);
    expect(await bot.read((reader) => reader.countOpen(null))).toBe(0);
    await bot.restartAndExpectNothingElse();
  });

  it("is not taken for a page by anything: what a guard may do with an alarm does nothing", async () => {
    await using bot = await startBot();
    await startTest(bot);
    const page = await bot.desk.expectPage("test");
    await bot.phone.expectPage("test");
    for (const answer of ["arrived", "safe"] as const) expect(await bot.answer(page, answer)).toBe(200);
    expect(await bot.read((reader) => reader.countOpen(null))).toBe(0);
    bot.expectNoCard();
  });

  it("one at a time: a second one shows the first", async () => {
    await using bot = await startBot();
    await startTest(bot);
    await bot.answer(await bot.desk.expectPage("test"), "accept");
    await bot.phone.expectPage("test");
    expect((await bot.type(lea, "test")).text).toContain(`desk: ${upTo(nl.routeTest.route.answered)}`);
    await bot.restartAndExpectNothingElse();
  });

  it("rule 28: is for team leads, and without one for who knows the code", async () => {
    await using bot = await startBot();
    expect((await bot.type(alice, "test", frontdesk)).text).toContain(nl.routeTest.forbidden);
    await bot.expectCard(nl.routeTest.forbidden);
    await bot.restartAndExpectNothingElse();
    const card = await startTest(bot);
    for (const desk of [bot.desk, bot.phone]) await desk.expectPage("test");
    const refused = await bot.clickInChat(
      alice,
      nl.routeTest.button.confirm("desk"),
      await bot.clickInChat(alice, nl.routeTest.button.refresh, card),
    );
    expect(refused.text).toContain(nl.routeTest.forbidden);
    expect(refused.text).toContain(`desk: ${nl.routeTest.route.accepted}`);

    await bot.fastForward(hour);
    await bot.restart({ people: undefined, buttons: [], teams: { ...(bot.settings.teams as Settings), linkCode } });
    for (const text of ["test", "test 8765-4321"])
      expect((await bot.type(alice, text)).text).toContain(shown(nl.routeTest.wrongCode));
    bot.desk.expectNothing();
    const started = await bot.type(alice, "Test 1234 5678");
    expect(started.text).toContain(nl.routeTest.startedBy(alice.name));
    for (const desk of [bot.desk, bot.phone]) await desk.expectPage("test");
    const coded = await bot.clickInChat(alice, nl.routeTest.button.refresh, started);
    // Who began goes on without typing it again; an id alone shows nobody else the test.
    const confirm = nl.routeTest.button.confirm("desk");
    expect((await bot.clickInChat(alice, confirm, coded)).text).toContain(
      `desk: ${upTo(nl.routeTest.route.confirmed)}`,
    );
    const stranger = await bot.clickInChat(sam, confirm, { ...coded, conversation: bot.teams.chatOf(sam) });
    expect(stranger.text).toContain(shown(nl.routeTest.gone));
  });
});

describe("a way that does not work", () => {
  it("is tried three times under one key, and said with its reason", async () => {
    await using bot = await startBot();
    bot.desk.answerWith({ kind: "refuse", status: 503 });
    const card = await startTest(bot);
    const look = () => bot.clickInChat(lea, nl.routeTest.button.refresh, card);
    expect((await look()).text).toContain(`desk: ${nl.routeTest.route.retried(nl.terms.failure.unreachable)}`);
    await bot.fastForward(minute);
    const pages = await Promise.all([1, 2, 3].map(() => bot.desk.expectPage("test")));
    expect(new Set(pages.map(({ key }) => key)).size).toBe(1);
    bot.desk.expectNothing();
    expect((await look()).text).toContain(`desk: ${nl.routeTest.route.failed(nl.terms.failure.unreachable)}`);
    expect((await look()).buttons).not.toContain(nl.routeTest.button.confirm("desk"));
    // Of no incident, so it is no secret of one: but never an address.
    const logged = bot.lines.filter(({ event }) => event === "route-test-failed");
    expect(logged.map(({ facts }) => facts.retried)).toEqual([true, true, false]);
    expect(JSON.stringify(bot.lines)).not.toContain(bot.desk.url);
  });

  it("and one that answers in time the second time is out all the same", async () => {
    await using bot = await startBot();
    bot.desk.answerWith({ kind: "throttle", retryAfter: "20" });
    const card = await startTest(bot);
    bot.desk.answerWith({ kind: "ok" });
    await bot.fastForward(20 * second);
    expect((await bot.clickInChat(lea, nl.routeTest.button.refresh, card)).text).toContain(
      `desk: ${nl.routeTest.route.accepted}`,
    );
    expect(bot.desk.pages).toHaveLength(2);
  });

  it("that hangs holds up nothing, and the result is there at the end", async () => {
    await using bot = await startBot();
    bot.desk.answerWith({ kind: "hang" });
    await startTest(bot);
    await bot.answer(await bot.phone.expectPage("test"), "accept");
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(2 * minute);
    bot.expectNotice(
      frontdesk,
      `- desk: ${nl.routeTest.route.failed(nl.terms.failure.unreachable)}\n\n- phone: ${upTo(nl.routeTest.route.answered)}`,
    );
    await bot.phone.expectPage("unclaimed");
  });

  it("is refused at once: nobody waits for it for half an hour", async () => {
    await using bot = await startBot();
    for (const desk of [bot.desk, bot.phone]) desk.answerWith({ kind: "refuse", status: 400 });
    await startTest(bot);
    await bot.fastForward(second);
    bot.expectNotice(frontdesk, `- desk: ${nl.routeTest.route.failed(nl.terms.failure.refused)}`);
  });
});

describe("what survives a restart", () => {
  it("a test that was under way: no page a second time, its link, its end and its result", async () => {
    await using bot = await startBot();
    await startTest(bot);
    const page = await bot.desk.expectPage("test");
    await bot.phone.expectPage("test");
    await bot.restart();
    expect(await bot.answer(page, "accept")).toBe(200);
    await later(bot, 2 * hour);
    bot.expectNotice(frontdesk, `- desk: ${nl.routeTest.route.answered("10:00:00")}`);
    await bot.fastForward(minute);
    expect(bot.teams.texts).toHaveLength(1);
    await bot.restartAndExpectNothingElse();
  });

  it("what was not out yet is sent by the next start, but never after the end", async () => {
    await using bot = await startBot();
    bot.desk.answerWith({ kind: "refuse", status: 503 });
    bot.phone.answerWith({ kind: "refuse", status: 503 });
    await startTest(bot);
    await bot.stop();
    bot.desk.answerWith({ kind: "ok" });
    await bot.start();
    await bot.fastForward(2 * second);
    expect(bot.desk.pages.map(({ key }) => key)).toEqual([bot.desk.pages[0]?.key, bot.desk.pages[0]?.key]);
    const sent = bot.phone.pages.length;
    expect(sent).toBe(2);
    await later(bot, hour);
    await bot.fastForward(minute);
    expect(bot.phone.pages).toHaveLength(sent);
    bot.expectNotice(frontdesk, `- phone: ${nl.routeTest.route.retried(nl.terms.failure.unreachable)}`);
  });

  it("a pager that has left the configuration since counts as failed", async () => {
    await using bot = await startBot();
    bot.phone.answerWith({ kind: "refuse", status: 503 });
    await startTest(bot);
    const { desk } = bot.settings.pagers as Record<string, unknown>;
    const steps = [
      { after: "0s", tell: "frontdesk" },
      { after: "60s", page: "desk" },
    ];
    await bot.restart({ pagers: { desk }, policies: { building: { repeatEvery: "3m", steps } } });
    await bot.answer(await bot.desk.expectPage("test"), "accept");
    await bot.fastForward(5 * second);
    bot.expectNotice(frontdesk, `- phone: ${nl.routeTest.route.failed(nl.terms.failure.misconfigured)}`);
  });
});

describe("a link of a test", () => {
  it("says that an answer was not saved while the disk is busy, and takes it afterwards", async () => {
    await using bot = await startBot();
    await startTest(bot);
    const page = await bot.desk.expectPage("test");
    {
      using _held = bot.holdDisk();
      expect(await bot.answer(page, "accept")).toBe(503);
    }
    expect(await bot.guardPage(page)).not.toContain("10:00:00.");
    expect(await bot.answer(page, "accept")).toBe(200);
    expect((await proven(bot)).desk).not.toBeNull();
  });

  it("no longer counts after the end, and is gone a day later", async () => {
    await using bot = await startBot();
    await startTest(bot);
    const page = await bot.desk.expectPage("test");
    await later(bot, 30 * minute);
    expect(await bot.answer(page, "accept")).toBe(200);
    expect((await proven(bot)).desk).toBeNull();
    await later(bot, day);
    expect(await bot.answer(page, "accept")).toBe(410);
  });

  it("of a test that never was leads nowhere", async () => {
    await using bot = await startBot();
    await startTest(bot);
    const page = await bot.desk.expectPage("test");
    const forged = page.acceptUrl?.replace(page.key, toTestKey("00", "desk")) ?? null;
    expect(await bot.answer({ acceptUrl: forged }, "accept")).toBe(404);
  });
});

describe("a way that nobody has proven", () => {
  it("is a trouble 35 days after it was first seen, for the channels that rely on it, until a human answers", async () => {
    await using bot = await startBot({ settings: { doctorToken } });
    await later(bot, 35 * day);
    expect(await unproven(bot)).toEqual([]);
    await later(bot, second);
    expect(await unproven(bot)).toEqual(["desk", "phone"]);
    expect((await bot.type(alice, "status", frontdesk)).text).toContain(
      `${nl.trouble.pagerList(2)}\n\n${nl.trouble.neverProven(nl.trouble.pager("desk"))}`,
    );
    expect(await bot.app.reportTroubles()).toBe(1);
    await bot.settle();
    expect(bot.teams.texts.at(-1)?.body.text).toContain(`${nl.trouble.count["route-unproven"](2)} (desk, phone)`);

    await startTest(bot);
    await bot.answer(await bot.desk.expectPage("test"), "accept");
    expect(await unproven(bot)).toEqual(["phone"]);
    await later(bot, 35 * day + second);
    expect(await unproven(bot)).toEqual(["desk", "phone"]);
    expect((await bot.type(alice, "status", frontdesk)).text).toContain(
      nl.trouble.line["route-unproven"](nl.trouble.pager("desk"), nl.channel.status.days(35)),
    );
  });

  it("is proven by a real alarm as well", async () => {
    await using bot = await startBot();
    await later(bot, 36 * day);
    await bot.press("0042");
    await bot.fastForward(minute);
    await bot.answer(await bot.desk.expectPage("unclaimed"), "accept");
    expect(await unproven(bot)).toEqual(["phone"]);
  });

  it("is not proven by what the provider alone says", async () => {
    await using bot = await startBot();
    await startTest(bot);
    await bot.desk.expectPage("test");
    await later(bot, 36 * day);
    expect(await unproven(bot)).toEqual(["desk", "phone"]);
  });
});
