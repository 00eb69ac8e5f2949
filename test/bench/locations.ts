import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPager, buildSettings, buildSource, toPolicy } from "../fixtures/configuration.ts";
import { benchSecret } from "./alarms.ts";
import { startConnector } from "./connector.ts";
import { atMost, type Figure, now, quantile, round } from "./figure.ts";
import { takeTurn } from "./latency.ts";
import type { Subject } from "./pair.ts";
import { startBot } from "./process.ts";
import { writeSettings } from "./settings.ts";

const part = "locations";
const turns = 8;
/** So slowly that Teams takes every card and every ring at once: what waits for Teams is the same for both. */
const pace = { count: 10, everyMs: 600 };
const large = { locations: 40, people: 1_200, buttons: 5_000 };
/** The quickest of so many starts counts, because what else the machine does makes none of them quicker. */
const starts = 5;
/** In seconds. Loading the SDK takes half of it, and reading half a megabyte of YAML a quarter. */
const maxStart = 2;
const maxStartRatio = 1.6;
/** How many of a location are on duty, in the large configuration as in the small one: both ring as many. */
const onDuty = 2;

interface Measured extends Subject {
  readonly startMs: number;
  readonly tookMs: number[];
}

/** A municipality of forty buildings beside one of a single one: how long it takes to start, and to show a press. */
export async function measureLocations(): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const small = await start(stack, { locations: 1, people: onDuty, buttons: 0 });
  const whole = await start(stack, large);
  // The first second of a process is its compiler's.
  for (const each of [small, whole]) await takeTurn(each);
  for (let turn = 0; turn < turns; turn += 1) {
    // What one still has to send is in the way of whose turn comes next.
    const inTurn = turn % 2 === 0 ? [small, whole] : [whole, small];
    for (const each of inTurn) each.tookMs.push(...(await takeTurn(each, pace)).tookMs);
  }
  const [fast, slow] = [quantile(small.tookMs, 0.5), quantile(whole.tookMs, 0.5)];
  const named = `${large.locations} locations, ${large.people} people, ${large.buttons} buttons`;
  return [
    atMost(part, `${named}: from the process to its open door`, whole.startMs / 1_000, maxStart, " s"),
    atMost(
      part,
      "the same, × one location",
      whole.startMs / small.startMs,
      maxStartRatio,
      "",
      ` (${round(whole.startMs)} against ${round(small.startMs)} ms)`,
    ),
    atMost(
      part,
      "a press there to its card, median, × one location",
      slow / fast,
      1.1,
      "",
      ` (${round(slow)} against ${round(fast)} ms)`,
    ),
  ];
}

async function start(stack: AsyncDisposableStack, size: typeof large): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const connector = stack.use(await startConnector());
  const path = writeSettings(folder, toSettings(folder, connector.url, size));
  let startMs = Number.POSITIVE_INFINITY;
  for (let count = 1; ; count += 1) {
    const begun = now();
    const running = await startBot(path, join(folder, "bot.log"));
    startMs = Math.min(startMs, now() - begun);
    if (count === starts) return { running: stack.use(running), connector, startMs, tookMs: [] };
    await running[Symbol.asyncDispose]();
  }
}

function toSettings(folder: string, serviceUrl: string, { locations, people, buttons }: typeof large) {
  const keys = Array.from({ length: locations }, (_, at) => `location-${at}`);
  const keyOf = (at: number) => keys[at % locations] ?? "";
  const policy = toPolicy([{ after: "1h", page: "desk" }], { teamsWithin: "30m", repeatEvery: "6h" });
  return buildSettings({
    publicUrl: "http://127.0.0.1:3978",
    database: `sqlite:${join(folder, "rugdekking.db")}`,
    teams: { local: true, serviceUrl },
    channels: { frontdesk: { conversation: "19:bench@thread.tacv2" } },
    locations: Object.fromEntries(keys.map((key, at) => [key, { name: `Gebouw ${at}`, address: `Plein ${at}` }])),
    people: Array.from({ length: people }, (_, at) => ({
      name: `Collega ${at}`,
      id: `00000000-0000-4000-8000-${String(at).padStart(12, "0")}`,
      onDuty: at < onDuty * locations ? "mon-sun 00:00-24:00" : "mon 03:00-03:01",
      locations: [keyOf(at)],
    })),
    sources: { bench: { ...buildSource(benchSecret), location: keyOf(0) } },
    buttons: Array.from({ length: buttons }, (_, at) => {
      // Those that are pressed are of one location: what is rung there is rung in the small configuration too.
      return { source: "bench", id: `knop-${at + 1}`, fixed: false, location: keyOf(at < buttons / 2 ? 0 : at) };
    }),
    policies: { building: policy },
    pagers: { desk: buildPager("http://127.0.0.1:9/alarms") },
  });
}
