import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nl, shown } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import { toActivity } from "../fakes/teams-activity.ts";
import { accountSid, authToken, type FakeTwilio, startTwilio, toCallBack } from "../fakes/twilio.ts";
import { readTwiml } from "../fakes/twiml-reader.ts";
import {
  alice,
  type Bot,
  type BotOptions,
  bob,
  building,
  type ChatCard,
  carol,
  frontdesk,
  hour,
  lea,
  minute,
  paul,
  people,
  type Settings,
  sam,
  second,
  startBot,
} from "../harness.ts";
import { sources } from "../located.ts";

const words = nl.ringTest;
const day = 24 * hour;
const today = "2026-11-24";

/** A team lead types it, in a private chat. */
async function startTest(bot: Bot): Promise<ChatCard> {
  const card = await bot.type(lea, "oproeptest");
  await bot.fastForward(10 * second);
  return card;
}

/** The card that asks somebody. */
function askOf(bot: Bot, colleague: Colleague): ChatCard {
  const card = bot.saidTo(colleague);
  if (card === undefined || !card.buttons.includes(words.button.heard))
    throw new Error(`${colleague.name} is not asked`);
  return card;
}

/** What each was told in their chat: the texts that ring and the cards that do not. */
function toldTo(bot: Bot, colleague: Colleague) {
  const own = bot.teams.direct.filter(({ to }) => to === colleague.teamsId).map(({ body }) => body);
  // The card of who wears a button stands there before.
  return own.filter(({ summary }) => !summary?.includes(nl.presser.state.rest.headline));
}

/** The days on which routes were proven; null: never. */
async function proven(bot: Bot): Promise<Record<string, string | null>> {
  const routes = await bot.read((reader) => reader.listProvenRoutes());
  const nameOf = (id: string) => people.find((each) => each.id === id)?.name ?? id;
  return Object.fromEntries(routes.map((each) => [`${nameOf(each.person)} ${each.route}`, each.provenOn]));
}

async function unproven(bot: Bot) {
  return (await bot.troubles()).filter(({ kind }) => kind === "people-unproven");
}

/** Stands still while time passes: weeks of looks every second say nothing more. */
async function later(bot: Bot, ms: number): Promise<void> {
  await bot.stop();
  bot.clock.to(bot.clock.now() + ms);
  await bot.start();
}

const asNew: BotOptions = { arePeopleNew: true };
const withVisits: BotOptions = { ...asNew, settings: { sources } };

