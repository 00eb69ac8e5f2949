import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { mentionedOn } from "../card-text.ts";
import { line, nl, shown, upTo } from "../dutch.ts";
import { startAlarmCentre } from "../fakes/alarm-centre.ts";
import {
  alice,
  type Bot,
  bob,
  building,
  type CardInHand,
  frontdesk,
  lea,
  minute,
  second,
  startBot,
  startWithAlarm,
} from "../harness.ts";

/** A second connection holds the file's only write lock: everything the bot writes fails, as on a disk that is full. */
function holdDisk(bot: Bot): Disposable {
  const other = new Database(`${bot.folder}/rugdekking.db`);
  other.exec("begin immediate");
  return { [Symbol.dispose]: () => other.close() };
}

const tellAtOnce = { after: "0s", tell: "frontdesk" };

it("rule 1: storage down: 503 with Retry-After, a card that says so, and one page from memory", async () => {
  await using bot = await startBot({ policy: { claimsNeeded: 2 } });
  using _held = holdDisk(bot);
  const answer = await bot.press("0042");
  expect(answer.status).toBe(503);
  expect(Number(answer.retryAfter)).toBeGreaterThan(0);
  expect(answer.incident).toBeUndefined();
  const card = await bot.expectCard(nl.card.headline.unstored);
  expect(card.posted.conversation).toBe(frontdesk);
  expect(card.text).toContain("Spreekkamer 3");
  expect(card.text).toContain("Links van de balie");
  expect(card.text).toContain(shown(nl.card.ask.unstored));
  expect(card.text).toContain(nl.card.ask.neverAlone);
  expect(card.buttons).toEqual([]);
  // Who is on duty is rung by it; who pressed is not (rule 7).
  const mentioned = mentionedOn(card.posted.shown[0]?.attachments?.[0]?.content);
  expect(mentioned).toEqual([alice.aadObjectId, bob.aadObjectId]);
  const page = await bot.desk.expectPage("unclaimed");
  expect(page).toMatchObject({
    acceptUrl: null,
    incident: { place: "Spreekkamer 3", directions: "Links van de balie" },
  });
  bot.phone.expectNothing();
});

it("rule 1: a sender that tries again posts and pages nothing more, and is recorded once the disk works", async () => {
  await using bot = await startBot();
  let unstored: CardInHand;
  {
    using _held = holdDisk(bot);
    for (let tries = 0; tries < 3; tries += 1) {
      expect((await bot.press("0042", { id: "the-same" })).status).toBe(503);
      await bot.fastForward(10 * second);
    }
    unstored = await bot.expectCard(nl.card.headline.unstored);
    await bot.desk.expectPage("unclaimed");
    bot.expectNoCard();
    bot.desk.expectNothing();
    bot.phone.expectNothing();
  }
  expect(await bot.press("0042", { id: "the-same" })).toMatchObject({ status: 202, outcome: "duplicate" });
  const card = bot.look(unstored);
  expect(card.text).toContain(nl.card.headline.open);
  expect((await bot.click(alice, card, "claim")).text).toContain(nl.card.headline.coming(1));
  await bot.fastForward(2 * minute);
  await bot.desk.expectPage("update");
  expect((await bot.desk.expectPage("lapsed")).acceptUrl).not.toBeNull();
  expect(await bot.press("0042", { id: "the-same" })).toMatchObject({ status: 202, outcome: "duplicate" });
  bot.expectNoCard();
});

