import { type RequestHandler, Router } from "express";
import { Counter, Gauge, Registry } from "prom-client";
import type { Log } from "../../log.ts";
import type { LabelName, MetricText } from "../../metrics/metric-text.ts";
import { metrics, type Samples } from "../../metrics/metrics.ts";
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
    const registry = toRegistry(toSamples({ ...sources, startedAt, figures: await figures() }));
    const text = await registry.metrics();
    response.writeHead(200, { "content-type": registry.contentType, "cache-control": "no-store" }).end(text);
  };
}

/** A value of whatever figure. */
interface AnySample {
  readonly labels?: Readonly<Partial<Record<LabelName, string>>>;
  readonly value: number;
}

/** Makes a registry for one answer, because two readers at once would empty a shared one. */
function toRegistry(samples: Samples): Registry {
  const registry = new Registry();
  const known: Readonly<Record<string, readonly AnySample[]>> = samples;
  for (const [name, { type, labels: labelNames, means: help }] of Object.entries<MetricText>(metrics)) {
    const options = { name, help, labelNames, registers: [registry] };
    const metric: Pick<Gauge<LabelName>, "inc" | "remove"> = type === "counter"
      ? new Counter(options)
      : new Gauge(options);
    // One without labels begins at 0, which nobody has measured.
    if (labelNames.length === 0) metric.remove();
    for (const { labels = {}, value } of known[name] ?? []) metric.inc(labels, value);
  }
  return registry;
}
