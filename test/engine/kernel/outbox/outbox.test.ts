import { expect, it } from "vitest";
import { openPager } from "../../../../adapters/index.ts";
import { createDirectory } from "../../../../bot/config/directory.ts";
import { Handler } from "../../../../bot/engine/kernel/handle.ts";
import { Outbox } from "../../../../bot/engine/kernel/outbox/outbox.ts";
import type { Sender, Senders } from "../../../../bot/engine/kernel/outbox/sender.ts";
import { DeliveryError } from "../../../../bot/errors.ts";
import { InFlight } from "../../../../bot/kit/in-flight.ts";
import type { Log } from "../../../../bot/log.ts";
import { openStore } from "../../../../bot/store/store.ts";
import { load } from "../../../config/small.ts";
import { page } from "../../../contracts/pager-contract.ts";
import { FakeClock } from "../../../fakes/clock.ts";
import { startDesk } from "../../../fakes/desk.ts";
import { createPagerHost } from "../../../fakes/pager-host.ts";
import { newDatabase } from "../../../store/new-database.ts";

const second = 1_000;
const secret = "een-lang-geheim-voor-de-desk";
const begunAt = Date.UTC(2026, 10, 24, 9);
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** The one sender of pages, and none for anything else. */
function unused(page: Senders["page"]): Senders {
  const none: Sender = { send: () => Promise.reject(new Error("nobody expected this")), retry: () => false };
  const kinds = ["card", "board", "message", "notice", "update", "call-off", "call", "feedback"] as const;
  const others = ["visit-ask", "visit-pressed", "troubles", "test", "test-result"] as const;
  const all = Object.fromEntries([...kinds, ...others].map((kind) => [kind, none]));
  return { ...(all as unknown as Senders), page };
}

/** An outbox on a real file, with one slot, before a pager that does not listen to its signal. */
async function openDeaf() {
  await using stack = new AsyncDisposableStack();
  const clock = new FakeClock(begunAt);
  const store = stack.use(await openStore({ url: `sqlite:${newDatabase()}`, log: silent }));
  const kernel = { store, clock, log: silent, inFlight: new InFlight() };
  const handler = new Handler(
    kernel,
    createDirectory(load(), new Set(), () => null),
    () => [],
  );
  const desk = stack.use(await startDesk({ secret, now: clock.now }));
  const ready = stack.use(openPager("webhook", { url: desk.url, secret }, createPagerHost(clock)));
  const never = new AbortController();
  const failures: { key: string; at: number; error: DeliveryError | null }[] = [];
  const senders = unused({
    async send({ key }) {
      await ready.page({ ...page, key, pageKey: key }, never.signal);
      return { kind: "done" };
    },
    async after(_tx, { key }, { failure }) {
      failures.push({ key, at: clock.now() - begunAt, error: failure });
      return [];
    },
    retry: () => false,
  });
  const outbox = new Outbox(kernel, { handler, senders, maxAtOnceOf: () => 1, timeoutOf: () => 10 * second });
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
        return { value: null, commits: [{ rows: enqueued, nextAt: null }] };
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
