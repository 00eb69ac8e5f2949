import fc from "fast-check";
import { expect, it } from "vitest";
import { type Alarm, toAlarm } from "../../../../bot/domain/alarm.ts";
import { second } from "../../open-kernel.ts";
import { openUnrecorded, toState } from "./open-unrecorded.ts";

it("writes a refused press first, under the id that its card bears, as old as it is; sent again it is a duplicate", async () => {
  await using bot = await openUnrecorded();
  bot.held.isDown = true;
  await bot.refuse(bot.press("0042", "one"));
  const pressedAt = bot.kernel.clock.now();
  await bot.pass(600 * second);
  await bot.refuse(bot.press("0042", "one"));
  expect(new Set(bot.raised.map(({ incident }) => incident)).size).toBe(1);
  bot.held.isDown = false;
  const [receipt] = await bot.take(bot.press("0042", "one"));
  expect(receipt).toEqual({ incident: bot.raised[0]?.incident, outcome: "duplicate" });
  expect(await bot.listOpen()).toMatchObject([{ id: bot.raised[0]?.incident, openedAt: pressedAt, presses: 1 }]);
  expect(bot.presses.list(bot.kernel.clock.now())).toEqual([]);
});

it("writes it before another press of that button, which joins it", async () => {
  await using bot = await openUnrecorded();
  bot.held.isDown = true;
  await bot.refuse(bot.press("0042", null));
  bot.held.isDown = false;
  const [receipt] = await bot.take(bot.press("0042", null));
  expect(receipt).toEqual({ incident: bot.raised[0]?.incident, outcome: "repeated" });
  expect(await bot.listOpen()).toMatchObject([{ presses: 2 }]);
});

it("costs nobody else anything where one can't be written, and tries that again", async () => {
  await using bot = await openUnrecorded();
  bot.held.isDown = true;
  await bot.refuse(bot.press("0042", "one"));
  await bot.refuse(bot.press("0051", "two"));
  bot.held.isDown = false;
  bot.held.broken = 1;
  expect(await bot.take(bot.press("0060", "three"))).toMatchObject([{ outcome: "opened" }]);
  expect((await bot.listOpen()).map(({ button }) => button).toSorted()).toEqual(["0051", "0060"]);
  expect(bot.lines.filter((line) => line.startsWith("press-not-written"))).toHaveLength(1);
  await bot.take(bot.press("0060", "four"));
  expect((await bot.listOpen()).map(({ button }) => button)).not.toContain("0042");
  await bot.pass(second);
  await bot.take(bot.press("0060", "five"));
  expect((await bot.listOpen()).map(({ button }) => button)).toContain("0042");
});

it("tries one that failed by itself again at its moment, also where nobody writes anything then", async () => {
  await using bot = await openUnrecorded();
  bot.held.isDown = true;
  await bot.refuse(bot.press("0042", "one"));
  bot.held.isDown = false;
  await bot.pass(600 * second);
  expect((await bot.listOpen()).map(({ button }) => button)).toEqual(["0042"]);
});

it("drops no press that nobody has yet", async () => {
  await using bot = await openUnrecorded();
  bot.held.isDown = true;
  for (let count = 0; count <= 1_000; count += 1) await bot.refuse(bot.press(`b-${count}`, `press-${count}`));
  const [first] = bot.raised;
  expect(first && bot.presses.has(first)).toBe(true);
});

it("writes all of them before a new press, and of each button its first press before any second one", async () => {
  await using bot = await openUnrecorded();
  bot.held.isDown = true;
  await bot.refuse(bot.press("0042", "only"));
  for (let count = 0; count < 1_000; count += 1) await bot.refuse(bot.press(`b-${count % 500}`, `press-${count}`));
  bot.held.isDown = false;
  await bot.take(bot.press("0060", "three"));
  const open = async () =>
    (await bot.kernel.store.read((reader) => reader.listOpen(2_000))).map(({ button }) => button);
  expect(await open()).toHaveLength(502);
  expect(await open()).toContain("0042");
});

it("keeps the first of a button and its newest, and says what falls away", async () => {
  await using bot = await openUnrecorded();
  bot.held.isDown = true;
  const begun = bot.kernel.clock.now();
  for (let count = 0; count < 8; count += 1) {
    await bot.refuse(bot.press("0042", `press-${count}`));
    await bot.pass(second);
  }
  expect(bot.lines.filter((line) => line.startsWith("press-not-kept"))).toHaveLength(3);
  bot.held.isDown = false;
  await bot.take(bot.press("0060", "another"));
  const [, incident] = await bot.listOpen();
  expect(incident).toMatchObject({ openedAt: begun, lastPressAt: begun + 7 * second, presses: 5 });
});

it("writes a press that the disk kept waiting, once, and no second time when it is sent again", async () => {
  await using bot = await openUnrecorded();
  const { promise: disk, resolve: goOn } = Promise.withResolvers<void>();
  const hanging = bot.handler.writeLate(async () => {
    await disk;
    return { value: null, commits: [] };
  });
  const taking = bot.take(bot.press("0042", null)).catch((error: Error) => error.message);
  await bot.pass(5 * second - 1, 2);
  bot.kernel.clock.to(bot.kernel.clock.now() + 1);
  expect(await taking).toBe("the storage did not answer in time");
  const again = bot.take(bot.press("0042", null));
  goOn();
  await hanging;
  expect(await again).toEqual([{ incident: bot.raised[0]?.incident, outcome: "repeated" }]);
  expect(await bot.listOpen()).toMatchObject([{ id: bot.raised[0]?.incident, presses: 2 }]);
  expect(bot.presses.list(bot.kernel.clock.now())).toEqual([]);
});

