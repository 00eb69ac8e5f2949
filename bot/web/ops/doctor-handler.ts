import type { Request, RequestHandler, Response } from "express";
import type { Log } from "../../log.ts";
import { type Lock, requireToken } from "../http/bearer.ts";
import { sendProblem } from "../http/problem.ts";
import { callerOf } from "../http/visitors.ts";

/** With the doctor's bearer token. */
export interface DoctorHandlerOptions extends Lock {
  readonly log: Log;
}

/** Answers a call whose token and method are right; rejects when the storage is down. */
export type AnswerDoctor = (request: Request, response: Response) => Promise<void>;

/** Creates a handler for who sends the doctor's token by that method: 405 for another one, 503 when it rejects. */
export function createDoctorHandler(
  { log, ...lock }: DoctorHandlerOptions,
  method: "GET" | "POST",
  answer: AnswerDoctor,
): RequestHandler {
  return requireToken("doctorToken", lock, async (request, response) => {
    if (request.method !== method)
      return sendProblem(response, 405, `Only ${method} is answered here.`, { allow: method });
    try {
      await answer(request, response);
    } catch (err) {
      log.error({ err }, "doctor-not-answered");
      sendProblem(response, 503, "The storage can't be used now.", { "retry-after": "10" });
    }
  });
}

/** Receives a body of JSON; null for what is none, or is longer than that. */
export async function receiveJson(request: Request, maxBytes: number): Promise<unknown> {
  const { bytes } = await callerOf(request).receive(maxBytes, "doctor");
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return null;
  }
}
