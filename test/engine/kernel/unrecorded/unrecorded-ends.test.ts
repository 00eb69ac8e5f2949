import { describe, expect, it } from "vitest";
import { toAlarm } from "../../../../bot/domain/alarm.ts";
import { second } from "../../open-kernel.ts";
import { openUnrecorded, toState } from "./open-unrecorded.ts";

/** A button whose state is on, and whose alarm was closed meanwhile. */
async function openClosed() {
  const bot = await openUnrecorded();
  await bot.take(toState(false, "off"));
  await bot.take(toState(true, "on"));
  const [first] = await bot.listOpen();
  await bot.resolve(first?.id);
  return bot;
}

it("a state that was kept is a press, and no reason to take the next one for it", async () => {
  await using bot = await openUnrecorded();
  await bot.take(toState(false, "off"));
  bot.held.isDown = true;
  await bot.refuse(toState(true, "on"));
  await bot.refuse(toState(false, "off again"));
  bot.held.isDown = false;
  await bot.take(bot.press("0060", "another"));
  const [first] = (await bot.listOpen()).filter(({ button }) => button === "0042");
  expect(first).toMatchObject({ presses: 1 });
  await bot.resolve(first?.id);
  await bot.pass(600 * second);
  expect(await bot.take(toState(true, "next"))).toMatchObject([{ outcome: "opened" }]);
});

describe("the end of a state that was refused, of a source that says it once", () => {
  it("is written first, so that the next time it is on is a press", async () => {
    await using bot = await openClosed();
    bot.held.isDown = true;
    await bot.refuse(toState(false, "off again"));
    bot.held.isDown = false;
    expect(await bot.take(toState(true, "on again"))).toMatchObject([{ outcome: "opened" }]);
    await bot.pass(60 * second);
    // Written once, and not over what was said since.
    expect(await bot.take(toState(true, "still on"))).toMatchObject([{ outcome: "seen" }]);
  });

  it("makes a press of the next time it is on, also where that is kept", async () => {
    await using bot = await openClosed();
    bot.held.isDown = true;
    await bot.refuse(toState(false, "off again"));
    await bot.pass(600 * second);
    await bot.refuse(toState(true, "on again"));
    expect(bot.raised.map(({ button }) => button)).toEqual(["0042"]);
    bot.held.isDown = false;
    await bot.take(bot.press("0060", "another"));
    expect((await bot.listOpen()).map(({ button }) => button)).toContain("0042");
  });

  it("counts before a kept press, and is written as the process stops", async () => {
    await using bot = await openClosed();
    bot.held.isDown = true;
    await bot.refuse(toState(false, "off again"));
    await bot.pass(second);
    await bot.refuse(toState(true, "on again"));
    await bot.pass(second);
    await bot.refuse(toState(false, "off at last"));
    bot.held.isDown = false;
    await bot.stop();
    expect(await bot.listOpen()).toMatchObject([{ id: bot.raised[0]?.incident, presses: 1 }]);
    await bot.resolve(bot.raised[0]?.incident);
    expect(await bot.take(toState(true, "and on"))).toMatchObject([{ outcome: "opened" }]);
    expect(bot.lines.filter((line) => line.startsWith("end-not-kept"))).toEqual([]);
  });

  it("counts also while it can't be written by itself", async () => {
    await using bot = await openClosed();
    bot.held.isDown = true;
    await bot.refuse(toState(false, "off again"));
    bot.held.isDown = false;
    bot.held.broken = 1;
    await bot.pass(second / 2);
    expect(await bot.take(toState(true, "on again"))).toMatchObject([{ outcome: "opened" }]);
    expect(bot.lines.filter((line) => line.startsWith("press-not-written"))).toHaveLength(1);
    const [again] = await bot.listOpen();
    await bot.resolve(again?.id);
    // Written late it is older than what was said since.
    await bot.pass(60 * second);
    expect(bot.ends.all).toEqual([]);
    expect(await bot.take(toState(true, "still on"))).toMatchObject([{ outcome: "seen" }]);
  });

  it("is kept as the first and the newest of each, and says what falls away", async () => {
    await using bot = await openUnrecorded();
    bot.held.isDown = true;
    for (const id of ["one", "two", "three"]) await bot.refuse(toState(false, id));
    expect(bot.ends.all.map(({ alarm }) => alarm.id)).toEqual(["one", "three"]);
    for (let count = 0; count < 2_000; count += 1)
      bot.ends.keep("buttons", { ...toState(false, "off"), button: `b-${count}` }, 0, Promise.reject(new Error()));
    expect(bot.ends.all).toHaveLength(2_000);
    expect(bot.lines.filter((line) => line.startsWith("end-not-kept"))).toHaveLength(2);
  });

  it("makes the next time it is on a press that may be a repetition, also where it had to fall away", async () => {
    await using bot = await openClosed();
    bot.held.isDown = true;
    await bot.refuse(toState(false, "off again"));
    for (let count = 0; count < 2_000; count += 1)
      bot.ends.keep(
        "buttons",
        toState(false, "off", `b-${count}`),
        bot.kernel.clock.now(),
        Promise.reject(new Error()),
      );
    expect(bot.lines.filter((line) => line.startsWith("end-not-kept"))).toHaveLength(1);
    bot.held.isDown = false;
    expect(await bot.take(toState(true, "on again"))).toMatchObject([{ outcome: "opened" }]);
    expect(await bot.listOpen()).toMatchObject([{ button: "0042", mayBeRepeat: true }]);
    expect(await bot.take(toState(true, "still on"))).toMatchObject([{ outcome: "seen" }]);
  });

  it("is given up with a line where the disk never comes back", async () => {
    await using bot = await openUnrecorded();
    bot.held.isDown = true;
    await bot.refuse(toState(false, "off"));
    await bot.stop();
    expect(bot.lines.filter((line) => line.startsWith("end-not-kept"))).toMatchObject([
      expect.stringContaining('"why":"stopped"'),
    ]);
    expect(bot.lines.filter((line) => line.startsWith("kept-not-written"))).toHaveLength(1);
  });
});

