import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import type { Colleague, Message } from "../fakes/teams.ts";
import { alice, type Bot, backOffice, bob, frontdesk, minute, second, sourceSecret, startBot } from "../harness.ts";
import { mentions } from "../rings-of.ts";

const others = Array.from({ length: 8 }, (_, at): Colleague => {
  const number = String(at + 1).padStart(2, "0");
  const aadObjectId = `00000000-0000-4000-9000-0000000000${number}`;
  return { name: `Collega ${number}`, aadObjectId, teamsId: `29:other-${number}` };
});
const onDuty = [alice, bob, ...others];
const people = onDuty.map(({ name, aadObjectId: id }) => ({ name, id, onDuty: "always" }));
// No place is a part of another.
const toPlace = (number: number) => `Kamer ${number}z`;
const shows = (place: string, { body }: Pick<Message, "body">) => JSON.stringify(body).includes(place);

/** A bot with ten people on duty, whom it has got to know. */
async function startWithTen(): Promise<Bot> {
  const bot = await startBot({ settings: { people, buttons: [] } });
  for (const colleague of others) bot.teams.roster.join(colleague);
  await bot.fastForward(minute);
  return bot;
}

/** What stands in the channel and makes that colleague's devices ring. */
function mentioning(bot: Bot, colleague: Colleague): readonly Message[] {
  const { cards, texts, replies } = bot.teams;
  return [...cards, ...texts, ...replies].filter((message) => mentions(colleague, message));
}

describe("forty buttons within a second, and ten people on duty", () => {
  it("have all their cards within ten seconds, and ring everybody for each of them, in both ways, a few times", async () => {
    await using bot = await startWithTen();
    const postedAt = new Map<string, number>();
    bot.teams.onActivity = (route, message) => {
      if (route !== "card") return;
      const place = /Kamer \d+z/.exec(JSON.stringify(message.body))?.[0] ?? "";
      postedAt.set(place, bot.clock.now());
    };
    const pressedAt = new Map<string, number>();
    for (let number = 1; number <= 40; number += 1) {
      pressedAt.set(toPlace(number), bot.clock.now());
      await bot.press(`field-${number}`, { place: toPlace(number) });
      await bot.fastForward(second / 40);
    }
    // What is left waits for time alone, because Teams takes no more in that channel now.
    const { full, nextAt } = await bot.settle();
    expect(full.map(({ what }) => what)).toContain(frontdesk);
    expect(nextAt).toBeLessThanOrEqual(Math.max(...full.map(({ freeAt }) => freeAt)));
    await bot.fastForward(30 * second);
    for (const [place, at] of pressedAt) expect((postedAt.get(place) ?? Number.NaN) - at).toBeLessThan(10 * second);
    bot.desk.expectNothing();
    bot.phone.expectNothing();
    for (const colleague of onDuty) {
      const direct = bot.teams.told.filter(({ to }) => to === colleague.teamsId);
      const inChannel = mentioning(bot, colleague);
      expect(direct.length, `messages to ${colleague.name}`).toBeLessThanOrEqual(6);
      expect(inChannel.length, `mentions of ${colleague.name}`).toBeLessThanOrEqual(6);
      for (const place of pressedAt.keys()) {
        expect(
          direct.some((each) => shows(place, each)),
          `a message to ${colleague.name} names ${place}`,
        ).toBe(true);
        const isMentioned = inChannel.some((each) => shows(place, each));
        expect(isMentioned, `a mention of ${colleague.name} names ${place}`).toBe(true);
      }
    }
    for (const card of bot.teams.cards) expect(bot.look(card).text).not.toContain(nl.card.label.unreached);
    expect(bot.lines.filter(({ event }) => event === "delivery-failed")).toEqual([]);
    const incidents = await bot.read((reader) => reader.listOpen(100));
    const states = new Set(incidents.flatMap(({ deliveries }) => deliveries.map(({ state }) => state)));
    expect([...states]).toEqual(["accepted"]);
  });

  it("say so for each alarm when a person can't be messaged", async () => {
    await using bot = await startWithTen();
    bot.teams.forbid("blocked", bob);
    for (let number = 1; number <= 10; number += 1) await bot.press(`field-${number}`, { place: toPlace(number) });
    await bot.fastForward(40 * second);
    const incidents = await bot.read((reader) => reader.listOpen(100));
    for (const { deliveries } of incidents) {
      const failed = deliveries.filter(({ state }) => state === "failed").map(({ person }) => person.name);
      expect(failed).toEqual([bob.name]);
    }
  });
});

