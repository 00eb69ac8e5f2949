import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { runCrash, toSentences } from "../crash/crash.ts";
import { runPagerCrash, toPagerTable } from "../crash/pagers.ts";
import { measureCard, measureCards } from "./card.ts";
import { measureCopies } from "./copies.ts";
import { measureDue } from "./due.ts";
import { atMost, beside, type Figure, toTable } from "./figure.ts";
import { measureFrozen } from "./frozen.ts";
import { measureHeartbeats } from "./heartbeats.ts";
import { measureLatency } from "./latency.ts";
import { measureLocations } from "./locations.ts";
import { measureMigrations } from "./migrations.ts";
import { measureMoody } from "./moody.ts";
import { measureOpen } from "./open-incidents.ts";
import { measureRestart } from "./restart.ts";
import { measureRinging } from "./ringing.ts";
import { measureBurst, measureFlood, measurePostgres } from "./rush.ts";
import { measureStart } from "./start.ts";
import { measureStrangers } from "./strangers.ts";

const parts: Readonly<Record<string, () => Promise<Figure[]>>> = {
  start: measureStart,
  latency: measureLatency,
  heartbeats: measureHeartbeats,
  burst: measureBurst,
  flood: measureFlood,
  postgres: measurePostgres,
  open: measureOpen,
  restart: measureRestart,
  due: measureDue,
  frozen: measureFrozen,
  card: measureCard,
  cards: measureCards,
  ringing: measureRinging,
  locations: measureLocations,
  moody: measureMoody,
  strangers: measureStrangers,
  copies: measureCopies,
  migrations: measureMigrations,
  crash: measureCrash,
  "crash-pagers": measurePagerCrash,
};
/** The crash tests take a quarter of an hour each and are asked for by their names. */
const usual = Object.keys(parts).filter((name) => !name.startsWith("crash"));

/** `CRASH_ROUNDS` and `CRASH_SEED` play a run again, or part of it. */
function toRun(usualRounds: number) {
  const rounds = Number(process.env.CRASH_ROUNDS ?? usualRounds);
  const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
  say(`seed ${seed}`);
  return { rounds, seed, say };
}

async function measurePagerCrash(): Promise<Figure[]> {
  const report = await runPagerCrash(toRun(200));
  say(toPagerTable(report));
  const { rounds, kills, faults, twice } = report;
  const spread = Object.entries(twice).map(([pager, count]) => `${pager} ${count}`);
  return [
    atMost("crash-pagers", `broken promises in ${rounds} rounds with ${kills} kills`, faults.length, 0, ""),
    beside("crash-pagers", "went out again, under the same key", spread.join(", ")),
  ];
}

async function measureCrash(): Promise<Figure[]> {
  const { rounds, seed } = toRun(104);
  const report = await runCrash({ rounds, seed, lateMs: 1_000, say });
  say(toSentences(report));
  const { alarms, faults, twice, kills } = report;
  const spread = [...kills].map(([moment, count]) => `${moment} ${count}`).join(", ");
  return [
    atMost("crash", `broken promises to ${alarms} accepted alarms in ${rounds} rounds`, faults.length, 0, ""),
    beside("crash", "went out twice, under the same key", `${twice.cards} cards, ${twice.pages} pages`),
    beside("crash", "killed while", spread),
  ];
}

/**
 * `npm run bench [-- part…]`: the figures, as a table here and as JSON in bench-results.json; exits 1 when one is
 * missed.
 */
async function main(asked: readonly string[]): Promise<void> {
  const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0) {
    say(`There is no part ${unknown.join(", ")}; choose from ${Object.keys(parts).join(", ")}.`);
    process.exitCode = 1;
    return;
  }
  const machine = { node: process.version, system: `${process.platform} ${process.arch}`, cpus: cpus().length };
  say(`Node ${machine.node}, ${machine.system}, ${machine.cpus} processors`);
  const figures: Figure[] = [];
  for (const name of asked.length > 0 ? asked : usual) {
    say(`${name} …`);
    figures.push(...((await parts[name]?.()) ?? []));
  }
  say(`\n${toTable(figures)}`);
  const results = { measuredAt: new Date().toISOString(), machine, figures };
  writeFileSync("bench-results.json", `${JSON.stringify(results, null, 2)}\n`);
  if (figures.some(({ ok }) => ok === false)) process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
await main(process.argv.slice(2));
