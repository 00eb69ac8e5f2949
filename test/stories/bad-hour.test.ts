import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import type { DeskMode } from "../fakes/desk.ts";
import type { TeamsMode, TeamsRoute } from "../fakes/teams.ts";
import { type Bot, second, startBot } from "../harness.ts";

/** Ways in which the other side of a call is at fault; a bad hour is more of the same. */
const faults: readonly (readonly [TeamsMode, DeskMode])[] = [
  [{ kind: "hang" }, { kind: "hang" }],
  [{ kind: "hang-body" }, { kind: "garbage" }],
  [{ kind: "drop" }, { kind: "reset-after-body" }],
];
const routes: readonly TeamsRoute[] = ["card", "text", "reply", "update", "converse", "member"];

/** What this process has open: files, and connections with both of their ends. */
const countHandles = () => readdirSync("/dev/fd").length;

async function press(bot: Bot, name: string): Promise<void> {
  for (let at = 0; at < 4; at += 1) await bot.press(`${name}-${at}`, { place: `Zaal ${name} ${at}` });
}

/** A while of each fault, with alarms that come meanwhile. */
async function passBadly(bot: Bot, name: string): Promise<void> {
  for (const [teams, desk] of faults) {
    for (const route of routes) bot.teams.fail(route, teams);
    for (const each of [bot.desk, bot.phone]) each.answerWith(desk);
    await press(bot, `${name} ${teams.kind}`);
    await bot.fastForward(12 * second);
  }
}

it("however long nothing answers as it should, no more files and connections stay open", {
  timeout: 60_000,
}, async () => {
  await using bot = await startBot({ teams: { unlimited: true } });
  await passBadly(bot, "first");
  const before = countHandles();
  await passBadly(bot, "then");
  // What is kept open between two calls differs by a few; of twelve alarms much more would be left.
  expect(countHandles()).toBeLessThan(before + 8);
  for (const route of routes) bot.teams.fail(route, null);
  for (const each of [bot.desk, bot.phone]) each.ignoreRest();
});
