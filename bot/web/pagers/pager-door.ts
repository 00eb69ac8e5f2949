import { type RequestHandler, Router } from "express";
import type { CallBackOutcome, PageEvent, ReadyPager } from "../../contracts.ts";
import { RequestRejected } from "../../errors.ts";
import type { NoteSecret } from "../../kit/secrets/secret.ts";
import type { Log } from "../../log.ts";
import type { Clock } from "../../ports/time.ts";
import { refuseAllBut } from "../http/methods.ts";
import { sendProblem, sendTooMany } from "../http/problem.ts";
import { toRequestHead } from "../http/request-head.ts";
import { callerOf } from "../http/visitors.ts";

export interface PagerDoorOptions {
  /** By their names in the configuration. */
  readonly pagers: Readonly<Record<string, Pick<ReadyPager, "callBack">>>;
  /** Resolves once the events are on disk; rejects when the storage is down. */
  readonly recordPagerEvents: (pager: string, events: readonly PageEvent[]) => Promise<CallBackOutcome>;
  readonly noteSecret: NoteSecret;
  readonly clock: Clock;
  readonly log: Log;
}

const maxBodyBytes = 64 * 1024;

/**
 * `POST /pagers/:name`: call-backs of that pager's provider. 200 with the answer that the provider expects, once the
 * events are on disk; 401, 404, 413, 429 and 503 as RFC 9457.
 */
export function createPagerDoor(options: PagerDoorOptions): Router {
  const router = Router();
  router.route("/pagers/:pager").post(takeCallBacks(options)).all(refuseAllBut("POST"));
  return router;
}

function takeCallBacks({ pagers, recordPagerEvents, noteSecret, clock, log }: PagerDoorOptions): RequestHandler {
  return async (request, response) => {
    const head = toRequestHead(request, clock.wall());
    const caller = callerOf(request);
    const name = String(request.params.pager);
    const pager = Object.hasOwn(pagers, name) ? pagers[name] : undefined;

    function refuse(status: number, message: string): void {
      const isPatient = caller.countRefusal();
      const facts = { pager: pager === undefined ? "unknown" : name, status: isPatient ? status : 429 };
      caller.noteRefusal("call-back-refused", facts);
      if (isPatient) sendProblem(response, status, message);
      else sendTooMany(response, "Too many refused call-backs from this address.");
    }

    if (pager?.callBack === undefined) return refuse(404, "There is no such pager, or it has no call-backs.");
    const { bytes: body, end } = await caller.receive(maxBodyBytes, `pager ${name}`);
    if (end === "broken-off") return;
    if (end === "too-long") return refuse(413, "A call-back is at most 64 KiB.");
    try {
      const { proof, events, reply } = pager.callBack({ ...head, body });
      caller.prove();
      // One that the configuration has replaced meanwhile may have had other secrets.
      if (pagers[name] === pager) noteSecret(`pagers.${name}`, proof);
      const { type, body: text } = reply(await recordPagerEvents(name, events));
      response.status(200).type(type).send(text);
    } catch (err) {
      if (err instanceof RequestRejected) return refuse(err.status, err.message);
      log.error({ err, pager: name }, "call-back-not-recorded");
      sendProblem(response, 503, "The call-back could not be recorded. Send it again.", { "retry-after": "1" });
    }
  };
}
