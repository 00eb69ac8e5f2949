import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { FewATurn } from "../../../../bot/engine/incident/unstored/few-a-turn.ts";
import { InFlight } from "../../../../bot/kit/in-flight.ts";

it("does the first at once, and of many few in each turn, each once and in order", async () => {
  const [done, inFlight]: [number[], InFlight] = [[], new InFlight()];
  const few = new FewATurn<number>((one) => void done.push(one), inFlight);
  few.add(0);
  expect([done, inFlight.count]).toEqual([[0], 1]);
  for (let one = 1; one <= 20; one += 1) few.add(one);
  few.add(20);
  const counts: number[] = [];
  while (inFlight.count > 0) {
    counts.push(done.length);
    await setImmediate();
  }
  expect(done).toEqual(Array.from({ length: 21 }, (_, one) => one));
  expect(Math.max(...counts.map((count, turn) => count - (counts[turn - 1] ?? count)))).toBeLessThanOrEqual(8);
  few.add(20);
  expect(done).toHaveLength(22);
});