describe("an alarm that is over before its turn to ring with others", () => {
  it("rings nobody any more, in neither way", async () => {
    await using bot = await startWithTen();
    for (let number = 1; number <= 3; number += 1) await bot.press(`field-${number}`, { place: toPlace(number) });
    const waiting: string[] = [];
    for (let number = 4; number <= 6; number += 1) {
      const { incident } = await bot.press(`field-${number}`, { place: toPlace(number) });
      waiting.push(incident ?? "");
    }
    await bot.click(alice, waiting[1] ?? "", "arrive");
    await bot.click(alice, waiting[1] ?? "", "resolve", "false");
    await bot.fastForward(5 * second);
    const said = [...bot.teams.told.filter(({ to }) => to === bob.teamsId), ...mentioning(bot, bob)];
    expect(said.filter((each) => shows(toPlace(5), each))).toEqual([]);
    for (const number of [4, 6])
      expect(said.filter((each) => shows(toPlace(number), each)).length).toBeGreaterThanOrEqual(2);
  });

  it("and what is said of the others is what is so then", async () => {
    await using bot = await startWithTen();
    const alarms: string[] = [];
    for (let number = 1; number <= 6; number += 1)
      alarms.push((await bot.press(`field-${number}`, { place: toPlace(number) })).incident ?? "");
    await bot.click(alice, alarms[4] ?? "", "claim");
    await bot.fastForward(5 * second);
    const shared = bot.teams.told.filter((each) => each.to === bob.teamsId && shows(toPlace(5), each));
    expect(shared.map(({ body }) => body.text)).toEqual([
      expect.stringContaining(`**${toPlace(5)}**: ${nl.card.headline.coming(1)}`),
    ]);
  });
});

