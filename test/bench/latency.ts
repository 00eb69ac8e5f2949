import { type BenchAlarm, sendEvenly, toAlarms } from "./alarms.ts";
import { atMost, beside, type Figure, quantile, round } from "./figure.ts";
import { type Pair, type Subject, startPair } from "./pair.ts";

const part = "latency";
const everyMs = 20;
/** Turns of two seconds, ten for each: a machine that is slow for a while is slow for both. */
const turns = 10;
const perTurn = 100;

/** 50 alarms a second for 20 s: from webhook sent to card received, against the bare baseline. */
export async function measureLatency(): Promise<Figure[]> {
  await using pair = await startPair();
  // The first second of a process is its compiler's; a button is pressed on one that has run for weeks.
  for (const subject of [pair.bare, pair.bot]) await takeTurn(subject);
  const times = { bare: [] as number[], bot: [] as number[] };
  const sent: BenchAlarm[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    for (const name of ["bare", "bot"] as const) {
      const { alarms, tookMs } = await takeTurn(pair[name]);
      times[name].push(...tookMs);
      if (name === "bot") sent.push(...alarms);
    }
  }
  return toFigures(pair, times, sent);
}

/** 100 alarms in two seconds, or others; answers with how long each took until its card arrived, in milliseconds. */
export async function takeTurn({ running, connector }: Subject, pace = { count: perTurn, everyMs }) {
  const alarms = toAlarms(pace.count);
  const { sentAt } = await sendEvenly(running.port, alarms, pace.everyMs);
  await connector.waitFor(
    alarms.map(({ place }) => place),
    10_000,
  );
  const tookMs = [...sentAt].flatMap(([place, at]) => {
    const card = connector.arrived.get(place);
    return card === undefined ? [] : [card.at - at];
  });
  return { alarms, tookMs };
}

function toFigures(pair: Pair, times: { bare: number[]; bot: number[] }, sent: readonly BenchAlarm[]): Figure[] {
  const { arrived } = pair.bot.connector;
  const lost = sent.filter(({ place }) => !arrived.has(place)).length;
  const twice = sent.filter(({ place }) => (arrived.get(place)?.times ?? 0) > 1).length;
  const ratio = (at: number) => quantile(times.bot, at) / quantile(times.bare, at);
  const detail = (at: number) => ` (${round(quantile(times.bot, at))} against ${round(quantile(times.bare, at))} ms)`;
  return [
    atMost(part, "webhook sent to card received, median, × bare", ratio(0.5), 1.5, "", detail(0.5)),
    atMost(part, "the same, p99, × bare", ratio(0.99), 1.5, "", detail(0.99)),
    atMost(part, `cards lost of ${sent.length}`, lost, 0, ""),
    atMost(part, "cards posted twice", twice, 0, ""),
    beside(part, "calls to Teams for each alarm", round(pair.bot.connector.calls / arrived.size)),
  ];
}
