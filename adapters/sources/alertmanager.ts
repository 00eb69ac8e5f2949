import { z } from "zod";
import type { AlarmSource } from "../../bot/contracts.ts";
import { type Alarm, toAlarm } from "../../bot/domain/alarm.ts";
import { CallerOptions, toCallerHeaders, verifyCaller } from "../kit/caller.ts";
import { toIdentity } from "../kit/identity.ts";
import { toJsonRequest } from "../kit/json-request.ts";
import { ButtonId, Moment, optional, Place, parseJson } from "../kit/message.ts";
import { toOwnAlarms, toOwnAlert } from "../kit/monitoring.ts";
import { findText, isClosed } from "../kit/torn-json.ts";

const AlertmanagerOptions = z.object({
  ...CallerOptions.shape,
  /** The label that names the button. */
  buttonLabel: z.string().min(1).default("button"),
  /** The label that names the place; `locatie` is read as well. */
  placeLabel: z.string().min(1).default("place"),
});
type AlertmanagerOptions = z.infer<typeof AlertmanagerOptions>;

/**
 * Only what we read of the form, version 4; Grafana's webhook has the same fields.
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
const Notification = z.object({
  status: optional(z.string()),
  alerts: z.array(z.unknown()).catch([]),
  truncatedAlerts: optional(z.number()),
});

const Alert = z.object({
  status: optional(z.string()),
  labels: z.record(z.string(), z.unknown()).catch({}),
  fingerprint: optional(z.string().min(1).max(128)),
  startsAt: optional(z.string().min(1)),
});
type Alert = z.infer<typeof Alert>;

/**
 * Prometheus Alertmanager, and what speaks its webhook. A firing alert is a press; a resolved one is a sign of life,
 * which never closes or cancels anything; one that fires for more than a day is still pressed. An alert with another
 * status than these two may be a press, so it is one. What monitoring raises about itself never is: a data source that
 * is down says nothing of the buttons behind it.
 */
export const alertmanager: AlarmSource<AlertmanagerOptions> = {
  title: "Alertmanager (webhook, version 4)",
  Options: AlertmanagerOptions,
  hasHeartbeat: false,
  verify: verifyCaller,

  parse({ body, receivedAt }, options) {
    const notification = Notification.safeParse(parseJson(body)).data;
    if (!notification) return [readTorn(body, options)];
    const read = notification.alerts.map((alert) => readAlert(alert, notification.status, options, receivedAt));
    const alarms = read.filter((alarms) => alarms !== null).flat();
    if (read.includes(null) || read.length === 0) return [...alarms, toAlarm("unreadable")];
    // With `max_alerts` the other alerts are cut off, and a press may be among them.
    if (notification.truncatedAlerts) return [...alarms, toAlarm("unreadable", { id: toIdentity("truncated", body) })];
    return alarms;
  },

  example(options, button, now) {
    const labels = { alertname: "AlarmButton", [options.buttonLabel]: button };
    const alert = {
      status: "firing",
      labels,
      annotations: {},
      startsAt: new Date(now).toISOString(),
      endsAt: "0001-01-01T00:00:00Z",
      fingerprint: toIdentity(JSON.stringify(labels)).slice(0, 16),
    };
    const body = { version: "4", groupKey: "{}", truncatedAlerts: 0, status: "firing", receiver: "x", alerts: [alert] };
    return toJsonRequest(body, toCallerHeaders(options));
  },

  exampleOptions: { secret: "an-example-and-no-secret", buttonLabel: "button", placeLabel: "place" },
};

/** An alert that fires for longer than this is an old one, which is repeated. */
const oldMs = 24 * 3_600_000;

/**
 * The alarm of a notification that is no JSON. Its button and place count only when nothing broke off, because the rest
 * may be about another button.
 */
function readTorn(body: Buffer, { buttonLabel, placeLabel }: AlertmanagerOptions): Alarm {
  if (!isClosed(body)) return toAlarm("unreadable");
  const find = (label: string) => findText(body, "alerts", null, "labels", label);
  return toAlarm("unreadable", { button: ButtonId.parse(find(buttonLabel)), place: Place.parse(find(placeLabel)) });
}

/** The alarms of an alert; null when it can't be read. */
function readAlert(
  value: unknown,
  groupStatus: string | null,
  options: AlertmanagerOptions,
  receivedAt: number,
): Alarm[] | null {
  const alert = Alert.safeParse(value).data;
  const button = alert ? toButton(alert, options) : "";
  if (!alert || button === "") return null;
  const status = (alert.status ?? groupStatus ?? "firing").toLowerCase();
  const isResolved = status === "resolved";
  const { labels, startsAt } = alert;
  const own = toOwnAlert(labels.alertname, labels.instance);
  const ofItself = toOwnAlarms(own, ButtonId.parse(labels[options.buttonLabel]), isResolved);
  if (ofItself !== null) return ofItself;
  const startedAt = Moment.parse(startsAt);
  const isOld = startedAt !== null && receivedAt - startedAt >= oldMs;
  const alarm = toAlarm(isResolved ? "heartbeat" : isOld ? "still-pressed" : "press", {
    // Retries, repeats and a second Alertmanager of the cluster keep these three. Without `startsAt` the same alert
    // firing again would look like a repeat and be lost.
    id: startsAt === null ? null : toIdentity(toSeries(alert), startsAt, status),
    // As long as it fires it is repeated without end, with the same start.
    state:
      startsAt === null ? null : { name: toIdentity(toSeries(alert)), run: toIdentity(startsAt), isOn: !isResolved },
    button,
    at: isResolved ? null : startedAt,
    place: Place.parse(labels[options.placeLabel] ?? labels.place ?? labels.locatie),
  });
  return [alarm];
}

/**
 * The button that an alert names. Without the label: the alert's name and the fingerprint of its labels, so that two
 * buttons are never taken for one. Not `instance`: that is often one exporter of all buttons.
 */
function toButton(alert: Alert, { buttonLabel }: AlertmanagerOptions): string {
  const named = ButtonId.parse(alert.labels[buttonLabel]);
  if (named !== "") return named;
  if (alert.fingerprint === null && Object.keys(alert.labels).length === 0) return "";
  return ButtonId.parse(`${ButtonId.parse(alert.labels.alertname).slice(0, 64)} ${toSeries(alert)}`);
}

/**
 * What tells one alert from another: the fingerprint, or our own where a sender has none, over what can be a label's
 * value.
 */
function toSeries({ fingerprint, labels }: Alert): string {
  const texts = Object.entries(labels).filter(([, value]) => typeof value !== "object");
  return fingerprint ?? toIdentity(JSON.stringify(texts.sort())).slice(0, 16);
}