describe("a state that goes on after its alarm was closed, and went out from memory", () => {
  async function openOn() {
    const bot = await openClosed();
    expect(await bot.take(toState(true, "still on"))).toMatchObject([{ incident: null, outcome: "seen" }]);
    return bot;
  }

  it("opens an alarm that may be a repetition, on the card that went out", async () => {
    await using bot = await openOn();
    bot.held.isDown = true;
    await bot.refuse(toState(true, "and on"));
    bot.held.isDown = false;
    await bot.take(bot.press("0060", "another"));
    const [, incident] = await bot.listOpen();
    expect(incident).toMatchObject({ id: bot.raised[0]?.incident, button: "0042", mayBeRepeat: true });
  });

  it("also where the disk hung once it was decided that it changes nothing", async () => {
    await using bot = await openOn();
    const goOn = bot.holdSync();
    const taking = bot.take(toState(true, "and on")).catch((error: Error) => error.message);
    await bot.pass(5 * second - 1, 1);
    bot.kernel.clock.to(bot.kernel.clock.now() + 1);
    expect(await taking).toBe("the storage did not answer in time");
    goOn();
    await bot.settle();
    await bot.take(bot.press("0060", "another"));
    expect(await bot.listOpen()).toMatchObject([{}, { id: bot.raised[0]?.incident, mayBeRepeat: true }]);
    expect(bot.presses.list(bot.kernel.clock.now())).toEqual([]);
  });
});

it("writes a refused cancel of the press that was kept with it, and none over a press after it", async () => {
  await using bot = await openUnrecorded();
  bot.held.isDown = true;
  await bot.refuse(bot.press("0042", "one"));
  await bot.pass(second);
  await bot.refuse(toAlarm("cancel", { button: "0042", id: "two" }));
  const cancelledAt = bot.kernel.clock.now();
  await bot.pass(second);
  bot.held.isDown = false;
  await bot.take(bot.press("0060", "another"));
  expect(await bot.listOpen()).toMatchObject([{ button: "0060" }, { button: "0042", cancelledAt }]);
  await bot.settle();
  bot.held.isDown = true;
  await bot.refuse(toAlarm("cancel", { button: "0060", id: "three" }));
  await bot.pass(second);
  bot.held.isDown = false;
  bot.held.broken = 1;
  await bot.take(bot.press("0060", "four"));
  await bot.pass(second);
  expect(bot.ends.all).toEqual([]);
  await bot.take(bot.press("0051", "five"));
  expect(await bot.listOpen()).toMatchObject([{}, { button: "0060", presses: 2, cancelledAt: null }, {}]);
});

it("writes the end of a state also late, behind the press that the disk kept waiting", async () => {
  await using bot = await openUnrecorded();
  const { promise: disk, resolve: goOn } = Promise.withResolvers<void>();
  const hanging = bot.handler.writeLate(async () => {
    await disk;
    return { value: null, commits: [] };
  });
  const taking = [toState(true, "on"), toState(false, "off")].map((alarm) =>
    bot.take(alarm).catch((error: Error) => error.message),
  );
  await bot.pass(5 * second - 1, 3);
  bot.kernel.clock.to(bot.kernel.clock.now() + 1);
  expect(new Set(await Promise.all(taking))).toEqual(new Set(["the storage did not answer in time"]));
  goOn();
  await hanging;
  await bot.settle();
  const [first] = await bot.listOpen();
  await bot.resolve(first?.id);
  expect(await bot.take(toState(true, "next"))).toMatchObject([{ outcome: "opened" }]);
});
