import { describe, expect, it } from "vitest";
import { mentionedOn } from "../card-text.ts";
import { line, mention, nl } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import { accountSid, authToken, startTwilio } from "../fakes/twilio.ts";
import {
  alice,
  type Bot,
  type BotOptions,
  bob,
  building,
  frontdesk,
  lea,
  minute,
  paul,
  people,
  type Settings,
  second,
  sourceSecret,
  startBot,
} from "../harness.ts";
import { ringsOf } from "../rings-of.ts";

const { occupied } = nl.card.label;
const wearers = { "field-alice": alice, "field-bob": bob, "field-paul": paul };
const buttons = [
  ...Object.entries(wearers).map(([id, { name }]) => ({ source: "buttons", id, holder: name, fixed: false })),
  ...["Balie", "Kelder", "Hal"].map((place) => ({ source: "buttons", id: place, place })),
];

/** A bot, and the three who are on duty and each carry a button in the field. */
async function start(settings: Settings = {}, options: BotOptions = {}): Promise<Bot> {
  const bot = await startBot({ ...options, settings: { buttons, ...settings } });
  await bot.fastForward(minute);
  return bot;
}

/** What made that colleague's devices sound since. */
function follow(bot: Bot, who: Colleague): () => string[] {
  const before = new Set(ringsOf(bot, who).map(({ id }) => id));
  return () =>
    ringsOf(bot, who)
      .filter(({ id }) => !before.has(id))
      .map(({ body }) => body.summary ?? body.text ?? "a card");
}

/** Presses at a place that only the alarm names, and takes the card in hand once all has gone out. */
async function press(bot: Bot, button: string, place = button) {
  await bot.press(button, { place });
  const card = await bot.expectCard(place);
  await bot.fastForward(5 * second);
  return bot.look(card);
}

/** Time passes at once, as over a suspended machine: what was due meanwhile is due then. */
async function jump(bot: Bot, ms: number): Promise<void> {
  bot.clock.to(bot.clock.now() + ms);
  await bot.fastForward(5 * second);
}

async function deliveriesOf(bot: Bot, incident: string): Promise<string[]> {
  const found = await bot.read((reader) => reader.loadIncident(incident));
  return (found?.deliveries ?? []).map(({ person }) => person.name);
}

