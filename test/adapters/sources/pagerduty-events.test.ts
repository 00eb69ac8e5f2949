import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pagerdutyEvents } from "../../../adapters/sources/pagerduty-events.ts";
import type { InboundRequest } from "../../../bot/contracts.ts";
import { RequestRejected } from "../../../bot/errors.ts";
import { prove, sourceContract } from "../../contracts/source-contract.ts";

const now = Date.UTC(2026, 10, 24, 9, 0, 0);
const trigger = JSON.parse(readFileSync("test/fixtures/pagerduty-events/trigger.json", "utf8"));
const change = JSON.parse(readFileSync("test/fixtures/pagerduty-events/change.json", "utf8"));
const options = { secret: trigger.routing_key };

const alerts = "https://developer.pagerduty.com/docs/send-alert-event";
const grafana =
  "https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/pager-duty/";

/** That of the end of the alerts. */
function ofMonitoringResolved(...alerts: Record<string, string>[]) {
  const { payload, ...event } = ofMonitoring(...alerts);
  const { firing: resolved, num_firing: num_resolved } = payload.custom_details;
  const custom_details = { firing: "", num_firing: "0", resolved, num_resolved };
  return { ...event, event_action: "resolve", payload: { ...payload, custom_details } };
}

/** A trigger as Alertmanager's and Grafana's own receivers compose it, with the labels of its alerts. */
function ofMonitoring(...alerts: Record<string, string>[]) {
  const list = alerts.map((labels) => {
    const lines = Object.entries(labels).map(([name, value]) => ` - ${name} = ${value}\n`);
    return `Labels:\n${lines.join("")}Annotations:\n - summary = x\nSource: http://x\n`;
  });
  const payload = { summary: "[FIRING:1]", source: "grafana", severity: "critical" };
  const custom_details = { firing: list.join(""), num_firing: String(alerts.length), num_resolved: "0" };
  return { ...trigger, payload: { ...payload, custom_details } };
}

const quiet = [
  { is: "an acknowledgement", from: alerts, json: { ...trigger, event_action: "acknowledge" } },
  { is: "the end", from: alerts, json: { ...trigger, event_action: "resolve" } },
  { is: "a change", from: "https://developer.pagerduty.com/docs/send-change-event", json: change },
  {
    is: "the test of a contact point",
    from: grafana,
    json: ofMonitoring({ alertname: "TestAlert", instance: "Grafana" }),
  },
  {
    is: "a data source that is down",
    from: grafana,
    json: ofMonitoring({ alertname: "DatasourceError", rulename: "Knop" }),
  },
  {
    is: "two rules without data",
    from: grafana,
    json: ofMonitoring({ alertname: "DatasourceNoData" }, { alertname: "DatasourceNoData" }),
  },
  {
    is: "Alertmanager's watchdog",
    from: "https://runbooks.prometheus-operator.dev/runbooks/general/watchdog/",
    json: ofMonitoring({ alertname: "Watchdog", severity: "none" }),
  },
];

sourceContract("pagerduty-events", pagerdutyEvents, "0042", quiet);

function request(body: unknown, headers: InboundRequest["headers"] = {}): InboundRequest {
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return { method: "POST", path: "", query: "", headers, body: bytes, remote: "127.0.0.1", receivedAt: now };
}

function parse(body: unknown) {
  return pagerdutyEvents.parse(request(body), options);
}

/** The trigger with another payload. */
function withPayload(payload: object) {
  return { ...trigger, payload: { ...trigger.payload, ...payload } };
}

describe("who is calling", () => {
  it("takes the routing key in the body", () => {
    for (const body of [trigger, change]) expect(() => prove(pagerdutyEvents, request(body), options)).not.toThrow();
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    "{}",
    `"${options.secret}"`,
    JSON.stringify({ routing_key: null }),
    JSON.stringify({ routing_key: [options.secret] }),
    JSON.stringify({ routing_key: `${options.secret} ` }),
    JSON.stringify({ payload: { routing_key: options.secret } }),
    JSON.stringify({ service_key: options.secret }),
  ])("refuses %s with 401", (body) => {
    const headers = { authorization: `Bearer ${options.secret}` };
    expect(() => prove(pagerdutyEvents, request(body, headers), options)).toThrow(RequestRejected);
  });
});

