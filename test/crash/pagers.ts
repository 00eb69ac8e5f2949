import { setTimeout } from "node:timers/promises";
import type { GateMode } from "../fakes/gate.ts";
import { type PagerType, pagerTypes } from "../fakes/providers.ts";
import { type Chance, toChance } from "./chance.ts";
import {
  type KilledBotWithPagers,
  type KillPlan,
  openKilledBotWithPagers,
  sourceSecret,
} from "./killed-bot-with-pagers.ts";
import {
  isSettled,
  keysOf,
  loadIncidents,
  type Pressed,
  type Seen,
  type Stage,
  seeKilled,
  stages,
  stateOf,
  whileSending,
} from "./pagers-record.ts";

/**
 * What a round aims at, for one pager of its own. `twice`: killed at its answer, and again at the answer to the next
 * try.
 */
export const aims = [
  "deciding",
  "starting",
  "connecting",
  "connected",
  "body",
  "answered",
  "settled",
  "twice",
] as const;
export type Aim = (typeof aims)[number];

/** Two people press at once, so that pages also wait for each other. */
const pressesPerRound = 2;
const patienceMs = 12_000;

export interface PagerCrashReport {
  readonly seed: number;
  readonly rounds: number;
  readonly kills: number;
  /** How the pages stood at the kills: by pager, then by stage. */
  readonly fell: Readonly<Record<PagerType, Map<Stage, number>>>;
  /** Messages beyond the first, under the same key, by pager. */
  readonly twice: Readonly<Record<PagerType, number>>;
  /** Longest time from the end of a kill's start to a page, and of a round, in milliseconds. */
  readonly maxRoundMs: number;
  readonly faults: readonly string[];
}

/**
 * Kills the real process at a point of a page that changes from round to round, and counts what came out of it.
 */
export async function runPagerCrash(options: {
  readonly rounds: number;
  readonly seed: number;
  readonly say?: (line: string) => void;
}): Promise<PagerCrashReport> {
  const { rounds, seed, say = () => undefined } = options;
  const chance = toChance(seed);
  await using bot = await openKilledBotWithPagers();
  await bot.start();
  const faults: string[] = [];
  const fell = toRecord(() => new Map<Stage, number>());
  const twice = toRecord(() => 0);
  const known = toRecord(() => new Map<string, string>());
  let [kills, maxRoundMs] = [0, 0];
  for (let round = 0; round < rounds; round += 1) {
    const begun = Date.now();
    // In turn: every pair of a pager and a point comes as often as any other.
    const turn = round + (seed % 1_000);
    const pager = pagerTypes[turn % pagerTypes.length] ?? "webhook";
    const aim = aims[Math.floor(turn / pagerTypes.length) % aims.length] ?? "body";
    const { pressed, seen, isDone } = await runRound(bot, pager, aim, chance);
    kills += seen.length;
    const found: string[] = [];
    for (const provider of bot.providers) {
      for (const [index, press] of pressed.entries()) {
        const fault = (what: string) => found.push(`${provider.type}, ${press.place}: ${what}`);
        const at = seen.map((each) => each[provider.type][index] ?? "undecided");
        for (const stage of at) fell[provider.type].set(stage, (fell[provider.type].get(stage) ?? 0) + 1);
        const keys = keysOf(provider, press);
        const most = 1 + at.filter((stage) => whileSending.has(stage)).length;
        if (keys.length === 0) fault(`no page; killed when it was ${at.join(" and ")}`);
        if (keys.length > most) fault(`${keys.length} pages; killed when it was ${at.join(" and ")}`);
        if (new Set(keys).size > 1) fault(`one page under ${new Set(keys).size} keys`);
        for (const key of new Set(keys)) {
          const other = known[provider.type].get(key);
          if (other !== undefined) fault(`the key of ${other}`);
          known[provider.type].set(key, press.place);
        }
        twice[provider.type] += Math.max(0, keys.length - 1);
      }
    }
    if (!isDone) found.push(...explain(bot, pressed));
    maxRoundMs = Math.max(maxRoundMs, Date.now() - begun);
    faults.push(...found.map((fault) => `round ${round + 1}, ${aim} of ${pager}: ${fault}`));
    say(
      [`round ${round + 1}: ${aim} of ${pager}, ${Date.now() - begun} ms, ${found.length} faults`, ...found].join("\n"),
    );
  }
  return { seed, rounds, kills, fell, twice, maxRoundMs, faults };
}

