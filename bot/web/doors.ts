import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from "express";
import type { Log } from "../log.ts";
import { sendProblem } from "./http/problem.ts";

/**
 * Creates everything the outside can call: the doors in that order, and what is common to them. Alarms come first,
 * because every press pays for what stands before it.
 */
export function createDoors(doors: readonly Router[], log: Log): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", false);
  app.use(joinSlashes);
  for (const door of doors) app.use(door);
  app.use((_request, response) => sendProblem(response, 404, "There is nothing here."));
  app.use(answerUnforeseen(log));
  return app;
}

/** Joins the slashes of an address, because a base address that ends in one must cost nobody a press. */
const joinSlashes: RequestHandler = (request, _response, next) => {
  if (request.url.includes("//")) request.url = request.url.replace(/^\/[^?]*/, (path) => path.replace(/\/+/g, "/"));
  next();
};

/**
 * Logs in full an error that nobody foresaw, and answers without a word of it. Express knows an error handler by its
 * four parameters.
 */
function answerUnforeseen(log: Log): ErrorRequestHandler {
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
