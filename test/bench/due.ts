import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sendEvenly, toAlarms } from "./alarms.ts";
import { startConnector } from "./connector.ts";
import { atMost, beside, type Figure, quantile, round } from "./figure.ts";
import { fillStore } from "./fill.ts";
import { startBot, startProcess } from "./process.ts";
import { toSettings, writeSettings } from "./settings.ts";
import { type SlowDesk, startSlowDesk } from "./slow-desk.ts";

const part = "due";
const bareTimer = fileURLToPath(new URL("./bare-timer.ts", import.meta.url));
/** The presses and their cards are over by then. */
const afterMs = 3_000;
const perSecond = 100;
const turns = 5;
const dueCount = 1_000;
const hourMs = 3_600_000;
/** From the end of filling until the first deadline: long enough to start on a slow machine. */
const leadMs = 25_000;
const answerMs = 2_000;

/** From the moment at which a page is due to its first byte at the pager. */
export async function measureDue(): Promise<Figure[]> {
  return [
    ...(await measureSecond()),
    ...(await measureThousand("in one minute", 60, 1_000)),
    ...(await measureThousand("in one second", 1, null)),
  ];
}

/** 100 due in one second, against the bare baseline, taking turns. */
async function measureSecond(): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const desks = { bare: stack.use(await startSlowDesk(0)), bot: stack.use(await startSlowDesk(0)) };
  const connector = stack.use(await startConnector());
  const toPolicy = () => ({
    repeatEvery: "6h",
    steps: [
      { after: "0s", tell: "frontdesk" },
      { after: `${afterMs}ms`, page: "desk" },
    ],
  });
  const settings = toSettings(folder, connector.url, desks.bot.url);
  const path = writeSettings(folder, { ...settings, policies: { hour: toPolicy(), night: toPolicy() } });
  const bare = stack.use(await startProcess(bareTimer, [desks.bare.url, String(afterMs)], join(folder, "bare.log")));
  const bot = stack.use(await startBot(path, join(folder, "bot.log")));
  const late = { bare: [] as number[], bot: [] as number[] };
  let missing = 0;
  for (let turn = -1; turn < turns; turn += 1) {
    for (const name of ["bare", "bot"] as const) {
      const { port } = name === "bare" ? bare : bot;
      const desk = desks[name];
      desk.forget();
      await sendEvenly(port, toAlarms(perSecond), 1_000 / perSecond);
      await desk.waitFor(perSecond, afterMs + 10_000);
      missing += perSecond - desk.pages.size;
      // What follows the pages, and in the first turn its compiler, is no part of it.
      if (turn >= 0) late[name].push(...toLate(desk, afterMs));
      await setTimeout(1_000);
    }
  }
  const [bare50, bare99] = [quantile(late.bare, 0.5), quantile(late.bare, 0.99)];
  const [bot50, bot99] = [quantile(late.bot, 0.5), quantile(late.bot, 0.99)];
  const detail = ` (bare ${round(bare99)} ms, × ${round(bot99 / bare99)})`;
  return [
    beside(
      part,
      `${perSecond} due in one second: first byte after its moment, median`,
      `${round(bot50)} ms (bare ${round(bare50)})`,
    ),
    atMost(part, "the same, p99", bot99, 100, " ms", detail),
    beside(
      part,
      "the same, the last one",
      `${round(Math.max(...late.bot))} ms (bare ${round(Math.max(...late.bare))})`,
    ),
    atMost(part, `pages that did not come, of ${2 * perSecond * (turns + 1)}`, missing, 0, ""),
  ];
}

/** 1,000 due within so many seconds, with a pager that takes 2 s for each. */
async function measureThousand(name: string, seconds: number, limitMs: number | null): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const desk = stack.use(await startSlowDesk(answerMs));
  const connector = stack.use(await startConnector());
  const settings = toSettings(folder, connector.url, desk.url);
  const dueAt = Date.now() + leadMs;
  const openedAt = (index: number) => Math.round(dueAt + (index * seconds * 1_000) / dueCount - hourMs);
  await fillStore(
    settings,
    Array.from({ length: dueCount }, (_, index) => ({ source: "bench", openedAt: openedAt(index) })),
  );
  const bot = stack.use(await startBot(writeSettings(folder, settings), join(folder, "bot.log")));
  if (Date.now() > dueAt) throw new Error("the bot was not there when the first page was due");
  await setTimeout(dueAt - Date.now());
  await desk.waitFor(dueCount, seconds * 1_000 + 60_000);
  await setTimeout(2 * answerMs);
  const late = toLate(desk, hourMs);
  const [p99, most] = [quantile(late, 0.99), Math.max(...late)];
  const what = `${dueCount} due ${name}, ${answerMs / 1_000} s each`;
  return [
    limitMs === null
      ? beside(part, `${what}: the last one started`, `${round(most)} ms late (p99 ${round(p99)})`)
      : atMost(part, `${what}: the last one started late by`, most, limitMs, " ms", ` (p99 ${round(p99)})`),
    atMost(part, `${what}: pages that did not come`, dueCount - desk.pages.size, 0, ""),
    beside(
      part,
      `${what}: the most under way at once`,
      `${desk.maxUnderWay}, came twice ${desk.again}, ${round(bot.peakMemory())} MiB`,
    ),
  ];
}

function toLate({ pages }: SlowDesk, after: number): number[] {
  return [...pages.values()].map(({ at, raisedAt }) => at - raisedAt - after);
}
