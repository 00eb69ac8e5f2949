import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { nl } from "../dutch.ts";
import {
  alice,
  type Bot,
  building,
  hour,
  minute,
  type Settings,
  second,
  startBot,
  startWithAlarm,
} from "../harness.ts";

const tell = { after: "0s", tell: "frontdesk" };

function policies(part: Settings): Settings {
  return { policies: { building: { ...building, ...part } } };
}

it("rule 6: an incident keeps the policy with which it opened, the next one has the new", async () => {
  await using bot = await startWithAlarm();
  await bot.fastForward(10 * second);
  await bot.restart(
    policies({
      claimsNeeded: 2,
      arriveWithin: "30s",
      steps: [tell, { after: "15s", page: "phone" }, { after: "20s", page: "desk" }],
    }),
  );
  await bot.press("0051");
  const newer = await bot.expectCard("Balie");
  await bot.fastForward(15 * second);
  expect((await bot.phone.expectPage("unclaimed")).incident.id).toBe(newer.incident);
  await bot.fastForward(5 * second);
  expect((await bot.desk.expectPage("unclaimed")).incident.id).toBe(newer.incident);
  // The older one: desk at 60 s, one claim is enough, and its promise is two minutes.
  await bot.fastForward(25 * second);
  expect((await bot.click(alice, bot.card, "claim")).text).toContain(nl.card.headline.coming(1));
  await bot.fastForward(2 * minute - 1);
  expect(bot.desk.pages.filter((page) => page.incident.id === bot.card.incident)).toEqual([]);
  await bot.fastForward(1);
  expect(bot.desk.pages.filter((page) => page.incident.id === bot.card.incident)).toMatchObject([{ reason: "lapsed" }]);
});

it("rule 6: the policy stays the same when its name is gone, and over two restarts", async () => {
  await using bot = await startBot();
  await bot.press("0042");
  const { incident } = await bot.expectCard("Spreekkamer 3");
  const sources = { buttons: { ...(bot.settings.sources as { buttons: object }).buttons, policy: "renamed" } };
  const renamed = { ...building, steps: [tell, { after: "10s", page: "phone" }, { after: "300s", page: "desk" }] };
  await bot.restart({ sources, policies: { renamed } });
  await bot.restart();
  await bot.fastForward(minute - 1);
  bot.phone.expectNothing();
  bot.desk.expectNothing();
  await bot.fastForward(1);
  expect((await bot.desk.expectPage("unclaimed")).page).toBe(`${incident}-1-1`);
});

/** The desk's pager under another name, and a policy that has it page at that moment. */
function renamed(bot: Bot, name: string, after: string): Settings {
  const [desk] = Object.values(bot.settings.pagers as Record<string, object>);
  return { pagers: { [name]: desk }, ...policies({ steps: [tell, { after, page: name }] }) };
}

const onlyDesk: Settings = { steps: [tell, { after: "60s", page: "desk" }] };

it("rule 6: the only pager was renamed before it was due: it pages under its new name, and card and history say so", async () => {
  await using bot = await startBot({ policy: onlyDesk });
  await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  await bot.restart(renamed(bot, "security", "90s"));
  await bot.fastForward(2 * second);
  expect(bot.look(card).text).toContain(nl.card.remark.policyReplaced("desk"));
  expect(bot.look(card).thread.join("\n")).toContain(nl.thread.policyReplaced("desk"));
  await bot.fastForward(87 * second);
  bot.desk.expectNothing();
  await bot.fastForward(second);
  expect((await bot.desk.expectPage("unclaimed")).page).toBe(`${card.incident}-2-1`);
  expect(await bot.events(card.incident)).toContain("policy-replaced");
  expect(bot.lines.filter(({ event }) => event === "policy-replaced")).toMatchObject([{ facts: { gone: ["desk"] } }]);
  await bot.fastForward(3 * minute);
  await bot.desk.expectPage("repeat");
});

it("rule 6: a pager was renamed after it was called on: it is called on again at once, and its old link goes on working", async () => {
  await using bot = await startBot({ policy: onlyDesk });
  await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(minute);
  const old = await bot.desk.expectPage("unclaimed");
  await bot.restart(renamed(bot, "security", "10m"));
  await bot.fastForward(second);
  const page = await bot.desk.expectPage("unclaimed");
  expect([old.page, page.page]).toEqual([`${card.incident}-1-1`, `${card.incident}-2-1`]);
  await bot.answer(old, "accept");
  await bot.fastForward(2 * second);
  expect(bot.look(card).text).toContain("Beveiliger komt");
  // Renamed once more: both links are known to be of whom they were.
  await bot.restart(renamed(bot, "guards", "10m"));
  await bot.fastForward(second);
  bot.desk.expectNothing();
  await bot.answer(page, "arrived");
  expect(await bot.events(card.incident)).toEqual(expect.arrayContaining(["guard-accepted", "guard-arrived"]));
  expect(bot.look(card).text).toContain(nl.card.remark.policyReplaced("security"));
});

