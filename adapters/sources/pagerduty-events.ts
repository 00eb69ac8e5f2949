import { z } from "zod";
import type { AlarmSource } from "../../bot/contracts.ts";
import { type Alarm, toAlarm } from "../../bot/domain/alarm.ts";
import { RequestRejected } from "../../bot/errors.ts";
import { matchSecret, newestOf } from "../../bot/kit/secrets/secret.ts";
import { CallerOptions } from "../kit/caller.ts";
import { toIdentity } from "../kit/identity.ts";
import { toJsonRequest } from "../kit/json-request.ts";
import { ButtonId, Moment, optional, Place, parseJson } from "../kit/message.ts";
import { toOwnAlarms, toOwnAlert } from "../kit/monitoring.ts";
import { findText } from "../kit/torn-json.ts";

/** `secret` is the routing key, also called integration key, that is entered at the sender. */
const PagerdutyEventsOptions = z.object({ secret: CallerOptions.shape.secret });
type PagerdutyEventsOptions = z.infer<typeof PagerdutyEventsOptions>;

const Keyed = z.object({ routing_key: z.string() });

const Payload = z.object({
  summary: optional(z.string()),
  source: ButtonId,
  component: ButtonId,
  severity: z.unknown().optional(),
  timestamp: optional(z.string().min(1)),
  custom_details: z.record(z.string(), z.unknown()).catch({}),
});
type Payload = z.infer<typeof Payload>;

/**
 * Only what we read. https://developer.pagerduty.com/docs/send-alert-event and
 * https://developer.pagerduty.com/docs/send-change-event
 */
const Event = z.object({
  event_action: optional(z.string().toLowerCase()),
  dedup_key: optional(z.string()),
  payload: Payload.catch(Payload.parse({})),
});
type Event = z.infer<typeof Event>;

/**
 * For senders that can only speak PagerDuty's Events API v2. A trigger is a press; acknowledge is ignored; resolve is a
 * sign of life and closes nothing; a change event is ignored. Any other action may be a press, so it is one.
 */
export const pagerdutyEvents: AlarmSource<PagerdutyEventsOptions> = {
  title: "PagerDuty Events API v2",
  Options: PagerdutyEventsOptions,
  hasHeartbeat: false,

  /** The routing key in the body is the only proof there is, also in one that is no JSON. */
  verify(_head, { secret }) {
    return (body) => {
      const content = parseJson(body);
      const key = content === undefined ? findText(body, "routing_key") : Keyed.safeParse(content).data?.routing_key;
      const found = key === undefined ? null : matchSecret(key, secret);
      if (found === null) throw new RequestRejected(401, "The routing key is missing or wrong.");
      return found;
    };
  },

  parse({ body }) {
    const event = Event.safeParse(parseJson(body)).data;
    // Only a field that names nothing else: the source alone may be a gateway with many buttons.
    if (!event) {
      const button = ButtonId.parse(findText(body, "payload", "custom_details", "button"));
      return [toAlarm("unreadable", { button })];
    }
    if (event.event_action === "acknowledge" || isChange(event)) return [];
    const { payload } = event;
    const isResolved = event.event_action === "resolve";
    const ofItself = findOwnAlarms(payload, isResolved);
    if (ofItself !== null) return ofItself;
    const known = {
      id: toEventIdentity(event),
      button: toButton(payload),
      at: Moment.parse(payload.timestamp),
      place: Place.parse(payload.custom_details.place),
    };
    const state = toState(event);
    if (isResolved) return known.button === "" ? [] : [toAlarm("heartbeat", { ...known, state })];
    if (known.button === "") return [toAlarm("unreadable", known)];
    return [toAlarm(state === null ? "press" : "pressed", { ...known, state })];
  },

  example({ secret }, button, now) {
    const payload = {
      summary: "Alarm button",
      source: button,
      severity: "critical",
      timestamp: new Date(now).toISOString(),
    };
    const event = { routing_key: newestOf(secret), event_action: "trigger", dedup_key: `example-${now}`, payload };
    return toJsonRequest(event);
  },

  exampleOptions: { secret: "an-example-and-no-routing-key-00" },
};

/**
 * A change event has a summary, as an alert has, but no action and neither of the two other fields that only an alert
 * has.
 */
function isChange({ event_action, dedup_key, payload }: Event): boolean {
  return event_action === null && dedup_key === null && payload.severity === undefined && payload.summary !== null;
}

/**
 * The alarms of what monitoring raises about itself, where Alertmanager or Grafana sends by its own `pagerduty`
 * receiver: `firing` and `resolved` list the labels of each alert. null when one of them may be a press, or is not in
 * the list. https://github.com/prometheus/alertmanager/blob/main/template/default.tmpl, pagerduty.default.instances
 */
function findOwnAlarms({ custom_details: details }: Payload, isResolved: boolean): Alarm[] | null {
  const [list, count] = isResolved ? [details.resolved, details.num_resolved] : [details.firing, details.num_firing];
  const alerts = typeof list === "string" ? list.split(/^Labels:/m).slice(1) : [];
  if (alerts.length === 0 || Number(count ?? alerts.length) !== alerts.length) return null;
  const alarms = alerts.map((labels) => {
    const own = toOwnAlert(toLabel(labels, "alertname"), toLabel(labels, "instance"));
    const button = ButtonId.parse(toLabel(labels, "button")) || ButtonId.parse(details.button);
    return toOwnAlarms(own, button, isResolved);
  });
  if (alarms.includes(null)) return null;
  // Several rules of one data source say the same of the source.
  const byButton = new Map(
    alarms.flatMap((each) => each ?? []).map((alarm) => [`${alarm.kind} ${alarm.button}`, alarm]),
  );
  return [...byButton.values()];
}

function toLabel(labels: string, name: string): string | undefined {
  return new RegExp(`^ - ${name} = (.*)$`, "m").exec(labels)?.[1]?.trim();
}

/**
 * `source` may be a gateway with many buttons, `component` the one that was pressed: together they never take two
 * buttons for one.
 */
function toButton({ source, component, custom_details }: Payload): string {
  const named = ButtonId.parse(custom_details.button);
  if (named !== "") return named;
  return ButtonId.parse([source, component].filter((part) => part !== "").join("/"));
}

/**
 * `dedup_key` alone names the alert and stays the same over many presses of one button, so that it takes the moment of
 * the event to name this one. Without a moment there is no identity: two alarms are better than none.
 */
function toEventIdentity({ event_action, dedup_key, payload }: Event): string | null {
  if (payload.timestamp === null) return null;
  return toIdentity(event_action, dedup_key, toButton(payload), payload.timestamp);
}

/**
 * The state that an alert of Alertmanager or Grafana is in; null for other senders. Both send no moment and repeat an
 * alert that fires; their details show who they are, and which alerts of the group fire.
 * https://prometheus.io/docs/alerting/latest/configuration/#pagerduty_config
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/pager-duty/
 */
function toState({ event_action, dedup_key, payload }: Event): Alarm["state"] {
  const count = z.union([z.string(), z.number()]).safeParse(payload.custom_details.num_firing).data;
  if (payload.timestamp !== null || dedup_key === null || count === undefined) return null;
  const name = toIdentity("alert", dedup_key, toButton(payload));
  if (event_action === "resolve") return { name, run: null, isOn: false };
  const { firing } = payload.custom_details;
  return { name, run: toIdentity(count, typeof firing === "string" ? firing : null), isOn: true };
}
