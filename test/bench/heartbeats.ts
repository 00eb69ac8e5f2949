import Database from "better-sqlite3";
import { toRequest } from "./alarms.ts";
import { atMost, beside, type Figure, now, quantile, round } from "./figure.ts";
import { takeTurn } from "./latency.ts";
import { startPair } from "./pair.ts";
import { openWire } from "./wire.ts";

const part = "heartbeats";
/** 342 municipalities with 500 buttons each, every 10 minutes. */
const perSecond = 300;
/** Heard three times in the minute, each of them. */
const buttons = 6_000;
const turns = 15;
const turnMs = 4_000;

/** A minute of heartbeats with presses in between, against the same presses without heartbeats, taking turns. */
export async function measureHeartbeats(): Promise<Figure[]> {
  await using pair = await startPair();
  const { bot, bare, database } = pair;
  for (const subject of [bare, bot]) await takeTurn(subject);
  const times = { bare: [] as number[], quiet: [] as number[], busy: [] as number[] };
  let beats = 0;
  let refused = 0;
  let busyMs = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    times.bare.push(...(await takeTurn(bare)).tookMs);
    times.quiet.push(...(await takeTurn(bot)).tookMs);
    const begun = now();
    const beating = beat(bot.running.port, beats);
    await new Promise((resolve) => setTimeout(resolve, turnMs / 4));
    times.busy.push(...(await takeTurn(bot)).tookMs);
    const { sent, failed } = await beating;
    busyMs += now() - begun;
    beats += sent;
    refused += failed;
  }
  // What is gathered is written every five seconds.
  await new Promise((resolve) => setTimeout(resolve, 7_000));
  const ratio = (at: number) => quantile(times.busy, at) / quantile(times.quiet, at);
  const detail = (at: number) => ` (${round(quantile(times.busy, at))} against ${round(quantile(times.quiet, at))} ms)`;
  const beside99 = (list: number[]) => round(quantile(list, 0.99) / quantile(times.bare, 0.99));
  const { kept, alarms } = countRows(database);
  return [
    atMost(part, "press to card with heartbeats, median, × without", ratio(0.5), 1.5, "", detail(0.5)),
    atMost(part, "the same, p99, × without", ratio(0.99), 1.5, "", detail(0.99)),
    beside(part, "p99, × bare: without and with", `${beside99(times.quiet)} and ${beside99(times.busy)}`),
    atMost(part, `heartbeats not taken of ${beats}`, refused, 0, ""),
    beside(part, "heartbeats a second", round((beats / busyMs) * 1000)),
    atMost(part, `rows for ${buttons} buttons after ${beats} heartbeats`, kept, buttons, ""),
    atMost(part, "identities kept of heartbeats", alarms, 0, ""),
    beside(part, "peak memory", `${round(bot.running.peakMemory())} MiB`),
  ];
}

/** One turn of heartbeats, evenly, each of the next button. */
async function beat(port: number, from: number): Promise<{ sent: number; failed: number }> {
  const wires = await Promise.all(Array.from({ length: 4 }, () => openWire(port)));
  const free = [...wires];
  const count = (perSecond * turnMs) / 1000;
  const begun = now();
  let failed = 0;
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + (index * 1000) / perSecond - now())));
      const wire = free.pop() ?? (await openWire(port));
      const button = `hart-${(from + index) % buttons}`;
      const { status } = await wire.send(toRequest({ id: `hart-${from + index}`, button, kind: "heartbeat" }));
      free.push(wire);
      if (status !== 202) failed += 1;
    }),
  );
  for (const wire of free) wire[Symbol.dispose]();
  return { sent: count, failed };
}

function countRows(path: string): { kept: number; alarms: number } {
  using stack = new DisposableStack();
  const database = stack.adopt(new Database(path, { readonly: true }), (each) => each.close());
  const count = (text: string) => Number(database.prepare(text).pluck().get());
  return {
    kept: count("select count(*) from buttons where kind = 'heartbeat'"),
    alarms: count("select count(*) from alarms where outcome = 'seen'"),
  };
}
