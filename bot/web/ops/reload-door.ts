import { Router } from "express";
import type { AuditBy } from "../../log-events/audit.ts";
import type { ReloadAnswer } from "../../ports/directory.ts";
import { sendJson } from "../http/problem.ts";
import { createDoctorHandler, type DoctorHandlerOptions } from "./doctor-handler.ts";

export interface ReloadDoorOptions extends DoctorHandlerOptions {
  readonly reload: (by: AuditBy) => Promise<ReloadAnswer>;
}

/**
 * `POST /doctor/configuration` has the bot read its file again: 200 with what needs a restart all the same, or 409 with
 * why nothing has changed. No setting comes with the call: who has the token can't bring one in.
 */
export function createReloadDoor({ reload, ...lock }: ReloadDoorOptions): Router {
  return Router().all(
    "/doctor/configuration",
    createDoctorHandler(lock, "POST", async (_request, response) => {
      const answer = await reload({ kind: "token", setting: "doctorToken" });
      sendJson(response, answer.kind === "reloaded" ? 200 : 409, answer);
    }),
  );
}
