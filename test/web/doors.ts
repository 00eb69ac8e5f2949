import { toReadySource } from "../../adapters/index.ts";
import type { Alarm } from "../../bot/domain/alarm.ts";
import type { TakeAlarms, Taken } from "../../bot/ports/alarms.ts";
import { createDoors, type DoorsOptions } from "../../bot/web/doors.ts";
import { listen, type OpenDoors } from "../../bot/web/http/listen.ts";
import { FakeClock } from "../fakes/clock.ts";
import { pressedAt } from "../fixtures/incident.ts";

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
  /** Everything that was handed in, message by message. */
  readonly taken: { source: string; alarms: readonly Alarm[]; receivedAt: number }[];
  press(body?: unknown, headers?: Record<string, string>, source?: string): Promise<Response>;
  close: OpenDoors["close"];
}

async function never(): Promise<never> {
  throw new Error("nobody expected this call");
}

/** The doors on a free port, with a desk of our own behind them that takes every alarm. */
export async function openDoors(options: Partial<DoorsOptions> = {}): Promise<TestDoors> {
  const clock = new FakeClock(pressedAt);
  const lines: LogLine[] = [];
  const write = (level: LogLine["level"]) => (facts: Record<string, unknown>, event: string) => {
    lines.push({ level, event, facts });
  };
  const taken: TestDoors["taken"] = [];
  const takeAlarms: TakeAlarms = async (source, alarms, receivedAt) => {
    taken.push({ source, alarms, receivedAt });
    return alarms.map(({ kind }, index): Taken => {
      const isQuiet = kind === "heartbeat" || kind === "test";
      return isQuiet ? { incident: null, outcome: "seen" } : { incident: `i-${index + 1}`, outcome: "opened" };
    });
  };
  const doors = createDoors({
    sources: { buttons: toReadySource("webhook", { secret }) },
    takeAlarms,
    guard: { load: async () => null, answer: async () => undefined },
    pagers: {},
    hearPager: async () => "taken",
    guardKeys: [guardKey],
    organisation: "Gemeente Voorbeeld",
    timezone: "Europe/Amsterdam",
    language: "nl",
    teams: (_request, response) => {
      response.status(200).end();
    },
    ready: async () => true,
    metricsToken: null,
    doctorToken: null,
    doctor: { start: never, load: never, confirm: never, proven: never },
    figures: async () => ({ troubles: [], heard: [], proven: [], openIncidents: 0, outboxRows: 0 }),
    clock,
    log: { info: write("info"), warn: write("warn"), error: write("error") },
    ...options,
  });
  const { port, close } = await listen(doors, { host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    clock,
    lines,
    taken,
    press: (body = { button: "0042" }, headers = { authorization: `Bearer ${secret}` }, source = "buttons") =>
      fetch(`${url}/alarms/${source}`, {
        method: "POST",
        headers,
        body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
}
