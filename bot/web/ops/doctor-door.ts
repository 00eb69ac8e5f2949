import { type Response, Router } from "express";
import { type RouteTest, routeOf } from "../../domain/route-test/route-test.ts";
import { sendJson, sendProblem } from "../http/problem.ts";
import { createDoctorHandler, type DoctorHandlerOptions } from "./doctor-handler.ts";

export interface DoctorDoorOptions extends DoctorHandlerOptions {
  /** All reject when the storage is down. */
  readonly doctor: {
    /** Starts a test of every route, or resolves with the one that is running. */
    start(): Promise<RouteTest>;
    load(id: string): Promise<RouteTest | null>;
    /** Records that a human has the test there, because somebody asked; null: there is no such test. */
    confirm(id: string, pager: string): Promise<RouteTest | null>;
    /** Loads when a human last answered, by pager, in epoch milliseconds; null: no human ever did. */
    proven(): Promise<Readonly<Record<string, number | null>>>;
  };
}

type Doctor = DoctorDoorOptions["doctor"];

/**
 * `POST /doctor/pagers` starts a test of all routes: 202. `GET /doctor/pagers/:test` shows its state: 200.
 * `POST /doctor/pagers/:test/:pager` records that a human has it there: 200, or 409 when that can't be. Moments are ISO
 * 8601.
 */
export function createDoctorDoor({ doctor, ...lock }: DoctorDoorOptions): Router {
  const createHandler = (method: "GET" | "POST", answer: (response: Response, params: Params) => Promise<void>) =>
    createDoctorHandler(lock, method, ({ params }, response) =>
      answer(response, { test: String(params.test), pager: String(params.pager) }),
    );

  const router = Router();
  router.all(
    "/doctor/pagers",
    createHandler("POST", async (response) => {
      sendJson(response, 202, toReport(await doctor.start(), await doctor.proven()));
    }),
  );
  router.all(
    "/doctor/pagers/:test",
    createHandler("GET", async (response, { test }) => sendReport(response, await doctor.load(test), doctor)),
  );
  router.all(
    "/doctor/pagers/:test/:pager",
    createHandler("POST", async (response, { test: id, pager }) => {
      const test = await doctor.confirm(id, pager);
      if (test !== null && routeOf(test, pager)?.state !== "answered")
        return sendProblem(response, 409, "Only a test that was delivered, and is not over, can be confirmed.");
      await sendReport(response, test, doctor);
    }),
  );
  return router;
}

interface Params {
  readonly test: string;
  readonly pager: string;
}

async function sendReport(response: Response, test: RouteTest | null, doctor: Doctor): Promise<void> {
  if (test === null) return sendProblem(response, 404, "There is no such test, or no such pager in it.");
  sendJson(response, 200, toReport(test, await doctor.proven()));
}

function toReport(
  { id, startedAt, endsAt, nextAt, routes }: RouteTest,
  proven: Readonly<Record<string, number | null>>,
) {
  return {
    id,
    startedAt: toIso(startedAt),
    endsAt: toIso(endsAt),
    isOver: nextAt === null,
    routes: Object.fromEntries(
      Object.entries(routes).map(([pager, { state, failure, toldBy, at }]) => {
        return [pager, { state, failure, toldBy, at: toIso(at), provenAt: toIso(proven[pager] ?? null) }];
      }),
    ),
  };
}

function toIso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
