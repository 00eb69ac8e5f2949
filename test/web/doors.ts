import { toReadySource } from "../../adapters/index.ts";
import type { Alarm } from "../../bot/domain/alarm.ts";
import type { SecretValue } from "../../bot/kit/secrets/secret.ts";
import { Strangers } from "../../bot/kit/strangers.ts";
import type { HandleActivity } from "../../bot/ports/caller.ts";
import type { AlarmReceipt, TakeAlarms } from "../../bot/ports/take-alarms.ts";
import { type AlarmDoorOptions, createAlarmDoor } from "../../bot/web/alarms/alarm-door.ts";
import { createDoors } from "../../bot/web/doors.ts";
import { createGuardDoor, type GuardDoorOptions } from "../../bot/web/guard/guard-door.ts";
import { OpenDoors } from "../../bot/web/http/open-doors.ts";
import { Refusals } from "../../bot/web/http/refusals.ts";
import { Visitors } from "../../bot/web/http/visitors.ts";
import { type CheckUpDoorOptions, createCheckUpDoor } from "../../bot/web/ops/check-up-door.ts";
import { createDoctorDoor, type DoctorDoorOptions } from "../../bot/web/ops/doctor-door.ts";
import { createHealthDoor, type HealthDoorOptions } from "../../bot/web/ops/health-door.ts";
import { createMetricsDoor, type MetricsDoorOptions } from "../../bot/web/ops/metrics-door.ts";
import { createPressTestDoor, type PressTestDoorOptions } from "../../bot/web/ops/press-test-door.ts";
import { createReloadDoor, type ReloadDoorOptions } from "../../bot/web/ops/reload-door.ts";
import { createTeamsTestDoor, type TeamsTestDoorOptions } from "../../bot/web/ops/teams-test-door.ts";
import { createPagerDoor, type PagerDoorOptions } from "../../bot/web/pagers/pager-door.ts";
import { type AboutDoorOptions, createAboutDoor } from "../../bot/web/public/about-door.ts";
import { createTeamsDoor } from "../../bot/web/teams/teams-door.ts";
import { FakeClock } from "../fakes/clock.ts";
import { pressedAt } from "../fixtures/incident.ts";
import { loopbackLimits } from "../fixtures/loopback-limits.ts";
import { keys } from "../fixtures/names.ts";

export const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const guardKey = Buffer.alloc(32, 7);

export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly event: string;
  readonly facts: Record<string, unknown>;
}

export interface TestDoors extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly clock: FakeClock;
  readonly lines: LogLine[];
  readonly refusals: Refusals;
  readonly strangers: Strangers;
  /** Everything that was handed in, message by message. */
  readonly taken: { source: string; alarms: readonly Alarm[]; receivedAt: number }[];
  /** Which value of which secret was used, call by call. */
  readonly used: { secret: string; value: SecretValue }[];
  press(body?: unknown, headers?: Record<string, string>, source?: string): Promise<Response>;
  close: OpenDoors["close"];
}

async function never(): Promise<never> {
  throw new Error("nobody expected this call");
}

/** What stands behind the doors. */
interface Parts extends AlarmDoorOptions, Omit<GuardDoorOptions, "guardKeys">, PagerDoorOptions {
  readonly probe: HealthDoorOptions["probe"];
  readonly lostChannels: HealthDoorOptions["lostChannels"];
  readonly guardKeys: readonly Buffer[];
  readonly teams: HandleActivity;
  readonly metricsToken: MetricsDoorOptions["token"];
  readonly figures: MetricsDoorOptions["figures"];
  readonly doctorToken: DoctorDoorOptions["token"];
  readonly doctor: DoctorDoorOptions["doctor"];
  readonly checkUp: CheckUpDoorOptions["checkUp"];
  readonly inbound: CheckUpDoorOptions["inbound"];
  readonly toTroubleLines: CheckUpDoorOptions["toTroubleLines"];
  readonly findDestination: PressTestDoorOptions["findDestination"];
  readonly teamsTests: TeamsTestDoorOptions["teamsTests"];
  readonly reload: ReloadDoorOptions["reload"];
  readonly people: TeamsTestDoorOptions["people"];
  readonly strangers: Strangers;
  readonly contact: AboutDoorOptions["contact"];
}

