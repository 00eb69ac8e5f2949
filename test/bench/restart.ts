import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sendEvenly, toAlarms } from "./alarms.ts";
import { startConnector, startCountingDesk } from "./connector.ts";
import { atMost, beside, type Figure, now, quantile, round } from "./figure.ts";
import { fillStore } from "./fill.ts";
import { startBot } from "./process.ts";
import { toSettings, writeSettings } from "./settings.ts";

const part = "restart";
const openCount = 100_000;
const hourMs = 3_600_000;
/** Presses come from the first moment on. */
const presses = { count: 1_000, everyMs: 20 };

/** A start that finds 100,000 open incidents, half of whose pages were due ten minutes ago. */
export async function measureRestart(): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const connector = stack.use(await startConnector());
  const desk = stack.use(await startCountingDesk());
  const settings = toSettings(folder, connector.url, desk.url);
  const [overdueAt, laterAt] = [Date.now() - hourMs - 600_000, Date.now()];
  const openings = (source: string, openedAt: number) =>
    Array.from({ length: openCount / 2 }, () => ({ source, openedAt }));
  await fillStore(settings, openings("night", laterAt));
  await fillStore(settings, openings("bench", overdueAt));
  const begun = now();
  const bot = stack.use(await startBot(writeSettings(folder, settings), join(folder, "bot.log")));
  const listeningAt = now();
  const alarms = toAlarms(presses.count);
  const { accepted, answeredMs } = await sendEvenly(bot.port, alarms, presses.everyMs);
  const paged = [...desk.arrived.values()].map(({ at }) => at);
  const first = Math.min(...paged) - listeningAt;
  await connector.waitFor(
    alarms.map(({ place }) => place),
    120_000,
  );
  const lost = alarms.filter(({ place }) => !connector.arrived.has(place)).length;
  return [
    beside(part, `${openCount} open, half of them overdue: spawned to listening`, `${round(listeningAt - begun)} ms`),
    atMost(part, "presses from then on, 50 a second: answered, p99", quantile(answeredMs, 0.99), 1_000, " ms"),
    atMost(part, `the same, not accepted of ${presses.count}`, presses.count - accepted, 0, ""),
    atMost(part, "the same, whose card did not come", lost, 0, ""),
    atMost(part, "the first overdue page, after listening", first, 2_000, " ms"),
    beside(part, `overdue pages within ${round((presses.count * presses.everyMs) / 1_000)} s`, String(paged.length)),
    beside(part, "peak memory", `${round(bot.peakMemory())} MiB`),
  ];
}
