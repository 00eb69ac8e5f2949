import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import Database from "better-sqlite3";
import { stringify } from "yaml";
import { kinds } from "../../bot/app.ts";
import { toDirectory } from "../../bot/config/directory.ts";
import { parseConfiguration } from "../../bot/config/load-configuration.ts";
import { createHandler, type Handler } from "../../bot/engine/handle.ts";
import { toAlarm } from "../../bot/incident/alarm.ts";
import type { Directory, Store } from "../../bot/ports.ts";
import { openStore } from "../../bot/store/store.ts";
import { sendFlood, toAlarms } from "./alarms.ts";
import { startConnector, startCountingDesk } from "./connector.ts";
import { atMost, beside, type Figure, now, round } from "./figure.ts";
import { startBot } from "./process.ts";
import { toSettings, writeSettings } from "./settings.ts";

const part = "open";
const openCount = 100_000;
const dueCount = 1_000;
const hourMs = 3_600_000;
/** From the end of filling until the first deadline: long enough to start on a slow machine. */
const leadMs = 20_000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

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

/** Opens them by the engine's own hand, their cards posted; answers with the first moment of the second in which pages are due. */
async function fill(settings: Record<string, unknown>): Promise<number> {
  const configuration = parseConfiguration("bench.yaml", stringify(settings), {}, kinds);
  await using store = await openStore({ url: configuration.database, log: silent });
  const directory = toDirectory(configuration, new Set());
  let at = 0;
  const clock = { now: () => at, wall: () => at, wakeAt: () => () => undefined, timeout: never };
  const handler = createHandler({ store, clock, directory, log: silent });
  at = Date.now();
  for (let done = 0; done < openCount - dueCount; done += 1_000) {
    await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => openOne(store, handler, directory, "night", done + i, at)),
    );
  }
  const dueAt = Date.now() + leadMs;
  await Promise.all(
    Array.from({ length: dueCount }, (_, i) =>
      openOne(store, handler, directory, "bench", openCount + i, dueAt + i - hourMs),
    ),
  );
  return dueAt;
}

function never(): never {
  throw new Error("nothing is sent while the database is filled");
}

async function openOne(
  store: Store,
  handler: Handler,
  directory: Directory,
  source: string,
  n: number,
  at: number,
): Promise<void> {
  const { hash, policy } = directory.policyOf(source);
  const alarm = toAlarm("press", { button: `oud-${n}`, place: `Zaal ${n}` });
  await store.write(async (tx) => {
    await tx.savePolicy(hash, policy);
    const press = directory.toPress(source, alarm, crypto.randomUUID(), at);
    const opened = await handler.open(tx, press, policy, at);
    const posted = await handler.within(tx, press.incident, { kind: "card-posted" }, at);
    for (const row of [...opened.committed.rows, ...posted.committed.rows]) await tx.settle(row, at);
    await tx.saveBoard({
      incident: press.incident,
      conversation: "19:bench@thread.tacv2",
      serviceUrl: "http://127.0.0.1",
      activity: String(n),
      shown: "",
      shownAt: at,
      repliedTo: 9,
    });
  });
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
