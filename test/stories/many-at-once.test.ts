import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import type { Colleague, Message } from "../fakes/teams.ts";
import { listMentioned } from "../fakes/teams-mentions.ts";
import { alice, type Bot, backOffice, bob, frontdesk, minute, second, sourceSecret, startBot } from "../harness.ts";

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
const mentions = ({ teamsId, aadObjectId }: Colleague, { body }: Pick<Message, "body">) =>
  listMentioned(body).some(({ id }) => id === teamsId || id === aadObjectId);

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
    await bot.fastForward(30 * second);
    for (const [place, at] of pressedAt) expect((postedAt.get(place) ?? Number.NaN) - at).toBeLessThan(10 * second);
    bot.desk.expectNothing();
    bot.phone.expectNothing();
    for (const colleague of onDuty) {
      const direct = bot.teams.direct.filter(({ to }) => to === colleague.teamsId);
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
    // Security comes for those whose card is not there.
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
