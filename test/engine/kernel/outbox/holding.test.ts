import { describe, expect, it } from "vitest";
import { done, type SendOutcome } from "../../../../bot/ports/send-outcome.ts";
import { leaseMs } from "../../../../bot/ports/timing.ts";
import { begunAt, second, turn } from "../../open-kernel.ts";
import { holdSendings, openOutbox, unreachable } from "./open-outbox.ts";

const sending = { send: async () => done };

it("sends nothing of what its sender drops, and tells nobody of it", async () => {
  await using held = await openOutbox({ ...sending, before: async () => "drop" });
  await held.enqueue(["page"]);
  await held.pass(2 * leaseMs);
  expect([held.tries, held.results, await held.waiting()]).toEqual([[], [], 0]);
});

it("asks anew about what was wanted again while its sender dropped it", async () => {
  const asked: number[] = [];
  await using held = await openOutbox({
    ...sending,
    async before({ revision }) {
      asked.push(revision);
      if (revision > 1) return "send";
      await held.enqueue(["page"]);
      return "drop";
    },
  });
  await held.enqueue(["page"]);
  await held.settle();
  expect(asked).toEqual([1, 2]);
  expect(held.tries).toEqual([{ key: "page", atMs: 0 }]);
  expect(await held.waiting()).toBe(0);
});

it("sends once more what was wanted again, however often, while it was under way", async () => {
  const { send, end } = holdSendings();
  await using held = await openOutbox({ send });
  await held.enqueue(["page"]);
  await held.settle(1);
  for (const key of ["page", "page"]) await held.enqueue([key]);
  await held.pass(2 * second, 1);
  expect(held.tries).toHaveLength(1);
  end("page");
  while (held.tries.length < 2) await held.settle(1);
  end("page");
  await held.pass(2 * leaseMs);
  expect(held.tries).toEqual([
    { key: "page", atMs: 0 },
    { key: "page", atMs: 2 * second },
  ]);
  expect(await held.waiting()).toBe(0);
});

it("finds what a dead process left behind when its lease ends, and not before", async () => {
  await using held = await openOutbox(sending);
  await held.leaveBehind("page");
  await held.pass(leaseMs - 1);
  expect(held.tries).toEqual([]);
  await held.pass(1);
  expect(held.tries).toEqual([{ key: "page", atMs: leaseMs }]);
  expect(await held.waiting()).toBe(0);
});

it("brings forward what waits in one lane, and in no other", async () => {
  await using held = await openOutbox({ send: () => Promise.reject(unreachable), waitMs: () => 30 * second });
  await held.enqueue(["card"], "alarm");
  await held.enqueue(["page"], "pager:desk");
  await held.settle();
  await held.outbox.bringForward("alarm");
  await held.settle();
  expect(held.tries.map(({ key }) => key)).toEqual(["card", "page", "card"]);
});

it("goes on in one lane while another one hangs", async () => {
  const { send, end } = holdSendings();
  await using held = await openOutbox({ send: (row) => (row.key === "hangs" ? send(row) : Promise.resolve(done)) });
  await held.enqueue(["hangs", "waits"], "pager:desk");
  await held.enqueue(["first", "second"], "alarm");
  await held.settle(2);
  expect(held.tries.map(({ key }) => key).toSorted()).toEqual(["first", "hangs", "second"]);
  end("hangs");
  await held.settle();
  expect(held.tries.at(-1)?.key).toBe("waits");
});

it("asks what a card shows when that is recorded, because it may be otherwise since it was sent", async () => {
  using disk = new DisposableStack();
  let shown: number | null = 1;
  await using held = await openOutbox({
    async send() {
      disk.use(held.holdDisk());
      return { ...done, shown: () => shown };
    },
  });
  await held.enqueue(["card"], "alarm");
  await held.pass(leaseMs);
  shown = null;
  disk.dispose();
  await held.pass(second);
  expect(held.results).toMatchObject([{ shown: null }]);
});

it("records what was sent as soon as the disk takes it again, and sends it no second time", async () => {
  using disk = new DisposableStack();
  await using held = await openOutbox({
    async send() {
      disk.use(held.holdDisk());
      return done;
    },
  });
  await held.enqueue(["page"]);
  await held.pass(2 * leaseMs);
  expect(held.lines.filter((line) => line.startsWith("outbox-not-recorded"))).toHaveLength(1);
  expect(held.results).toEqual([]);
  expect(await held.waiting()).toBe(1);
  disk.dispose();
  await held.pass(second);
  expect(held.results).toHaveLength(1);
  expect(await held.waiting()).toBe(0);
  await held.pass(2 * leaseMs);
  expect(held.tries).toEqual([{ key: "page", atMs: 0 }]);
});

it("sends what was wanted again meanwhile", async () => {
  using disk = new DisposableStack();
  await using held = await openOutbox({
    async send() {
      if (held.tries.length > 1) return done;
      await held.enqueue(["page"]);
      disk.use(held.holdDisk());
      return done;
    },
  });
  await held.enqueue(["page"]);
  await held.pass(5 * second);
  disk.dispose();
  await held.pass(2 * second);
  expect(held.tries).toHaveLength(2);
  expect(await held.waiting()).toBe(0);
});

