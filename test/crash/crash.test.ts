import { expect, it } from "vitest";
import { runCrash, toSentences } from "./crash.ts";

it("loses nothing when it is killed at any moment (rules 1, 2, 12 and 16)", async () => {
  // A new seed each day: over time every moment gets its turn, and a failure can be played again.
  const seed = Number(process.env.CRASH_SEED ?? Math.floor(Date.now() / 86_400_000));
  const report = await runCrash({ rounds: 6, seed });
  expect(report.faults, toSentences(report)).toEqual([]);
  expect(report.alarms).toBeGreaterThan(60);
  process.stdout.write(`${toSentences(report)}\n`);
});
