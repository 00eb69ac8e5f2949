import { type BenchAlarm, sendFlood, type Taken, toAlarms } from "./alarms.ts";
import { atLeast, atMost, beside, type Figure, now, quantile, round } from "./figure.ts";
import { startOnBoth } from "./on-both.ts";
import { type Subject, startPair } from "./pair.ts";

/** Node-RED with SQLite in such a flood, on another day, when bare took 9,900 a second; it is not at hand here. */
const nodeRed = { perSecond: 2_200, timesBare: 0.22 };
const rounds = 3;

interface Rush {
  readonly part: string;
  readonly name: string;
  readonly count: number;
  readonly width: number;
  /** Each on a connection of its own. */
  readonly apart: boolean;
}

/** The bot, and what it is measured against in turns on the same machine. */
interface Contest {
  readonly base: Subject;
  readonly bot: Subject;
  readonly baseName: string;
  /** The least share of the base's speed. */
  readonly least: number;
}

const flood: Rush = { part: "flood", name: "8,000 by 32", count: 8_000, width: 32, apart: false };

/** 1,000 alarms at the same moment, each on its own connection. */
export function measureBurst(): Promise<Figure[]> {
  return measureBeside({ part: "burst", name: "1,000 at once", count: 1_000, width: 1_000, apart: true }, 0.9);
}

/** 8,000 alarms by 32 connections. */
export async function measureFlood(): Promise<Figure[]> {
  const other = beside(
    flood.part,
    "Node-RED on another day, × bare of that day",
    `${nodeRed.timesBare} (${nodeRed.perSecond} /s)`,
  );
  return [...(await measureBeside(flood, 0.7)), other];
}

/** The same flood of a bot on PostgreSQL, whose server has the same processors, beside one on a file. */
export async function measurePostgres(): Promise<Figure[]> {
  await using both = await startOnBoth();
  const contest = { base: both.file, bot: both.server, baseName: "SQLite", least: 0.5 };
  return await measure({ ...flood, part: "postgres" }, contest);
}

async function measureBeside(rush: Rush, least: number): Promise<Figure[]> {
  await using pair = await startPair();
  return await measure(rush, { base: pair.bare, bot: pair.bot, baseName: "bare", least });
}

async function measure(rush: Rush, contest: Contest): Promise<Figure[]> {
  const rates = { base: [] as number[], bot: [] as number[] };
  const answered: number[] = [];
  const cardsMs: number[] = [];
  const processorMs: number[] = [];
  const sent: BenchAlarm[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ["base", "bot"] as const) {
      const before = contest[name].running.processorMs();
      const { alarms, taken, allCardsMs } = await run(contest[name], rush);
      rates[name].push((taken.accepted / taken.tookMs) * 1000);
      if (name === "base") continue;
      answered.push(taken.accepted);
      cardsMs.push(allCardsMs);
      processorMs.push((contest[name].running.processorMs() - before) / alarms.length);
      sent.push(...alarms);
    }
  }
  const { arrived } = contest.bot.connector;
  const { part, name, count } = rush;
  const [base, bot] = [quantile(rates.base, 0.5), quantile(rates.bot, 0.5)];
  const lost = sent.filter(({ place }) => !arrived.has(place)).length;
  const twice = sent.filter(({ place }) => (arrived.get(place)?.times ?? 0) > 1).length;
  const speed = ` (${round(bot)} against ${round(base)} /s)`;
  return [
    atLeast(part, `${name}: accepted`, Math.min(...answered), count, ""),
    atLeast(part, `accepted per second, × ${contest.baseName}`, bot / base, contest.least, "", speed),
    atMost(part, `cards lost of ${sent.length}`, lost, 0, ""),
    atMost(part, "cards posted twice", twice, 0, ""),
    beside(part, "until the last card stood", `${round(quantile(cardsMs, 0.5) / 1000)} s`),
    beside(part, "processor time an alarm", `${round(quantile(processorMs, 0.5))} ms`),
    beside(part, "peak memory", `${round(contest.bot.running.peakMemory())} MiB`),
  ];
}

async function run({ running, connector }: Subject, { count, width, apart }: Rush) {
  const alarms = toAlarms(count);
  const begun = now();
  const taken: Taken = await sendFlood(running.port, alarms, width, apart);
  await connector.waitFor(
    alarms.map(({ place }) => place),
    120_000,
  );
  const allCardsMs = now() - begun;
  // What follows the cards must not run into the other one's turn.
  await quiet(connector);
  return { alarms, taken, allCardsMs };
}

async function quiet(connector: Subject["connector"]): Promise<void> {
  for (let before = -1; before !== connector.calls; ) {
    before = connector.calls;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  }
}
