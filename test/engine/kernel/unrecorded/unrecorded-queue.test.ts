import { expect, it } from "vitest";
import { UnrecordedQueue } from "../../../../bot/engine/kernel/unrecorded/unrecorded-queue.ts";
import { toProgress, type Waiting } from "../../../../bot/engine/kernel/unrecorded/waiting.ts";
import { openKernel, second } from "../../open-kernel.ts";

/** A queue on a real file, and what of it was written, in that order. */
async function openQueue() {
  await using stack = new AsyncDisposableStack();
  const base = stack.use(await openKernel());
  const queue = new UnrecordedQueue(base.kernel, base.handler);
  const written: string[] = [];
  const faults: string[] = [];
  const givenUp: string[] = [];
  const held = stack.move();
  return {
    ...base,
    queue,
    written,
    faults,
    givenUp,
    /** What is waiting, said so many milliseconds ago; `failures`: how often it fails by itself. */
    build(
      name: string,
      { ago = 0, by = null, failures = 0 }: { ago?: number; by?: string | null; failures?: number } = {},
    ) {
      let left = failures;
      const receivedAt = base.kernel.clock.now() - ago;
      const work: Waiting["work"] = async () => {
        left -= 1;
        if (left >= 0) throw new Error("a fault of ours");
        return { commits: [], onDone: () => void written.push(name) };
      };
      const lines = by === null ? [] : [by];
      const waiting: Waiting = {
        ...{ kind: "answer", closes: null, receivedAt, holds: lines, waitsFor: lines, work },
        onFault: () => void faults.push(name),
        onGivenUp: () => void givenUp.push(name),
        ...toProgress(receivedAt, false),
      };
      return waiting;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

it("writes what was said first first, whenever it was refused, and waits for nothing then", async () => {
  await using bot = await openQueue();
  for (const [name, ago] of [
    ["second", 5],
    ["third", 1],
    ["first", 9],
  ] as const)
    bot.queue.add(bot.build(name, { ago }));
  await bot.pass(second);
  expect(bot.written).toEqual(["first", "second", "third"]);
  expect(bot.kernel.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
});

it("writes sixteen in one transaction at most, because each takes of a disk that is nearly full", async () => {
  await using bot = await openQueue();
  let most = 0;
  for (let count = 0; count < 40; count += 1) {
    const waiting = bot.build(String(count));
    const work: Waiting["work"] = (tx) => {
      most = Math.max(most, count + 1 - bot.written.length);
      return waiting.work(tx);
    };
    bot.queue.add({ ...waiting, work });
  }
  await bot.pass(second);
  expect([most, bot.written.length]).toEqual([16, 40]);
});

it("holds back what a person said after what can't be written by itself, and nobody else, and tries that again", async () => {
  await using bot = await openQueue();
  bot.queue.add(bot.build("promise", { ago: 5, by: "alice", failures: 2 }));
  bot.queue.add(bot.build("arrival", { ago: 4, by: "alice" }));
  bot.queue.add(bot.build("help", { ago: 3 }));
  bot.queue.add(bot.build("another", { ago: 2, by: "bob" }));
  await bot.pass(second);
  expect(bot.written).toEqual(["help", "another"]);
  await bot.pass(3 * second);
  expect(bot.written).toEqual(["help", "another", "promise", "arrival"]);
  expect(bot.faults).toEqual(["promise"]);
});

it("waits for a write of its own that is under way still, and no longer than that is refused", async () => {
  await using bot = await openQueue();
  const waiting = bot.build("late");
  waiting.isBeingWritten = true;
  bot.queue.add(waiting);
  await bot.pass(2 * second);
  expect(bot.written).toEqual([]);
  bot.queue.noteRefused(waiting);
  await bot.pass(second);
  expect(bot.written).toEqual(["late"]);
});

it("says once that the disk takes nothing, and once more when it does so again", async () => {
  await using bot = await openQueue();
  const refusals = () => bot.lines.filter((line) => line.startsWith("kept-not-written")).length;
  for (const times of [1, 2]) {
    bot.queue.add(bot.build("kept"));
    {
      using _disk = bot.holdDisk();
      await bot.pass(5 * second);
    }
    await bot.pass(second);
    expect([refusals(), bot.written.length]).toEqual([times, times]);
  }
});

it("tries all of it at once when the process ends, also what waits for its moment", async () => {
  await using bot = await openQueue();
  bot.queue.add(bot.build("kept", { failures: 3 }));
  await bot.pass(4 * second);
  await bot.queue[Symbol.asyncDispose]();
  expect(bot.written).toEqual(["kept"]);
  expect(bot.givenUp).toEqual([]);
});

it("goes on trying for 15 s when the process ends, whatever kind it is, and in its order", async () => {
  await using bot = await openQueue();
  for (const [name, kind, ago] of [
    ["answer", "answer", 1],
    ["end", "end", 3],
    ["press", "press", 5],
  ] as const)
    bot.queue.add({ ...bot.build(name, { ago }), kind });
  let stopping: Promise<void>;
  {
    using _disk = bot.holdDisk();
    stopping = bot.queue[Symbol.asyncDispose]();
    await bot.pass(13 * second);
  }
  await bot.pass(second);
  await stopping;
  expect([bot.written, bot.givenUp]).toEqual([["press", "end", "answer"], []]);
  expect(bot.kernel.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
});

it("gives up after 15 s what the disk does not take, of each by its kind", async () => {
  await using bot = await openQueue();
  for (const name of ["first", "second"]) bot.queue.add(bot.build(name));
  using _disk = bot.holdDisk();
  const begun = bot.kernel.clock.now();
  const stopping = bot.queue[Symbol.asyncDispose]().then(() => bot.kernel.clock.now() - begun);
  await bot.pass(17 * second);
  expect(await stopping).toBe(15 * second);
  expect(bot.givenUp).toEqual(["first", "second"]);
});

it("waits for a write of its own that is under way when the process ends, and no longer", async () => {
  await using bot = await openQueue();
  const waiting = bot.build("late");
  waiting.isBeingWritten = true;
  bot.queue.add(waiting);
  const stopping = bot.queue[Symbol.asyncDispose]();
  await bot.settle();
  bot.queue.remove(waiting);
  await stopping;
  expect([bot.written, bot.givenUp]).toEqual([[], []]);
});