describe("two field workers beside each other", () => {
  it("the phone of who pressed stays silent when the other one presses, and the card says so", async () => {
    await using bot = await start();
    const first = await press(bot, "field-paul", "Dorpsstraat 1");
    const since = follow(bot, paul);
    const others = follow(bot, bob);
    const second = await press(bot, "field-alice", "Dorpsstraat 3");
    expect(since()).toEqual([]);
    // Both ways, and the card below the message.
    expect(others()).toHaveLength(3);
    expect(second.text).toContain(line("occupied", paul));
    expect(second.text).toContain(line("reached", nl.card.remark.reached(0, 1)));
    expect(second.text).not.toContain(nl.card.label.unreached);
    expect(await deliveriesOf(bot, second.incident)).toEqual([bob.name]);
    const history = await bot.history(second.incident);
    for (const sentence of [nl.otherAlarm.occupied(paul.name), nl.thread.rung(bob.name)])
      expect(history).toContainEqual(expect.stringContaining(sentence));
    // Of the first one Alice was asked before she pressed.
    expect(bot.look(first).text).not.toContain(occupied);
    // Whoever is occupied may still come by themselves.
    expect((await bot.click(paul, second, "claim")).text).toContain(nl.card.headline.coming(1));
    expect(bot.look(second).text).not.toContain(occupied);
    bot.desk.expectNothing();
  });

  it("nobody of them is rung by the rounds of the other's alarm, nor waited for", async () => {
    await using bot = await start();
    const first = await press(bot, "field-paul", "Dorpsstraat 1");
    await bot.click(alice, first, "claim");
    const second = await press(bot, "field-alice", "Dorpsstraat 3");
    const since = [follow(bot, paul), follow(bot, alice)];
    await bot.fastForward(8 * minute);
    expect(await bot.events(first.incident)).toContain("lapsed");
    expect(await bot.events(second.incident)).toContain("round-started");
    expect(bot.look(first).thread.join("\n")).toContain(nl.otherAlarm.away.inDanger(alice.name));
    expect(bot.look(first).thread.join("\n")).not.toContain(nl.thread.ask.lapsed(alice.name));
    expect(since.map((each) => each())).toEqual([[], []]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("nor are they asked with a sound why they are late, where that goes out after they pressed", async () => {
    await using bot = await start({}, { policy: { repeatEvery: "60m" } });
    const first = await press(bot, "field-paul", "Dorpsstraat 1");
    await bot.click(alice, first, "claim");
    bot.teams.fail("reply", { kind: "status", status: 503, where: frontdesk });
    await bot.fastForward(2 * minute + second);
    expect(await bot.events(first.incident)).toContain("lapsed");
    await bot.press("field-alice", { place: "Dorpsstraat 3" });
    const since = follow(bot, alice);
    bot.teams.fail("reply", null);
    await bot.fastForward(minute);
    expect(bot.look(first).thread.join("\n")).toContain(nl.thread.ask.lapsed(alice.name));
    expect(since()).toEqual([]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("nor whether all is well, also in the round of a later press", async () => {
    await using bot = await start({}, { policy: { repeatEvery: "60m" } });
    const first = await press(bot, "field-paul", "Dorpsstraat 1");
    for (const by of [alice, lea]) await bot.click(by, first, "arrive");
    bot.teams.fail("reply", { kind: "status", status: 503, where: frontdesk });
    await bot.fastForward(10 * minute + second);
    expect(await bot.events(first.incident)).toContain("check-asked");
    await bot.press("field-alice", { place: "Dorpsstraat 3" });
    await bot.fastForward(second);
    await bot.press("field-paul", { place: "Dorpsstraat 1" });
    const since = [follow(bot, alice), follow(bot, lea)];
    bot.teams.fail("reply", null);
    await bot.fastForward(minute);
    const [silent, asked] = since.map((each) => each().join());
    expect(asked).toContain(nl.thread.ask.check(mention(lea)));
    expect(silent).toBe("");
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("nor is who is there at one alarm rung for another, as long as they are", async () => {
    await using bot = await start();
    const first = await press(bot, "Balie");
    await bot.click(bob, first, "arrive");
    const since = follow(bot, bob);
    const next = await press(bot, "Kelder");
    expect(since()).toEqual([]);
    expect(next.text).toContain(line("occupied", bob));
    await bot.click(bob, first, "decline");
    await press(bot, "Hal");
    expect(since().length).toBeGreaterThan(0);
    bot.desk.ignoreRest();
  });

  it("nor who asked for help", async () => {
    await using bot = await start();
    const first = await press(bot, "Balie");
    await bot.click(bob, first, "claim");
    await bot.click(bob, first, "help");
    const since = follow(bot, bob);
    expect((await press(bot, "Kelder")).text).toContain(line("occupied", bob));
    expect(since()).toEqual([]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

describe("who was in an alarm of their own before they promised to come, or came", () => {
  it("is asked with a sound when they are late", async () => {
    await using bot = await start({}, { policy: { repeatEvery: "60m" } });
    await press(bot, "field-bob", "Markt 1");
    const next = await press(bot, "Balie");
    await bot.click(bob, next, "claim");
    const since = follow(bot, bob);
    await bot.fastForward(3 * minute);
    expect(since().join()).toContain(nl.thread.ask.lapsed(`<at>${bob.name}</at>`));
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("is asked with a sound whether all is well, and who pressed elsewhere since is not", async () => {
    await using bot = await start({}, { policy: { repeatEvery: "60m" } });
    const own = await press(bot, "field-bob", "Markt 1");
    await bot.click(alice, own, "arrive");
    const next = await press(bot, "Balie");
    await bot.click(bob, next, "arrive");
    const since = [follow(bot, bob), follow(bot, alice)];
    await bot.fastForward(5 * minute);
    await bot.press("field-alice", { place: "Kade 2" });
    for (let minutes = 5; minutes < 11; minutes += 1) await bot.fastForward(minute);
    const [asked, silent] = since.map((each) => each().join());
    expect(asked).toContain(nl.thread.ask.check(`<at>${bob.name}</at>`));
    expect(silent).toBe("");
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

describe("when everybody on duty is at another alarm", () => {
  it("security is paged at once for each, for that reason, and no sentence says that anybody was asked", async () => {
    await using bot = await start();
    const first = await press(bot, "field-paul", "Dorpsstraat 1");
    const next = await press(bot, "field-alice", "Dorpsstraat 3");
    bot.desk.expectNothing();
    const last = await press(bot, "field-bob", "Dorpsstraat 5");
    const pages = [await bot.desk.expectPage("nobody-free"), await bot.desk.expectPage("nobody-free")];
    pages.push(await bot.desk.expectPage("nobody-free"));
    const ids = [first, next, last].map(({ incident }) => incident);
    expect(pages.map(({ incident }) => incident.id).toSorted()).toEqual(ids.toSorted());
    bot.desk.expectNothing();
    expect(last.text).toContain(nl.card.remark.nobodyFree);
    expect(last.text).toContain(line("occupied", alice, paul));
    expect(last.text).not.toContain(nl.card.label.reached);
    expect(last.thread.join("\n")).toContain(nl.thread.nobodyFree);
    expect(last.thread.join("\n")).toContain(nl.thread.why["nobody-free"]);
    const page = pages.find(({ incident }) => incident.id === last.incident) ?? { acceptUrl: null };
    expect(await bot.guardPage(page)).toContain(nl.guardView.reason["nobody-free"]);
    const kinds = await bot.events(last.incident);
    expect(kinds.filter((kind) => kind === "nobody-free" || kind === "occupied")).toEqual(["nobody-free", "occupied"]);
    expect(kinds).not.toContain("all-declined");
    // Somebody who comes by themselves is shown, and what is not so any more is not.
    expect((await bot.click(lea, last, "claim")).text).not.toContain(nl.card.remark.nobodyFree);
    bot.phone.ignoreRest();
  });

  it("or can't come: also then, as soon as nobody is left", async () => {
    await using bot = await start();
    await press(bot, "field-paul", "Dorpsstraat 1");
    const next = await press(bot, "Balie");
    await bot.click(alice, next, "decline");
    bot.desk.expectNothing();
    expect((await bot.click(bob, next, "decline")).text).toContain(nl.card.remark.nobodyFree);
    const page = await bot.desk.expectPage("nobody-free");
    expect(page.incident.id).toBe(next.incident);
    expect(await bot.events(next.incident)).not.toContain("all-declined");
    bot.desk.ignoreRest();
  });

  it("but for one who comes, nobody is paged before their time", async () => {
    await using bot = await start();
    const next = await press(bot, "Balie");
    await bot.click(lea, next, "claim");
    for (const button of Object.keys(wearers)) await bot.press(button, { place: button });
    await bot.fastForward(5 * second);
    expect(bot.desk.pages.filter(({ incident }) => incident.id === next.incident)).toEqual([]);
    bot.desk.ignoreRest();
  });
});

describe("an alarm that nobody closes", () => {
  it("keeps its presser from being asked for half an hour; then they are, by both ways, once", async () => {
    await using bot = await start({}, { policy: { repeatEvery: "60m", checkAfter: "60m" } });
    const first = await press(bot, "field-paul", "Dorpsstraat 1");
    await bot.click(lea, first, "arrive");
    await jump(bot, 29 * minute);
    const since = follow(bot, paul);
    const others = follow(bot, alice);
    const next = await press(bot, "Balie");
    const before = others().length;
    expect(bot.look(next).text).toContain(line("occupied", paul));
    expect(since()).toEqual([]);
    await bot.fastForward(2 * minute);
    expect(since()).toHaveLength(3);
    expect(others()).toHaveLength(before);
    expect(bot.look(next).text).not.toContain(occupied);
    expect(await deliveriesOf(bot, next.incident)).toContain(paul.name);
    expect(since().join()).toContain("Balie");
    expect(since().join()).not.toContain("Dorpsstraat");
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("and longer while nobody is there who answers: neither who pressed nor who fell silent is asked", async () => {
    await using bot = await start({}, { policy: { repeatEvery: "60m" } });
    await press(bot, "field-paul", "Dorpsstraat 1");
    const silent = await press(bot, "Kelder");
    await bot.click(bob, silent, "arrive");
    for (let minutes = 0; minutes < 40; minutes += 2) await bot.fastForward(2 * minute);
    expect(await bot.events(silent.incident)).toContain("check-missed");
    const since = [follow(bot, paul), follow(bot, bob)];
    const next = await press(bot, "Balie");
    expect(since.map((each) => each())).toEqual([[], []]);
    expect(next.text).toContain(line("occupied", bob, paul));
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("and longer while the alert that their button sends still fires", async () => {
    const common = { secret: sourceSecret, policy: "building", channel: "frontdesk" };
    await using bot = await start(
      {
        sources: { buttons: { type: "webhook", ...common }, monitoring: { type: "alertmanager", ...common } },
        buttons: [...buttons, { source: "monitoring", id: "tag", holder: paul.name, fixed: false }],
      },
      { policy: { repeatEvery: "60m", checkAfter: "60m" } },
    );
    const labels = { alertname: "ButtonPressed", button: "tag", place: "Dorpsstraat 1" };
    const alert = { status: "firing", labels, fingerprint: "5c0d8a1f42be97e3", startsAt: "2026-11-24T08:59:50Z" };
    const fire = () => bot.post("monitoring", JSON.stringify({ version: "4", status: "firing", alerts: [alert] }));
    expect(await fire()).toMatchObject({ outcome: "opened" });
    await bot.click(lea, await bot.expectCard("Dorpsstraat 1"), "arrive");
    for (const outcome of ["duplicate", "duplicate"]) {
      await jump(bot, 20 * minute);
      expect(await fire()).toMatchObject({ outcome });
    }
    const since = follow(bot, paul);
    expect((await press(bot, "Balie")).text).toContain(line("occupied", paul));
    expect(since()).toEqual([]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("a new press begins that anew", async () => {
    await using bot = await start({}, { policy: { repeatEvery: "20m" } });
    await press(bot, "field-paul", "Dorpsstraat 1");
    await jump(bot, 20 * minute);
    await bot.press("field-paul", { place: "Dorpsstraat 1" });
    await jump(bot, 20 * minute);
    const since = follow(bot, paul);
    await press(bot, "Balie");
    expect(since()).toEqual([]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it.each([29, 31])(
    "keeps the message that another one is over from its presser no longer: %i minutes",
    async (minutes) => {
      await using bot = await start({}, { policy: { repeatEvery: "60m", checkAfter: "60m" } });
      const pressedAt = bot.clock.now();
      const first = await press(bot, "field-alice", "Dorpsstraat 9");
      await bot.click(lea, first, "arrive");
      await jump(bot, 20 * minute);
      const other = await press(bot, "Balie");
      await bot.click(alice, other, "claim");
      await bot.fastForward(5 * second);
      bot.clock.to(pressedAt + minutes * minute);
      const since = follow(bot, alice);
      await bot.click(lea, other, "resolve", "false");
      await bot.fastForward(20 * second);
      const allClears = since().filter((said) => said.includes(nl.alarmInChat.allClear.summary));
      expect(allClears).toHaveLength(minutes > 30 ? 1 : 0);
      bot.desk.ignoreRest();
      bot.phone.ignoreRest();
    },
  );
});

describe("who is free again", () => {
  /** Two are at an alarm that a third one pressed; then all three are wanted elsewhere. */
  async function occupyAll(bot: Bot) {
    const first = await press(bot, "field-paul", "Dorpsstraat 1");
    for (const by of [alice, bob]) await bot.click(by, first, "arrive");
    return { first, next: await press(bot, "Balie") };
  }

  it("is asked at once where nobody comes, when that alarm closes; its card says what is so", async () => {
    await using bot = await start({}, { policy: { repeatEvery: "60m" } });
    const { first, next } = await occupyAll(bot);
    expect(next.text).toContain(nl.card.remark.nobodyFree);
    const since = [alice, bob, paul].map((each) => follow(bot, each));
    await bot.click(bob, first, "resolve", "false");
    await bot.fastForward(10 * second);
    for (const each of since) expect(each().filter((heard) => heard.includes("Balie")).length).toBeGreaterThan(1);
    const card = bot.look(next).text;
    expect(card).not.toContain(nl.card.remark.nobodyFree);
    expect(card).not.toContain(occupied);
    expect(card).toContain(line("reached", nl.card.remark.reached(0, 3)));
    const rung = nl.thread.rung([alice.name, bob.name, paul.name].join(", "));
    expect((await bot.history(next.incident)).join("\n")).toContain(rung);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("is not asked where enough people come, and is as soon as they do not", async () => {
    await using bot = await start({}, { policy: { repeatEvery: "60m" } });
    const { first, next } = await occupyAll(bot);
    await bot.click(lea, next, "claim");
    const since = follow(bot, paul);
    await bot.click(bob, first, "resolve", "false");
    await bot.fastForward(10 * second);
    expect(since().filter((heard) => heard.includes("Balie"))).toEqual([]);
    expect(bot.look(next).text).not.toContain(occupied);
    await bot.click(lea, next, "decline");
    await bot.fastForward(10 * second);
    expect(since().filter((heard) => heard.includes("Balie"))).not.toEqual([]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("is asked when they take back what they pressed by mistake", async () => {
    await using bot = await start({
      sources: {
        buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" },
        chat: { type: "teams", policy: "building", channel: "frontdesk" },
      },
    });
    const said = await bot.type(paul, "alarm");
    await bot.press("Balie");
    const since = follow(bot, paul);
    await bot.fastForward(2 * second);
    expect(since().join()).not.toContain("Balie");
    const oops = said.actions.find(({ title }) => /ongeluk/i.test(title ?? ""));
    await bot.clickInChat(paul, oops?.title ?? "", said);
    await bot.fastForward(5 * second);
    expect(since().join()).toContain("Balie");
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

it("a start knows who is at another alarm", async () => {
  await using bot = await start();
  const first = await press(bot, "Kelder");
  await bot.click(bob, first, "arrive");
  await press(bot, "field-paul", "Dorpsstraat 1");
  await bot.restart();
  const since = [follow(bot, paul), follow(bot, bob)];
  expect((await press(bot, "Balie")).text).toContain(line("occupied", bob, paul));
  expect(since.map((each) => each())).toEqual([[], []]);
  bot.desk.ignoreRest();
});

describe("who presses after others have, and before it is their turn to be rung", () => {
  it("gets no message of many alarms together, and no mention of them; each of them says so", async () => {
    await using bot = await start();
    for (const button of ["Balie", "Kelder", "Hal"]) await bot.press(button);
    const waiting: string[] = [];
    for (let number = 1; number <= 3; number += 1)
      waiting.push((await bot.press(`tag-${number}`, { place: `Kamer ${number}z` })).incident ?? "");
    await bot.press("field-paul", { place: "Dorpsstraat 1" });
    const since = [follow(bot, paul), follow(bot, bob)];
    await bot.fastForward(10 * second);
    const [silent, rung] = since.map((each) => each().join());
    expect(silent).toBe("");
    expect(rung).not.toBe("");
    for (const incident of waiting) {
      expect((await deliveriesOf(bot, incident)).toSorted()).toEqual([alice.name, bob.name]);
      expect(await bot.history(incident)).toContainEqual(
        expect.stringContaining(nl.otherAlarm.withheld.message(paul.name)),
      );
      const found = await bot.read((reader) => reader.loadIncident(incident));
      expect(found?.messaged?.map(({ name }) => name).toSorted()).toEqual([alice.name, bob.name]);
    }
    bot.desk.ignoreRest();
  });

  it("is not messaged when that was refused before", async () => {
    await using bot = await start();
    bot.teams.forbid("blocked", paul);
    await bot.press("Balie");
    await bot.press("field-paul", { place: "Dorpsstraat 1" });
    bot.teams.allow(paul);
    const since = follow(bot, paul);
    await bot.fastForward(20 * second);
    expect(since()).toEqual([]);
    bot.desk.ignoreRest();
  });

  it("is not mentioned by a card that was late, nor by what follows it", async () => {
    await using bot = await start();
    bot.teams.fail("card", { kind: "status", status: 503, where: frontdesk });
    await bot.press("Balie");
    await bot.press("field-paul", { place: "Dorpsstraat 1" });
    const since = [follow(bot, paul), follow(bot, alice)];
    bot.teams.fail("card", null);
    await bot.fastForward(10 * second);
    const [silent, rung] = since.map((each) => each());
    expect(silent).toEqual([]);
    expect(rung).not.toEqual([]);
    bot.desk.ignoreRest();
  });

  it("is not named as not reached by a mention that is refused for good", async () => {
    await using bot = await start();
    const card = await press(bot, "Balie");
    for (const route of ["card", "reply"] as const)
      bot.teams.fail(route, { kind: "status", status: 403, where: frontdesk });
    await bot.press("Balie");
    await bot.press("field-paul", { place: "Dorpsstraat 1" });
    await bot.fastForward(40 * second);
    for (const route of ["card", "reply"] as const) bot.teams.fail(route, null);
    await bot.fastForward(20 * second);
    const { text } = bot.look(card);
    expect(text).toContain(line("notMentioned", alice, bob));
    const failed = (await bot.history(card.incident)).filter((said) =>
      said.includes(nl.thread.notMentioned("", "").slice(0, 20)),
    );
    expect(failed.join()).toContain(bob.name);
    expect(failed.join()).not.toContain(paul.name);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("has no new card in their chat either", async () => {
    await using bot = await start();
    bot.teams.fail("card", { kind: "status", status: 503, where: bot.teams.chatOf(paul) });
    await bot.press("Balie");
    await bot.fastForward(second);
    await bot.press("field-paul", { place: "Dorpsstraat 1" });
    const since = follow(bot, paul);
    bot.teams.fail("card", null);
    await bot.fastForward(minute);
    expect(since()).toEqual([]);
    bot.desk.ignoreRest();
  });

  it("is not called", async () => {
    await using twilio = await startTwilio();
    await using bot = await start();
    const { pagers } = bot.settings as { pagers: object };
    const account = { accountSid, authToken, from: "+31850000000", to: "+31612345678" };
    const steps = [
      { after: "0s", tell: "frontdesk" },
      { after: "30s", call: "on-duty", by: "calls" },
      { after: "60s", page: "desk" },
    ];
    await bot.restart({
      pagers: { ...pagers, calls: { type: "twilio-voice", baseUrl: twilio.baseUrl, ...account } },
      policies: { building: { ...building, steps } },
      people: people.map((person, index) => ({ ...person, phone: `+3160000000${index}` })),
    });
    await bot.press("Balie");
    await bot.fastForward(10 * second);
    await bot.press("field-paul", { place: "Dorpsstraat 1" });
    await bot.fastForward(25 * second);
    expect(twilio.orders.map(({ form }) => form.To).toSorted()).toEqual(["+31600000000", "+31600000001"]);
    const card = await bot.expectCard("Balie");
    expect(card.text).toContain(line("occupied", paul));
    const called = nl.thread.called([alice.name, bob.name].join(", "));
    expect(await bot.history(card.incident)).toContainEqual(expect.stringContaining(called));
    bot.desk.ignoreRest();
  });
});

it("cards from memory mention nobody who is at another alarm, also where that is in memory alone", async () => {
  await using bot = await start();
  await press(bot, "field-paul", "Dorpsstraat 1");
  const first = await press(bot, "Hal");
  using _held = bot.holdDisk();
  const mentionedFor = async (button: string) => {
    expect((await bot.press(button, { place: button })).status).toBe(503);
    const { posted } = await bot.expectCard(button);
    await bot.fastForward(3 * second);
    return mentionedOn(posted.shown[0]?.attachments?.[0]?.content);
  };
  expect(await mentionedFor("Balie")).toEqual([alice.aadObjectId, bob.aadObjectId]);
  expect(await mentionedFor("field-alice")).toEqual([bob.aadObjectId]);
  await bot.click(bob, first, "arrive");
  expect(await mentionedFor("Kelder")).toEqual([]);
  bot.desk.ignoreRest();
});

it("nor do mentions that follow many cards from memory", async () => {
  await using bot = await start();
  using _held = bot.holdDisk();
  for (const button of ["Balie", "Kelder", "Hal", "een", "twee"]) await bot.press(button, { place: button });
  await bot.press("field-paul", { place: "Dorpsstraat 1" });
  const since = [follow(bot, paul), follow(bot, bob)];
  await bot.fastForward(5 * second);
  const [silent, rung] = since.map((each) => each());
  expect(silent).toEqual([]);
  expect(rung).not.toEqual([]);
  bot.desk.ignoreRest();
});
