import fc from "fast-check";
import { expect, it } from "vitest";
import { type Alarm, toAlarm } from "../../../../bot/domain/alarm.ts";
import type { Press } from "../../../../bot/domain/incident/command.ts";
import { Alarms } from "../../../../bot/engine/kernel/alarms.ts";
import { Occupations } from "../../../../bot/engine/kernel/incidents/occupations.ts";
import { LastSeenBuffer } from "../../../../bot/engine/kernel/last-seen-buffer.ts";
import { UnrecordedPresses } from "../../../../bot/engine/kernel/unrecorded/unrecorded-presses.ts";
import { UnrecordedWriter } from "../../../../bot/engine/kernel/unrecorded/unrecorded-writer.ts";
import { openKernel, second } from "../../open-kernel.ts";

/** Takes alarms on a real file; `isDown`: nothing is written, `broken`: so many kept presses fail by themselves. */
async function openCase() {
  await using stack = new AsyncDisposableStack();
  const base = stack.use(await openKernel());
  const { kernel, handler, directory, hash, policy } = base;
  await kernel.store.write((tx) => tx.savePolicy(hash, policy));
  const presses = new UnrecordedPresses(new Occupations(), kernel.log);
  const raised: Press[] = [];
  const unstored = { raise: (press: Press) => void raised.push(press) };
  const lastSeen = stack.use(new LastSeenBuffer(kernel));
  const alarms = new Alarms(kernel, { handler, directory, lastSeen, presses, unstored });
  const held = { isDown: false, broken: 0 };
  const takeKeptIn: Alarms["takeKeptIn"] = (...each) => {
    held.broken -= 1;
    if (held.broken >= 0) throw new Error("a fault of ours");
    return alarms.takeKeptIn(...each);
  };
  const teams = { listUnstored: () => [], forgetUnstored: () => undefined };
  const writer = stack.use(new UnrecordedWriter(kernel, { handler, alarms: { takeKeptIn }, presses, teams }));
  const write = kernel.store.write.bind(kernel.store);
  kernel.store.write = (work) => (held.isDown ? Promise.reject(new Error("disk full")) : write(work));
  const all = stack.move();
  const press = (button: string, id: string | null): Alarm => toAlarm("press", { button, id });
  return {
    ...base,
    presses,
    raised,
    held,
    writer,
    press,
    take: (alarm: Alarm) => alarms.take("buttons", [alarm], kernel.clock.now()),
    listOpen: () => kernel.store.read((reader) => reader.listOpen(100)),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

it("writes a refused press first, under the id that its card bears, as old as it is; sent again it is a duplicate", async () => {
  await using bot = await openCase();
  bot.held.isDown = true;
  await expect(bot.take(bot.press("0042", "one"))).rejects.toThrow("disk full");
  const pressedAt = bot.kernel.clock.now();
  await bot.pass(600 * second);
  await expect(bot.take(bot.press("0042", "one"))).rejects.toThrow("disk full");
  expect(new Set(bot.raised.map(({ incident }) => incident)).size).toBe(1);
  bot.held.isDown = false;
  const [receipt] = await bot.take(bot.press("0042", "one"));
  expect(receipt).toEqual({ incident: bot.raised[0]?.incident, outcome: "duplicate" });
  expect(await bot.listOpen()).toMatchObject([{ id: bot.raised[0]?.incident, openedAt: pressedAt, presses: 1 }]);
  expect(bot.presses.list(bot.kernel.clock.now())).toEqual([]);
});

it("writes it before another press of that button, which joins it", async () => {
  await using bot = await openCase();
  bot.held.isDown = true;
  await bot.take(bot.press("0042", null)).catch(() => null);
  bot.held.isDown = false;
  const [receipt] = await bot.take(bot.press("0042", null));
  expect(receipt).toEqual({ incident: bot.raised[0]?.incident, outcome: "repeated" });
  expect(await bot.listOpen()).toMatchObject([{ presses: 2 }]);
});

it("costs nobody else anything where one can't be written, and tries that again", async () => {
  await using bot = await openCase();
  bot.held.isDown = true;
  await bot.take(bot.press("0042", "one")).catch(() => null);
  await bot.take(bot.press("0051", "two")).catch(() => null);
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

it("writes them some at a time, and of each button its first press before any second one", async () => {
  await using bot = await openCase();
  bot.held.isDown = true;
  await bot.take(bot.press("0042", "only")).catch(() => null);
  for (let count = 0; count < 1_000; count += 1)
    await bot.take(bot.press(`b-${count % 500}`, `press-${count}`)).catch(() => null);
  bot.held.isDown = false;
  await bot.take(bot.press("0060", "three"));
  const open = async () =>
    (await bot.kernel.store.read((reader) => reader.listOpen(2_000))).map(({ button }) => button);
  expect(await open()).toHaveLength(17);
  expect(await open()).toContain("0042");
  await bot.settle();
  expect(await open()).toHaveLength(502);
});

it("a state that was kept is a press, and no reason to take the next one for it", async () => {
  await using bot = await openCase();
  const toState = (kind: "still-pressed" | "heartbeat", id: string) =>
    toAlarm(kind, { button: "0042", id, state: { name: null, run: null, isOn: kind === "still-pressed" } });
  await bot.take(toState("heartbeat", "off"));
  bot.held.isDown = true;
  await bot.take(toState("still-pressed", "on")).catch(() => null);
  await bot.take(toState("heartbeat", "off again")).catch(() => null);
  bot.held.isDown = false;
  await bot.take(bot.press("0060", "another"));
  const [first] = (await bot.listOpen()).filter(({ button }) => button === "0042");
  expect(first).toMatchObject({ presses: 1 });
  const by = { id: "lea", name: "Lea" };
  await bot.handler.handle(first?.id ?? "", { kind: "resolve", by, outcome: "real", isLead: true });
  await bot.pass(600 * second);
  expect(await bot.take(toState("still-pressed", "next"))).toMatchObject([{ outcome: "opened" }]);
});

it("writes the end of a state also late, behind the press that the disk kept waiting", async () => {
  await using bot = await openCase();
  const toState = (kind: "still-pressed" | "heartbeat", id: string) =>
    toAlarm(kind, { button: "0042", id, state: { name: null, run: null, isOn: kind === "still-pressed" } });
  const { promise: disk, resolve: goOn } = Promise.withResolvers<void>();
  const hanging = bot.handler.writeLate(async () => {
    await disk;
    return { value: null, commits: [] };
  });
  const taking = [toState("still-pressed", "on"), toState("heartbeat", "off")].map((alarm) =>
    bot.take(alarm).catch((error: Error) => error.message),
  );
  await bot.pass(5 * second - 1, 3);
  bot.kernel.clock.to(bot.kernel.clock.now() + 1);
  expect(new Set(await Promise.all(taking))).toEqual(new Set(["the storage did not answer in time"]));
  goOn();
  await hanging;
  await bot.settle();
  const [first] = await bot.listOpen();
  const by = { id: "lea", name: "Lea" };
  await bot.handler.handle(first?.id ?? "", { kind: "resolve", by, outcome: "real", isLead: true });
  expect(await bot.take(toState("still-pressed", "next"))).toMatchObject([{ outcome: "opened" }]);
});

it("keeps the first of a button and its newest, and says what falls away", async () => {
  await using bot = await openCase();
  bot.held.isDown = true;
  const begun = bot.kernel.clock.now();
  for (let count = 0; count < 8; count += 1) {
    await bot.take(bot.press("0042", `press-${count}`)).catch(() => null);
    await bot.pass(second);
  }
  expect(bot.lines.filter((line) => line.startsWith("press-not-kept"))).toHaveLength(3);
  bot.held.isDown = false;
  await bot.take(bot.press("0060", "another"));
  const [, incident] = await bot.listOpen();
  expect(incident).toMatchObject({ openedAt: begun, lastPressAt: begun + 7 * second, presses: 5 });
});

it("writes a press that the disk kept waiting, once, and no second time when it is sent again", async () => {
  await using bot = await openCase();
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

it("writes what it keeps with its last breath, and says what it could not", async () => {
  for (const isDown of [false, true]) {
    await using bot = await openCase();
    bot.held.isDown = true;
    await bot.take(bot.press("0042", "one")).catch(() => null);
    bot.held.isDown = isDown;
    await bot.writer[Symbol.asyncDispose]();
    expect(await bot.listOpen()).toHaveLength(isDown ? 0 : 1);
    expect(bot.lines.filter((line) => line.startsWith("press-not-kept"))).toHaveLength(isDown ? 1 : 0);
  }
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
      await using bot = await openCase();
      const refused: Alarm[] = [];
      const pressed = new Map<string, number>();
      const take = async (alarm: Alarm) => {
        if (!pressed.has(alarm.button)) pressed.set(alarm.button, bot.kernel.clock.now());
        if (!bot.held.isDown) return expect(await bot.take(alarm)).toMatchObject([{ incident: expect.any(String) }]);
        await expect(bot.take(alarm)).rejects.toThrow("disk full");
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
