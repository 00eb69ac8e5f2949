import { spawnSync } from "node:child_process";
import { atMost, type Figure, now, round } from "./figure.ts";

const part = "moody";
const alarms = 1_000;

/**
 * Plays the story of a Teams that fails one call in a hundred with so many alarms, on the clock of stories: a day of
 * alarms takes minutes.
 */
export async function measureMoody(): Promise<Figure[]> {
  const begun = now();
  const { status, stdout } = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "test/stories/moody-teams.test.ts"],
    { env: { ...process.env, CI: "1", MOODY_ALARMS: String(alarms) }, encoding: "utf8" },
  );
  if (status !== 0) process.stdout.write(stdout);
  const took = ` (${round((now() - begun) / 1_000)} s)`;
  const what = `stories of ${alarms} alarms in a Teams that fails one call in a hundred, that broke a promise`;
  return [atMost(part, what, status === 0 ? 0 : 1, 0, "", took)];
}
