import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { logEvents } from "../../../bot/log-events/log-events.ts";
import type { MetricText } from "../../../bot/metrics/metric-text.ts";
import { metrics } from "../../../bot/metrics/metrics.ts";
import type { Trouble } from "../../../bot/ports/status.ts";
import { readMetrics, startBotWithFigures } from "../../metrics/bot-with-figures.ts";
import { parseExposition } from "../../metrics/exposition.ts";
import { readAlerts, readQueries, readText } from "./files.ts";
import { findNames } from "./promql.ts";

const alerts = readAlerts();
const queries = readQueries();
const all = [
  ...alerts.map(({ alert, expr, annotations }) => ({
    name: alert,
    expr,
    shown: Object.values(annotations).join("\n"),
  })),
  ...queries.map(({ title, expr, legend }) => ({ name: title, expr, shown: legend })),
];

/** What Prometheus says of whom it asks, and its blackbox exporter of `publicUrl`. */
const others: Readonly<Record<string, readonly string[]>> = {
  up: [],
  probe_success: [],
  probe_ssl_earliest_cert_expiry: [],
};
/** What Prometheus adds to each. */
const added = ["job", "instance"];

/** The compiler holds this complete. */
const kinds: Readonly<Record<Trouble["kind"], true>> = {
  "battery-low": true,
  "button-error": true,
  "button-silent": true,
  "button-unknown": true,
  "button-unreadable": true,
  "client-secret-ends": true,
  "clock-behind": true,
  "clock-differs": true,
  "pager-lost": true,
  "people-unproven": true,
  "person-not-ready": true,
  "route-unproven": true,
  "settings-weak": true,
  "source-down": true,
  "source-silent": true,
  "storage-aside": true,
  "storage-behind": true,
  "storage-gone": true,
  "storage-lost": true,
  "storage-newer": true,
  "storage-refuses": true,
  "storage-shut": true,
  "storage-unlocked": true,
  "storage-unread": true,
  "teams-lost": true,
};

/** What may stand in a label by which a query chooses, where we have a list of it. */
const results = ["sent", "refused", "throttled", "unreachable", "misconfigured"];
const jobs = parse(readText("prometheus.yaml")).scrape_configs.map(({ job_name }: { job_name: string }) => job_name);

function labelsOf(metric: string): readonly string[] | undefined {
  const ours = (metrics as Readonly<Record<string, MetricText>>)[metric]?.labels ?? others[metric];
  return ours === undefined ? undefined : [...ours, ...added];
}

/** The values that a matcher names, each by itself. */
function toValues({ operator, value }: { operator: string; value: string }): readonly string[] {
  if (!operator.endsWith("~")) return [value];
  const [, before = "", list = value, after = ""] = /^([^(]*)\(([^)]*)\)(.*)$/.exec(value) ?? [];
  return list.split("|").map((each) => before + each + after);
}

describe.each(all)("$name", ({ expr, shown }) => {
  const { selectors, labels } = findNames(expr);

  it("asks for figures and labels that there are", () => {
    expect(selectors.length).toBeGreaterThan(0);
    const named = new Set(selectors.flatMap(({ metric }) => labelsOf(metric) ?? [`${metric} is no figure`]));
    for (const { metric, matchers } of selectors)
      for (const { label } of matchers) expect(labelsOf(metric), metric).toContain(label);
    for (const label of [...labels, ...findShown(shown)]) expect(named).toContain(label);
  });

  it("chooses by values that there are", () => {
    const chosen = selectors.flatMap(({ metric, matchers }) => matchers.map((matcher) => ({ metric, ...matcher })));
    for (const { metric, label, ...matcher } of chosen) {
      const known = { job: jobs, result: results, value: ["first", "second"], source: ["unknown"] }[label];
      const isTrouble = label === "kind" && metric === "rugdekking_troubles";
      const values = isTrouble ? Object.keys(kinds) : (known ?? ["page", "card"]);
      for (const value of toValues(matcher)) expect(values, `${metric} ${label}`).toContain(value);
    }
  });

  it("shows no label that it has taken away", () => {
    if (labels.length > 0) expect(labels).toEqual(expect.arrayContaining([...findShown(shown)]));
  });
});

/** The labels that a legend or an annotation shows. */
function findShown(text: string): readonly string[] {
  return [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label = ""]) => label);
}

it("every kind of trouble has an alert", () => {
  const asked = alerts.flatMap(({ expr }) => findNames(expr).selectors);
  const covered = asked
    .filter(({ metric }) => metric === "rugdekking_troubles")
    .flatMap(({ matchers }) => matchers.filter(({ label }) => label === "kind").flatMap(toValues));
  expect([...new Set(covered)].sort()).toEqual(Object.keys(kinds).sort());
});

it("every alert has a name of its own, and says what it means and what to do in Dutch and English", () => {
  const names = alerts.map(({ alert }) => alert);
  expect(names).toEqual([...new Set(names)]);
  expect(names.filter((name) => !/^Rugdekking[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
  const texts = alerts.flatMap(({ annotations }) => Object.values(annotations));
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.filter((text) => !/[.:]$/.test(text))).toEqual([]);
});

it("an event of the log that an alert names is one", () => {
  const events = new Set(Object.values(logEvents).flatMap((each) => Object.keys(each)));
  const said = alerts.flatMap(({ annotations }) => [
    ...annotations.description_en.matchAll(/(?:Look|look) at ([a-z]+-[a-z-]+) in the log/g),
  ]);
  expect(said.length).toBeGreaterThan(0);
  expect(said.map(([, event = ""]) => event).filter((event) => !events.has(event))).toEqual([]);
});

it("a running bot answers every query of ours with a figure that has those labels", async () => {
  await using bot = await startBotWithFigures();
  const { samples } = parseExposition(await readMetrics(bot));
  const asked = all.flatMap(({ expr }) => findNames(expr).selectors).filter(({ metric }) => !(metric in others));
  const unanswered = asked.filter(({ metric, matchers }) => {
    const own = matchers.filter(({ label }) => !added.includes(label)).map(({ label }) => label);
    return !samples.some(({ name, labels }) => name === metric && own.every((label) => label in labels));
  });
  expect(unanswered).toEqual([]);
});
