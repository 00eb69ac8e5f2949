import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sendEvenly, toAlarms } from "./alarms.ts";
import { startConnector, startCountingDesk } from "./connector.ts";
import { atLeast, atMost, beside, type Figure, now, quantile, round } from "./figure.ts";
import { fillStore } from "./fill.ts";
import { startBot, startProcess } from "./process.ts";
import { toSettings, writeSettings } from "./settings.ts";
import { openWire } from "./wire.ts";

const part = "frozen";
const bareHealth = fileURLToPath(new URL("./bare-health.ts", import.meta.url));
const frozenMs = 20_000;
/** Somebody pressing now and then, and as many as the latency is measured with. */
const paces = [10, 50];
const askEveryMs = 20;
const openCount = 100_000;
const dueCount = 2_000;
const hourMs = 3_600_000;
/** Until then all that is open is in memory. */
const readWithinMs = 320_000;
const health = Buffer.from("GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
const badDisk = { NODE_OPTIONS: "--import ./test/crash/bad-disk.ts", BAD_DISK: "sync" };

/** How late the process says that it lives while its disk hangs and people press, beside one that has no disk. */
export async function measureFrozen(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const perSecond of paces) figures.push(...(await measureAt(perSecond)));
  return [...figures, ...(await measureOpen())];
}

/** The same with 100,000 open incidents, of which 2,000 are due while the disk hangs that memory has packed. */
async function measureOpen(): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const connector = stack.use(await startConnector());
  const desk = stack.use(await startCountingDesk());
  const settings = toSettings(folder, connector.url, desk.url);
  const farAt = Date.now();
  await fillStore(
    settings,
    Array.from({ length: openCount - 2 * dueCount }, () => ({ source: "night", openedAt: farAt })),
  );
  const dueFrom = Date.now() + readWithinMs;
  // Nearer than those that are due while the disk hangs, and as many as memory has at hand.
  const nearer = Array.from({ length: dueCount }, () => ({ source: "bench", openedAt: dueFrom - hourMs - 25_000 }));
  const due = Array.from({ length: dueCount }, (_, index) => {
    return { source: "bench", openedAt: dueFrom - hourMs + Math.floor((index * (frozenMs - 8_000)) / dueCount) };
  });
  await fillStore(settings, [...due, ...nearer]);
  const bot = stack.use(await startBot(writeSettings(folder, settings), join(folder, "bot.log"), badDisk));
  while (Date.now() < dueFrom - 1_000) await setTimeout(askEveryMs);
  bot.child.kill("SIGUSR2");
  while (!bot.log().includes("sync hangs")) await setTimeout(askEveryMs);
  const before = desk.arrived.size;
  const late = await askUntil(now() + frozenMs, bot.port);
  const paged = desk.arrived.size - before;
  bot.child.kill("SIGUSR2");
  const what = `${openCount} open and a disk that hangs for ${frozenMs / 1_000} s`;
  return [
    atMost(
      part,
      `${what}: /health/live, the latest`,
      Math.max(...late),
      200,
      " ms",
      ` (p99 ${round(quantile(late, 0.99))})`,
    ),
    atLeast(part, `the same, pages that went out meanwhile of ${dueCount} that were due`, paged, dueCount, ""),
    beside(part, "peak memory", `${round(bot.peakMemory())} MiB`),
  ];
}

async function measureAt(perSecond: number): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const connector = stack.use(await startConnector());
  const desk = stack.use(await startCountingDesk());
  const path = writeSettings(folder, toSettings(folder, connector.url, desk.url));
  const bare = stack.use(await startProcess(bareHealth, [], join(folder, "bare.log")));
  const bot = stack.use(await startBot(path, join(folder, "bot.log"), badDisk));
  // Its compiler is no part of it.
  await sendEvenly(bot.port, toAlarms(4 * perSecond), 1_000 / perSecond);
  bot.child.kill("SIGUSR2");
  while (!bot.log().includes("sync hangs")) await setTimeout(askEveryMs);
  const until = now() + frozenMs;
  const alarms = toAlarms((frozenMs / 1_000) * perSecond);
  const [{ accepted }, ...late] = await Promise.all([
    sendEvenly(bot.port, alarms, 1_000 / perSecond),
    askUntil(until, bot.port),
    askUntil(until, bare.port),
  ]);
  bot.child.kill("SIGUSR2");
  const [ofBot = [], ofBare = []] = late;
  const [bot99, bare99] = [quantile(ofBot, 0.99), quantile(ofBare, 0.99)];
  const what = `a disk that hangs for ${frozenMs / 1_000} s, ${perSecond} presses a second`;
  return [
    atMost(part, `${what}: /health/live, the latest`, Math.max(...ofBot), 200, " ms", ` (p99 ${round(bot99)})`),
    beside(part, "the same, of a server without a disk", `${round(Math.max(...ofBare))} ms (p99 ${round(bare99)})`),
    atMost(part, `presses answered as if they were on disk, of ${alarms.length}`, accepted, 0, ""),
  ];
}

/** Asks again and again; resolves with how long each answer took, in milliseconds. */
async function askUntil(until: number, port: number): Promise<readonly number[]> {
  using wire = await openWire(port);
  const took: number[] = [];
  while (now() < until) {
    const begun = now();
    const { status } = await wire.send(health);
    if (status !== 200) throw new Error(`it answered ${status}`);
    took.push(now() - begun);
    await setTimeout(askEveryMs);
  }
  return took;
}