it("rule 6: a page to a pager that was renamed while it was down is not tried again without end", async () => {
  await using bot = await startBot({ policy: onlyDesk });
  await bot.press("0042");
  bot.desk.answerWith({ kind: "refuse", status: 500 });
  await bot.fastForward(minute);
  await bot.desk.expectPage("unclaimed");
  bot.desk.ignoreRest();
  bot.desk.answerWith({ kind: "ok" });
  await bot.restart(renamed(bot, "security", "60s"));
  await bot.fastForward(minute);
  const rows = await bot.read((reader) => reader.listReadyPages(bot.clock.now() + hour, 10));
  expect(rows).toEqual([]);
  expect(bot.lines.filter(({ facts }) => String(facts.why).includes("no longer in the configuration"))).toEqual([]);
});

it("rule 6: of two pagers one is gone and its source was renamed: the policy of the first source goes on", async () => {
  await using bot = await startWithAlarm();
  const { phone } = bot.settings.pagers as { phone: object };
  const { buttons } = bot.settings.sources as { buttons: object };
  await bot.restart({
    ...policies({ steps: [tell, { after: "80s", page: "phone" }] }),
    pagers: { phone },
    sources: { knoppen: buttons },
    buttons: [],
  });
  await bot.fastForward(80 * second);
  expect((await bot.phone.expectPage("unclaimed")).page).toBe(`${bot.card.incident}-2-1`);
});

it("rule 6: what a pager that is still there was sent is not sent again, and who comes goes on coming", async () => {
  await using bot = await startWithAlarm();
  await bot.fastForward(minute);
  const page = await bot.desk.expectPage("unclaimed");
  const { desk } = bot.settings.pagers as { desk: object };
  await bot.restart({ pagers: { desk }, ...policies(onlyDesk) });
  await bot.fastForward(2 * minute);
  bot.desk.expectNothing();
  bot.phone.expectNothing();
  await bot.answer(page, "accept");
  await bot.fastForward(2 * second);
  expect(bot.card.text).toContain("Beveiliger komt");
});

it("rule 6: the only pager was renamed, and the disk takes nothing: it is paged from memory under its new name", async () => {
  await using bot = await startBot({ policy: onlyDesk });
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.stop();
  const other = new Database(`${bot.folder}/rugdekking.db`);
  other.exec("begin immediate");
  using _held = { [Symbol.dispose]: () => other.close() };
  await bot.start(renamed(bot, "security", "60s"));
  await bot.fastForward(minute);
  await bot.desk.expectPage("unclaimed");
});

it("rule 6: a channel that was to be told has left: the policy of now takes over, the card says so, and pages go on", async () => {
  await using bot = await startBot({
    policy: { steps: [tell, { after: "30s", tell: "back-office" }, { after: "60s", page: "desk" }] },
  });
  await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  const { "back-office": _gone, ...channels } = bot.settings.channels as Record<string, object>;
  await bot.restart({ channels, ...policies(onlyDesk) });
  await bot.fastForward(2 * second);
  expect(bot.look(card).text).toContain(nl.card.remark.policyReplaced("back-office"));
  await bot.fastForward(58 * second);
  expect((await bot.desk.expectPage("unclaimed")).page).toBe(`${card.incident}-2-1`);
});

it("rule 6: a press on the open incident brings no new policy", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "arrive");
  await bot.restart(policies({ steps: [tell, { after: "10s", page: "phone" }, { after: "300s", page: "desk" }] }));
  bot.clock.to(bot.clock.now() + hour / 60);
  expect((await bot.press("0042")).incident).toBe(bot.card.incident);
  await bot.fastForward(minute - 1);
  bot.phone.expectNothing();
  await bot.fastForward(1);
  await bot.desk.expectPage("unclaimed");
});

it("rule 6: a press on an older incident right after the policy changed does not cost the next one its card", async () => {
  await using bot = await startWithAlarm();
  await bot.restart(policies({ claimsNeeded: 2 }));
  expect((await bot.press("0042")).outcome).toBe("repeated");
  expect((await bot.press("0051")).outcome).toBe("opened");
  const card = await bot.expectCard("Balie");
  expect((await bot.click(alice, card, "claim")).text).toContain(nl.card.headline.tooFew(1, 2));
});
