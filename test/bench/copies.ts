import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import Database from "better-sqlite3";
import { changeDatabase } from "../damage.ts";
import { sendFlood, toAlarms } from "./alarms.ts";
import { startConnector, startCountingDesk } from "./connector.ts";
import { atMost, beside, type Figure, now, round } from "./figure.ts";
import { fillStore } from "./fill.ts";
import { startBot } from "./process.ts";
import { toSettings, writeSettings } from "./settings.ts";

const part = "copies";
const openCount = 1_500;
/** Incidents in the database: many years of a house, and six times as many. */
const sizes = [21_000, 124_000];
const everyMs = 20;

/**
 * A copy while presses come in, the disk lost, the copy put back: what is gone (RPO) and how long nobody is heard
 * (RTO). The configuration is there; how often copies are made is what loses most.
 */
export async function measureCopies(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const size of sizes) figures.push(...(await measureCopy(size)));
  return figures;
}

async function measureCopy(size: number): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const connector = stack.use(await startConnector());
  const desk = stack.use(await startCountingDesk());
  const settings = toSettings(folder, connector.url, desk.url);
  const [database, copy, config] = [
    join(folder, "rugdekking.db"),
    join(folder, "copy.db"),
    writeSettings(folder, settings),
  ];
  await fillStore(
    settings,
    Array.from({ length: size }, () => ({ source: "night", openedAt: Date.now() })),
  );
  const open = `select id from incidents limit ${openCount}`;
  changeDatabase(database, `update incidents set closed_at = opened_at, next_at = null where id not in (${open})`);
  const bot = stack.use(await startBot(config, join(folder, "bot-1.log")));
  const made = await copyBesidePresses(config, copy, bot.port);
  await bot.kill();
  for (const ending of ["", "-wal", "-shm"]) await rm(`${database}${ending}`, { force: true });

  const lostAt = now();
  await runCommand("restore", config, copy);
  const restoredAt = now();
  const again = stack.use(await startBot(config, join(folder, "bot-2.log")));
  const { accepted } = await sendFlood(again.port, toAlarms(1), 1);
  const heardAt = accepted === 1 ? now() : Number.POSITIVE_INFINITY;
  while (desk.arrived.size === 0) await setTimeout(10);
  const pagedAt = now();
  const what = `${round((await stat(copy)).size / 2 ** 20)} MiB, ${openCount} open of ${size}`;
  const seconds = (ms: number) => `${round(ms / 1000)} s`;
  return [
    beside(part, `${what}: the copy took`, seconds(made.tookMs)),
    atMost(part, "presses beside the copy that were not taken", made.refused, 0, ""),
    beside(part, "the slowest press beside the copy", `${round(made.slowestMs)} ms`),
    atMost(part, "presses answered before the copy began that are not in it", made.missing, 0, ""),
    beside(part, "presses answered while it was made, that are not in it", `${made.after} of ${made.beside}`),
    beside(part, "the disk is gone: put back after", seconds(restoredAt - lostAt)),
    beside(part, "the start on it, to its first press", seconds(heardAt - restoredAt)),
    atMost(part, "first press taken after", heardAt - lostAt, 60_000, " ms"),
    beside(part, "first page of what was open after", seconds(pagedAt - lostAt)),
  ];
}

/** Presses one after the other while the copy is made, and looks what of it is in there. */
async function copyBesidePresses(config: string, copy: string, port: number) {
  const before = toAlarms(20);
  await sendFlood(port, before, 4);
  const begunAt = now();
  let tookMs = Number.NaN;
  const copying = runCommand("backup", config, copy).finally(() => {
    tookMs = now() - begunAt;
  });
  const sent: string[] = [];
  let [refused, slowestMs] = [0, 0];
  while (Number.isNaN(tookMs)) {
    const [alarm] = toAlarms(1);
    if (alarm === undefined) break;
    const sentAt = now();
    const { accepted } = await sendFlood(port, [alarm], 1);
    slowestMs = Math.max(slowestMs, now() - sentAt);
    if (accepted === 1) sent.push(alarm.place);
    else refused += 1;
    await setTimeout(everyMs);
  }
  await copying;
  using held = new DisposableStack();
  const file = held.adopt(new Database(copy, { readonly: true }), (each) => each.close());
  const copied = new Set(file.prepare<[], string>("select body ->> '$.place' from incidents").pluck().all());
  const isMissing = (place: string) => !copied.has(place);
  const missing = before.filter(({ place }) => isMissing(place)).length;
  return { tookMs, refused, slowestMs, missing, beside: sent.length, after: sent.filter(isMissing).length };
}

/** Runs that command as whoever types it, without a terminal. Rejects when it does not end well. */
async function runCommand(command: "backup" | "restore", config: string, file: string): Promise<void> {
  const child = spawn(process.execPath, [`bot/cli/copies/${command}.ts`, file], {
    env: { ...process.env, RUGDEKKING_CONFIG: config },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`npm run ${command} ended with ${code}`);
}
