import { closeSync, mkdtempSync, openSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openLog } from "../../bot/logging/open-log.ts";
import { hour, minute, startBot } from "../harness.ts";

const openIncidents = 200;
/** `OUTAGE_MINUTES=60` looks at the whole hour, which takes some minutes. */
const outageMs = Number(process.env.OUTAGE_MINUTES ?? 2) * minute;
const maxBytesAnHour = 5_000_000;

it("an outage of Teams and of all pagers with 200 open alarms writes less than 5 MB an hour", {
  timeout: 1_800_000,
}, async () => {
  using resources = new DisposableStack();
  const folder = resources.adopt(mkdtempSync(join(tmpdir(), "outage-")), (each) => rmSync(each, { recursive: true }));
  const path = join(folder, "log");
  const file = resources.adopt(openSync(path, "w"), closeSync);
  const time = { now: () => 0 };
  // A Teams that is down counts no calls.
  await using bot = await startBot({ log: openLog("info", file, () => time.now()), teams: { unlimited: true } });
  time.now = bot.clock.now;
  for (const route of ["card", "text", "converse"] as const) bot.teams.fail(route, { kind: "status", status: 503 });
  for (const pager of [bot.desk, bot.phone]) pager.answerWith({ kind: "refuse", status: 503 });
  for (let each = 0; each < openIncidents; each += 1) await bot.press(`button-${each}`);
  await bot.fastForward(outageMs);
  const bytes = statSync(path).size;
  expect(bytes).toBeGreaterThan(10_000);
  expect((bytes / outageMs) * hour).toBeLessThan(maxBytesAnHour);
  if (process.env.OUTAGE_MINUTES !== undefined) process.stderr.write(`${bytes} bytes\n`);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});
