import { type RequestHandler, Router } from "express";
import { Counter, Gauge, Registry } from "prom-client";
import type { Log } from "../../log.ts";
import type { Figures, Trouble } from "../../ports/status.ts";
import { type Lock, requireToken } from "../http/bearer.ts";
import { takeGet } from "../http/methods.ts";
import type { Refusals } from "../http/refusals.ts";

/** With the reader's bearer token. */
export interface MetricsDoorOptions extends Lock {
  /** Resolves with what can be had, also when the storage is down. */
  readonly figures: () => Promise<Figures>;
  readonly refusals: Pick<Refusals, "messages" | "brokenOff" | "unread">;
  readonly log: Log;
}

/**
 * `GET /metrics` in the Prometheus text format: what is wrong with buttons and sources, what is open and waiting, and
 * what was refused, or is missing from the log, since the start.
 */
export function createMetricsDoor({ token, noteSecret, log, ...options }: MetricsDoorOptions): Router {
  const sendFigures = answerWithFigures(options, log);
  return Router().all("/metrics", takeGet(requireToken("metricsToken", { token, noteSecret }, sendFigures)));
}

function answerWithFigures(
  { figures, refusals }: Pick<MetricsDoorOptions, "figures" | "refusals">,
  log: Log,
): RequestHandler {
  return async (_request, response) => {
    const registry = toRegistry(await figures());
    addRefusals(registry, refusals);
    addDroppedLines(registry, log);
    const text = await registry.metrics();
    response.writeHead(200, { "content-type": registry.contentType, "cache-control": "no-store" }).end(text);
  };
}

/** Makes a registry for one answer, because two readers at once would empty a shared one. */
function toRegistry(figures: Figures): Registry {
  const { troubles, lastSeen, proven, secretUses, teamsUp, openIncidents, outboxRows, unrecordedAlarms, notes } =
    figures;
  const registry = new Registry();
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const wrong = gauge(
    "rugdekking_troubles",
    "What is wrong with buttons, sources, ways to security, Teams, the storage and the clock now.",
    ["source", "pager", "channel", "kind"],
  );
  for (const each of troubles) wrong.inc(toLabels(each));
  const last = gauge("rugdekking_source_heard_timestamp_seconds", "When a source was last heard.", ["source"]);
  for (const { source, at } of lastSeen) last.set({ source }, at / 1000);
  const answered = gauge("rugdekking_route_proven_timestamp_seconds", "When a human last answered through a pager.", [
    "pager",
  ]);
  for (const { pager, at } of proven) answered.set({ pager }, at / 1000);
  const used = gauge(
    "rugdekking_secret_used_timestamp_seconds",
    "When a value of a secret was last used since the start; second: the one before the new one.",
    ["secret", "value"],
  );
  for (const { secret, value, at } of secretUses) used.set({ secret, value }, at / 1000);
  const up = gauge("rugdekking_teams_up", "Whether alarms can be posted in a channel of Teams, as far as is known.", [
    "channel",
  ]);
  for (const { channel, isUp } of teamsUp) up.set({ channel }, isUp ? 1 : 0);
  const noted = new Counter({
    name: "rugdekking_source_notes_total",
    help: "How often a source noted an event of the log, since the start.",
    labelNames: ["source", "event"],
    registers: [registry],
  });
  for (const { source, event, count } of notes) noted.inc({ source, event }, count);
  if (openIncidents !== undefined)
    gauge("rugdekking_open_incidents", "Incidents that nobody has closed yet.").set(openIncidents);
  gauge(
    "rugdekking_unrecorded_alarms",
    "Buttons of which a press went out from memory within a day, and nothing was recorded since.",
  ).set(unrecordedAlarms);
  if (outboxRows !== undefined)
    gauge("rugdekking_outbox_rows", "What has to go out and is not out yet.").set(outboxRows);
  return registry;
}

function addRefusals(registry: Registry, { messages, brokenOff, unread }: MetricsDoorOptions["refusals"]): void {
  const refused = new Counter({
    name: "rugdekking_alarms_refused_total",
    help: "Messages to a source that were not taken, by the answer; none: the sender had hung up.",
    labelNames: ["source", "answer"],
    registers: [registry],
  });
  for (const { source, answer, count } of messages) refused.inc({ source, answer }, count);
  const cut = new Counter({
    name: "rugdekking_alarms_broken_off_total",
    help: "Messages to a source in which a proven sender had hung up, taken as far as they came.",
    labelNames: ["source"],
    registers: [registry],
  });
  for (const [source, count] of brokenOff) cut.inc({ source }, count);
  const notRead = new Counter({
    name: "rugdekking_requests_not_read_total",
    help: "Requests that could not be read as HTTP, by the code that says why.",
    labelNames: ["code"],
    registers: [registry],
  });
  for (const [code, count] of unread) notRead.inc({ code }, count);
}

function addDroppedLines(registry: Registry, { dropped }: Log): void {
  if (dropped === undefined) return;
  new Counter({
    name: "rugdekking_log_lines_dropped_total",
    help: "Lines of the log that could not be written.",
    registers: [registry],
  }).inc(dropped);
}

function toLabels(trouble: Trouble): Partial<Record<"source" | "pager" | "channel" | "kind", string>> {
  const { kind } = trouble;
  if ("channel" in trouble) return { channel: trouble.channel, kind };
  if ("pager" in trouble) return { pager: trouble.pager, kind };
  return "source" in trouble ? { source: trouble.source, kind } : { kind };
}