describe("oproeptest, typed by a team lead", () => {
  it("rings everybody on duty in their chat, with a text that says TEST and a card with one button", async () => {
    await using bot = await startBot(asNew);
    const card = await startTest(bot);
    expect(card.text).toContain(words.running);
    for (const each of [alice, bob, paul]) {
      const [text, ask, ...more] = toldTo(bot, each);
      expect(text?.text).toBe(words.ring);
      expect(text?.summary).toMatch(/^TEST/);
      expect(text?.channelData).toEqual({ notification: { alert: true } });
      expect(ask?.channelData).toBeUndefined();
      expect(more).toEqual([]);
      expect(askOf(bot, each).buttons).toEqual([words.button.heard]);
    }
    expect(toldTo(bot, carol)).toEqual([]);
    await bot.restartAndExpectNothingElse();
  });

  it("proves a chat by the click of its person, and the lead sees who answered and who did not", async () => {
    await using bot = await startBot(asNew);
    const card = await startTest(bot);
    const answered = await bot.clickInChat(alice, words.button.heard, askOf(bot, alice));
    expect(answered.text).toContain(words.heard.headline);
    expect(await proven(bot)).toMatchObject({ "Alice Jansen chat": today, "Bob de Vries chat": null });
    const fresh = await bot.clickInChat(lea, words.button.refresh, card);
    expect(fresh.text).toContain(words.heardCount(1, 3));
    expect(fresh.text).toContain(`Alice Jansen: ${words.route.chat}: ${words.state.heard}`);
    expect(fresh.text).toContain(`Bob de Vries: ${words.route.chat}: ${words.state.asked}`);
    for (const each of [bob, paul]) await bot.clickInChat(each, words.button.heard, askOf(bot, each));
    expect((await bot.clickInChat(lea, words.button.refresh, card)).text).toContain(words.allHeard);
    expect(await bot.read((reader) => reader.countOpen(null))).toBe(0);
    await bot.restartAndExpectNothingElse();
  });

  it("in a channel shows numbers, and names to nobody", async () => {
    await using bot = await startBot(asNew);
    const card = await bot.type(lea, "ring test", frontdesk);
    await bot.expectCard(words.running);
    await bot.fastForward(10 * second);
    const fresh = await bot.clickInChat(lea, words.button.refresh, card);
    for (const { text } of [card, fresh]) {
      expect(text).toContain(words.heardCount(0, 3));
      expect(text).toContain(shown(words.namesElsewhere));
      expect(text).not.toMatch(/Alice|Bob|Paul/);
    }
  });

  it("rule 28: is for team leads, and without one for who knows the code; an answer is everybody's own", async () => {
    await using bot = await startBot(asNew);
    expect((await bot.type(alice, "oproeptest")).text).toContain(words.forbidden);
    const card = await startTest(bot);
    expect((await bot.clickInChat(alice, words.button.refresh, card)).text).toContain(shown(words.gone));
    expect((await bot.clickInChat(sam, words.button.heard, askOf(bot, alice))).text).toContain(words.notListed);
    // Somebody else's card proves nothing of theirs.
    await bot.clickInChat(carol, words.button.heard, { ...askOf(bot, alice), conversation: bot.teams.chatOf(carol) });
    expect(await proven(bot)).toMatchObject({ "Alice Jansen chat": null, "Carol Smit chat": today });
    const linkCode = "1234-5678";
    await bot.fastForward(hour);
    const noLead = people.map((person) => ({ ...person, lead: false }));
    await bot.restart({ people: noLead, teams: { ...(bot.settings.teams as Settings), linkCode } });
    expect((await bot.type(carol, "oproeptest")).text).toContain(shown(words.wrongCode));
    expect((await bot.type(carol, "oproeptest 1234-5678")).text).toContain("Alice Jansen");
  });

  it("goes one at a time, and another one ten minutes later; a click on an old card counts on its own day", async () => {
    await using bot = await startBot(asNew);
    const card = await startTest(bot);
    const old = askOf(bot, bob);
    await bot.clickInChat(alice, words.button.heard, askOf(bot, alice));
    await bot.restart();
    const again = await bot.type(lea, "oproeptest");
    expect(again.text).toContain(words.heardCount(1, 3));
    await bot.fastForward(minute);
    expect(toldTo(bot, alice)).toHaveLength(2);
    await later(bot, 3 * day);
    const fresh = await startTest(bot);
    expect(fresh.text).toContain(words.heardCount(0, 3));
    expect(toldTo(bot, alice)).toHaveLength(4);
    expect((await bot.clickInChat(lea, words.button.refresh, card)).text).toContain(shown(words.gone));
    expect((await bot.clickInChat(bob, words.button.heard, old)).text).toContain(words.heard.headline);
    expect(await proven(bot)).toMatchObject({ "Alice Jansen chat": today, "Bob de Vries chat": "2026-11-27" });
    expect((await bot.clickInChat(lea, words.button.refresh, fresh)).text).toContain(words.heardCount(0, 3));
  });

  it("goes after an alarm: whoever was not asked yet is left out, which the lead sees, and none begins meanwhile", async () => {
    await using bot = await startBot(asNew);
    bot.teams.fail("text", { kind: "hang", times: 1 });
    const card = await bot.type(lea, "oproeptest");
    await bot.open();
    expect([alice, bob].map((each) => bot.teams.rung(each.teamsId))).toEqual([2, 2]);
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
    for (const each of [alice, bob, paul]) expect(toldTo(bot, each).map(({ text }) => text)).not.toContain(words.ring);
    const seen = await bot.clickInChat(lea, words.button.refresh, card);
    expect(seen.text).toContain(`Bob de Vries: ${words.route.chat}: ${words.state["left-out"]}`);
    await bot.click(alice, bot.card, "arrive");
    await bot.fastForward(9 * minute);
    expect((await bot.type(lea, "oproeptest")).text).toContain(shown(words.alarm));
  });

  it("rings nobody who does not answer the question about their visit, in their chat nor by phone", async () => {
    await using twilio = await startTwilio();
    await using bot = await startWithCalls(twilio, withVisits);
    await bot.type(bob, "bezoek 5");
    await bot.fastForward(5 * minute + 5 * second);
    const before = toldTo(bot, bob).length;
    const card = await startTest(bot);
    expect(toldTo(bot, bob)).toHaveLength(before);
    expect(twilio.orders.map(({ form }) => form.To)).toEqual([0, 3].map(phone));
    const seen = await bot.clickInChat(lea, words.button.refresh, card);
    for (const route of [words.route.chat, words.route.phone])
      expect(seen.text).toContain(`${route}: ${words.state["left-out"]}`);
    bot.desk.ignoreRest();
  });

  it("says so when nobody is on duty, and where there is no roster", async () => {
    await using bot = await startBot(asNew);
    await bot.restart({ people: people.map((person) => ({ ...person, onDuty: "never" })) });
    expect((await bot.type(lea, "oproeptest")).text).toContain(words.nobodyOnDuty);
    const linkCode = "1234-5678";
    await bot.restart({ people: undefined, buttons: [], teams: { ...(bot.settings.teams as Settings), linkCode } });
    expect((await bot.type(lea, "oproeptest 1234-5678")).text).toContain(words.noRoster);
    expect(await bot.read((reader) => reader.listProvenRoutes())).toEqual([]);
  });

  it("says so when the storage is down, and whoever clicked keeps the button", async () => {
    await using bot = await startBot(asNew);
    await startTest(bot);
    const ask = askOf(bot, alice);
    {
      using _held = bot.holdDisk();
      const answering = bot.clickInChat(alice, words.button.heard, ask);
      await bot.fastForward(10 * second);
      const answer = await answering;
      expect(answer.text).toContain(words.notKept);
      expect(answer.buttons).toEqual([words.button.heard]);
    }
    expect(await proven(bot)).toMatchObject({ "Alice Jansen chat": null });
    await bot.clickInChat(alice, words.button.heard, ask);
    expect(await proven(bot)).toMatchObject({ "Alice Jansen chat": today });
  });

  it("shows whom it did not reach", async () => {
    await using bot = await startBot(asNew);
    bot.teams.forbid("uninstalled", bob);
    const card = await startTest(bot);
    const { text } = await bot.clickInChat(lea, words.button.refresh, card);
    expect(text).toContain(`Bob de Vries: ${words.route.chat}: ${words.state.failed}`);
    expect(text).toContain(`Alice Jansen: ${words.route.chat}: ${words.state.asked}`);
  });
});