describe("what it says", () => {
  it("a trigger is a press", () => {
    expect(parse(trigger)).toEqual([
      {
        kind: "press",
        id: expect.any(String),
        button: "panel-west/zone-3",
        at: Date.UTC(2026, 10, 24, 8, 59, 58, 250),
        place: "Spreekkamer 3",
        position: null,
        battery: null,
        state: null,
        colleague: null,
      },
    ]);
  });

  it("acknowledge and a change are none of ours, resolve is a sign of life and closes nothing", () => {
    expect(parse({ ...trigger, event_action: "acknowledge" })).toEqual([]);
    expect(parse(change)).toEqual([]);
    expect(parse({ ...change, payload: { summary: "Only a summary" } })).toEqual([]);
    expect(parse({ ...trigger, event_action: "resolve" })).toMatchObject([
      { kind: "heartbeat", button: "panel-west/zone-3" },
    ]);
    const { routing_key, dedup_key } = trigger;
    expect(parse({ routing_key, dedup_key, event_action: "resolve" })).toEqual([]);
  });

  it.each(["TRIGGER", "alarm", "", 7, null, undefined])("takes the action %j for a press", (event_action) => {
    expect(parse({ ...trigger, event_action })).toMatchObject([{ kind: "press" }]);
  });

  it("an event without an action that has what only an alert has is a press", () => {
    expect(parse({ ...change, dedup_key: "d" })).toMatchObject([{ kind: "press" }]);
    expect(parse({ ...change, payload: { ...change.payload, severity: "error" } })).toMatchObject([{ kind: "press" }]);
  });

  it("names the button by the details, else by source and component, so that zones of one panel differ", () => {
    const buttonOf = (payload: object) => parse(withPayload(payload))[0]?.button;
    expect(buttonOf({ component: undefined })).toBe("panel-west");
    expect(buttonOf({ component: "zone-4" })).toBe("panel-west/zone-4");
    expect(buttonOf({ source: undefined })).toBe("zone-3");
    expect(buttonOf({ custom_details: { button: 42 } })).toBe("42");
    expect(buttonOf({ source: "x".repeat(500) })).toHaveLength(128);
  });

  it.each([
    ["2015-07-17T08:42:58.315+0000", Date.UTC(2015, 6, 17, 8, 42, 58, 315)],
    ["2015-07-17T08:42:58Z", Date.UTC(2015, 6, 17, 8, 42, 58)],
    ["2015-07-17T10:42:58+02:00", Date.UTC(2015, 6, 17, 8, 42, 58)],
    ["17 July 2015", null],
    [1437122578, null],
  ])("reads the moment %j", (timestamp, at) => {
    expect(parse(withPayload({ timestamp }))).toMatchObject([{ kind: "press", at }]);
  });

  it("leaves out side fields that are wrong and keeps the press", () => {
    for (const custom_details of ["text", null, [], { place: 3 }])
      expect(parse(withPayload({ custom_details }))).toMatchObject([{ kind: "press", place: null }]);
  });

  it.each([
    "",
    "{",
    "7",
    "null",
    "[]",
    "{}",
    '{"event_action":"trigger"}',
    '{"event_action":"trigger","payload":7}',
    '{"event_action":"trigger","payload":{"source":" ","summary":"SOS"}}',
  ])("takes %s for unreadable", (body) => {
    expect(parse(body)).toMatchObject([{ kind: "unreadable", button: "" }]);
  });
});

it("takes a trigger for one press, whatever its fields hold", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (payload, source, timestamp) => {
      expect(parse({ ...trigger, payload })).toMatchObject([{ kind: expect.stringMatching(/^(press|unreadable)$/) }]);
      expect(parse(withPayload({ source, timestamp }))).toMatchObject([{ kind: "press" }]);
    }),
  );
});

describe("what makes two deliveries one", () => {
  const idOf = (body: unknown) => parse(body)[0]?.id;

  it("a retry that was composed anew is the same", () => {
    const again = {
      ...withPayload({ summary: "again", custom_details: { place: "Spreekkamer 3", loops: 2 } }),
      client: "2",
    };
    expect(idOf(again)).toBe(idOf(trigger));
  });

  it("another action, key, button or moment is another", () => {
    const ids = [
      idOf(trigger),
      idOf({ ...trigger, event_action: "resolve" }),
      idOf({ ...trigger, dedup_key: "other" }),
      idOf(withPayload({ component: "zone-4" })),
      idOf(withPayload({ timestamp: "2026-11-24T10:00:58.250+0100" })),
    ];
    expect(new Set(ids).size).toBe(5);
  });

  it("without a moment there is none: the same key comes with every press of a button", () => {
    expect(idOf(withPayload({ timestamp: undefined }))).toBeNull();
  });
});