/** The doors on a free port, with a desk of our own behind them that takes every alarm. */
export async function openDoors(changed: Partial<Parts> = {}): Promise<TestDoors> {
  const clock = new FakeClock(pressedAt);
  const lines: LogLine[] = [];
  const write = (level: LogLine["level"]) => (facts: Record<string, unknown>, event: string) => {
    lines.push({ level, event, facts });
  };
  const taken: TestDoors["taken"] = [];
  const used: TestDoors["used"] = [];
  const takeAlarms: TakeAlarms = async (source, alarms, receivedAt) => {
    taken.push({ source, alarms, receivedAt });
    return alarms.map(({ kind }, index): AlarmReceipt => {
      const isQuiet = kind === "heartbeat" || kind === "test";
      return isQuiet ? { incident: null, outcome: "seen" } : { incident: `i-${index + 1}`, outcome: "opened" };
    });
  };
  const log = { info: write("info"), warn: write("warn"), error: write("error") };
  const refusals = new Refusals(clock, log);
  const strangers = changed.strangers ?? new Strangers(clock, [], loopbackLimits);
  const parts: Parts = {
    sources: { buttons: toReadySource("webhook", { secret }) },
    takeAlarms,
    guard: { load: async () => null, answer: async () => undefined },
    pagers: {},
    recordPagerEvents: async () => "taken",
    guardKeys: [guardKey],
    organisation: "Gemeente Voorbeeld",
    timezone: "Europe/Amsterdam",
    language: "nl",
    names: keys,
    teams: async (_request, response) => {
      response.writeHead(200).end();
    },
    noteSecret: (secret, value) => {
      used.push({ secret, value });
    },
    probe: async () => undefined,
    lostChannels: () => [],
    metricsToken: null,
    doctorToken: null,
    findDestination: never,
    doctor: { start: never, load: never, confirm: never, proven: never },
    checkUp: never,
    inbound: () => ({ since: 0, takenAt: null, refused: [] }),
    toTroubleLines: (troubles) => troubles.map(({ kind }) => kind),
    teamsTests: { start: never, load: () => null, end: () => null },
    people: () => [],
    reload: never,
    contact: { name: null, email: null, privacy: null },
    figures: async () => ({
      troubles: [],
      lastSeen: [],
      proven: [],
      teamsUp: [],
      openIncidents: 0,
      outboxRows: 0,
      unrecordedAlarms: 0,
      secretUses: [],
      notes: [],
      lastCopyAt: null,
      sendings: [],
    }),
    clock,
    log,
    refusals,
    strangers,
    ...changed,
  };
  const doors = createDoors(
    [
      createAlarmDoor(parts),
      createTeamsDoor(parts.teams),
      createAboutDoor(parts),
      createHealthDoor({ ...parts, token: parts.metricsToken }),
      createPagerDoor(parts),
      createMetricsDoor({ ...parts, token: parts.metricsToken }),
      createCheckUpDoor({ ...parts, token: parts.doctorToken }),
      createDoctorDoor({ ...parts, token: parts.doctorToken }),
      createPressTestDoor({ ...parts, token: parts.doctorToken }),
      createReloadDoor({ ...parts, token: parts.doctorToken }),
      createTeamsTestDoor({ ...parts, token: parts.doctorToken }),
      createGuardDoor({ ...parts, guardKeys: () => parts.guardKeys }),
    ],
    parts.log,
  );
  const open = await OpenDoors.open(doors, { host: "127.0.0.1", port: 0 }, new Visitors(strangers, refusals));
  const { port } = open;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    clock,
    lines,
    refusals,
    strangers,
    taken,
    used,
    press: (body = { button: "0042" }, headers = { authorization: `Bearer ${secret}` }, source = "buttons") =>
      fetch(`${url}/alarms/${source}`, {
        method: "POST",
        headers,
        body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
    close: () => open.close(),
    [Symbol.asyncDispose]: () => open.close(),
  };
}
