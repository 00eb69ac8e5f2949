import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alertmanager } from "../../../adapters/sources/alertmanager.ts";
import type { InboundRequest } from "../../../bot/contracts.ts";
import { prove, sourceContract } from "../../contracts/source-contract.ts";

const now = Date.UTC(2026, 10, 24, 9, 0, 0);
const options = { secret: "a-secret-of-monitoring", buttonLabel: "button", placeLabel: "place" };
const fixture = JSON.parse(readFileSync("test/fixtures/alertmanager/firing-and-resolved.json", "utf8"));
const [firing, resolved] = fixture.alerts;

const watchdog = "https://runbooks.prometheus-operator.dev/runbooks/general/watchdog/";
const inhibitor = "https://runbooks.prometheus-operator.dev/runbooks/general/infoinhibitor/";
const noData =
  "https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rule-evaluation/nodata-and-error-states/";
const contactPoint =
  "https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/#test-a-contact-point";
const quiet = [
  {
    is: "the test of a contact point",
    from: contactPoint,
    json: notify({ labels: { alertname: "TestAlert", instance: "Grafana" } }),
  },
  {
    is: "that test with labels of one's own",
    from: contactPoint,
    json: notify({ labels: { alertname: "TestAlert", instance: "Grafana", button: "balie-2" } }),
  },
  {
    is: "a rule without data",
    from: noData,
    json: notify({ labels: { ...firing.labels, alertname: "DatasourceNoData", rulename: "Knop" } }),
  },
  {
    is: "a data source that is down",
    from: noData,
    json: notify({ labels: { alertname: "DatasourceError", rulename: "Knop" } }),
  },
  { is: "the watchdog", from: watchdog, json: notify({ labels: { alertname: "Watchdog", severity: "none" } }) },
  { is: "the inhibitor", from: inhibitor, json: notify({ labels: { alertname: "InfoInhibitor", severity: "none" } }) },
  {
    is: "the end of an alert",
    from: "https://prometheus.io/docs/alerting/latest/configuration/#webhook_config",
    json: notify({ status: "resolved" }),
  },
];

sourceContract("alertmanager", alertmanager, "0042", quiet);
sourceContract("alertmanager, other labels and basic", {
  ...alertmanager,
  exampleOptions: { secret: "a-secret-of-monitoring", username: "am", buttonLabel: "knop", placeLabel: "ruimte" },
});

function request(body: unknown): InboundRequest {
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return { method: "POST", path: "", query: "", headers: {}, body: bytes, remote: "127.0.0.1", receivedAt: now };
}

function parse(body: unknown, settings = options) {
  return alertmanager.parse(request(body), settings);
}

/** One notification with these alerts; each a firing one with changes. */
function notify(...changes: object[]) {
  return { ...fixture, alerts: changes.map((change) => ({ ...firing, ...change })) };
}

describe("what it says", () => {
  it("a firing alert is a press, a resolved one a sign of life", () => {
    expect(parse(fixture)).toEqual([
      {
        kind: "press",
        id: expect.any(String),
        button: "balie-2",
        at: Date.UTC(2026, 10, 24, 8, 59, 12, 417),
        place: "Balie 2",
        position: null,
        battery: null,
        state: { name: expect.any(String), run: expect.any(String), isOn: true },
        colleague: null,
      },
      expect.objectContaining({ kind: "heartbeat", button: "balie-1", at: null }),
    ]);
  });

  it("every status but resolved is a press; an alert without one has its group's", () => {
    for (const status of ["firing", "Firing", "pending", ""])
      expect(parse(notify({ status }))).toMatchObject([{ kind: "press" }]);
    expect(parse(notify({ status: 7 }))).toMatchObject([{ kind: "press" }]);
    expect(parse({ ...notify({ status: null }), status: "resolved" })).toMatchObject([{ kind: "heartbeat" }]);
    expect(parse({ ...notify({ status: null }), status: null })).toMatchObject([{ kind: "press" }]);
  });

  it("keeps two buttons apart where no label names them, also behind one instance", () => {
    const labels = { alertname: "ButtonPressed", instance: "mqtt-exporter:9641" };
    const alarms = parse(notify({ labels, fingerprint: "aa" }, { labels, fingerprint: "bb" }));
    expect(alarms.map(({ button }) => button)).toEqual(["ButtonPressed aa", "ButtonPressed bb"]);

    const unmarked = parse(
      notify(
        { labels: { ...labels, zone: "1" }, fingerprint: undefined },
        { labels: { ...labels, zone: "2" }, fingerprint: undefined },
      ),
    );
    expect(new Set(unmarked.map(({ button }) => button)).size).toBe(2);
    expect(new Set(unmarked.map(({ id }) => id)).size).toBe(2);
  });

  it("takes button and place from the labels that are set, and locatie as it is", () => {
    const labels = { ...firing.labels, knop: "K7", ruimte: "Ruimte 7" };
    const settings = { ...options, buttonLabel: "knop", placeLabel: "ruimte" };
    expect(parse(notify({ labels }), settings)).toMatchObject([{ button: "K7", place: "Ruimte 7" }]);
    expect(parse(notify({ labels: { button: "1", locatie: "balie\n3" } }))).toMatchObject([{ place: "balie 3" }]);
    expect(parse(notify({ labels: { button: "1", place: "x".repeat(200) } }))[0]?.place).toHaveLength(80);
  });

  it("drops a moment that is none", () => {
    for (const startsAt of ["now", 7, null]) expect(parse(notify({ startsAt }))).toMatchObject([{ at: null }]);
  });

  it.each([
    "",
    "{",
    "7",
    "null",
    "[]",
    "{}",
    '{"alerts":{}}',
    '{"alerts":[]}',
    '{"alerts":[],"truncatedAlerts":3}',
    '{"alerts":[7,{},null]}',
  ])("takes %s for one unreadable message", (body) => {
    expect(parse(body)).toMatchObject([{ kind: "unreadable", button: "", id: null }]);
  });

  it("reads what can be read of a list, and the rest once", () => {
    const kinds = parse({ ...fixture, alerts: [7, firing, {}, resolved] }).map(({ kind }) => kind);
    expect(kinds).toEqual(["press", "heartbeat", "unreadable"]);
  });

  it("says that something is missing when alerts were cut off", () => {
    const cut = { ...fixture, truncatedAlerts: 2 };
    const alarms = parse(cut);
    expect(alarms.map(({ kind }) => kind)).toEqual(["press", "heartbeat", "unreadable"]);
    expect(parse(cut)).toEqual(alarms);
    expect(new Set(alarms.map(({ id }) => id)).size).toBe(3);
  });
});

