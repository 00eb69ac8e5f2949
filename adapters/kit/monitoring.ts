import { type Alarm, toAlarm } from "../../bot/domain/alarm.ts";

/**
 * What an alert is that monitoring raises about itself: `nobody-watches`: what it watches can't be seen now; `test`:
 * somebody tries the contact point; `alive`: it fires always, to show that alerts come through; `silencer`: it fires
 * only to keep other alerts quiet.
 */
export type OwnAlert = "nobody-watches" | "test" | "alive" | "silencer";

const ownAlerts: Readonly<Record<string, OwnAlert>> = {
  // https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rule-evaluation/nodata-and-error-states/
  DatasourceNoData: "nobody-watches",
  DatasourceError: "nobody-watches",
  // https://runbooks.prometheus-operator.dev/runbooks/general/watchdog/
  Watchdog: "alive",
  // https://runbooks.prometheus-operator.dev/runbooks/general/infoinhibitor/
  InfoInhibitor: "silencer",
};

/**
 * What monitoring itself means by an alert of that name; null for an alert about something else. `instance`: its label
 * of that name, by which the test of a Grafana contact point is known:
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/#test-a-contact-point
 */
export function toOwnAlert(name: unknown, instance: unknown): OwnAlert | null {
  if (name === "TestAlert" && instance === "Grafana") return "test";
  return typeof name === "string" && Object.hasOwn(ownAlerts, name) ? (ownAlerts[name] ?? null) : null;
}

/**
 * The alarms of what monitoring raises about itself; null when it may be a press: because it is about something else,
 * or names a button without being about what watches it. That nobody watches is a trouble of the source and of the
 * button that the alert's rule is about, until it is resolved.
 */
export function toOwnAlarms(own: OwnAlert | null, button: string, isResolved: boolean): Alarm[] | null {
  const isNamed = button !== "";
  switch (own) {
    case "nobody-watches": {
      const kind = isResolved ? "heartbeat" : "trouble";
      return [...(isNamed ? [toAlarm(kind, { button })] : []), toAlarm(kind)];
    }
    case "test":
      return isNamed ? [toAlarm("test", { button })] : [];
    case "alive":
      return isNamed ? null : [toAlarm("heartbeat")];
    case "silencer":
      return isNamed ? null : [];
    case null:
      return null;
  }
}
