import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { sendEvenly, toAlarms } from "./alarms.ts";
import { type Receiver, startConnector } from "./connector.ts";
import { atMost, beside, type Figure, now, quantile, round } from "./figure.ts";
import { type Running, startBot } from "./process.ts";
import { toSettings, writeSettings } from "./settings.ts";

const part = "start";
const starts = 7;
/** By then what follows a start is over. */
const quietMs = 4_000;

/** From the spawn of a process to its doors open, on an empty database, and what the first alarm pays. */
export async function measureStart(): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const connector = stack.use(await startConnector());
  const openMs: number[] = [];
  const firstMs: number[] = [];
  const laterMs: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const folder = await mkdtemp(join(tmpdir(), "bench-"));
    stack.defer(() => rm(folder, { recursive: true }));
    const begun = now();
    await using bot = await startBot(
      writeSettings(folder, toSettings(folder, connector.url, "http://127.0.0.1:9/alarms")),
      join(folder, "bot.log"),
    );
    openMs.push(now() - begun);
    await setTimeout(quietMs);
    firstMs.push(await timeCard(bot, connector));
    laterMs.push(await timeCard(bot, connector));
  }
  const [first, later] = [quantile(firstMs, 0.5), quantile(laterMs, 0.5)];
  return [
    atMost(part, "spawned to listening, median", quantile(openMs, 0.5), 700, " ms"),
    beside(part, `the first alarm, ${quietMs / 1_000} s later: to its card, median`, `${round(first)} ms`),
    beside(part, "the one after it", `${round(later)} ms`),
  ];
}

async function timeCard({ port }: Running, connector: Receiver): Promise<number> {
  const alarms = toAlarms(1);
  const { sentAt } = await sendEvenly(port, alarms, 0);
  const [place = ""] = alarms.map((alarm) => alarm.place);
  await connector.waitFor([place], 10_000);
  return (connector.arrived.get(place)?.at ?? Number.NaN) - (sentAt.get(place) ?? Number.NaN);
}
