import { type RequestHandler, Router } from "express";
import { refuseAllBut } from "../http/methods.ts";

/** `POST /api/messages`: activities of Teams. `handle` reads and checks them itself, and answers. */
export function createTeamsDoor(handle: RequestHandler): Router {
  const router = Router();
  router.route("/api/messages").post(handle).all(refuseAllBut("POST"));
  return router;
}