it("sends again under the same key what can't be recorded for another reason, when its lease has ended", async () => {
  await using held = await openOutbox({
    send: async () => done,
    async after() {
      if (held.tries.length === 1) throw new Error("a fault of ours");
      return [];
    },
  });
  await held.enqueue(["page"]);
  await held.settle();
  expect(held.lines.filter((line) => line.startsWith("outbox-not-recorded"))).toHaveLength(1);
  await held.pass(leaseMs - 1);
  expect(held.tries).toHaveLength(1);
  await held.pass(leaseMs);
  expect(held.tries).toEqual([
    { key: "page", atMs: 0 },
    { key: "page", atMs: leaseMs },
  ]);
  expect(await held.waiting()).toBe(0);
});

it("begins nothing more when it stops, and leaves it on disk", async () => {
  const { send, end } = holdSendings();
  await using held = await openOutbox({ send });
  await held.enqueue(["first", "second"]);
  await held.settle(2);
  const stopping = held.outbox[Symbol.asyncDispose]();
  end("first");
  await stopping;
  await held.pass(leaseMs);
  expect(held.tries.map(({ key }) => key)).toEqual(["first"]);
  expect(await held.waiting()).toBe(1);
});

it("passes on a page that is due while the disk takes nothing, but none that was sent already", async () => {
  await using held = await openOutbox({ send: async () => done });
  await held.leaveBehind("left-behind");
  using disk = new DisposableStack();
  await using other = await openOutbox({
    async send() {
      if (other.tries.length === 1) disk.use(other.holdDisk());
      return done;
    },
  });
  await other.leaveBehind("left-behind");
  await other.enqueue(["sent"]);
  await other.pass(2 * leaseMs);
  expect([...other.passedOn.keys()]).toEqual(["left-behind"]);
  await held.pass(2 * leaseMs);
  expect([...held.passedOn.keys()]).toEqual([]);
  expect(held.tries).toHaveLength(1);
});

it("passes on a page that is to be tried again while a read hangs, and no other waits for it", async () => {
  await using held = await openOutbox({ send: () => Promise.reject(unreachable) }, 2);
  await held.enqueue(["first", "second"]);
  await held.settle();
  const { store } = held.kernel;
  const read = store.read.bind(store);
  const gone = Promise.withResolvers<never>();
  let reads = 0;
  store.read = () => {
    reads += 1;
    return gone.promise;
  };
  const { clock } = held.kernel;
  for (let count = 0; count < 15; count += 1) {
    clock.to(clock.now() + second);
    for (let turns = 0; turns < 10; turns += 1) await turn();
  }
  expect([...held.passedOn.keys()]).toEqual(["first", "second"]);
  // One look, and one for what has to be read to be passed on.
  expect(reads).toBe(2);
  store.read = read;
  gone.reject(new Error("cut off"));
  await held.settle();
});

describe("what calls somebody, while the disk takes nothing", () => {
  it.each([
    ["is passed on when its next try is due", { kind: "card" }, "alarm", [["row", 1]]],
    ["and what only informs waits", { kind: "board" }, "board", []],
  ] as const)("%s", async (_, outgoing, lane, passedOn) => {
    await using held = await openOutbox({ send: () => Promise.reject(unreachable) });
    await held.enqueue(["row"], lane, outgoing);
    await held.settle();
    using _disk = held.holdDisk();
    await held.pass(4 * second);
    expect([...held.passedOn]).toEqual(passedOn);
    expect(held.tries).toHaveLength(1);
  });

  it("is passed on when it was held back, and not before", async () => {
    const at = begunAt + 10 * second;
    await using held = await openOutbox({ send: async () => ({ kind: "again", at }) });
    await held.enqueue(["row"], "alarm", { kind: "card" });
    await held.settle();
    using _disk = held.holdDisk();
    await held.pass(9 * second);
    expect([...held.passedOn.keys()]).toEqual([]);
    await held.pass(2 * second);
    expect([...held.passedOn.keys()]).toEqual(["row"]);
  });

  it("is passed on where its turn came too late for its lease", async () => {
    await using held = await openOutbox({ send: async () => done });
    using disk = new DisposableStack();
    await held.enqueue(["row"], "alarm", { kind: "card" }, second);
    disk.use(held.holdDisk());
    await held.pass(2 * second);
    expect([held.tries, ...held.passedOn]).toEqual([[], ["row", 0]]);
  });

  it("is told of once tried, whatever came of it", async () => {
    const outcomes: Record<string, () => Promise<SendOutcome>> = {
      sent: async () => done,
      more: async () => ({ kind: "again", at: begunAt }),
      failed: () => Promise.reject(unreachable),
    };
    using disk = new DisposableStack();
    await using held = await openOutbox({ send: ({ key }) => outcomes[key]?.() ?? Promise.reject(unreachable) }, 3);
    await held.enqueue(Object.keys(outcomes), "alarm", { kind: "card" });
    disk.use(held.holdDisk());
    await held.pass(6 * second);
    expect(Object.fromEntries(held.untold)).toEqual({ sent: "done", more: "again", failed: "failed" });
  });
});
