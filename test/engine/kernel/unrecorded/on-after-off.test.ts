import fc from "fast-check";
import { expect, it } from "vitest";
import { second } from "../../open-kernel.ts";
import { openUnrecorded, toState } from "./open-unrecorded.ts";

/** What is said of the state, how the disk is from then on, or how it is for the process that follows on this one. */
const aMove = fc.oneof(
  { weight: 6, arbitrary: fc.record({ isOn: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ isDown: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ killed: fc.boolean(), isDownThen: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant("close" as const) },
);
type Move = typeof aMove extends fc.Arbitrary<infer M> ? M : never;
/** The device is known to say both. */
const both: readonly Move[] = [{ isOn: false }, { isOn: true }];

/** What came of each time that the state was said to be on after it was off, as far as the disk took it. */
async function play(moves: readonly Move[]): Promise<unknown[]> {
  await using first = await openUnrecorded();
  const { store } = first.kernel;
  let bot = first;
  let wasOn = false;
  const outcomes: unknown[] = [];
  for (const [count, move] of moves.entries()) {
    await bot.pass(second / 4);
    if (move === "close") {
      for (const { id } of await bot.listOpen()) await bot.resolve(id).catch(() => null);
    } else if ("isDown" in move) {
      bot.held.isDown = move.isDown;
    } else if ("killed" in move) {
      if (!move.killed) await bot.stop();
      const at = bot.kernel.clock.now();
      // What was in memory went with its process.
      store.writeFirst(() => []);
      bot.held.isDown = false;
      bot = await openUnrecorded(store);
      bot.kernel.clock.to(at);
      bot.held.isDown = move.isDownThen;
    } else {
      // What is refused goes out from memory where it is on.
      const [receipt] = await bot.take(toState(move.isOn, `said-${count}`)).catch(() => []);
      if (receipt !== undefined && move.isOn && !wasOn) outcomes.push(receipt.outcome);
      wasOn = move.isOn;
    }
  }
  return outcomes;
}

it("a state that is on after it was off is a press, whatever the disk took and whichever process heard of it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aMove, { minLength: 4, maxLength: 20 }), async (moves) => {
      for (const outcome of await play([...both, ...moves])) expect(["opened", "repeated"]).toContain(outcome);
    }),
    { numRuns: 100 },
  );
}, 120_000);
