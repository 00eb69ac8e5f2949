import { Router } from "express";
import type { Log } from "../../log.ts";
import type { Clock } from "../../ports/time.ts";
import { takeGet } from "../http/methods.ts";
import { sendJson } from "../http/problem.ts";

export interface HealthDoorOptions {
  /** Resolves when an alarm that comes in now would be recorded; rejects when the storage is down. */
  readonly probe: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

const probeEveryMs = 1_000;

/** `GET /health/live`: 200 while the process runs. `GET /health/ready`: 200 while alarms are recorded, else 503. */
export function createHealthDoor(options: HealthDoorOptions): Router {
  const askReady = limitProbes(options);
  const router = Router();
  router.all(
    "/health/live",
    takeGet((_request, response) => sendJson(response, 200, { status: "live" })),
  );
  router.all(
    "/health/ready",
    takeGet(async (_request, response) => {
      const isReady = await askReady();
      sendJson(response, isReady ? 200 : 503, { status: isReady ? "ready" : "not-ready" });
    }),
  );
  return router;
}

/**
 * Returns a function that asks the storage at most once a second, because everybody may call and an answer costs a
 * write.
 */
function limitProbes({ probe, clock, log }: HealthDoorOptions): () => Promise<boolean> {
  let last = { at: Number.NEGATIVE_INFINITY, answer: Promise.resolve(false) };
  return () => {
    if (clock.now() - last.at < probeEveryMs) return last.answer;
    const answer = probe().then(
      () => true,
      (err: unknown) => {
        log.error({ err }, "not-ready");
        return false;
      },
    );
    last = { at: clock.now(), answer };
    return answer;
  };
}
