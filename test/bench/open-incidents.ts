import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import Database from "better-sqlite3";
import { sendFlood, toAlarms } from "./alarms.ts";
import { startConnector, startCountingDesk } from "./connector.ts";
import { atMost, beside, type Figure, now, round } from "./figure.ts";
import { fillStore } from "./fill.ts";
import { startBot } from "./process.ts";
import { toSettings, writeSettings } from "./settings.ts";

const part = "open";
const openCount = 100_000;
const dueCount = 1_000;
const hourMs = 3_600_000;
/** From the end of filling until the first deadline: long enough to start on a slow machine. */
const leadMs = 20_000;

/** 100,000 open incidents with deadlines, 1,000 of which are due in the same second: start, decisions and memory. */
export async function measureOpen(): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const connector = stack.use(await startConnector());
  const desk = stack.use(await startCountingDesk());
  const settings = toSettings(folder, connector.url, desk.url);
  const dueAt = await fill(settings);
  const begun = now();
  const bot = stack.use(await startBot(writeSettings(folder, settings), join(folder, "bot.log")));
  const { accepted } = await sendFlood(bot.port, toAlarms(1), 1);
  const startMs = accepted === 1 ? now() - begun : Number.POSITIVE_INFINITY;
  const { queuedMs, queued } = await watchDue(join(folder, "rugdekking.db"), dueAt);
  return [
    atMost(part, `start with ${openCount} open incidents to first accepted alarm`, startMs, 3_000, " ms"),
    atMost(part, `${dueCount} due in one second: the last one queued after its moment`, queuedMs, 2_000, " ms"),
    atMost(part, `not queued of ${dueCount}`, dueCount - queued, 0, ""),
    ...(await describePages(desk, dueAt)),
    atMost(part, "peak memory", bot.peakMemory(), 400, " MiB"),
  ];
}

/** Answers with the first moment of the second in which pages are due. */
async function fill(settings: Record<string, unknown>): Promise<number> {
  const begun = Date.now();
  await fillStore(
    settings,
    Array.from({ length: openCount - dueCount }, () => ({ source: "night", openedAt: begun })),
  );
  const dueAt = Date.now() + leadMs;
  const due = Array.from({ length: dueCount }, (_, index) => ({ source: "bench", openedAt: dueAt + index - hourMs }));
  await fillStore(settings, due);
  return dueAt;
}

/** Reads the file from outside, without touching it, until all are queued or patience ends. */
async function watchDue(path: string, dueAt: number): Promise<{ queuedMs: number; queued: number }> {
  using held = new DisposableStack();
  const database = held.adopt(new Database(path, { readonly: true }), (opened) => void opened.close());
  const queued = database.prepare<[number], { late: number | null; count: number }>(
    `select max(h.at - i.opened_at - ${hourMs}) as late, count(*) as count from history h join incidents i on i.id = h.incident
     where h.at >= ? and h.body like '{"kind":"page-queued"%' and i.source = 'bench'`,
  );
  await setTimeout(Math.max(0, dueAt + 1_000 - Date.now()));
  const until = Date.now() + 30_000;
  for (;;) {
    await setTimeout(1_000);
    const { late, count } = queued.get(dueAt) ?? { late: null, count: 0 };
    if (count >= dueCount || Date.now() > until) return { queuedMs: late ?? Number.NaN, queued: count };
  }
}

async function describePages(desk: Awaited<ReturnType<typeof startCountingDesk>>, dueAt: number): Promise<Figure[]> {
  for (let before = -1; before !== desk.arrived.size; before = desk.arrived.size) await setTimeout(2_000);
  const last = Math.max(...[...desk.arrived.values()].map(({ at }) => at)) + Date.now() - now();
  const twice = [...desk.arrived.values()].filter(({ times }) => times > 1).length;
  return [
    atMost(part, `pages that did not reach the desk, of ${dueCount}`, dueCount - desk.arrived.size, 0, ""),
    beside(part, "the last page at the desk, after the end of that second", `${round(last - dueAt - 1_000)} ms`),
    beside(part, "pages that came twice", String(twice)),
  ];
}