it("what went out from memory stands in status and in the metrics, until it is recorded", async () => {
  const metricsToken = "een-lang-geheim-voor-de-cijfers";
  await using bot = await startBot({ settings: { metricsToken } });
  const status = async () => (await bot.type(alice, "status")).text;
  async function count(): Promise<number> {
    const answer = await fetch(`${bot.url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
    return Number(/^rugdekking_unrecorded_alarms (\d+)$/m.exec(await answer.text())?.[1]);
  }
  {
    using _held = holdDisk(bot);
    await bot.press("0042", { id: "the-same" });
    await bot.press("0042", { id: "another" });
    await bot.press("0051");
    const text = await status();
    expect(text).toContain(shown(nl.channel.status.unrecorded(2)));
    expect(text).toContain(shown(nl.channel.status.unnumbered("Spreekkamer 3", "0 s")));
    expect(text).not.toContain(shown(nl.channel.status.open(0)));
    expect(await count()).toBe(2);
  }
  await bot.fastForward(10 * second);
  const text = await status();
  expect(text).toContain(shown(nl.channel.status.open(2)));
  expect(text).not.toContain(shown(nl.channel.status.unrecorded(1)));
  expect(await count()).toBe(0);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

it("rule 1: another button in the same minute is posted and paged as well", async () => {
  await using bot = await startBot();
  using _held = holdDisk(bot);
  await bot.press("0042");
  await bot.press("0051");
  const places = bot.teams.cards.map((card) => bot.look(card).text.includes("Balie"));
  expect(places).toEqual([false, true]);
  expect(bot.desk.pages.map((page) => page.incident.place)).toEqual(["Spreekkamer 3", "Balie"]);
  expect(new Set(bot.desk.pages.map((page) => page.key)).size).toBe(2);
});

it("rule 1: the first pager does not take it: the next one is paged from memory", async () => {
  await using bot = await startBot();
  using _held = holdDisk(bot);
  bot.desk.answerWith({ kind: "refuse", status: 500 });
  await bot.press("0042");
  await bot.desk.expectPage("unclaimed");
  const page = await bot.phone.expectPage("unclaimed");
  expect(page).toMatchObject({ acceptUrl: null, incident: { place: "Spreekkamer 3" } });
});

it("rule 1: storage and Teams down: security is paged all the same", async () => {
  await using bot = await startBot();
  using _held = holdDisk(bot);
  bot.teams.fail("card", { kind: "status", status: 503 });
  expect((await bot.press("0042")).status).toBe(503);
  bot.expectNoCard();
  await bot.desk.expectPage("unclaimed");
});

it("rule 1: storage down: an unreadable message is posted and paged too, without its body", async () => {
  await using bot = await startBot();
  using _held = holdDisk(bot);
  expect((await bot.post("buttons", "<alarm>Mevrouw Bakker</alarm>")).status).toBe(503);
  await bot.expectCard(nl.terms.unreadable("buttons"));
  await bot.desk.expectPage("unclaimed");
  expect(JSON.stringify([bot.teams.calls, bot.desk.pages])).not.toContain("Bakker");
});

it("rule 1: storage down: a cancel is refused and raises nothing", async () => {
  await using bot = await startBot();
  using _held = holdDisk(bot);
  expect((await bot.press("0042", { kind: "cancel" })).status).toBe(503);
  bot.expectNoCard();
  bot.desk.expectNothing();
});

it.each(["heartbeat", "test", "battery-low"])(
  "storage down: a %s raises nothing, and waits for the disk",
  async (kind) => {
    await using bot = await startBot();
    {
      using _held = holdDisk(bot);
      expect((await bot.press("0042", { kind })).status).toBe(202);
      await bot.fastForward(10 * second);
      bot.expectNoCard();
      bot.desk.expectNothing();
    }
    await bot.fastForward(10 * second);
    const seen = await bot.read((reader) => reader.listLastSeen());
    expect(seen).toMatchObject([{ source: "buttons", button: "0042", kind }]);
  },
);

it("rule 1: storage down: a press on an open incident goes out from memory, and counts once the disk works", async () => {
  await using bot = await startBot();
  const first = await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  {
    using _held = holdDisk(bot);
    expect((await bot.press("0042", { id: "again" })).status).toBe(503);
    await bot.expectCard(nl.card.headline.unstored);
    await bot.desk.expectPage("unclaimed");
  }
  const answer = await bot.press("0042", { id: "again" });
  expect(answer).toMatchObject({ status: 202, outcome: "duplicate", incident: first.incident });
  await bot.fastForward(second);
  expect(bot.look(card).text).toContain("2 keer alarm geslagen");
});

it("rule 1: a sender that tries again for minutes posts and pages nothing more", async () => {
  await using bot = await startBot();
  using _held = holdDisk(bot);
  for (let tries = 0; tries < 6; tries += 1) {
    await bot.press("0042", { id: "the-same" });
    await bot.fastForward(70 * second);
  }
  expect(bot.teams.cards).toHaveLength(1);
  expect(bot.desk.pages).toHaveLength(1);
});

it("rule 1: storage down: every press of a message is posted, also where the channel was linked from Teams", async () => {
  await using bot = await startBot({ settings: { channels: { frontdesk: {}, "back-office": {} } } });
  await bot.teams.say(lea, frontdesk, "koppel frontdesk");
  await bot.restart();
  using _held = holdDisk(bot);
  expect((await bot.post("buttons", '[{"button":"0042"},{"button":"0051"}]')).status).toBe(503);
  expect(bot.teams.cards.map((card) => card.conversation)).toEqual([frontdesk, frontdesk]);
  expect(bot.desk.pages.map((page) => page.incident.place).sort()).toEqual(["Balie", "Spreekkamer 3"]);
});

it("rule 1: storage down: what is due on an open incident goes out once each, and nothing once more when it is recorded", async () => {
  await using bot = await startBot();
  await bot.press("0042");
  const { incident } = await bot.expectCard("Spreekkamer 3");
  {
    using _held = holdDisk(bot);
    await bot.fastForward(minute + 30 * second);
    const page = await bot.desk.expectPage("unclaimed");
    expect(page.page.startsWith(`${incident}-1-1:`)).toBe(true);
    expect(page.acceptUrl).not.toBeNull();
    bot.desk.expectNothing();
    bot.phone.expectNothing();
    await bot.fastForward(30 * second);
    expect((await bot.phone.expectPage("unclaimed")).page.startsWith(`${incident}-1-2:`)).toBe(true);
    bot.desk.expectNothing();
  }
  await bot.fastForward(minute);
  bot.desk.expectNothing();
  bot.phone.expectNothing();
  const paged = (await bot.history(incident)).filter((line) => /Desk|Phone|desk|phone/.test(line));
  expect(paged.map((line) => line.slice(0, 8))).toEqual(["10:01:00", "10:01:00", "10:02:00", "10:02:00"]);
  await bot.restartAndExpectNothingElse();
});

it("rule 1: storage down: repeats are pages of their own, and their link answers the page", async () => {
  await using bot = await startBot({
    policy: { repeatEvery: "1m", steps: [tellAtOnce, { after: "1m", page: "desk" }] },
  });
  const { incident } = await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  {
    using _held = holdDisk(bot);
    await bot.fastForward(2 * minute + 2 * second);
    const steps = bot.desk.pages.map(({ key }) => key.replace(/:again:\d+$/, ""));
    expect(steps).toEqual([`${incident}-1-1`, `${incident}-2-1`]);
  }
  const again = bot.desk.pages[1];
  bot.desk.ignoreRest();
  if (again !== undefined) await bot.answer(again, "accept");
  await bot.fastForward(2 * second);
  expect(bot.look(card).text).toContain(upTo(nl.card.headline.guardComing));
  await bot.fastForward(2 * minute);
  expect(bot.desk.pages).toHaveLength(2);
});

it("rule 1: storage down: a bot that is restarted meanwhile pages once more, and that passes for no retry", async () => {
  await using bot = await startWithAlarm();
  {
    using _held = holdDisk(bot);
    await bot.fastForward(minute + second);
    await bot.desk.expectPage("unclaimed");
    await bot.stop();
  }
  await bot.start();
  await bot.fastForward(second);
  await bot.desk.expectPage("unclaimed");
  expect(new Set(bot.desk.pages.map(({ key }) => key)).size).toBe(2);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

it("rule 1: storage down: what follows a page from memory names the page as its provider has it", async () => {
  await using bot = await startWithAlarm();
  {
    using _held = holdDisk(bot);
    await bot.fastForward(minute + second);
  }
  const page = await bot.desk.expectPage("unclaimed");
  await bot.fastForward(2 * second);
  await bot.click(alice, bot.card, "claim");
  await bot.fastForward(second);
  expect((await bot.desk.expectPage("update")).page).toBe(page.page);
  await bot.click(alice, bot.card, "arrive");
  await bot.click(alice, bot.card, "call-off");
  await bot.fastForward(second);
  bot.desk.ignoreRest();
  expect(bot.desk.pages.map(({ page: named }) => named)).toEqual(bot.desk.pages.map(() => page.page));
  expect(bot.desk.pages.at(-1)?.reason).toBe("call-off");
});

describe("rule 1: storage down: a page for a press, which knows no alarm,", () => {
  async function pressUnstored(bot: Bot) {
    using _held = holdDisk(bot);
    await bot.press("0042", { id: "again" });
    return { card: await bot.expectCard(nl.card.headline.unstored), page: await bot.desk.expectPage("unclaimed") };
  }

  it("is told who comes, and called off, by the key that its provider has, before the alarm itself was paged for", async () => {
    await using bot = await startBot();
    const { card, page } = await pressUnstored(bot);
    await bot.fastForward(5 * second);
    await bot.click(alice, bot.look(card), "claim");
    await bot.fastForward(second);
    expect((await bot.desk.expectPage("update")).page).toBe(page.key);
    await bot.click(alice, bot.look(card), "arrive");
    await bot.click(alice, bot.look(card), "call-off");
    await bot.fastForward(2 * second);
    bot.desk.ignoreRest();
    expect(bot.desk.pages.at(-1)).toMatchObject({ reason: "call-off", page: page.key });
    await bot.fastForward(minute);
    await bot.restartAndExpectNothingElse();
  });

  it("is called off with the one that follows it", async () => {
    await using bot = await startBot();
    const { card, page } = await pressUnstored(bot);
    await bot.fastForward(minute);
    const own = await bot.desk.expectPage("unclaimed");
    expect(own.acceptUrl).not.toBeNull();
    expect(own.key).not.toBe(page.key);
    await bot.click(lea, bot.look(card), "resolve", "false");
    await bot.fastForward(2 * second);
    expect(await bot.desk.expectPage("call-off")).toMatchObject({ page: own.key });
  });

  it("is called off with the alarm that it turned out to be of", async () => {
    await using bot = await startWithAlarm();
    const { page } = await pressUnstored(bot);
    await bot.fastForward(5 * second);
    await bot.click(lea, bot.card, "resolve", "false");
    await bot.fastForward(2 * second);
    expect(await bot.desk.expectPage("call-off")).toMatchObject({ page: page.key });
  });
});

it("rule 1: storage down: help pages at once, and once in a minute", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "arrive");
  using _held = holdDisk(bot);
  await bot.click(alice, bot.card, "help");
  await bot.fastForward(6 * second);
  expect((await bot.desk.expectPage("help")).acceptUrl).not.toBeNull();
  // She says it once more.
  await bot.click(alice, bot.card, "help");
  await bot.fastForward(6 * second);
  bot.desk.expectNothing();
});

it("rule 11: help reaches an alarm centre as an event of its own, also after what was due went out from memory", async () => {
  await using bot = await startBot();
  await using centre = await startAlarmCentre({ now: bot.clock.now });
  const steps = [tellAtOnce, { after: "1m", page: "centre" }];
  await bot.restart({
    policies: { building: { ...building, repeatEvery: "30m", steps } },
    pagers: { centre: { type: "sia-dc09", account: "1234", primary: { host: "127.0.0.1", port: centre.port } } },
  });
  const { incident } = await bot.press("0042");
  {
    using _held = holdDisk(bot);
    await bot.fastForward(minute + 5 * second);
    expect(centre.events).toHaveLength(1);
  }
  await bot.click(alice, incident ?? "", "arrive");
  await bot.click(alice, incident ?? "", "help");
  await bot.fastForward(10 * second);
  expect(centre.events.length).toBeGreaterThan(1);
});

it("rule 1: storage down: help, and then an arrival, are both kept and written in that order", async () => {
  await using bot = await startWithAlarm();
  {
    using _held = holdDisk(bot);
    await bot.click(alice, bot.card, "help");
    await bot.click(alice, bot.card, "arrive");
    await bot.click(alice, bot.card, "witness");
  }
  await bot.fastForward(5 * second);
  const kinds = await bot.events(bot.card.incident);
  expect(kinds.filter((kind) => ["help", "arrived", "verified"].includes(kind))).toEqual([
    "help",
    "arrived",
    "verified",
  ]);
  await bot.desk.expectPage("help");
});

it("rule 1: storage down: a kept closing closes before a newer press, which opens an alarm with a card of its own", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "arrive");
  {
    using _held = holdDisk(bot);
    await bot.click(alice, bot.card, "resolve", "false");
  }
  await bot.fastForward(second / 2);
  expect(await bot.press("0042")).toMatchObject({ outcome: "opened" });
  expect(await bot.events(bot.card.incident)).toContain("closed");
  expect(await bot.events(bot.card.incident)).not.toContain("pressed-again");
  await bot.expectCard("Spreekkamer 3");
});

it("rule 1: storage down: a click says that it is not saved yet, and counts by itself once the disk works", async () => {
  await using bot = await startWithAlarm();
  {
    using _held = holdDisk(bot);
    const { status, body } = await bot.click(alice, bot.card, "claim");
    expect(status).toBe(200);
    expect(JSON.stringify(body)).toContain(nl.channel.clickFailed);
    await bot.fastForward(3 * second);
    expect(bot.card.text).toContain(nl.card.headline.open);
  }
  await bot.fastForward(2 * second);
  expect(bot.card.text).toContain(nl.card.headline.coming(1));
});

it("rule 1: storage down: the newest answer of a colleague is the one that counts", async () => {
  await using bot = await startWithAlarm();
  {
    using _held = holdDisk(bot);
    await bot.click(alice, bot.card, "claim");
    await bot.click(alice, bot.card, "decline");
    await bot.click(bob, bot.card, "claim");
    await bot.click(bob, bot.card, "claim");
  }
  await bot.fastForward(2 * second);
  expect(bot.card.text).toContain(line("declined", alice));
  const answered = (await bot.events(bot.card.incident)).filter((kind) => kind === "claimed" || kind === "declined");
  expect(answered).toEqual(["claimed", "declined", "claimed"]);
});

it("rule 1: storage down: a guard's acceptance holds further pages at once, and counts by itself once the disk works", async () => {
  await using bot = await startWithAlarm();
  await bot.fastForward(60 * second);
  const page = await bot.desk.expectPage("unclaimed");
  {
    using _held = holdDisk(bot);
    await bot.answer(page, "accept");
    await bot.fastForward(2 * minute);
    bot.phone.expectNothing();
  }
  await bot.fastForward(2 * second);
  expect(bot.card.text).toContain(upTo(nl.card.headline.guardComing));
  await bot.fastForward(2 * minute);
  bot.phone.expectNothing();
});

it("an answer that is kept when the process stops is written with its last breath", async () => {
  await using bot = await startWithAlarm();
  {
    using _held = holdDisk(bot);
    await bot.click(alice, bot.card, "claim");
  }
  await bot.restart();
  expect(await bot.events(bot.card.incident)).toContain("claimed");
});

it("rule 1: storage down: a new press of the same button goes out again, without ids at most once a minute", async () => {
  await using bot = await startBot();
  using _held = holdDisk(bot);
  await bot.press("0042");
  await bot.fastForward(50 * second);
  await bot.press("0042");
  expect(bot.desk.pages).toHaveLength(2);
  for (let tries = 0; tries < 3; tries += 1) {
    await bot.post("buttons", JSON.stringify({ button: "0051" }));
    await bot.fastForward(50 * second);
  }
  // At 0 and at 100 s: without an id a second try and a second press look the same.
  expect(bot.desk.pages).toHaveLength(4);
  expect(bot.teams.cards).toHaveLength(4);
});

it("rule 1: storage down: what did not get through is tried again with the next message that says it", async () => {
  await using bot = await startBot();
  using _held = holdDisk(bot);
  bot.desk.answerWith({ kind: "refuse", status: 503 });
  bot.phone.answerWith({ kind: "refuse", status: 503 });
  await bot.press("0042", { id: "once" });
  const tries = bot.desk.pages.length;
  bot.desk.answerWith({ kind: "ok" });
  await bot.press("0042", { id: "once" });
  expect(bot.desk.pages.length).toBe(tries + 1);
  await bot.press("0042", { id: "once" });
  expect(bot.desk.pages.length).toBe(tries + 1);
  // The card got through at the first.
  expect(bot.teams.cards).toHaveLength(1);
});
