import { expect, it } from "vitest";
import { RingingRetries } from "../../../../bot/engine/kernel/outbox/ringing-retries.ts";
import { DeliveryError } from "../../../../bot/errors.ts";
import { done } from "../../../../bot/ports/send-outcome.ts";
import { second } from "../../open-kernel.ts";
import { openOutbox, unreachable } from "./open-outbox.ts";

const minute = 60 * second;
const refused = new DeliveryError("refused", "Teams answered 403");

/** An outbox whose sendings end so, one after the other; from then on they are refused. */
function openRinging(...ends: readonly (DeliveryError | null)[]) {
  const retries = new RingingRetries(8);
  let count = 0;
  return openOutbox({
    async send() {
      const end = count < ends.length ? ends[count] : refused;
      count += 1;
      if (end != null) throw end;
      return done;
    },
    after: retries.after,
    retry: retries.retry,
    waitMs: retries.waitMs,
  });
}

it("rule 25: tries a message that is refused again after 1, 3 and 8 s, and then no more", async () => {
  await using held = await openRinging();
  await held.enqueue(["message"]);
  await held.pass(minute);
  expect(held.tries.map(({ atMs }) => atMs / second)).toEqual([0, 1, 3, 8]);
  expect(await held.waiting()).toBe(0);
});

it("does so also after failures of another kind, which are tried as ever", async () => {
  await using held = await openRinging(unreachable, unreachable, unreachable, unreachable);
  await held.enqueue(["message"]);
  await held.pass(minute);
  const at = held.tries.map(({ atMs }) => Math.floor(atMs / second));
  expect(at).toEqual([0, 1, 3, 7, 15, 16, 18, 23]);
});

it("gives up after as many tries as it may when nothing answers", async () => {
  await using held = await openRinging(...Array.from({ length: 20 }, () => unreachable));
  await held.enqueue(["message"]);
  await held.pass(10 * minute);
  expect(held.tries).toHaveLength(8);
});

it("counts anew for a message that is sent again later under the same key", async () => {
  await using held = await openRinging(refused, refused, null);
  await held.enqueue(["message"]);
  await held.pass(minute);
  await held.enqueue(["message"]);
  await held.pass(minute);
  expect(held.tries).toHaveLength(3 + 4);
});
