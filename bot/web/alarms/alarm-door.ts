import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from "express";
import type { InboundRequest, ReadySource, RequestHead } from "../../contracts.ts";
import { type Alarm, toAlarm } from "../../domain/alarm.ts";
import { RequestRejected } from "../../errors.ts";
import type { NoteSecret, SecretValue } from "../../kit/secrets/secret.ts";
import type { Log } from "../../log.ts";
import type { AlarmReceipt, TakeAlarms } from "../../ports/take-alarms.ts";
import type { Clock } from "../../ports/time.ts";
import { sendJson, sendProblem } from "../http/problem.ts";
import type { RefusalAnswer, Refusals } from "../http/refusals.ts";
import { toRequestHead } from "../http/request-head.ts";
import { callerOf } from "../http/visitors.ts";

type DoorSource = Pick<ReadySource, "methods" | "verify" | "parse">;

export interface AlarmDoorOptions {
  /** By their names in the configuration. */
  readonly sources: Readonly<Record<string, DoorSource>>;
  readonly takeAlarms: TakeAlarms;
  readonly noteSecret: NoteSecret;
  readonly clock: Clock;
  readonly log: Log;
  readonly refusals: Refusals;
}

/** What is read of a body that has to prove itself who sent it. */
const maxUnprovenBytes = 64 * 1024;
/** What is read of a proven sender: seventy gateways that heard one button make a long message. */
const maxProvenBytes = 4 * 1024 * 1024;

/**
 * `POST /alarms/:source`, or also `GET` and `PUT` with a secret behind it for devices that can do no more: 202 once the
 * alarms are on disk (rule 1); 400, 401, 404, 405, 413, 429 and 503 as RFC 9457. Once authenticated, a message is never
 * refused for its content, type or rate (rule 5), and one that breaks off is taken as far as it came. Nothing is
 * refused without a line in the log and a figure.
 */
export function createAlarmDoor(options: AlarmDoorOptions): Router {
  const { takeMessage, refuseUndecoded } = new AlarmDoor(options);
  // An address that can't be decoded fits no route, only what handles errors.
  return Router().all("/alarms{/:source}{/*path}", takeMessage).use("/alarms", refuseUndecoded);
}

/** Takes messages to sources. */
class AlarmDoor {
  readonly #options: AlarmDoorOptions;

  constructor(options: AlarmDoorOptions) {
    this.#options = options;
  }

  readonly takeMessage: RequestHandler = async (request, response) => {
    const { sources, takeAlarms, clock, log } = this.#options;
    const receivedAt = clock.now();
    const head = toRequestHead(request, clock.wall());
    const name = this.#nameOf(request);
    const source = name === null ? undefined : sources[name];
    if (name === null || source === undefined) {
      return this.#reject(request, response, new RequestRejected(404, "There is no such source."));
    }
    // HEAD and OPTIONS are refused too, because whoever only looks at an address must not press.
    if (!source.methods.some((method) => method === head.method)) {
      const allow = source.methods.join(", ");
      return this.#refuse(request, response, 405, `This source answers ${allow} only.`, { allow });
    }

    let inbound: InboundRequest | null;
    try {
      inbound = await this.#receive(request, head, name, source);
    } catch (error) {
      if (error instanceof RequestRejected) return this.#reject(request, response, error);
      throw error;
    }
    if (inbound === null) return;

    try {
      const receipts = await takeAlarms(name, parseAlarms(source, inbound, name, log), receivedAt);
      sendJson(response, 202, toAnswer(receipts));
    } catch (err) {
      log.error({ err, source: name }, "alarm-not-recorded");
      sendProblem(response, 503, "The alarm could not be recorded. Send it again.", { "retry-after": "1" });
    }
  };

  readonly refuseUndecoded: ErrorRequestHandler = (err, request, response, next) => {
    if (err?.status !== 400) return next(err);
    this.#refuse(request, response, 400, "The address can't be decoded.");
  };

  /**
   * Receives a request whose sender is proven; null when that takes the body and its sender hung up in it. Throws
   * RequestRejected.
   */
  async #receive(
    request: Request,
    head: RequestHead,
    name: string,
    source: DoorSource,
  ): Promise<InboundRequest | null> {
    const { sources, refusals, noteSecret } = this.#options;
    const caller = callerOf(request);
    const prove = (value: SecretValue): void => {
      caller.prove();
      // One that the configuration has replaced meanwhile may have had other secrets.
      if (sources[name] === source) noteSecret(`sources.${name}`, value);
    };
    const found = source.verify(head);
    const verifyBody = typeof found === "string" ? null : found;
    if (typeof found === "string") prove(found);
    const maxBytes = verifyBody === null ? maxProvenBytes : maxUnprovenBytes;
    const { bytes: body, end } = await caller.receive(maxBytes, `source ${name}`);
    if (end === "broken-off") {
      if (verifyBody !== null) {
        refusals.noteMessage(name, "none", head.remote);
        return null;
      }
      refusals.noteBrokenOff(name, head.remote);
    }
    if (verifyBody !== null) {
      if (end === "too-long") throw new RequestRejected(413, "An alarm is at most 64 KiB, in 1,000 pieces.");
      prove(verifyBody(body));
    }
    return { ...head, body, isCut: end !== "whole" };
  }

  /** Refuses a caller who may be guessing, and after too many of them says only that. */
  #reject(request: Request, response: Response, { status, message }: RequestRejected): void {
    if (callerOf(request).countRefusal()) {
      this.#refuse(request, response, status, message, status === 401 ? { "www-authenticate": "Bearer" } : {});
      return;
    }
    const detail = "Too many refused alarms from this address. Check the source's secret.";
    this.#refuse(request, response, 429, detail, { "retry-after": "60" });
  }

  #refuse(
    request: Request,
    response: Response,
    status: Exclude<RefusalAnswer, "none">,
    detail: string,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    // The name is left out where there is no such source, because nobody has checked yet what it holds.
    const source = this.#nameOf(request) ?? "unknown";
    this.#options.refusals.noteMessage(source, status, callerOf(request).address);
    sendProblem(response, status, detail, headers);
  }

  /** The name of the source that is called; null when there is no such source. */
  #nameOf(request: Request): string | null {
    const name = String(request.params.source ?? "");
    return Object.hasOwn(this.#options.sources, name) ? name : null;
  }
}

/**
 * Parses a message; one that the adapter fails on becomes an unreadable alarm, because a mistake of ours is no reason
 * to lose a press.
 */
function parseAlarms(source: DoorSource, request: InboundRequest, name: string, log: Log): Alarm[] {
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
