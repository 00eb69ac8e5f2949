import { type Request, Router } from "express";
import { z } from "zod";
import type { OutboundRequest, ReadySource } from "../../contracts.ts";
import { type Alarm, mayBePress, toAlarm } from "../../domain/alarm.ts";
import { RequestRejected } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Clock } from "../../ports/time.ts";
import { type Lock, requireToken } from "../http/bearer.ts";
import { sendJson, sendProblem } from "../http/problem.ts";
import { callerOf } from "../http/visitors.ts";
import { receiveJson } from "./doctor-handler.ts";

/** Where an alarm would come up. */
export interface Destination {
  readonly place: string | null;
  readonly channel: string;
  readonly isLinked: boolean;
}

/** With the doctor's bearer token. */
export interface PressTestDoorOptions extends Lock {
  /** Those that are called over HTTP, by their names in the configuration. */
  readonly sources: Readonly<Record<string, Pick<ReadySource, "verify" | "parse">>>;
  /**
   * Where an alarm of that source would come up; null: there is no such source. Rejects when the storage can't be read.
   */
  readonly findDestination: (source: string, alarm: Alarm) => Promise<Destination | null>;
  readonly clock: Clock;
  readonly log: Log;
}

const maxBytes = 256 * 1024;

/**
 * A message of that button as its device would send it, `body` in base64; null: it comes by a connection of its own.
 */
const PressTest = z.object({
  button: z.string().max(128),
  message: z
    .object({
      method: z.string(),
      path: z.string(),
      query: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.base64(),
    })
    .nullable(),
});
type Message = Omit<OutboundRequest, "body"> & { readonly body: string };

/**
 * `POST /doctor/presses/:source` tells what the bot would do with a message, and does nothing of it: 200. `outcome` is
 * "press", "unreadable" or "no-press" as the source reads it, "refused" when it does not believe the sender, and
 * "not-sent" without a message. 400 for what is no test, 409 when there is no such source.
 */
export function createPressTestDoor({ sources, findDestination, clock, log, ...lock }: PressTestDoorOptions): Router {
  function readMessage(source: string, message: Message, request: Request): Alarm | null {
    const ready = Object.hasOwn(sources, source) ? sources[source] : undefined;
    if (ready === undefined) return null;
    const head = { ...message, remote: callerOf(request).address, receivedAt: clock.wall() };
    const body = Buffer.from(message.body, "base64");
    const found = ready.verify(head);
    if (typeof found !== "string") found(body);
    const alarms = ready.parse({ ...head, body });
    return alarms.find(({ kind }) => mayBePress(kind)) ?? alarms[0] ?? toAlarm("heartbeat");
  }

  return Router().post(
    "/doctor/presses/:source",
    requireToken("doctorToken", lock, async (request, response) => {
      const source = String(request.params.source);
      const test = PressTest.safeParse(await receiveJson(request, maxBytes)).data;
      if (test === undefined) return sendProblem(response, 400, "This is no test of a press.");
      const { button, message } = test;
      try {
        let alarm = toAlarm("press", { button });
        let outcome: string = "not-sent";
        if (message !== null) {
          const read = toRead(() => readMessage(source, message, request));
          outcome = read.outcome;
          alarm = read.alarm ?? alarm;
        }
        const destination = await findDestination(source, alarm);
        if (destination === null) return sendProblem(response, 409, "There is no such source.");
        sendJson(response, 200, { outcome, button: alarm.button, ...destination });
      } catch (err) {
        log.error({ err }, "doctor-not-answered");
        sendProblem(response, 503, "The storage can't be used now.", { "retry-after": "10" });
      }
    }),
  );
}

/** How a source reads a message; one that is not there reads nothing. */
function toRead(read: () => Alarm | null): { readonly outcome: string; readonly alarm: Alarm | null } {
  try {
    const alarm = read();
    if (alarm === null) return { outcome: "not-sent", alarm };
    if (alarm.kind === "unreadable") return { outcome: "unreadable", alarm };
    return { outcome: mayBePress(alarm.kind) ? "press" : "no-press", alarm };
  } catch (error) {
    if (error instanceof RequestRejected) return { outcome: "refused", alarm: null };
    // A press that the adapter fails on becomes an unreadable alarm.
    return { outcome: "unreadable", alarm: null };
  }
}
