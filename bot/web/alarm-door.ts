import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Request, RequestHandler, Response } from "express";
import { AlarmRejected } from "../errors.ts";
import type { Alarm } from "../incident/alarm.ts";
import type { Log } from "../log.ts";
import type { AlarmOutcome, Clock, InboundRequest, ReadySource } from "../ports.ts";
import { decodeBody, readBody } from "./body.ts";
import { limitFailedAttempts } from "./failed-attempts.ts";
import { sendJson, sendProblem } from "./problem.ts";

/** An alarm with its identity for rule 2; null: it has none, so it is never a duplicate. */
export interface KeyedAlarm {
  readonly alarm: Alarm;
  readonly key: string | null;
}

export interface TakenResult {
  readonly incident: string | null;
  readonly outcome: AlarmOutcome | "duplicate";
}

/** Resolves, in order, once the alarms are on disk; rejects when they could not be put there. */
export type TakeAlarms = (
  source: string,
  alarms: readonly KeyedAlarm[],
  receivedAt: number,
) => Promise<readonly TakenResult[]>;

export interface AlarmDoorOptions {
  /** By their names in the configuration. */
  readonly sources: Readonly<Record<string, Pick<ReadySource, "verify" | "parse">>>;
  readonly takeAlarms: TakeAlarms;
  readonly clock: Clock;
  readonly log: Log;
}

const bodyLimit = 64 * 1024;

/**
 * `POST /alarms/:source`: 202 once the alarms are on disk (rule 1); 401, 404, 413, 429 and 503 as RFC 9457. Once
 * authenticated, a message is never refused for its content, type or rate (rule 5).
 */
export function createAlarmDoor({ sources, takeAlarms, clock, log }: AlarmDoorOptions): RequestHandler {
  const limitFailed = limitFailedAttempts((_request, response) => {
    sendProblem(response, 429, "Too many refused alarms from this address. Check the source's secret.", {
      "retry-after": "60",
    });
  });

  async function refuse(request: Request, response: Response, source: string, rejection: AlarmRejected) {
    const { status, message } = rejection;
    await limitFailed(request, response, () => {
      log.warn({ source, status, remote: request.socket.remoteAddress }, "alarm-refused");
      sendProblem(response, status, message, status === 401 ? { "www-authenticate": "Bearer" } : {});
    });
  }

  return async (request, response) => {
    const receivedAt = clock.now();
    const name = String(request.params.source);
    const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
    // The name is left out of the log: nobody has checked yet what it holds.
    if (!source) return refuse(request, response, "unknown", new AlarmRejected(404, "There is no such source."));

    const raw = await readBody(request, bodyLimit).catch(() => undefined);
    if (raw === undefined) {
      log.warn({ source: name, remote: request.socket.remoteAddress }, "alarm-broken-off");
      return;
    }
    if (raw === null) return sendProblem(response, 413, "An alarm is at most 64 KiB.");
    const body = decodeBody(raw, request.headers["content-encoding"], bodyLimit);
    const inbound = { method: request.method, headers: toFlatHeaders(request.headers), body, receivedAt: clock.wall() };
    try {
      source.verify(inbound);
    } catch (error) {
      if (error instanceof AlarmRejected) return refuse(request, response, name, error);
      throw error;
    }

    try {
      const taken = await takeAlarms(name, toKeyedAlarms(parse(source, inbound, name, log), body), receivedAt);
      sendJson(response, 202, toAnswer(taken));
    } catch (err) {
      log.error({ err, source: name }, "alarm-not-recorded");
      sendProblem(response, 503, "The alarm could not be recorded. Send it again.", { "retry-after": "1" });
    }
  };
}

/** Fails open: a mistake of ours in an adapter is no reason to lose a press. */
function parse(source: Pick<ReadySource, "parse">, request: InboundRequest, name: string, log: Log): Alarm[] {
  try {
    return source.parse(request);
  } catch (err) {
    log.error({ err, source: name }, "alarm-parser-failed");
    const nothing = { id: null, button: "", at: null, place: null, position: null, battery: null };
    return [{ kind: "unreadable", ...nothing }];
  }
}

function toKeyedAlarms(alarms: readonly Alarm[], body: Buffer): KeyedAlarm[] {
  return alarms.map((alarm, index) => ({ alarm, key: alarm.id === null ? null : toKey(alarm.id, body, index) }));
}

/** Same id and body within a source is the same alarm (rule 2); the index tells apart the alarms of one message. */
function toKey(id: string, body: Buffer, index: number): string {
  return createHash("sha256")
    .update(JSON.stringify([id, index]))
    .update(body)
    .digest("hex");
}

/** The first alarm that has an incident speaks for the message: a heartbeat before it must not hide a press. */
function toAnswer(taken: readonly TakenResult[]) {
  const first = taken.find((result) => result.incident !== null) ?? taken[0];
  const answer = { incident: first?.incident ?? null, outcome: first?.outcome ?? "seen" };
  if (taken.length < 2) return answer;
  const incidents = taken.map((result) => result.incident).filter((incident) => incident !== null);
  return { ...answer, incidents: [...new Set(incidents)] };
}

function toFlatHeaders(headers: IncomingHttpHeaders): Record<string, string | undefined> {
  const flat: Record<string, string | undefined> = {};
  for (const name in headers) {
    const value = headers[name];
    flat[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}