it("brings each card from memory to its alarm, also where another one can't be", async () => {
  await using bot = await openUnrecorded();
  bot.held.isDown = true;
  await bot.refuse(bot.press("0042", "one"));
  await bot.refuse(bot.press("0051", "two"));
  const [broken, whole] = bot.raised.map(({ incident }) => ({
    ...{ incident, conversation: "19:alarms", serviceUrl: "https://teams", activity: incident },
    ...{ postedAt: bot.kernel.clock.now(), rung: [], isTagRung: false },
  }));
  if (broken === undefined || whole === undefined) throw new Error("nothing went out");
  let tries = 0;
  Object.defineProperty(broken, "rung", {
    get() {
      tries += 1;
      if (tries === 1) throw new Error("a fault of ours");
      return [];
    },
  });
  bot.cards.add(broken);
  bot.held.isDown = false;
  await bot.take(bot.press("0060", "three"));
  bot.cards.add(whole);
  await bot.take(bot.press("0060", "once more"));
  expect([...bot.cards]).toEqual([broken]);
  await bot.pass(10 * second);
  await bot.take(bot.press("0060", "four"));
  expect([...bot.cards]).toEqual([]);
});

it("writes what it keeps with its last breath, and says what it could not", async () => {
  for (const isDown of [false, true]) {
    await using bot = await openUnrecorded();
    bot.held.isDown = true;
    await bot.refuse(bot.press("0042", "one"));
    bot.held.isDown = isDown;
    await bot.stop();
    expect(await bot.listOpen()).toHaveLength(isDown ? 0 : 1);
    expect(bot.lines.filter((line) => line.startsWith("press-not-kept"))).toHaveLength(isDown ? 1 : 0);
  }
});

it("notes when a button was seen, of a press once it is on disk, and no older news than is known", async () => {
  await using bot = await openUnrecorded();
  const pressedAt = bot.kernel.clock.now();
  bot.held.isDown = true;
  await bot.refuse({ ...bot.press("0042", "one"), battery: 0.5 });
  await bot.pass(second);
  await bot.take(toAlarm("heartbeat", { button: "0042", battery: 0.4 }));
  await bot.refuse(toState(false, "off", "0051"));
  expect((await bot.lastSeen.all()).filter(({ button }) => button === "0051")).toMatchObject([{ kind: "heartbeat" }]);
  const ofPress = (await bot.lastSeen.all()).filter(({ button }) => button === "0042");
  expect(ofPress.map(({ kind }) => kind).toSorted()).toEqual(["battery", "heartbeat"]);
  bot.held.isDown = false;
  await bot.take(bot.press("0060", "another"));
  const seen = (await bot.lastSeen.all()).filter(({ button }) => button === "0042");
  expect(seen).toContainEqual(expect.objectContaining({ kind: "press", at: pressedAt }));
  expect(seen).toContainEqual(expect.objectContaining({ kind: "battery", battery: 0.4 }));
});

const aMove = fc.oneof(
  fc.record({ press: fc.nat(2), hasId: fc.boolean() }),
  fc.record({ again: fc.nat(9) }),
  fc.record({ isDown: fc.boolean() }),
  fc.record({ broken: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ pass: fc.integer({ min: 1, max: 90 }) }),
);

it("in any order of presses, failures and retries: one alarm for each button, and no press that the disk takes is refused", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aMove, { minLength: 4, maxLength: 25 }), async (moves) => {
      await using bot = await openUnrecorded();
      const refused: Alarm[] = [];
      const pressed = new Map<string, number>();
      const take = async (alarm: Alarm) => {
        if (!pressed.has(alarm.button)) pressed.set(alarm.button, bot.kernel.clock.now());
        if (!bot.held.isDown) return expect(await bot.take(alarm)).toMatchObject([{ incident: expect.any(String) }]);
        await bot.refuse(alarm);
        refused.push(alarm);
      };
      for (const [count, move] of moves.entries()) {
        if ("press" in move) await take(bot.press(`b-${move.press}`, move.hasId ? `id-${count}` : null));
        else if ("again" in move) {
          const alarm = refused[move.again];
          if (alarm !== undefined) await take({ ...alarm });
        } else if ("pass" in move) await bot.pass(move.pass * second);
        else Object.assign(bot.held, move);
      }
      bot.held.isDown = false;
      bot.held.broken = 0;
      await bot.pass(61 * second);
      await take(bot.press("b-last", "last"));
      const open = await bot.listOpen();
      expect(open.map(({ button }) => button).toSorted()).toEqual([...pressed.keys()].toSorted());
      expect(bot.presses.list(bot.kernel.clock.now())).toEqual([]);
      for (const { source, button } of bot.raised)
        expect(open.filter((each) => each.source === source && each.button === button)).toHaveLength(1);
    }),
    { numRuns: 60 },
  );
}, 120_000);
