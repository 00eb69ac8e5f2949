import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { type AlarmDoorOptions, createAlarmDoor } from "./alarms/alarm-door.ts";
import { createGuardDoor, type GuardDoorOptions } from "./guard/guard-door.ts";
import { sendJson, sendProblem } from "./http/problem.ts";
import { createDoctorDoor, type DoctorDoorOptions } from "./ops/doctor-door.ts";
import { createMetricsDoor, type MetricsDoorOptions } from "./ops/metrics-door.ts";
import { createPagerDoor, type PagerDoorOptions } from "./pagers/pager-door.ts";

export interface DoorsOptions
  extends AlarmDoorOptions,
    GuardDoorOptions,
    PagerDoorOptions,
    MetricsDoorOptions,
    DoctorDoorOptions {
  /** Takes `POST /api/messages`; reads and checks the activity itself. */
  readonly teams: RequestHandler;
  /** Whether an alarm that comes in now would be recorded. */
  readonly ready: () => Promise<boolean>;
}

/** Everything the outside can call (DESIGN section 6). Alarms come first: whatever stands before them costs every press. */
export function createDoors(options: DoorsOptions): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", false);
  const onlyPost: RequestHandler = (_request, response) => {
    sendProblem(response, 405, "Only POST is answered here.", { allow: "POST" });
  };
  app.all("/alarms/:source{/*path}", createAlarmDoor(options));
  app.route("/api/messages").post(options.teams).all(onlyPost);
  app.get("/health/live", (_request, response) => sendJson(response, 200, { status: "live" }));
  app.get("/health/ready", async (_request, response) => {
    const isReady = await options.ready();
    sendJson(response, isReady ? 200 : 503, { status: isReady ? "ready" : "not-ready" });
  });
  app.route("/pagers/:pager").post(createPagerDoor(options)).all(onlyPost);
  app.get("/metrics", createMetricsDoor(options));
  app.use(createDoctorDoor(options));
  app.use(createGuardDoor(options));
  app.use((_request, response) => sendProblem(response, 404, "There is nothing here."));
  app.use(toProblem(options));
  return app;
}

/** What nobody foresaw: logged in full, answered without a word of it. Express needs all four parameters to know it. */
function toProblem({ log }: DoorsOptions): ErrorRequestHandler {
  return (err, _request, response, next) => {
    if (response.headersSent) return next(err);
    const status: unknown = err?.status;
    if (typeof status === "number" && status >= 400 && status < 500) {
      return sendProblem(response, status, "The request could not be understood.");
    }
    log.error({ err }, "request-failed");
    sendProblem(response, 500, "Something went wrong here. It has been logged.");
  };
}
