import { expect, it } from "vitest";
import { Progress } from "../../bot/cli/copies/progress.ts";
import { backup } from "../../bot/words/database/backup.ts";

/** Shows how far a copy is, and what stands on the line after each step and at its end. */
function show(isTTY: boolean, shares: readonly number[]) {
  let written = "";
  const write = (text: string) => {
    written += text;
    return true;
  };
  const lines: string[] = [];
  {
    using progress = new Progress(backup.nl, { isTTY, write });
    for (const share of shares) {
      progress.show(share);
      lines.push(written.split("\r").at(-1) ?? "");
    }
  }
  return { written, lines };
}

it("a terminal shows how far a copy is, on one line, which is gone at the end", () => {
  const { written, lines } = show(true, [0, 0.096, 0.5, 1]);
  expect(lines).toEqual([0, 9, 50, 100].map(backup.nl.progress));
  expect(written).not.toContain("\n");
  const [blank, rest] = written.split("\r").slice(-2);
  expect([blank?.trim(), rest]).toEqual(["", ""]);
  expect(blank?.length).toBeGreaterThanOrEqual(backup.nl.progress(100).length);
});

it("where there is no terminal, as in the log of cron, nothing is written", () => {
  expect(show(false, [0.5, 1]).written).toBe("");
});
