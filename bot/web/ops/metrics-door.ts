import { type RequestHandler, Router } from "express";
import { Counter, Gauge, Registry } from "prom-client";
import type { Log } from "../../log.ts";
import type { Figures } from "../../ports/status.ts";
import { requireToken } from "../http/bearer.ts";
import { takeGet } from "../http/methods.ts";
import { sendProblem } from "../http/problem.ts";

export interface MetricsDoorOptions {
  /** The reader's bearer token; null: there are no metrics to read. */
  readonly token: string | null;
  /** Rejects when the storage is down. */
  readonly figures: () => Promise<Figures>;
  readonly log: Log;
}

/**
 * `GET /metrics` in the Prometheus text format: what is wrong with buttons and sources, and what is open and waiting.
 */
export function createMetricsDoor({ token, figures, log }: MetricsDoorOptions): Router {
  const sendFigures = answerWithFigures(figures, log);
  return Router().all("/metrics", takeGet(requireToken({ token, refused: "metrics-refused", log }, sendFigures)));
}

function answerWithFigures(figures: MetricsDoorOptions["figures"], log: Log): RequestHandler {
  return async (_request, response) => {
    let registry: Registry;
    try {
      registry = toRegistry(await figures());
    } catch (error) {
      log.error({ err: error }, "metrics-not-read");
      return sendProblem(response, 503, "The storage can't be read now.", { "retry-after": "10" });
    }
    const text = await registry.metrics();
    response.writeHead(200, { "content-type": registry.contentType, "cache-control": "no-store" }).end(text);
  };
}

/** Makes a registry for one answer, because two readers at once would empty a shared one. */
function toRegistry({ troubles, lastSeen, proven, openIncidents, outboxRows, notes }: Figures): Registry {
  const registry = new Registry();
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const wrong = gauge("rugdekking_troubles", "What is wrong with buttons, sources and ways to security now.", [
    "source",
    "pager",
    "kind",
  ]);
  for (const each of troubles) {
    const { kind } = each;
    wrong.inc("pager" in each ? { pager: each.pager, kind } : { source: each.source, kind });
  }
  const last = gauge("rugdekking_source_heard_timestamp_seconds", "When a source was last heard.", ["source"]);
  for (const { source, at } of lastSeen) last.set({ source }, at / 1000);
  const answered = gauge("rugdekking_route_proven_timestamp_seconds", "When a human last answered through a pager.", [
    "pager",
  ]);
  for (const { pager, at } of proven) answered.set({ pager }, at / 1000);
  const noted = new Counter({
    name: "rugdekking_source_notes_total",
    help: "How often a source noted an event of the log, since the start.",
    labelNames: ["source", "event"],
    registers: [registry],
  });
  for (const { source, event, count } of notes) noted.inc({ source, event }, count);
  gauge("rugdekking_open_incidents", "Incidents that nobody has closed yet.").set(openIncidents);
  gauge("rugdekking_outbox_rows", "What has to go out and is not out yet.").set(outboxRows);
  return registry;
}