describe("who is new", () => {
  it("is asked once, when they are on duty by day", async () => {
    await using bot = await startBot(asNew);
    await bot.fastForward(9 * minute);
    expect(toldTo(bot, alice)).toEqual([]);
    await bot.fastForward(3 * minute);
    for (const each of [alice, bob, paul]) expect(toldTo(bot, each)).toHaveLength(2);
    expect(toldTo(bot, carol)).toEqual([]);
    await bot.clickInChat(bob, words.button.heard, askOf(bot, bob));
    await later(bot, day);
    await bot.fastForward(hour);
    expect(toldTo(bot, alice)).toHaveLength(2);
    expect(await proven(bot)).toMatchObject({ "Bob de Vries chat": today, "Alice Jansen chat": null });
  });

  it("is asked with one other a minute, where many are new together", async () => {
    await using bot = await startBot(asNew);
    const all = people.map((person) => ({ ...person, onDuty: "always" }));
    await bot.restart({ people: all });
    await bot.fastForward(10 * minute - second);
    const asked = () => [alice, bob, carol, lea, paul].filter((each) => toldTo(bot, each).length > 0).length;
    const counts: number[] = [];
    for (let passed = 0; passed < 4; passed += 1) {
      await bot.fastForward(minute);
      counts.push(asked());
    }
    expect(counts).toEqual([2, 4, 5, 5]);
  });

  it("is not asked by night, unless their duty begins then", async () => {
    await using bot = await startBot({ ...asNew, startAt: "2026-11-24T20:30:00Z" });
    await bot.restart({
      people: people.map((person) =>
        person.name === bob.name ? { ...person, onDuty: "mon-sun 22:00-06:00" } : person,
      ),
    });
    await bot.fastForward(2 * hour);
    expect([alice, bob].map((each) => toldTo(bot, each).length)).toEqual([0, 2]);
  });

  it("is not asked while they do not answer the question about their visit, and keeps no other waiting", async () => {
    await using bot = await startBot(withVisits);
    // As many as are asked a minute.
    for (const each of [alice, bob]) await bot.type(each, "bezoek 8");
    await bot.fastForward(11 * minute + 30 * second);
    const asked = (who: Colleague) => toldTo(bot, who).filter(({ text }) => text === words.ring).length;
    expect([alice, bob, paul].map(asked)).toEqual([0, 0, 1]);
    bot.desk.ignoreRest();
  });

  it("is not asked while an alarm is open", async () => {
    await using bot = await startBot(asNew);
    await bot.open();
    await bot.click(alice, bot.card, "arrive");
    await bot.fastForward(20 * minute);
    const asked = () => toldTo(bot, bob).filter(({ text }) => text === words.ring).length;
    expect(asked()).toBe(0);
    await bot.click(alice, bot.card, "resolve", "test");
    await bot.fastForward(2 * minute);
    expect(asked()).toBe(1);
  });
});