describe("what monitoring raises about itself", () => {
  const own = (alertname: string, labels: object = {}, more: object = {}) =>
    notify({ labels: { alertname, ...labels }, fingerprint: "aa", ...more });
  const read = (body: object) => parse(body).map(({ kind, button }) => [kind, button]);

  it.each(["DatasourceNoData", "DatasourceError"])("%s is a trouble of its button and of the source", (name) => {
    const ofButton = own(name, { button: "balie-2" });
    expect(read(ofButton)).toEqual([
      ["trouble", "balie-2"],
      ["trouble", ""],
    ]);
    expect(read(own(name))).toEqual([["trouble", ""]]);
    expect(read(own(name, { button: "balie-2" }, { status: "resolved" }))).toEqual([
      ["heartbeat", "balie-2"],
      ["heartbeat", ""],
    ]);
  });

  it("is no press beside a press, which stays one", () => {
    const beside = notify({ labels: { alertname: "DatasourceError" } }, { labels: { alertname: "Watchdog" } }, {});
    expect(read(beside)).toEqual([
      ["trouble", ""],
      ["heartbeat", ""],
      ["press", "balie-2"],
    ]);
  });

  it("may be a press where a rule of one's own has that name and a button", () => {
    for (const name of ["Watchdog", "InfoInhibitor"]) {
      expect(read(own(name, { button: "balie-2" }))).toEqual([["press", "balie-2"]]);
    }
    expect(read(own("TestAlert", { instance: "knop-1" }))).toMatchObject([["press", "TestAlert aa"]]);
  });
});

describe("a notification that is no JSON", () => {
  const broken = JSON.stringify(notify({})).replace("{", '{"value":NaN,');

  it("names its button and place when all of it is there", () => {
    expect(parse(broken)).toMatchObject([{ kind: "unreadable", button: "balie-2", place: "Balie 2" }]);
  });

  it("names none when it broke off, because the rest may be about another button", () => {
    expect(parse(broken.slice(0, -1))).toMatchObject([{ kind: "unreadable", button: "", place: null }]);
  });
});

it("takes a firing alert for one press, however deep its labels are", () => {
  const labels = `{"button":"7","more":${"[".repeat(30_000)}${"]".repeat(30_000)}}`;
  const body = JSON.stringify(notify({ fingerprint: undefined, labels: 0 })).replace(
    '"labels":0',
    `"labels":${labels}`,
  );
  expect(parse(body)).toMatchObject([{ kind: "press", button: "7" }]);
});

it("takes a firing alert for one press, whatever its fields hold", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (labels, fingerprint, startsAt) => {
      expect(parse(notify({ labels }))).toMatchObject([{ kind: "press" }]);
      expect(parse(notify({ fingerprint, startsAt }))).toMatchObject([{ kind: "press", button: "balie-2" }]);
    }),
  );
});

describe("what makes two deliveries one", () => {
  const idOf = (change: object) => parse(notify(change))[0]?.id;

  it("a repeat, or the second Alertmanager, differs in all but the alert and its start", () => {
    const repeat = {
      ...fixture,
      receiver: "other",
      groupKey: '{}/{team="desk"}:{}',
      externalURL: "http://alertmanager-2.example.nl:9093",
      alerts: [resolved, { ...firing, annotations: { summary: "still" }, generatorURL: "" }],
    };
    const [again] = parse(repeat).filter(({ kind }) => kind === "press");
    expect(again?.id).toBe(parse(fixture)[0]?.id);
  });

  it("another alert, another start and the end are others", () => {
    const ids = [
      idOf({}),
      idOf({ fingerprint: "other" }),
      idOf({ startsAt: "2026-11-24T09:30:00Z" }),
      idOf({ status: "resolved" }),
    ];
    expect(new Set(ids).size).toBe(4);
  });

  it("without a start there is none, or the next press would be swallowed", () => {
    expect(idOf({ startsAt: undefined })).toBeNull();
  });
});

describe("what Alertmanager 0.25 sent", () => {
  const { headers, body } = JSON.parse(readFileSync("test/fixtures/alertmanager/captured.json", "utf8"));

  it("is one press, and its retry the same", () => {
    const post = { ...request(body), headers };
    const bearer = headers.authorization.replace("Bearer ", "");
    expect(() => prove(alertmanager, post, { ...options, secret: bearer })).not.toThrow();
    const alarms = alertmanager.parse(post, options);
    expect(alarms).toMatchObject([
      {
        kind: "press",
        button: "Alarmknop d4a84134705016ca",
        place: "balie3",
        at: Date.UTC(2026, 10, 23, 23, 35, 45, 494),
      },
    ]);
    expect(alertmanager.parse({ ...post, receivedAt: now + 300_000 }, options)).toEqual(alarms);
  });
});
