import { createHmac } from "node:crypto";
import { type HttpCall, type HttpProvider, type HttpReply, startHttpProvider } from "./http-provider.ts";

/** An event as PagerDuty reads it. */
export interface PagerdutyEvent {
  readonly routing_key: string;
  readonly event_action: "trigger" | "acknowledge" | "resolve";
  readonly dedup_key?: string;
  readonly client?: string;
  readonly payload?: {
    readonly summary: string;
    readonly source: string;
    readonly severity: string;
    readonly timestamp?: string;
    readonly custom_details?: Readonly<Record<string, unknown>>;
  };
  readonly links?: readonly { readonly href: string; readonly text?: string }[];
}

export interface Pagerduty extends HttpProvider {
  readonly events: readonly PagerdutyEvent[];
  /** What became of each alert: https://developer.pagerduty.com/docs/send-alert-event, "Alert De-Duplication". */
  readonly alerts: ReadonlyMap<string, { state: "triggered" | "resolved"; entries: number }>;
}

/** PagerDuty's Events API v2: https://developer.pagerduty.com/docs/events-api-v2-overview. */
export async function startPagerduty({ routingKey }: { routingKey: string }): Promise<Pagerduty> {
  const alerts = new Map<string, { state: "triggered" | "resolved"; entries: number }>();
  const provider = await startHttpProvider("pagerduty", (call) => reply(call, routingKey, alerts));
  return {
    ...provider,
    alerts,
    get events() {
      return provider.calls.map(({ body }) => JSON.parse(body) as PagerdutyEvent);
    },
  };
}

function reply({ method, path, body }: HttpCall, routingKey: string, alerts: Map<string, unknown>): HttpReply {
  if (method !== "POST" || path !== "/v2/enqueue") return { status: 404, body: {} };
  const event: PagerdutyEvent = JSON.parse(body);
  const errors = toErrors(event, routingKey);
  if (errors.length > 0) {
    return { status: 400, body: { status: "invalid event", message: "Event object is invalid", errors } };
  }
  const key = event.dedup_key ?? "";
  const open = alerts.get(key) as { state: string; entries: number } | undefined;
  if (event.event_action === "trigger") {
    if (open?.state === "triggered") open.entries += 1;
    else alerts.set(key, { state: "triggered", entries: 1 });
  } else if (event.event_action === "resolve" && open !== undefined) open.state = "resolved";
  return { status: 202, body: { status: "success", message: "Event processed", dedup_key: key } };
}

function toErrors(event: PagerdutyEvent, routingKey: string): string[] {
  const errors: string[] = [];
  if (event.routing_key !== routingKey) errors.push("routing_key is invalid");
  if ((event.dedup_key?.length ?? 0) > 255) errors.push("dedup_key is too long");
  if (event.event_action !== "trigger") return errors;
  const { summary = "", source = "", severity = "" } = event.payload ?? {};
  if (summary === "" || summary.length > 1024) errors.push("payload.summary is missing or too long");
  if (source === "") errors.push("payload.source is missing");
  if (!["critical", "error", "warning", "info"].includes(severity)) errors.push("payload.severity is not one of four");
  if (event.links?.some(({ href }) => !URL.canParse(href))) errors.push("links.href is invalid");
  return errors;
}

/**
 * A V3 webhook: https://developer.pagerduty.com/docs/webhooks-overview, signed as …/docs/verifying-webhook-signatures
 * says.
 */
export function toWebhook(
  secret: string,
  {
    type = "incident.acknowledged",
    incidentKey = "i-1-1-1" as string | null,
    agent = { id: "PLH1HKV", type: "user_reference", summary: "Bewaker 4" } as object | null,
  } = {},
): { body: Buffer; signature: string } {
  const event = {
    id: "5ac64822-4adc-4fda-ade0-410becf0de4f",
    event_type: type,
    resource_type: "incident",
    occurred_at: "2026-11-24T09:02:00.000Z",
    agent,
    client: { name: "PagerDuty" },
    data: {
      id: "PGR0VU2",
      type: "incident",
      number: 2,
      status: "acknowledged",
      incident_key: incidentKey,
      title: "ALARM: Spreekkamer 3",
      service: { id: "PF9KMXH", type: "service_reference", summary: "Meldkamer" },
      urgency: "high",
    },
  };
  const body = Buffer.from(JSON.stringify({ event }));
  return { body, signature: `v1=${createHmac("sha256", secret).update(body).digest("hex")}` };
}
