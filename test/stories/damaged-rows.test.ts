import { expect, it } from "vitest";
import { changeDatabase, cutIncident } from "../damage.ts";
import { nl, shown } from "../dutch.ts";
import { alice, type Bot, building, frontdesk, minute, second, startBot } from "../harness.ts";

/** Stops, has the disk lose part of what it holds, and starts again. */
async function damage(bot: Bot, change: (database: string) => void): Promise<void> {
  await bot.stop();
  change(`${bot.folder}/rugdekking.db`);
  await bot.start();
}

const cut = (id: string | null) => (database: string) => cutIncident(database, id ?? "");

it("an alarm of which part can't be read is paged in words that say so, and stops no other", async () => {
  await using bot = await startBot();
  const first = await bot.press("0042");
  await bot.press("0051");
  await damage(bot, cut(first.incident));
  await bot.fastForward(minute);
  const pages = bot.desk.pages.filter(({ reason }) => reason !== "update");
  expect(pages).toHaveLength(2);
  const [restored, other] = ["Spreekkamer 3", "Balie"].map((at) => pages.find(({ incident }) => incident.place === at));
  expect(other).toBeDefined();
  expect(await bot.guardPage(restored ?? { acceptUrl: null })).toContain(nl.page.restored);
  expect(await bot.guardPage(other ?? { acceptUrl: null })).not.toContain(nl.page.restored);
  // Louder, and under a key that no page of before had.
  const phoned = bot.phone.pages.map(({ incident }) => incident.id);
  expect(phoned).toEqual([first.incident]);
  expect(restored?.page).not.toBe(`${first.incident}-1-1`);
  expect(await bot.events(first.incident ?? "")).toContain("restored");
  expect(bot.lines.filter(({ event }) => event === "incident-restored")).toHaveLength(1);
});

