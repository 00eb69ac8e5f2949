import { expect, it } from "vitest";
import type { FailedTry, Sender } from "../../../../bot/engine/kernel/outbox/sender.ts";
import { DeliveryError } from "../../../../bot/errors.ts";
import { done } from "../../../../bot/ports/send-outcome.ts";
import type { OutboxRow } from "../../../../bot/ports/store/outbox.ts";
import { begunAt, second } from "../../open-kernel.ts";
import { openOutbox, unreachable } from "./open-outbox.ts";

const minute = 60 * second;
const failing = { send: () => Promise.reject(unreachable) };

/** How long each try waited for the one before it. */
function toWaits(tries: readonly { atMs: number }[]): number[] {
  return tries.slice(1).map(({ atMs }, index) => atMs - (tries[index]?.atMs ?? 0));
}

it("waits 1, 2, 4 … 30 s, and each try carries the same key", async () => {
  await using held = await openOutbox(failing);
  await held.enqueue(["page"]);
  await held.pass(2.5 * minute);
  const spread = (toWaits(held.tries)[0] ?? 0) - second;
  expect(toWaits(held.tries).map((ms) => (ms - spread) / second)).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
  expect(new Set(held.tries.map(({ key }) => key))).toEqual(new Set(["page"]));
  expect(held.sendings.list()).toEqual([{ kind: "page", pager: "desk", result: "unreachable", count: 9 }]);
});

it("waits 1, 4, 16, 60 s where each try may have been taken, without end", async () => {
  const taken = new DeliveryError("unreachable", "the connection was reset", { mayHaveArrived: true });
  await using held = await openOutbox({ send: () => Promise.reject(taken) });
  await held.enqueue(["page"]);
  await held.pass(4.5 * minute);
  expect(toWaits(held.tries).map((ms) => Math.floor(ms / second))).toEqual([1, 4, 16, 60, 60, 60, 60]);
});

it("spreads what failed at the same moment over a quarter of a second, by the row", async () => {
  const keys = Array.from({ length: 20 }, (_, index) => `page-${index}`);
  const moments: number[] = [];
  const retry = ({ nextAt }: FailedTry) => moments.push(nextAt - begunAt) > 0;
  await using held = await openOutbox({ ...failing, retry }, keys.length);
  await held.enqueue(keys);
  await held.settle();
  expect(new Set(moments).size).toBe(keys.length);
  expect(Math.min(...moments)).toBeGreaterThanOrEqual(second);
  expect(Math.max(...moments)).toBeLessThan(1.25 * second);
});

const waits: readonly [what: string, asked: number | null, sender: Partial<Sender>, waited: number][] = [
  ["as long as the other side asks", 40 * second, {}, 40 * second],
  ["a minute at most, whatever it asks", 90 * second, {}, minute],
  ["as long as the sender says", null, { waitMs: () => 7 * second }, 7 * second],
  ["a minute at most, whatever the sender says", null, { waitMs: () => 90 * second }, minute],
  ["for the other side rather than for the sender", 3 * second, { waitMs: () => 7 * second }, 3 * second],
];

it.each(waits)("waits %s", async (_what, retryAfterMs, sender, waited) => {
  const failure = new DeliveryError("throttled", "come back later", { retryAfterMs });
  await using held = await openOutbox({ ...sender, send: () => Promise.reject(failure) });
  await held.enqueue(["page"]);
  await held.pass(waited - 1);
  expect(held.tries).toHaveLength(1);
  await held.pass(1);
  expect(toWaits(held.tries)).toEqual([waited]);
});

it("gives up when its sender says so, who knows how often it failed, why, and when the next try would be", async () => {
  const asked: FailedTry[] = [];
  await using held = await openOutbox({
    ...failing,
    waitMs: () => second,
    retry: (failed) => asked.push(failed) < 3,
  });
  await held.enqueue(["page"]);
  await held.pass(minute);
  const failed = (attempts: number) => ({ attempts, failure: unreachable, nextAt: begunAt + attempts * second });
  expect(asked).toEqual([failed(1), failed(2), failed(3)]);
  expect(held.results.map(({ isRetried }) => isRetried)).toEqual([true, true, false]);
  expect(await held.waiting()).toBe(0);
});

it("is told of anything else that is thrown as of nobody being there", async () => {
  const thrown = new TypeError("undefined is not a function");
  await using held = await openOutbox({ send: () => Promise.reject(thrown), retry: () => false });
  await held.enqueue(["page"]);
  await held.settle();
  expect(held.results).toMatchObject([{ failure: { reason: "unreachable", cause: thrown }, isRetried: false }]);
});

it("comes back at the moment the sender names, counts no attempt, and is over only after that", async () => {
  const attempts: number[] = [];
  const outcomes = [{ kind: "again", at: begunAt + 5 * second }, done] as const;
  await using held = await openOutbox({
    send: async (row: OutboxRow) => outcomes[attempts.push(row.attempts) - 1] ?? Promise.reject(unreachable),
  });
  await held.enqueue(["page"]);
  await held.pass(5 * second - 1);
  expect(held.results).toEqual([]);
  await held.pass(minute);
  expect(held.tries.map(({ atMs }) => atMs)).toEqual([0, 5 * second]);
  expect(attempts).toEqual([0, 0]);
  expect(held.results).toMatchObject([{ atMs: 5 * second, failure: null }]);
  expect(held.sendings.list()).toEqual([{ kind: "page", pager: "desk", result: "sent", count: 1 }]);
  expect(await held.waiting()).toBe(0);
});

it("writes what a sender remembers with the row, or neither", async () => {
  let fails = true;
  await using held = await openOutbox({
    send: async () => ({ kind: "done", record: (tx) => tx.saveSetting("probe", "page", "sent") }),
    async after() {
      if (fails) throw new Error("the incident could not be written");
      return [];
    },
  });
  const remembered = () => held.kernel.store.read((reader) => reader.loadSetting("probe", "page"));
  await held.enqueue(["page"]);
  await held.settle();
  expect([await remembered(), await held.waiting()]).toEqual([null, 1]);
  fails = false;
  await held.pass(minute);
  expect([await remembered(), await held.waiting()]).toEqual(["sent", 0]);
});
