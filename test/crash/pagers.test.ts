import { expect, it } from "vitest";
import { runPagerCrash, toPagerTable } from "./pagers.ts";

/** The long form is `npm run bench -- crash-pagers`. A failure is played again with the seed it names. */
it("never loses a page and never changes its key when it is killed between deciding and the answer (rule 14)", async () => {
  const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
  const report = await runPagerCrash({ rounds: 4, seed });
  expect(report.faults, toPagerTable(report)).toEqual([]);
  expect(report.kills).toBeGreaterThanOrEqual(4);
  process.stdout.write(`${toPagerTable(report)}\n`);
});
