import { expect, it } from "vitest";
import { toReadyPager } from "../../../adapters/index.ts";
import { toDirectory } from "../../../bot/config/directory.ts";
import { createHandler } from "../../../bot/engine/kernel/handle.ts";
import { type Delivery, startOutbox } from "../../../bot/engine/kernel/outbox.ts";
import { DeliveryError } from "../../../bot/errors.ts";
import type { Log } from "../../../bot/log.ts";
import { openStore } from "../../../bot/store/store.ts";
import { load } from "../../config/small.ts";
import { page } from "../../contracts/pager-contract.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { startDesk } from "../../fakes/desk.ts";
import { createPagerHost } from "../../fakes/pager-host.ts";
import { newDatabase } from "../../store/new-database.ts";

const second = 1_000;
const secret = "een-lang-geheim-voor-de-desk";
const begunAt = Date.UTC(2026, 10, 24, 9);
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** An outbox on a real file, with one slot, before a pager that does not listen to its signal. */
async function openDeaf() {
  await using stack = new AsyncDisposableStack();
  const clock = new FakeClock(begunAt);
  const store = stack.use(await openStore({ url: `sqlite:${newDatabase()}`, log: silent }));
  const handler = createHandler({ store, clock, directory: toDirectory(load(), new Set(), () => null), log: silent });
  const desk = stack.use(await startDesk({ secret, now: clock.now }));
  const ready = stack.use(toReadyPager("webhook", { url: desk.url, secret }, createPagerHost(clock)));
  const never = new AbortController();
  const failures: { key: string; at: number; error: DeliveryError | null }[] = [];
  const delivery: Delivery = {
    before: async () => "send",
    async send({ key }) {
      await ready.page({ ...page, key, page: key }, never.signal);
      return { kind: "done" };
    },
    after({ key }, error) {
      failures.push({ key, at: clock.now() - begunAt, error });
      return null;
    },
    isRetried: () => false,
  };
  const timeoutOf = () => 10 * second;
  const outbox = startOutbox({ store, clock, handler, delivery, log: silent, boundOf: () => 1, timeoutOf });
  stack.defer(() => never.abort());
  const held = stack.move();

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    clock,
    desk,
    outbox,
    failures,
    until,
    async enqueue(...keys: string[]) {
      const rows = keys.map((key) => {
        const outgoing = { kind: "page", pager: "desk", page: key, reason: "unclaimed" } as const;
        return { key, lane: "pager:desk", incident: "", outgoing, dueAt: clock.now() } as const;
      });
      await handler.write(async (tx) => {
        const enqueued = await tx.enqueue(rows, clock.now() + 60 * second);
        return { value: null, committed: [{ rows: enqueued, nextAt: null }] };
      });
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

it("gives up a sending that does not listen a second after its time was up, and its slot goes to the next", async () => {
  await using held = await openDeaf();
  const { clock, desk, failures, until } = held;
  desk.answerWith({ kind: "hang" });
  await held.enqueue("first", "second");
  await until(() => desk.hanging === 1);
  clock.to(begunAt + 10.9 * second);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(failures).toEqual([]);
  desk.answerWith({ kind: "ok" });
  clock.to(begunAt + 11 * second);
  await until(() => failures.length === 2);
  expect(failures).toMatchObject([
    { key: "first", at: 11 * second, error: { reason: "unreachable" } },
    { key: "second", at: 11 * second, error: null },
  ]);
  expect(failures[0]?.error).toBeInstanceOf(DeliveryError);
  desk.ignoreRest();
  await held.outbox[Symbol.asyncDispose]();
});

it("does not wait for it when it stops", async () => {
  await using held = await openDeaf();
  const { clock, desk, until } = held;
  desk.answerWith({ kind: "hang" });
  await held.enqueue("first");
  await until(() => desk.hanging === 1);
  const stopping = held.outbox[Symbol.asyncDispose]();
  clock.to(begunAt + 11 * second);
  await stopping;
  desk.ignoreRest();
});

it("leaves nothing to wake up for after a sending that ended", async () => {
  await using held = await openDeaf();
  await held.enqueue("first");
  await held.until(() => held.failures.length === 1);
  await held.outbox[Symbol.asyncDispose]();
  expect(held.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
  held.desk.ignoreRest();
});
