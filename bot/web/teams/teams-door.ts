import { Router } from "express";
import type { HandleActivity } from "../../ports/caller.ts";
import { refuseAllBut } from "../http/methods.ts";
import { callerOf } from "../http/visitors.ts";

/** `POST /api/messages`: activities of Teams. `handle` checks and answers them. */
export function createTeamsDoor(handle: HandleActivity): Router {
  const router = Router();
  router
    .route("/api/messages")
    .post((request, response) => handle(request, response, callerOf(request)))
    .all(refuseAllBut("POST"));
  return router;
}
