import { renameSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { blockLock, changeDatabase, pagesOf, zeroPage } from "../damage.ts";
import { nl, shown } from "../dutch.ts";
import { alice, type Bot, building, type CardInHand, frontdesk, hour, minute, second, startBot } from "../harness.ts";

const metricsToken = "een-lang-geheim-voor-de-cijfers";
const settings = { metricsToken };

function databaseOf(bot: Bot): string {
  return `${bot.folder}/rugdekking.db`;
}

/** Stops, loses those pages, and starts again. */
async function losePages(bot: Bot, ...names: readonly string[]): Promise<void> {
  await bot.stop();
  const path = databaseOf(bot);
  for (const page of names.flatMap((name) => pagesOf(path, name))) zeroPage(path, page);
  await bot.start();
}

async function readMetrics(bot: Bot): Promise<string> {
  const answer = await fetch(`${bot.url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
  expect(answer.status).toBe(200);
  return answer.text();
}

async function isReady(bot: Bot): Promise<boolean> {
  const answer = await fetch(`${bot.url}/health/ready`);
  await bot.settle();
  return answer.ok;
}

/** What is wrong with the storage, as the metrics have it. */
async function kindsOf(bot: Bot): Promise<string[]> {
  return (await bot.troubles()).map(({ kind }) => kind).filter((kind) => kind.startsWith("storage-"));
}

describe("a start on a database that is damaged", () => {
  it("listens, takes presses from memory, and says everywhere that it runs without its database", async () => {
    await using bot = await startBot({ settings });
    await losePages(bot, "alarms");
    await bot.fastForward(6 * second);
    bot.expectNotice(frontdesk, nl.trouble.day("Rugdekking", [nl.trouble.count["storage-aside"]()]));
    expect(await bot.press("0042")).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) });
    const card = await bot.expectCard(nl.card.headline.unstored);
    expect(card.posted.conversation).toBe(frontdesk);
    expect((await bot.desk.expectPage("unclaimed")).acceptUrl).toBeNull();
    expect(await isReady(bot)).toBe(false);
    expect(await kindsOf(bot)).toEqual(["storage-aside"]);
    expect(await readMetrics(bot)).toContain('rugdekking_troubles{kind="storage-aside"} 1');
    const { text } = await bot.type(alice, "status");
    expect(text).toContain(shown(nl.trouble.storageList(1)));
    expect(bot.lines.filter(({ event }) => event === "storage-aside")).toHaveLength(1);
    expect(bot.ends).toEqual([]);
  });

  it("tells its channels once, and as often as that fails", async () => {
    await using bot = await startBot();
    bot.teams.fail("text", { kind: "status", status: 503 });
    await losePages(bot, "alarms");
    await bot.fastForward(20 * second);
    expect(bot.teams.texts).toEqual([]);
    bot.teams.fail("text", null);
    await bot.fastForward(minute);
    expect(bot.teams.texts).toHaveLength(1);
    bot.expectNotice(frontdesk, nl.trouble.count["storage-aside"]());
  });

  const parts = ["alarms", "history", "incidents_next", "settings", "outbox", "channels", "policies"];
  it.each([...parts, "sqlite_autoindex_incidents_1", "sqlite_autoindex_policies_1"])(
    "pages what is open, and again, when %s is lost",
    async (name) => {
      await using bot = await startBot({ policy: { repeatEvery: "5m" } });
      await bot.press("0042");
      const { incident } = await bot.press("0051");
      await losePages(bot, name);
      await bot.fastForward(minute + second);
      expect(bot.desk.pages.map((page) => page.incident.place).toSorted()).toEqual(["Balie", "Spreekkamer 3"]);
      const before = bot.desk.pages.length;
      await bot.fastForward(6 * minute);
      expect(bot.desk.pages.length).toBeGreaterThan(before);
      expect(bot.desk.pages.map((page) => page.incident.id)).toContain(incident);
      bot.desk.ignoreRest();
      bot.phone.ignoreRest();
    },
  );

  it("pages what is open when its policy is lost, and the configuration has another one by now", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    await bot.press("0051");
    await bot.stop();
    for (const page of pagesOf(databaseOf(bot), "policies")) zeroPage(databaseOf(bot), page);
    await bot.start({ policies: { building: { ...building, repeatEvery: "17m" } } });
    await bot.fastForward(minute + second);
    expect(bot.desk.pages.map((page) => page.incident.place).toSorted()).toEqual(["Balie", "Spreekkamer 3"]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("pages an alarm of which only the indexes are left, by what its button says in the configuration", async () => {
    await using bot = await startBot();
    const { incident } = await bot.press("0042");
    await losePages(bot, "incidents");
    await bot.fastForward(50 * second);
    bot.desk.expectNothing();
    await bot.fastForward(11 * second);
    const [page] = bot.desk.pages;
    expect(page?.incident).toMatchObject({ id: incident, place: "Spreekkamer 3", directions: "Links van de balie" });
    // Once, until all of it is repeated.
    expect(bot.desk.pages).toHaveLength(1);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("repeats under keys that no process before had, for those would pass for retries", async () => {
    await using bot = await startBot({ policy: { repeatEvery: "5m" } });
    await bot.press("0042");
    await losePages(bot, "history");
    await bot.fastForward(14 * minute);
    const before = new Set(bot.desk.pages.map(({ key }) => key));
    await bot.restart();
    await bot.fastForward(second);
    const again = bot.desk.pages.length;
    await bot.fastForward(12 * minute);
    const later = bot.desk.pages.slice(again).map(({ key }) => key);
    expect([before.size, later.length]).toEqual([3, 2]);
    expect(later.filter((key) => before.has(key))).toEqual([]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("sends a page that waited for its next try", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    bot.desk.answerWith({ kind: "refuse", status: 503 });
    await bot.fastForward(minute);
    const tried = bot.desk.pages.length;
    const [first] = bot.desk.pages;
    bot.desk.answerWith({ kind: "ok" });
    await losePages(bot, "history");
    await bot.fastForward(2 * second);
    // Beside its database nobody knows whose lease holds, so a waiting page goes with the first thing that is due.
    expect(bot.desk.pages.slice(tried).map(({ key }) => key)).toEqual([
      expect.stringMatching(`^${first?.key}:again:\\d+$`),
    ]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("does not begin when the file is none of ours at all, but listens", async () => {
    await using bot = await startBot();
    await bot.stop();
    writeFileSync(databaseOf(bot), "this was a database");
    await bot.start();
    await bot.fastForward(6 * second);
    expect((await bot.press("0042")).status).toBe(503);
    await bot.desk.expectPage("unclaimed");
    expect(await kindsOf(bot)).toEqual(["storage-aside", "storage-unread"]);
    await bot.expectCard(nl.card.headline.unstored);
    const { text } = await bot.type(alice, "status");
    expect(text).toContain(shown(nl.channel.status.openUnread));
    expect(text).not.toContain(shown(nl.channel.status.open(0)));
    expect(text).toContain(shown(nl.channel.status.unrecorded(1)));
  });
});

describe("a start on a disk that takes nothing", () => {
  it("says that it may not be alone, keeps what people answer, and ends when it is well again", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.stop();
    rmSync(`${databaseOf(bot)}.lock`);
    let unstored: CardInHand;
    {
      using _blocked = blockLock(databaseOf(bot));
      await bot.start();
      await bot.fastForward(6 * second);
      expect(await kindsOf(bot)).toEqual(["storage-aside", "storage-unlocked"]);
      expect((await bot.press("0051", { id: "refused" })).status).toBe(503);
      unstored = await bot.expectCard(nl.card.headline.unstored);
      await bot.desk.expectPage("unclaimed");
      await bot.click(alice, card, "claim");
      expect(await isReady(bot)).toBe(false);
      expect(bot.ends).toEqual([]);
    }
    await bot.fastForward(6 * second);
    expect(bot.ends).toEqual(["whole"]);
    // As the process does: what it held is written, and all of it starts anew.
    await bot.restart();
    expect(await bot.events(card.incident)).toContain("claimed");
    expect(await kindsOf(bot)).toEqual([]);
    expect(await bot.press("0051", { id: "refused" })).toMatchObject({ status: 202, outcome: "duplicate" });
    expect(bot.look(unstored).text).toContain("Balie");
    expect(bot.look(unstored).text).toContain(nl.card.headline.open);
    bot.expectNoCard();
    expect(await isReady(bot)).toBe(true);
  });

  it("pages at once what was due while it was down", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    await bot.stop();
    rmSync(`${databaseOf(bot)}.lock`);
    using _blocked = blockLock(databaseOf(bot));
    bot.clock.to(bot.clock.now() + hour);
    await bot.start();
    await bot.desk.expectPage("unclaimed");
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("starts when somebody holds the file, and is whole when it is let go", async () => {
    await using bot = await startBot();
    await bot.stop();
    {
      using _held = bot.holdDisk();
      await bot.start();
      expect((await bot.press("0042")).status).toBe(503);
      await bot.expectCard(nl.card.headline.unstored);
      await bot.desk.expectPage("unclaimed");
    }
    await bot.fastForward(6 * second);
    expect(bot.ends).toEqual(["whole"]);
  });
});

describe("a database that goes while the process runs", () => {
  it.each([
    ["removed", (path: string) => rmSync(path)],
    ["moved away", (path: string) => renameSync(path, `${path}.old`)],
    [
      "replaced",
      (path: string) => {
        rmSync(path);
        writeFileSync(path, "");
      },
    ],
    ["without its log", (path: string) => rmSync(`${path}-wal`)],
  ])("%s: what is open is posted and paged from memory before the process ends itself", async (_, lose) => {
    await using bot = await startBot({ settings });
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    lose(databaseOf(bot));
    await bot.fastForward(10 * second);
    expect((await bot.expectCard(nl.card.headline.unstored)).text).toContain("Spreekkamer 3");
    expect(await bot.desk.expectPage("unclaimed")).toMatchObject({ acceptUrl: null });
    expect(bot.ends).toEqual(["lost"]);
    expect(await kindsOf(bot)).toEqual(["storage-gone"]);
    expect(await readMetrics(bot)).toContain('rugdekking_troubles{kind="storage-gone"} 1');
    expect(await isReady(bot)).toBe(false);
    expect((await bot.press("0051")).status).toBe(503);
    await bot.expectCard("Balie");
    await bot.desk.expectPage("unclaimed");
  });

  it("what security was paged for is paged once more, by a key with which it does not pass for a retry", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    await bot.fastForward(minute);
    const { key, incident } = await bot.desk.expectPage("unclaimed");
    rmSync(databaseOf(bot));
    await bot.fastForward(10 * second);
    const again = await bot.desk.expectPage("unclaimed");
    expect(again.incident.id).toBe(incident.id);
    expect(again.key).toMatch(new RegExp(`^${key}:again:\\d+$`));
    await bot.expectCard("Spreekkamer 3");
    await bot.expectCard(nl.card.headline.unstored);
  });

  it("without its lock: nothing more is taken and the process ends itself, for what is open is still there", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    rmSync(`${databaseOf(bot)}.lock`);
    await bot.fastForward(10 * second);
    expect(bot.ends).toEqual(["lost"]);
    expect(await kindsOf(bot)).toEqual(["storage-lost"]);
    bot.expectNoCard();
    bot.desk.expectNothing();
    expect(await isReady(bot)).toBe(false);
    await bot.restart();
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
  });

  it("with a page that is damaged: what is due is paged from memory, and the process ends itself", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    // The log is brought into the file at the end, so that the next process reads the file.
    await bot.restart();
    for (const page of pagesOf(databaseOf(bot), "incidents_next")) zeroPage(databaseOf(bot), page);
    await bot.press("0060", { kind: "heartbeat" });
    await bot.fastForward(10 * second);
    expect(bot.ends).toEqual(["lost"]);
    expect(await kindsOf(bot)).toContain("storage-lost");
    expect(await isReady(bot)).toBe(false);
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    expect(page).toMatchObject({ incident: { place: "Spreekkamer 3" } });
    bot.phone.ignoreRest();
  });
});

it("a disk that takes nothing is a trouble for so long, also when nothing comes in afterwards", async () => {
  await using bot = await startBot();
  {
    using _held = bot.holdDisk();
    expect((await bot.press("0042")).status).toBe(503);
    await bot.fastForward(11 * second);
    expect(await kindsOf(bot)).toEqual(["storage-refuses"]);
  }
  await bot.fastForward(6 * second);
  expect(await kindsOf(bot)).toEqual([]);
  await bot.expectCard(nl.card.headline.open);
  await bot.desk.expectPage("unclaimed");
});

it("the timekeeper's own question decides whether it is ready", async () => {
  await using bot = await startBot();
  expect(await isReady(bot)).toBe(true);
  changeDatabase(databaseOf(bot), "alter table incidents rename to hidden");
  await bot.fastForward(2 * second);
  expect(await isReady(bot)).toBe(false);
  await bot.fastForward(6 * second);
  expect(await kindsOf(bot)).toContain("storage-unread");
});
