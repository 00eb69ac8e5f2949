import { type RequestHandler, Router } from "express";
import type { Log } from "../../log.ts";
import type { Clock } from "../../ports/time.ts";
import { type Lock, requireToken } from "../http/bearer.ts";
import { takeGet } from "../http/methods.ts";
import { type Sources, toSamples } from "./samples.ts";

/** With the reader's bearer token. */
export interface MetricsDoorOptions extends Lock, Omit<Sources, "figures" | "startedAt"> {
  /** Resolves with what can be had, also when the storage is down. */
  readonly figures: () => Promise<Sources["figures"]>;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/**
 * `GET /metrics` in the Prometheus text format: the figures of `bot/metrics/metrics.ts`, each named also where it has
 * no value.
 */
export function createMetricsDoor({ token, noteSecret, ...options }: MetricsDoorOptions): Router {
  const sendFigures = answerWithFigures(options);
  return Router().all("/metrics", takeGet(requireToken("metricsToken", { token, noteSecret }, sendFigures)));
}

function answerWithFigures({ figures, clock, ...sources }: Omit<MetricsDoorOptions, keyof Lock>): RequestHandler {
  const startedAt = clock.now();
  return async (_request, response) => {
    // A start does not wait for the library.
    const { toRegistry } = await import("./registry.ts");
    const registry = toRegistry(toSamples({ ...sources, startedAt, figures: await figures() }));
    const text = await registry.metrics();
    response.writeHead(200, { "content-type": registry.contentType, "cache-control": "no-store" }).end(text);
  };
}
