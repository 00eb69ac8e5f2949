import { type Request, type RequestHandler, type Response, Router } from "express";
import type { InboundRequest, ReadySource } from "../../contracts.ts";
import { type Alarm, toAlarm } from "../../domain/alarm.ts";
import { RequestRejected } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { AlarmReceipt, TakeAlarms } from "../../ports/take-alarms.ts";
import type { Clock } from "../../ports/time.ts";
import { decodeBody, readBody } from "../http/body.ts";
import { limitFailedAttempts } from "../http/failed-attempts.ts";
import { toInboundRequest } from "../http/inbound-request.ts";
import { sendJson, sendProblem } from "../http/problem.ts";

export interface AlarmDoorOptions {
  /** By their names in the configuration. */
  readonly sources: Readonly<Record<string, Pick<ReadySource, "method" | "verify" | "parse">>>;
  readonly takeAlarms: TakeAlarms;
  readonly clock: Clock;
  readonly log: Log;
}

const maxBodyBytes = 64 * 1024;
const emptyBody = Buffer.alloc(0);

/**
 * `POST /alarms/:source`, or `GET` with a secret behind it for devices that can do no more: 202 once the alarms are on
 * disk (rule 1); 401, 404, 413, 429 and 503 as RFC 9457. Once authenticated, a message is never refused for its
 * content, type or rate (rule 5).
 */
export function createAlarmDoor(options: AlarmDoorOptions): Router {
  return Router().all("/alarms/:source{/*path}", takeMessages(options));
}

function takeMessages({ sources, takeAlarms, clock, log }: AlarmDoorOptions): RequestHandler {
  const limitFailed = limitFailedAttempts((_request, response) => {
    sendProblem(response, 429, "Too many refused alarms from this address. Check the source's secret.", {
      "retry-after": "60",
    });
  });

  async function refuse(request: Request, response: Response, source: string, rejection: RequestRejected) {
    const { status, message } = rejection;
    await limitFailed(request, response, () => {
      log.warn({ source, status, remote: request.socket.remoteAddress }, "alarm-refused");
      sendProblem(response, status, message, status === 401 ? { "www-authenticate": "Bearer" } : {});
    });
  }

  return async (request, response) => {
    const receivedAt = clock.now();
    // The address is read first, because it is lost when a device hangs up, and some do at once.
    const remote = request.socket.remoteAddress ?? "";
    const name = String(request.params.source);
    const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
    // The name is left out of the log, because nobody has checked yet what it holds.
    if (!source) return refuse(request, response, "unknown", new RequestRejected(404, "There is no such source."));

    // HEAD and OPTIONS are refused too, because whoever only looks at an address must not press.
    if (request.method !== source.method) {
      return sendProblem(response, 405, `This source answers ${source.method} only.`, { allow: source.method });
    }

    const raw = await readBody(request, maxBodyBytes).catch(() => undefined);
    if (raw === undefined) {
      log.warn({ source: name, remote: request.socket.remoteAddress }, "alarm-broken-off");
      return;
    }
    // A body that is too long counts as empty, because a sender who is verified without it may have pressed (rule 5).
    const body = raw === null ? emptyBody : decodeBody(raw, request.headers["content-encoding"], maxBodyBytes);
    const inbound = toInboundRequest(request, body, remote, clock.wall());
    try {
      source.verify(inbound);
    } catch (error) {
      if (!(error instanceof RequestRejected)) throw error;
      const rejection = raw === null ? new RequestRejected(413, "An alarm is at most 64 KiB.") : error;
      return refuse(request, response, name, rejection);
    }

    try {
      const receipts = await takeAlarms(name, parseAlarms(source, inbound, name, log), receivedAt);
      sendJson(response, 202, toAnswer(receipts));
    } catch (err) {
      log.error({ err, source: name }, "alarm-not-recorded");
      sendProblem(response, 503, "The alarm could not be recorded. Send it again.", { "retry-after": "1" });
    }
  };
}

/**
 * Parses a message; one that the adapter fails on becomes an unreadable alarm, because a mistake of ours is no reason
 * to lose a press.
 */
function parseAlarms(source: Pick<ReadySource, "parse">, request: InboundRequest, name: string, log: Log): Alarm[] {
  try {
    return source.parse(request);
  } catch (err) {
    log.error({ err, source: name }, "alarm-parser-failed");
    return [toAlarm("unreadable")];
  }
}

/**
 * The answer to a message: that of its first alarm with an incident, because a heartbeat before a press must not hide
 * it.
 */
function toAnswer(receipts: readonly AlarmReceipt[]) {
  const first = receipts.find((result) => result.incident !== null) ?? receipts[0];
  const answer = { incident: first?.incident ?? null, outcome: first?.outcome ?? "seen" };
  if (receipts.length < 2) return answer;
  const incidents = receipts.map((result) => result.incident).filter((incident) => incident !== null);
  return { ...answer, incidents: [...new Set(incidents)] };
}