describe("who was not proven for 35 days", () => {
  it("is a trouble: a number for everybody, a name for team leads in their chat", async () => {
    await using bot = await startBot();
    expect(await unproven(bot)).toEqual([]);
    await later(bot, 36 * day);
    expect(await unproven(bot)).toEqual([{ kind: "people-unproven", count: 5 }]);
    const seen = await bot.type(alice, "status");
    expect(seen.text).toContain(nl.trouble.people(5));
    expect(seen.text).not.toContain(words.unproven(5));
    const told = await bot.type(lea, "status");
    expect(told.text).toContain(words.unproven(5));
    expect(told.text).toContain(`- Carol Smit (${words.route.chat})`);
    expect((await bot.type(lea, "status", frontdesk)).text).not.toContain(words.unproven(5));
    await startTest(bot);
    await bot.clickInChat(alice, words.button.heard, askOf(bot, alice));
    expect(await unproven(bot)).toEqual([{ kind: "people-unproven", count: 4 }]);
  });

  it("is said to be unknown where that can't be read, and the log says why", async () => {
    await using bot = await startBot();
    using stack = new DisposableStack();
    const path = (bot.settings.database as string).replace("sqlite:", "");
    const database = stack.adopt(new Database(path), (each) => each.close());
    database.exec("alter table proven_routes rename to gone");
    expect((await bot.type(lea, "status")).text).toContain(words.unprovenUnread);
    expect((await bot.type(alice, "status")).text).not.toContain(words.unprovenUnread);
    expect(bot.lines.map(({ event }) => event)).toContain("unproven-not-read");
    database.exec("alter table gone rename to proven_routes");
    expect((await bot.type(lea, "status")).text).not.toContain(words.unprovenUnread);
  });

  it("is forgotten with who leaves the list", async () => {
    await using bot = await startBot();
    await startTest(bot);
    await bot.restart({ people: people.filter(({ name }) => name !== bob.name) });
    const left = await bot.read(async (reader) => [
      await reader.listProvenRoutes(),
      await reader.loadSetting("ring-test", "newest"),
    ]);
    expect(JSON.stringify(left)).toContain(alice.aadObjectId);
    expect(JSON.stringify(left)).not.toContain(bob.aadObjectId);
  });
});