it("an alarm of which part could not be read goes on: it says so on its card, is claimed and is closed", async () => {
  await using bot = await startBot();
  const { incident } = await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  await bot.click(alice, card, "claim");
  await damage(bot, cut(incident));
  await bot.fastForward(3 * minute);
  expect(bot.look(card).text).toContain(nl.card.remark.restored);
  expect(bot.look(card).text).toContain("Links van de balie");
  // It begins a round, and so a card of its own.
  expect(bot.teams.cards).toHaveLength(2);
  const newest = bot.look(bot.teams.cards[1] ?? card.posted);
  const page = bot.desk.pages[0];
  expect(await bot.guardPage(page ?? { acceptUrl: null })).toContain(nl.page.restored);
  await bot.click(alice, newest, "arrive");
  const { text } = await bot.click(alice, newest, "resolve", "real");
  expect(text).toContain(nl.card.headline.closed.real);
  expect(text).not.toContain(nl.card.remark.restored);
  await bot.fastForward(10 * minute);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

it("a click, a press and a guard's answer count on an alarm of which part can't be read", async () => {
  await using bot = await startBot();
  const { incident } = await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(minute);
  const page = await bot.desk.expectPage("unclaimed");
  await damage(bot, cut(incident));
  expect((await bot.click(alice, card, "claim")).text).toContain(nl.card.remark.restored);
  await damage(bot, cut(incident));
  expect(await bot.press("0042")).toMatchObject({ status: 202, outcome: "repeated", incident });
  await damage(bot, cut(incident));
  await bot.answer(page, "accept");
  const kinds = await bot.events(incident ?? "");
  expect(kinds.filter((kind) => ["claimed", "pressed-again", "guard-accepted", "restored"].includes(kind))).toEqual([
    ...["restored", "claimed"],
    ...["restored", "pressed-again"],
    ...["restored", "guard-accepted"],
  ]);
});

it("an alarm without a whole policy goes on under the policy of now", async () => {
  await using bot = await startBot();
  const { incident } = await bot.press("0042");
  await bot.stop();
  changeDatabase(`${bot.folder}/rugdekking.db`, "update policies set body = substr(body, 1, 40)");
  // Of another policy than the one with which it opened, which is whole again at a start.
  await bot.start({
    policies: {
      building: {
        repeatEvery: "2m",
        steps: [
          { after: "0s", tell: "frontdesk" },
          { after: "30s", page: "phone" },
        ],
      },
    },
  });
  await bot.fastForward(minute);
  const page = await bot.phone.expectPage("repeat");
  expect(page.incident).toMatchObject({ id: incident, place: "Spreekkamer 3" });
});

it.each(["policies", "incidents"])(
  "a guard's link works when the row is damaged that says of whom it is: %s",
  async (table) => {
    await using bot = await startBot();
    const { incident } = await bot.press("0042");
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.stop();
    changeDatabase(`${bot.folder}/rugdekking.db`, `update ${table} set body = ''`);
    await bot.start({ policies: { building: { ...building, repeatEvery: "17m" } } });
    expect(await bot.guardPage(page)).toContain("Spreekkamer 3");
    expect(await bot.answer(page, "accept")).toBe(200);
    expect(await bot.events(incident ?? "")).toContain("guard-accepted");
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  },
);

it("a policy that was damaged is whole again after a start with the same configuration", async () => {
  await using bot = await startBot();
  const { incident } = await bot.press("0042");
  await damage(bot, (database) => changeDatabase(database, "update policies set body = ''"));
  await bot.restart();
  await bot.fastForward(minute);
  await bot.desk.expectPage("unclaimed");
  expect(await bot.events(incident ?? "")).not.toContain("restored");
  const { policy = "" } = (await bot.read((reader) => reader.loadIncident(incident ?? ""))) ?? {};
  expect(await bot.read((reader) => reader.loadPolicy(policy))).not.toBeNull();
});

it("what has to go out and can't be read is sent by what its key tells, and holds up nothing", async () => {
  await using bot = await startBot();
  for (const route of ["card", "text", "converse"] as const) bot.teams.fail(route, { kind: "hang" });
  await bot.press("0042");
  await bot.stop();
  changeDatabase(`${bot.folder}/rugdekking.db`, "update outbox set outgoing = '{'");
  for (const route of ["card", "text", "converse"] as const) bot.teams.fail(route, null);
  await bot.start();
  await bot.fastForward(5 * second);
  await bot.expectCard("Spreekkamer 3");
  expect(bot.teams.cards[0]?.conversation).toBe(frontdesk);
  const given = bot.lines.filter(({ event }) => event === "message-not-read");
  expect(given.length).toBeGreaterThan(0);
  expect(await bot.read((reader) => reader.countOutbox())).toBe(0);
});

it.each(["", "{}", "5", "[]"])("a page that waits and can't be read is sent all the same: %s", async (outgoing) => {
  await using bot = await startBot();
  await bot.press("0042");
  bot.desk.answerWith({ kind: "refuse", status: 503 });
  await bot.fastForward(minute);
  const before = bot.desk.pages.length;
  const [tried] = bot.desk.pages;
  await bot.stop();
  changeDatabase(`${bot.folder}/rugdekking.db`, `update outbox set outgoing = '${outgoing}' where lane = 'pager:desk'`);
  bot.desk.answerWith({ kind: "ok" });
  await bot.start();
  await bot.fastForward(minute);
  expect(bot.desk.pages.slice(before).map(({ key }) => key)).toEqual([tried?.key]);
  expect(await bot.read((reader) => reader.countOutbox())).toBe(0);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

it("a line of the history that can't be read is left out, and the guard's page shows the others", async () => {
  await using bot = await startBot();
  const { incident } = await bot.press("0042");
  await bot.fastForward(minute);
  const page = await bot.desk.expectPage("unclaimed");
  await damage(bot, (database) => changeDatabase(database, "update history set body = '' where seq = 1"));
  expect(await bot.guardPage(page)).toContain("Spreekkamer 3");
  expect(await bot.events(incident ?? "")).not.toContain("opened");
  expect(await bot.events(incident ?? "")).toContain("page-accepted");
  expect(shown(bot.teams.replies.map(({ body }) => body.text ?? "").join())).toContain("desk");
});

it("a test of the routes that can't be read keeps no other from being run", async () => {
  await using bot = await startBot({ settings: { doctorToken: "een-lang-geheim-voor-de-dokter" } });
  const headers = { authorization: "Bearer een-lang-geheim-voor-de-dokter" };
  const start = () => fetch(`${bot.url}/doctor/pagers`, { method: "POST", headers });
  expect((await start()).status).toBe(202);
  await bot.settle();
  await damage(bot, (database) => changeDatabase(database, "update route_tests set body = '{'"));
  const { id } = (await (await start()).json()) as { id: string };
  await bot.settle();
  // The same one, as long as it is under way.
  expect(await (await start()).json()).toMatchObject({ id });
  expect(bot.lines.filter(({ event }) => event === "look-failed")).toEqual([]);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

it("an alarm whose moment can't be believed is looked at once a second, and keeps no other from its page", async () => {
  await using bot = await startBot();
  const { incident } = await bot.press("0042");
  await bot.press("0051");
  await damage(bot, (database) =>
    changeDatabase(
      database,
      `update incidents set next_at = 1, body = json_set(body, '$.nextAt', 9e15) where id = '${incident}'`,
    ),
  );
  await bot.fastForward(minute);
  expect(bot.desk.pages.map((page) => page.incident.place)).toContain("Balie");
  const looks = bot.lines.filter(({ facts }) => facts.incident === incident && facts.command === "deadline");
  expect(looks.length).toBeLessThan(100);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});
