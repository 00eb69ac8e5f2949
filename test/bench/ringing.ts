import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { stringify } from "yaml";
import { kinds, startApp } from "../../bot/app.ts";
import { parseConfiguration } from "../../bot/config/load-configuration.ts";
import { SystemClock } from "../../bot/engine/kernel/time/clock.ts";
import type { Log } from "../../bot/log.ts";
import { teamsLimits } from "../../bot/teams/wire/budget/limits.ts";
import { type Colleague, FakeTeams } from "../fakes/teams.ts";
import { listMentioned } from "../fakes/teams-mentions.ts";
import { sendEvenly, toAlarms } from "./alarms.ts";
import { atMost, beside, type Figure, now, quantile, round } from "./figure.ts";
import { toSettings } from "./settings.ts";

const part = "ringing";
const channel = "19:bench@thread.tacv2";
const alarmCount = 60;
const warmUps = 5;
/** Long enough that each alarm finds all that Teams takes, as the first one of a day does. */
const everyMs = 2_500;

const onDuty = Array.from({ length: 10 }, (_, at): Colleague => {
  const number = String(at + 1).padStart(2, "0");
  return {
    teamsId: `29:${number}`,
    aadObjectId: `00000000-0000-4000-8000-0000000000${number}`,
    name: `Collega ${number}`,
  };
});
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** How long after the press each person's devices rang, in milliseconds: first by any way, and by a message. */
interface Rung {
  readonly first: Map<string, number>;
  readonly direct: Map<string, number>;
}

/** From a press to the bytes that ring ten people on duty, and the calls it costs, in a Teams as hard as the real. */
export async function measureRinging(): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const teams = stack.use(await new FakeTeams({ channels: [channel], colleagues: onDuty }).start());
  const people = onDuty.map(({ name, aadObjectId: id }) => ({ name, id, onDuty: "always" }));
  const settings = { ...toSettings(folder, teams.serviceUrl, "http://127.0.0.1:9/alarms"), people };
  const clock = stack.use(new SystemClock(silent));
  const configuration = parseConfiguration("bench.yaml", stringify(settings), {}, kinds);
  const app = stack.use(await startApp({ configuration, clock, log: silent, teamsLimits }));
  teams.botUrl = `http://127.0.0.1:${app.port}/api/messages`;
  await teams.introduce();
  // By then everybody can be messaged.
  await setTimeout(15_000);
  const first: number[] = [];
  const direct: number[] = [];
  const calls: number[] = [];
  const clickCalls: number[] = [];
  for (let count = 0; count < warmUps + alarmCount; count += 1) {
    const before = teams.calls.length;
    const rung = await ring(app.port, teams);
    const during = countCalls(teams, before);
    const clicked = await countClick(teams);
    if (count < warmUps) continue;
    calls.push(during);
    clickCalls.push(clicked);
    first.push(...onDuty.map(({ teamsId }) => rung.first.get(teamsId) ?? Number.POSITIVE_INFINITY));
    direct.push(...onDuty.map(({ teamsId }) => rung.direct.get(teamsId) ?? Number.POSITIVE_INFINITY));
  }
  const each = `press to the first byte that rings each of ${onDuty.length} people`;
  return [
    beside(part, `${each}, median`, `${round(quantile(first, 0.5))} ms`),
    atMost(part, "the same, p99", quantile(first, 0.99), 250, " ms"),
    beside(part, "press to the message to each, median", `${round(quantile(direct, 0.5))} ms`),
    atMost(part, "the same, p99", quantile(direct, 0.99), 500, " ms"),
    beside(part, "calls to Teams for an alarm, most", round(Math.max(...calls))),
    beside(part, "calls to Teams for a click, most", round(Math.max(...clickCalls))),
  ];
}

/** One press, and what came of it within some seconds. */
async function ring(port: number, teams: FakeTeams): Promise<Rung> {
  const rung: Rung = { first: new Map(), direct: new Map() };
  let pressedAt = now();
  teams.onActivity = (route, { conversation, body }) => {
    if (route === "update") return;
    const at = now() - pressedAt;
    const mentioned = listMentioned(body).map(({ id }) => id);
    for (const { teamsId, aadObjectId } of onDuty) {
      const isMessaged = teams.roster.ownerOf(conversation)?.teamsId === teamsId;
      if (isMessaged && !rung.direct.has(teamsId)) rung.direct.set(teamsId, at);
      const isRung = isMessaged || mentioned.includes(teamsId) || mentioned.includes(aadObjectId);
      if (isRung && !rung.first.has(teamsId)) rung.first.set(teamsId, at);
    }
  };
  pressedAt = now();
  await sendEvenly(port, toAlarms(1), 1);
  await setTimeout(everyMs);
  return rung;
}

/** A claim on the newest card; answers with the calls that follow. */
async function countClick(teams: FakeTeams): Promise<number> {
  const card = teams.cards.at(-1);
  const [colleague] = onDuty;
  const incident = /"incident":"([^"]+)"/.exec(JSON.stringify(card?.body))?.[1];
  if (card === undefined || colleague === undefined || incident === undefined) return Number.NaN;
  const before = teams.calls.length;
  await teams.click(colleague, { incident, verb: "claim", card: card.id });
  await setTimeout(everyMs);
  return countCalls(teams, before);
}

/** Without the look that is had each minute. */
function countCalls(teams: FakeTeams, from: number): number {
  return teams.calls.slice(from).filter(({ route }) => route !== "member").length;
}