describe("what monitoring raises about itself", () => {
  it("is a trouble of the source where nobody watches, and of the button that it names", () => {
    const down = ofMonitoring({ alertname: "DatasourceError" });
    expect(parse(down)).toMatchObject([{ kind: "trouble", button: "" }]);
    const { payload } = down;
    const named = { ...down, payload: { ...payload, custom_details: { ...payload.custom_details, button: "hal" } } };
    expect(parse(named)).toMatchObject([
      { kind: "trouble", button: "hal" },
      { kind: "trouble", button: "" },
    ]);
  });

  it("is a trouble of each button that its labels name, and one of the source", () => {
    const read = (event: unknown) => parse(event).map(({ kind, button }) => [kind, button]);
    const down = (button: string) => ({ alertname: "DatasourceNoData", button });
    expect(read(ofMonitoring(down("hal"), down("balie")))).toEqual([
      ["trouble", "hal"],
      ["trouble", ""],
      ["trouble", "balie"],
    ]);
    expect(read(ofMonitoring({ alertname: "InfoInhibitor" }, down("hal")))).toEqual([
      ["trouble", "hal"],
      ["trouble", ""],
    ]);
    expect(read(ofMonitoring({ alertname: "Watchdog", button: "hal" }, down("hal")))).toEqual([["pressed", "grafana"]]);
  });

  it("is over when that is resolved, for the source and the button and for nobody else", () => {
    const read = (event: unknown) => parse(event).map(({ kind, button }) => [kind, button]);
    const own = { alertname: "DatasourceNoData", button: "hal" };
    expect(read(ofMonitoringResolved(own))).toEqual([
      ["heartbeat", "hal"],
      ["heartbeat", ""],
    ]);
    expect(read(ofMonitoringResolved({ alertname: "DatasourceError" }))).toEqual([["heartbeat", ""]]);
    expect(read(ofMonitoringResolved({ alertname: "InfoInhibitor" }))).toEqual([]);
    expect(read(ofMonitoringResolved({ alertname: "ButtonPressed" }))).toEqual([["heartbeat", "grafana"]]);
  });

  it("is a press with an alert about something else beside it", () => {
    const beside = ofMonitoring({ alertname: "DatasourceNoData" }, { alertname: "ButtonPressed" });
    expect(parse(beside)).toMatchObject([{ kind: "pressed", button: "grafana" }]);
    const { payload, ...rest } = ofMonitoring({ alertname: "DatasourceNoData" });
    const unlisted = {
      ...rest,
      payload: { ...payload, custom_details: { ...payload.custom_details, num_firing: "2" } },
    };
    expect(parse(unlisted)).toMatchObject([{ kind: "pressed" }]);
  });
});

describe("an event that is no JSON", () => {
  const torn = JSON.stringify(withPayload({ custom_details: { button: "hal" } })).replace("{", '{"load":NaN,');

  it("is proven by its routing key all the same, and names its button", () => {
    expect(() => prove(pagerdutyEvents, request(torn), options)).not.toThrow();
    expect(() => prove(pagerdutyEvents, request(torn), { secret: `${options.secret}x` })).toThrow(RequestRejected);
    expect(parse(torn)).toMatchObject([{ kind: "unreadable", button: "hal" }]);
  });

  it("names none where only its source is known, which may be a gateway of many buttons", () => {
    expect(parse(JSON.stringify(trigger).replace("{", '{"load":NaN,'))).toMatchObject([{ button: "" }]);
  });
});

describe("PagerDuty's own example", () => {
  const { event } = JSON.parse(readFileSync("test/fixtures/pagerduty-events/documented.json", "utf8"));

  it("is one press", () => {
    expect(() => prove(pagerdutyEvents, request(event), { secret: event.routing_key })).not.toThrow();
    expect(parse(event)).toMatchObject([
      { kind: "press", button: "files-03.example.com/database", at: Date.UTC(2015, 6, 17, 8, 42, 58, 315) },
    ]);
  });
});
