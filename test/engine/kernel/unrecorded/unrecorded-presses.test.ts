import { describe, expect, it } from "vitest";
import { type Alarm, toAlarm } from "../../../../bot/domain/alarm.ts";
import { AnswerBuffer } from "../../../../bot/engine/incident/answer-buffer.ts";
import { OpenIncidents } from "../../../../bot/engine/kernel/open/open-incidents.ts";
import { second } from "../../open-kernel.ts";
import { unstoredNothing } from "../../unstored-nothing.ts";
import { openUnrecorded } from "./open-unrecorded.ts";

const paul = { id: "paul", name: "Paul" };

/** Paul presses, without saying where he is. */
function byPaul(via: "chat" | "visit", id = "by-paul"): Alarm {
  return toAlarm("press", { button: paul.id, id, colleague: { ...paul, via, isPlaceTyped: false, isEdited: false } });
}

describe("whom a kept press keeps from other alarms (rule 7)", () => {
  it("is elsewhere since they pressed, and where nobody knows where that is, lost", async () => {
    await using bot = await openUnrecorded();
    const at = bot.kernel.clock.now();
    bot.held.isDown = true;
    await bot.refuse(byPaul("chat"));
    expect(bot.occupations.isOccupied(paul, "i-1", at)).toBe(true);
    expect(bot.occupations.findElsewhere(paul, "i-1")).toEqual({ since: null, thereSince: null, lostSince: at });
  });

  it("takes back nothing that they said where it is a visit that nobody ended: they did nothing then", async () => {
    await using bot = await openUnrecorded();
    bot.held.isDown = true;
    await bot.refuse(byPaul("visit"));
    expect(bot.occupations.isOccupied(paul, "i-1", bot.kernel.clock.now())).toBe(true);
    expect(bot.occupations.findElsewhere(paul, "i-1")).toBeNull();
  });

  it("is so no more once it is on disk in another alarm, and that is over", async () => {
    await using bot = await openUnrecorded();
    await bot.take(byPaul("chat", "before"));
    bot.held.isDown = true;
    await bot.refuse(byPaul("chat"));
    bot.held.isDown = false;
    await bot.take(bot.press("0060", "another"));
    const [, own] = await bot.listOpen();
    expect(own).toMatchObject({ presses: 2 });
    // Nobody notes in this test what is on disk.
    expect(bot.occupations.isOccupied(paul, "i-1", bot.kernel.clock.now())).toBe(false);
  });
});

describe("where more is pressed than is kept", () => {
  it("drops first what a pager or Teams has, and of a button what says nothing of where it is", async () => {
    await using bot = await openUnrecorded();
    bot.held.isDown = true;
    for (let count = 0; count < 1_000; count += 1) await bot.refuse(bot.press(`b-${count}`, `press-${count}`));
    const third = bot.raised[2];
    if (third === undefined) throw new Error("nothing went out");
    bot.presses.noteOut(third);
    await bot.refuse(bot.press("b-1000", "one more"));
    expect(bot.raised.filter((press) => !bot.presses.has(press))).toEqual([third]);
  });

  it("keeps no more than twice as many where nobody has any of them", async () => {
    await using bot = await openUnrecorded();
    bot.held.isDown = true;
    for (let count = 0; count < 2_001; count += 1) await bot.refuse(bot.press(`b-${count}`, `press-${count}`));
    expect(bot.raised.filter((press) => !bot.presses.has(press))).toEqual([bot.raised[0]]);
  });

  it("keeps of one button its first press, its newest, and what it said of where it is", async () => {
    await using bot = await openUnrecorded();
    bot.held.isDown = true;
    const toTyped = (id: string, place: string | null) => {
      const colleague = { ...paul, via: "chat", isPlaceTyped: place !== null, isEdited: false } as const;
      return toAlarm("press", { button: paul.id, id, place, colleague });
    };
    for (const place of [null, "Zolder", null, null, null, null, null]) {
      await bot.refuse(toTyped(`at-${bot.kernel.clock.now()}`, place));
      await bot.pass(second);
    }
    expect(bot.presses.all.map(({ press }) => press.place)).toEqual([null, "Zolder", null, null, null]);
  });
});

it("has one card where its sender tries again while it can't be written by itself", async () => {
  await using bot = await openUnrecorded();
  bot.held.isDown = true;
  await bot.refuse(bot.press("0042", "one"));
  bot.held.isDown = false;
  bot.held.broken = 1;
  const [receipt] = await bot.take(bot.press("0042", "one"));
  expect(receipt).toMatchObject({ incident: bot.raised[0]?.incident, outcome: "opened" });
  await bot.pass(2 * second);
  expect(await bot.listOpen()).toMatchObject([{ presses: 1 }]);
  expect(bot.presses.all).toEqual([]);
});

it("shuts nobody out who says the same after each press, and the newest counts", async () => {
  await using bot = await openUnrecorded();
  const { kernel, handler, queue } = bot;
  const [receipt] = await bot.take(bot.press("0042", "first"));
  const answers = new AnswerBuffer(kernel, handler, queue, new OpenIncidents(kernel.clock), unstoredNothing);
  const incident = receipt?.incident ?? "";
  bot.held.isDown = true;
  for (let times = 0; times < 8; times += 1) {
    const request = { kind: "arrive", by: paul } as const;
    expect(await answers.submit({ incident, who: paul.id, request })).toBe("buffered");
    await bot.pass(second);
    if (times < 7) await bot.refuse(bot.press("0042", `again-${times}`));
    await bot.pass(second);
  }
  bot.held.isDown = false;
  await bot.pass(second);
  expect(await bot.listOpen()).toMatchObject([{ responders: [{ person: paul, state: "there" }] }]);
});
