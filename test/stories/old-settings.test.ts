import { rm } from "node:fs/promises";
import { expect, it } from "vitest";
import { type Bot, hour, paul, type Settings, startBot } from "../harness.ts";
import { writeOldSettings } from "../store/old-database.ts";

const metricsToken = "een-geheim-voor-de-metingen";
const day = 24 * hour;

/** The bot on a database that an older version left with these settings. */
async function startOn(old: Readonly<Record<string, string>>): Promise<Bot> {
  const bot = await startBot();
  await bot.stop();
  const database = (bot.settings.database as string).slice("sqlite:".length);
  for (const end of ["", "-wal", "-shm"]) await rm(`${database}${end}`, { force: true });
  await writeOldSettings(database, old);
  const sources: Settings = {
    ...(bot.settings.sources as object),
    chat: { type: "teams", policy: "building", channel: "frontdesk" },
  };
  return bot.start({ metricsToken, sources });
}

async function figuresOf(bot: Bot): Promise<string[]> {
  const shown = await fetch(`${bot.url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
  return (await shown.text()).split("\n").filter((line) => /^rugdekking_(route|troubles\{pager)/.test(line));
}

it("an older version's database keeps its figures, its places and what it said today", async () => {
  const now = Date.parse("2026-11-24T09:00:00Z");
  await using bot = await startOn({
    "proven desk": String(now - day),
    "known desk": String(now - 90 * day),
    "known phone": String(now - 36 * day),
    "troubles:frontdesk": "2026-11-24",
    [`place:${paul.aadObjectId}`]: "Archief",
    "guard-key": Buffer.alloc(32, 7).toString("base64"),
  });
  expect(await figuresOf(bot)).toEqual([
    `rugdekking_route_proven_timestamp_seconds{pager="desk"} ${(now - day) / 1000}`,
    'rugdekking_troubles{pager="phone",kind="route-unproven"} 1',
  ]);
  expect(await bot.app.reportTroubles()).toBe(0);
  await bot.type(paul, "alarm");
  await bot.expectCard("Archief");
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});
