import { expect, it } from "vitest";
import { runCrash, toSentences } from "./crash.ts";

/**
 * The long form is `npm run bench -- crash`, which also holds how late a page may be where nothing else runs. A failure
 * is played again with the seed it names.
 */
it("loses nothing when it is killed at any moment (rules 1, 2, 12 and 16)", async () => {
  const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
  const report = await runCrash({ rounds: 6, seed, lateMs: 10_000 });
  expect(report.faults, toSentences(report)).toEqual([]);
  expect(report.alarms).toBeGreaterThan(60);
  process.stdout.write(`${toSentences(report)}\n`);
});