const from = "+31850000000";
const phone = (index: number) => `+3160000000${index}`;

async function startWithCalls(twilio: FakeTwilio, options: BotOptions = asNew): Promise<Bot> {
  const bot = await startBot(options);
  const { pagers } = bot.settings as { pagers: object };
  const calls = { type: "twilio-voice", baseUrl: twilio.baseUrl, accountSid, authToken, from, to: "+31612345678" };
  const steps = [
    { after: "0s", tell: "frontdesk" },
    { after: "30s", call: "on-duty", by: "calls" },
    ...building.steps.slice(1),
    { after: "150s", page: "other" },
  ];
  await bot.restart({
    pagers: { ...pagers, calls, other: { ...calls } },
    policies: { building: { ...building, steps } },
    people: people.map((person, index) => ({ ...person, phone: phone(index) })),
  });
  return bot;
}

/** What the provider then says to whoever was called there, after that key or report. */
async function callBack(
  bot: Bot,
  twilio: FakeTwilio,
  to: string,
  form: Record<string, string>,
  pager = "calls",
): Promise<string> {
  const order = twilio.orders.findLast((each) => each.form.To === to);
  const action = JSON.stringify(readTwiml(order?.form.Twiml ?? "")).match(/https?:[^"]+/)?.[0] ?? "";
  const address = ("Digits" in form ? action : (order?.form.StatusCallback ?? "")).replace("/calls", `/${pager}`);
  const { query, headers, body } = toCallBack(address, form, {});
  const answered = await fetch(`${bot.url}/pagers/${pager}?${query}`, {
    method: "POST",
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
  });
  await bot.settle();
  return answered.text();
}

describe("where a policy calls who is on duty", () => {
  it("they are called as well, hear that it is a TEST, and a key proves the phone", async () => {
    await using twilio = await startTwilio();
    await using bot = await startWithCalls(twilio);
    const card = await startTest(bot);
    expect(twilio.orders.map(({ form }) => form.To)).toEqual([0, 1, 3].map(phone));
    const spoken = JSON.stringify(readTwiml(twilio.orders[0]?.form.Twiml ?? ""));
    expect(spoken).toContain(nl.voice.form["colleague-test"].keys);
    expect(spoken).toContain("TEST");
    expect(await callBack(bot, twilio, phone(0), { Digits: "9" })).toContain(
      nl.voice.form["colleague-test"].answer.wrong,
    );
    expect(await callBack(bot, twilio, phone(0), { Digits: "5" })).toContain(
      nl.voice.form["colleague-test"].answer.accept,
    );
    await callBack(bot, twilio, phone(0), { CallStatus: "completed" });
    await callBack(bot, twilio, phone(1), { CallStatus: "no-answer" });
    expect(await proven(bot)).toMatchObject({ "Alice Jansen phone": today, "Alice Jansen chat": null });
    const fresh = await bot.clickInChat(lea, words.button.refresh, card);
    expect(fresh.text).toContain(`${words.route.phone}: ${words.state.heard}`);
    expect(fresh.text).toContain(
      `Bob de Vries: ${words.route.chat}: ${words.state.asked}, ${words.route.phone}: ${words.state.failed}`,
    );
    expect(await bot.read((reader) => reader.countOpen(null))).toBe(0);
  });
});

it("a call back of another pager proves nobody's phone", async () => {
  await using twilio = await startTwilio();
  await using bot = await startWithCalls(twilio);
  await startTest(bot);
  await callBack(bot, twilio, phone(0), { Digits: "5" }, "other");
  expect(await proven(bot)).toMatchObject({ "Alice Jansen phone": null });
  await callBack(bot, twilio, phone(0), { Digits: "5" });
  expect(await proven(bot)).toMatchObject({ "Alice Jansen phone": today });
});

/** Every row of every table, without what is new in each run by chance, such as the ports of its fakes. */
function dump(bot: Bot, test: string): string {
  const path = (bot.settings.database as string).replace("sqlite:", "");
  const database = new Database(path, { readonly: true });
  const names = database.prepare("select name from sqlite_master where type = 'table' order by name").pluck().all();
  const rows = names.flatMap((name) =>
    database
      .prepare(`select * from "${name}"`)
      .all()
      .map((row) => ({ name, row })),
  );
  database.close();
  return (
    rows
      .map((each) => JSON.stringify(each))
      // The time is noted while anything at all waits to go out: how far that is says nothing of anybody.
      .filter((text) => !/"subject":"(secret|configuration|clock)"|kysely_migration/.test(text))
      .join("\n")
      .replaceAll(test, "the test")
      .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "teams")
  );
}

/** A client that is too old for what a card does sends a message in its place. */
async function submit(bot: Bot, by: Colleague, test: string): Promise<void> {
  const message = { type: "message", value: { verb: "ring-heard", test } };
  await bot.teams.send(toActivity(bot.teams, by, bot.teams.chatOf(by), message));
}

type Answer = readonly [by: Colleague, afterMs: number, how: "click" | "message" | "key"];

/** A whole test in which they answer so; what is then stored, and what the log said when. */
async function play(answers: readonly Answer[]): Promise<{ disk: string; log: string }> {
  await using twilio = await startTwilio();
  const said: unknown[] = [];
  let now = () => 0;
  const note = (level: string) => (facts: object, event: string) => void said.push([now(), level, event, facts]);
  const log = { info: note("info"), warn: note("warn"), error: note("error") };
  await using bot = await startWithCalls(twilio, { ...asNew, log: log as never });
  now = () => bot.clock.now();
  await startTest(bot);
  const started = bot.clock.now();
  const [test] = /[0-9a-f]{16}/.exec(JSON.stringify(askOf(bot, alice).actions)) ?? [""];
  for (const [by, afterMs, how] of answers.toSorted((a, b) => a[1] - b[1])) {
    await bot.fastForward(started + afterMs - bot.clock.now());
    if (how === "click") await bot.clickInChat(by, words.button.heard, askOf(bot, by));
    else if (how === "key") await callBack(bot, twilio, phone(by === alice ? 0 : 1), { Digits: "5" });
    else await submit(bot, by, test);
    await bot.settle();
  }
  await bot.fastForward(started + hour - bot.clock.now());
  const logged = said.map((line) => JSON.stringify(line)).join("\n");
  const bare = logged
    .replaceAll(test, "the test")
    .replaceAll(bot.folder, "folder")
    .replaceAll(/127\.0\.0\.1:\d+/g, "here");
  return { disk: dump(bot, test), log: bare };
}

it("nothing is stored or logged of how fast anybody was: however they answer, what is left is the same", async () => {
  const after = fc.integer({ min: 1, max: 59 * 60 }).map((seconds) => seconds * second);
  const chat = fc.tuple(after, fc.constantFrom("click" as const, "message" as const));
  const fast = [[second, "click"], 3 * second, [2 * second, "message"]] as const;
  const slow = [[50 * minute, "click"], 31 * minute, [7 * minute, "message"]] as const;
  let before: { readonly disk: string; readonly log: string } | undefined;
  await fc.assert(
    fc.asyncProperty(chat, after, chat, async ([ofAlice, how], byPhone, [ofBob, alsoHow]) => {
      const left = await play([
        [alice, ofAlice, how],
        [alice, byPhone, "key"],
        [bob, ofBob, alsoHow],
      ]);
      expect(left.disk).toContain(`"proven_on":"${today}"`);
      before ??= left;
      expect(left.disk).toBe(before.disk);
      expect(left.log).toBe(before.log);
    }),
    { numRuns: 6, examples: [[...fast], [...slow]] },
  );
});
