import { expect, it } from "vitest";
import { openPager } from "../../../../adapters/index.ts";
import { DeliveryError } from "../../../../bot/errors.ts";
import { done } from "../../../../bot/ports/send-outcome.ts";
import { page } from "../../../contracts/pager-contract.ts";
import { FakeClock } from "../../../fakes/clock.ts";
import { startDesk } from "../../../fakes/desk.ts";
import { createPagerHost } from "../../../fakes/pager-host.ts";
import { begunAt, second, turn } from "../../open-kernel.ts";
import { openOutbox } from "./open-outbox.ts";

const secret = "een-lang-geheim-voor-de-desk";

/** An outbox with one slot, before a pager that does not listen to its signal. */
async function openDeaf() {
  await using stack = new AsyncDisposableStack();
  const desk = stack.use(await startDesk({ secret, now: () => begunAt }));
  const host = createPagerHost(new FakeClock(begunAt));
  const ready = stack.use(openPager("webhook", { url: desk.url, secret }, host));
  const never = new AbortController();
  const outbox = stack.use(
    await openOutbox({
      async send({ key }) {
        await ready.page({ ...page, key, pageKey: key }, never.signal);
        return done;
      },
      retry: () => false,
    }),
  );
  stack.defer(() => never.abort());
  const held = stack.move();
  return {
    ...outbox,
    desk,
    async until(isSo: () => boolean) {
      while (!isSo()) await turn();
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

it("gives up a sending that does not listen a second after its time was up, and its slot goes to the next", async () => {
  await using held = await openDeaf();
  const { desk, results, until } = held;
  desk.answerWith({ kind: "hang" });
  await held.enqueue(["first", "second"]);
  await until(() => desk.hanging === 1);
  await held.pass(10.9 * second, 2);
  expect(results).toEqual([]);
  desk.answerWith({ kind: "ok" });
  held.kernel.clock.to(begunAt + 11 * second);
  await held.settle();
  expect(results).toMatchObject([
    { key: "first", atMs: 11 * second, failure: { reason: "unreachable" } },
    { key: "second", atMs: 11 * second, failure: null },
  ]);
  expect(results[0]?.failure).toBeInstanceOf(DeliveryError);
  desk.ignoreRest();
});

it("does not wait for it when it stops", async () => {
  await using held = await openDeaf();
  const { desk, until } = held;
  desk.answerWith({ kind: "hang" });
  await held.enqueue(["first"]);
  await until(() => desk.hanging === 1);
  const stopping = held.outbox[Symbol.asyncDispose]();
  held.kernel.clock.to(begunAt + 11 * second);
  await stopping;
  desk.ignoreRest();
});

it("leaves nothing to wake up for after a sending that ended", async () => {
  await using held = await openDeaf();
  await held.enqueue(["first"]);
  await held.settle();
  expect(held.results).toHaveLength(1);
  await held.outbox[Symbol.asyncDispose]();
  expect(held.kernel.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
  held.desk.ignoreRest();
});
