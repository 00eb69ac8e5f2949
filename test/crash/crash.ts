import { setTimeout } from "node:timers/promises";
import type { TeamsMode } from "../fakes/teams.ts";
import { type Chance, toChance } from "./chance.ts";
import { type KilledBot, type Moment, moments, openKilledBot, pageAfterMs } from "./killed-bot.ts";
import { checkRound, isAnswered } from "./record.ts";
import { type AcceptedAlarm, closeAll, pressAll, sendAgain } from "./round.ts";

/** What came of all rounds. */
export interface CrashReport {
  readonly seed: number;
  readonly alarms: number;
  /** Alarms that had to be sent more than once. */
  readonly resent: number;
  readonly kills: ReadonlyMap<Moment, number>;
  readonly faults: readonly string[];
  /** Went out twice under one key. */
  readonly twice: { readonly cards: number; readonly pages: number };
}

/** Longest wait for the answer to a round's alarms, beside what the rules allow. */
const patienceMs = 15_000;

/**
 * Kills the real process with SIGKILL in each round, at a random moment of a kind that changes from round to round,
 * while alarms and clicks come in; starts it again on the same file; and holds what was promised against what came of
 * it.
 */
export async function runCrash(options: {
  readonly rounds: number;
  readonly seed: number;
  /** How late a page may be: what a machine can do that has nothing else to do, or any. */
  readonly lateMs: number;
  readonly say?: (line: string) => void;
}): Promise<CrashReport> {
  const { rounds, seed, lateMs, say = () => undefined } = options;
  const chance = toChance(seed);
  await using bot = await openKilledBot();
  const faults: string[] = [];
  const twice = { cards: 0, pages: 0 };
  let [alarms, resent] = [0, 0];
  for (let round = 0; round < rounds; round += 1) {
    // In turn, from a place that the seed chooses: every kind comes as often as any other.
    const moment = moments[(round + seed) % moments.length] ?? "pressing";
    const accepted = await runRound(bot, moment, chance);
    const checked = checkRound(bot, accepted, lateMs);
    for (const { sent } of accepted) resent += sent > 1 ? 1 : 0;
    alarms += accepted.length;
    const found = checked.faults.map((fault) => `round ${round + 1}, ${moment}: ${fault}`);
    faults.push(...found);
    twice.cards += checked.twice.cards;
    twice.pages += checked.twice.pages;
    say([`round ${round + 1}: ${moment}, ${accepted.length} alarms, ${found.length} faults`, ...found].join("\n"));
  }
  const kills = new Map(moments.map((moment) => [moment, bot.killed.filter((each) => each === moment).length]));
  return { seed, alarms, resent, kills, faults, twice };
}

async function runRound(bot: KilledBot, moment: Moment, chance: Chance): Promise<AcceptedAlarm[]> {
  bot.teams.fail("card", chance.one(teamsModes));
  const count = chance.whole(12, 24);
  if (moment === "starting") {
    // Dies while it takes up what another death left behind.
    bot.arm("pressing", chance.whole(2, count), 0);
    const pressing = pressAll(bot, count, chance);
    while (bot.isArmed) await setTimeout(1);
    bot.arm("starting", 1, chance.whole(0, 120));
    return finish(bot, await pressing, chance);
  }
  bot.arm(moment, moment === "paging" ? 1 : chance.whole(1, 8), chance.whole(0, moment === "paging" ? 150 : 8));
  return finish(bot, await pressAll(bot, count, chance), chance);
}

async function finish(bot: KilledBot, alarms: AcceptedAlarm[], chance: Chance): Promise<AcceptedAlarm[]> {
  await bot.settled();
  const until = Date.now() + pageAfterMs + patienceMs;
  while (!isAnswered(bot, alarms) && Date.now() < until) await setTimeout(10);
  for (const alarm of alarms.slice(0, chance.whole(1, 4))) await sendAgain(bot, alarm);
  await closeAll(bot, alarms);
  if (bot.isArmed) bot.kill("closing");
  await bot.settled();
  bot.teams.fail("card", null);
  return alarms;
}

/** Teams as it is, and as it breaks off, fails or says nothing for the first few cards of a round. */
const teamsModes: readonly (TeamsMode | null)[] = [
  null,
  null,
  { kind: "reset", times: 2 },
  { kind: "status", status: 502, times: 3 },
  { kind: "hang", times: 2 },
];

/** The report in a few lines, for a terminal. */
export function toSentences({ seed, alarms, resent, kills, faults, twice }: CrashReport): string {
  const spread = [...kills].map(([moment, count]) => `${moment} ${count}`).join(", ");
  return [
    `seed ${seed}: ${alarms} alarms accepted, ${resent} of them sent more than once`,
    `killed while: ${spread}`,
    `went out twice, under the same key: ${twice.cards} cards, ${twice.pages} pages`,
    `faults: ${faults.length}`,
    ...faults,
  ].join("\n");
}
