import { type Request, Router } from "express";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Log } from "../../log.ts";
import type { Clock } from "../../ports/time.ts";
import { isBearer, type Lock } from "../http/bearer.ts";
import { takeGet } from "../http/methods.ts";
import { sendJson } from "../http/problem.ts";

/** With the bearer token of who may read how it is with Teams. */
export interface HealthDoorOptions extends Lock {
  /** The channels in which alarms can't be posted now. */
  readonly lostChannels: () => readonly string[];
  /** Resolves when an alarm that comes in now would be recorded; rejects when the storage is down. */
  readonly probe: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

const probeEveryMs = 1_000;
/** Whoever asks has an answer by then; a disk that hangs never gives one. */
const probeWithinMs = 4_000;

/** Why not; events of the log have the same names. */
type Readiness = "ready" | "storage-fails" | "storage-hangs";

/**
 * `GET /health/live`: 200 while the process runs. `GET /health/ready`: 200 while alarms are recorded, else 503 with the
 * reason. Who sends the token also reads in which channels of Teams alarms can't be posted; that makes nothing "not
 * ready", because security is paged all the same, and another process would be no better off.
 */
export function createHealthDoor(options: HealthDoorOptions): Router {
  const askReady = limitProbes(options);
  const router = Router();
  router.all(
    "/health/live",
    takeGet((_request, response) => sendJson(response, 200, { status: "live" })),
  );
  router.all(
    "/health/ready",
    takeGet(async (request, response) => {
      const found = await askReady();
      const more = toMore(request, options);
      if (found === "ready") sendJson(response, 200, { status: "ready", ...more });
      else sendJson(response, 503, { status: "not-ready", reason: found, ...more });
    }),
  );
  return router;
}

/** What the answer holds beside how ready it is; a wrong token is counted, and answered as none. */
function toMore(request: Request, { lostChannels, ...lock }: HealthDoorOptions) {
  return isBearer(request, "metricsToken", lock) ? { teams: { lost: lostChannels() } } : {};
}

/**
 * Returns a function that asks the storage at most once a second, because everybody may call and an answer costs a
 * write; while one hangs, no other waits behind it.
 */
function limitProbes({ probe, clock, log }: HealthDoorOptions): () => Promise<Readiness> {
  let last = { at: Number.NEGATIVE_INFINITY, answer: Promise.resolve<Readiness>("storage-fails") };
  let probing: Promise<Readiness> | null = null;

  async function ask(): Promise<Readiness> {
    try {
      await probe();
      return "ready";
    } catch (err) {
      log.error({ err }, "not-ready");
      return "storage-fails";
    } finally {
      probing = null;
    }
  }

  async function askInTime(): Promise<Readiness> {
    probing ??= ask();
    const found = await withTimeout(clock, probeWithinMs, probing);
    if (found !== late) return found;
    log.error({ err: new Error("a write takes too long") }, "not-ready");
    return "storage-hangs";
  }

  return () => {
    if (clock.now() - last.at >= probeEveryMs) last = { at: clock.now(), answer: askInTime() };
    return last.answer;
  };
}