async function runRound(bot: KilledBotWithPagers, pager: PagerType, aim: Aim, chance: Chance) {
  for (const { type, gate } of bot.providers) {
    gate.behave(type === pager ? toMode(aim) : chance.one(otherModes));
    // A connection kept from the last round would save this one its connecting.
    if (aim === "connecting" || aim === "connected") gate.drop();
  }
  bot.arm(toKillPlan(pager, aim, chance));
  const pressed = await Promise.all(
    Array.from({ length: pressesPerRound }, async () => {
      await setTimeout(chance.whole(0, 20));
      return press(bot);
    }),
  );
  const seen: Seen[] = [];
  const die = async () => {
    await bot.dead(2_000);
    // What was on its way to a provider arrives.
    await setTimeout(15);
    seen.push(seeKilled(bot, pressed));
  };
  await die();
  if (aim === "twice") {
    bot.arm(toKillPlan(pager, aim, chance));
    const starting = bot.start();
    await die();
    await starting;
  }
  for (const { gate } of bot.providers) gate.behave("pass");
  await bot.start();
  const until = Date.now() + patienceMs;
  let isDone = isSettled(bot, pressed);
  while (!isDone && Date.now() < until) {
    await setTimeout(10);
    isDone = isSettled(bot, pressed);
  }
  return { pressed, seen, isDone };
}

const otherModes: readonly GateMode[] = ["pass", "pass", "hold-connected", "hold-answer"];

function toMode(aim: Aim): GateMode {
  if (aim === "connected") return "hold-connected";
  return aim === "body" || aim === "twice" ? "hold-answer" : "pass";
}

function toKillPlan(pager: PagerType, aim: Aim, chance: Chance): KillPlan {
  const left = chance.whole(1, pressesPerRound);
  const count = pressesPerRound * pagerTypes.length;
  switch (aim) {
    case "deciding":
      return { at: "deadline", left, delayMs: chance.whole(0, 3) };
    case "starting":
      return { at: "page-starting", left: chance.whole(1, count), delayMs: chance.whole(0, 3) };
    case "connecting":
      return { at: { pager, point: "connecting" }, left: 1, delayMs: 0 };
    case "connected":
      return { at: { pager, point: "connected" }, left, delayMs: chance.whole(0, 10) };
    case "body":
    case "twice":
      return { at: { pager, point: "body" }, left: pager === "sia-dc09" ? 1 : left, delayMs: chance.whole(0, 20) };
    case "answered":
      return { at: { pager, point: "answered" }, left, delayMs: chance.whole(0, 3) };
    case "settled":
      return { at: { pager, point: "answered" }, left, delayMs: chance.whole(10, 80) };
  }
}

let last = 10_000;

async function press({ url }: KilledBotWithPagers): Promise<Pressed> {
  last += 1;
  const place = `Kamer ${last}`;
  const answered = await fetch(`${url}/alarms/buttons`, {
    method: "POST",
    headers: { authorization: `Bearer ${sourceSecret}`, "content-type": "application/json" },
    body: JSON.stringify({ id: `druk-${last}`, button: `knop-${last}`, place }),
  });
  const { incident } = (await answered.json()) as { incident: string };
  if (answered.status !== 202) throw new Error(`a press was answered ${answered.status}`);
  return { incident, place };
}

function explain(bot: KilledBotWithPagers, pressed: readonly Pressed[]): string[] {
  const incidents = loadIncidents(bot.database, pressed);
  return pressed.map(({ incident, place }) => {
    const states = pagerTypes.map((type) => `${type} ${stateOf(incidents.get(incident), type)}`);
    return `${place} is not settled after ${patienceMs} ms: ${states.join(", ")}`;
  });
}

function toRecord<T>(make: () => T): Record<PagerType, T> {
  return Object.fromEntries(pagerTypes.map((type) => [type, make()])) as Record<PagerType, T>;
}

/** The report as a table for a terminal. */
export function toPagerTable({ seed, rounds, kills, fell, twice, maxRoundMs, faults }: PagerCrashReport): string {
  const head = ["pager", ...stages, "came twice"];
  const rows = pagerTypes.map((type) => [
    type,
    ...stages.map((stage) => String(fell[type].get(stage) ?? 0)),
    String(twice[type]),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = [head, ...rows].map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return [
    `seed ${seed}: ${rounds} rounds, ${kills} kills, longest round ${maxRoundMs} ms; where its pages were then:`,
    ...lines.map((line) => line.trimEnd()),
    `faults: ${faults.length}`,
    ...faults,
  ].join("\n");
}