describe("while the disk takes nothing", () => {
  it("nobody is rung for each alarm by itself either, and everybody for each of them", async () => {
    await using bot = await startWithTen();
    using _held = bot.holdDisk();
    for (let number = 1; number <= 20; number += 1) await bot.press(`field-${number}`, { place: toPlace(number) });
    await bot.fastForward(20 * second);
    expect(bot.teams.cards).toHaveLength(20);
    for (const colleague of onDuty) {
      const rung = mentioning(bot, colleague);
      expect(rung.length, `mentions of ${colleague.name}`).toBeLessThanOrEqual(8);
      for (let number = 1; number <= 20; number += 1)
        expect(rung.filter((each) => shows(toPlace(number), each)).length).toBe(1);
    }
    bot.desk.ignoreRest();
  });

  it("whom Teams does not know keeps no other from it, and of a long roster nobody is left out", async () => {
    const more = Array.from({ length: 15 }, (_, at): Colleague => {
      const number = String(at + 11);
      const aadObjectId = `00000000-0000-4000-9000-0000000000${number}`;
      return { name: `Collega ${number}`, aadObjectId, teamsId: `29:other-${number}` };
    });
    const long = [...onDuty, ...more];
    const stranger = { name: "Niemand", id: "00000000-0000-4000-8000-000000000099", onDuty: "always" };
    const listed = long.map(({ name, aadObjectId: id }) => ({ name, id, onDuty: "always" }));
    await using bot = await startBot({ settings: { people: [stranger, ...listed], buttons: [] } });
    for (const colleague of [...others, ...more]) bot.teams.roster.join(colleague);
    using _held = bot.holdDisk();
    await bot.press("field-1", { place: toPlace(1) });
    await bot.fastForward(20 * second);
    expect(bot.teams.cards).toHaveLength(1);
    for (const colleague of long) expect(mentioning(bot, colleague), colleague.name).toHaveLength(1);
    bot.desk.ignoreRest();
  });

  it("what waited for its turn to ring goes out, and nobody is rung for it again once it can be recorded", async () => {
    await using bot = await startWithTen();
    for (let number = 1; number <= 8; number += 1) await bot.press(`field-${number}`, { place: toPlace(number) });
    {
      using _held = bot.holdDisk();
      await bot.fastForward(20 * second);
      for (const colleague of onDuty)
        for (let number = 1; number <= 8; number += 1)
          expect(bot.teams.told.some((each) => each.to === colleague.teamsId && shows(toPlace(number), each))).toBe(
            true,
          );
    }
    await bot.fastForward(90 * second);
    expect(bot.teams.cards).toHaveLength(8);
    for (const colleague of onDuty) {
      const direct = bot.teams.told.filter(({ to }) => to === colleague.teamsId);
      for (const said of [direct, mentioning(bot, colleague)])
        for (let number = 1; number <= 8; number += 1)
          expect(said.filter((each) => shows(toPlace(number), each))).toHaveLength(1);
    }
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

describe("what Teams is too busy for", () => {
  const settings = {
    sources: {
      buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" },
      elsewhere: { type: "webhook", secret: sourceSecret, policy: "elsewhere", channel: "back-office" },
    },
    policies: {
      building: {
        repeatEvery: "3m",
        steps: [
          { after: "0s", tell: "frontdesk" },
          { after: "60s", page: "desk" },
        ],
      },
      elsewhere: {
        repeatEvery: "3m",
        steps: [
          { after: "0s", tell: "back-office" },
          { after: "60s", page: "desk" },
        ],
      },
    },
  };

  it("in one channel keeps no card from another", async () => {
    await using bot = await startBot({ settings });
    bot.teams.fail("card", { kind: "status", status: 429, retryAfter: "30", times: 1 });
    for (let number = 1; number <= 12; number += 1) await bot.press(`field-${number}`, { place: toPlace(number) });
    bot.expectNoCard();
    await bot.press("field-90", { place: "Kelder" }, "elsewhere");
    const card = await bot.expectCard("Kelder");
    expect(card.posted.conversation).toBe(backOffice);
    // Security comes for those whose card is not there, and is told why: Teams is there, and takes no more.
    await bot.fastForward(10 * second);
    for (let number = 1; number <= 12; number += 1) {
      const page = await bot.desk.expectPage("teams-busy");
      const told = await bot.guardPage(page);
      expect(told).toContain(nl.guardView.reason["teams-busy"]);
      expect(told).not.toContain(nl.guardView.reason["teams-unreachable"]);
    }
    await bot.fastForward(25 * second);
    const late = bot.teams.cards.filter(({ conversation }) => conversation === frontdesk);
    expect(late).toHaveLength(12);
    await bot.fastForward(30 * second);
    for (const each of late) {
      const { thread } = bot.look(each);
      expect(thread).toContainEqual(expect.stringContaining(nl.thread.teamsBusy));
      expect(thread).toContainEqual(expect.stringContaining(nl.thread.why["teams-busy"]));
      expect(thread).not.toContainEqual(expect.stringContaining(nl.thread.why["teams-unreachable"]));
    }
  });

  it("never is a card, whatever was said in that second", async () => {
    await using bot = await startBot();
    await bot.press("0051");
    const first = await bot.expectCard("Balie");
    await bot.fastForward(10 * second);
    for (let times = 0; times < 7; times += 1) await bot.click(alice, first, times % 2 === 0 ? "claim" : "decline");
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(10 * second);
    expect(bot.look(first).thread).toHaveLength(7);
  });
});
