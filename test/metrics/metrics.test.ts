import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type LabelName, labels, type MetricText } from "../../bot/metrics/metric-text.ts";
import { metrics } from "../../bot/metrics/metrics.ts";
import { readMetrics, startBotWithFigures } from "./bot-with-figures.ts";
import { parseExposition } from "./exposition.ts";
import { toPage } from "./page.ts";

const list = Object.entries<MetricText>(metrics);

/** What a name ends in, by the unit. https://prometheus.io/docs/practices/naming/ */
const endings: Readonly<Record<string, RegExp>> = { moment: /_(?:timestamp|time)_seconds$/ };

describe("the list of figures", () => {
  it("has them in the order of their names, each with a sentence", () => {
    expect(Object.keys(metrics)).toEqual(Object.keys(metrics).toSorted());
    expect(list.filter(([, { means }]) => !/^[A-Z].*\.$/.test(means))).toEqual([]);
  });

  it.each(list)("%s is called as Prometheus calls its kind", (name, { type, unit }) => {
    expect(name).toMatch(/^(?:rugdekking|process)_[a-z]+(?:_[a-z]+)*$/);
    expect(name.endsWith("_total")).toBe(type === "counter");
    if (unit in endings) expect(name).toMatch(endings[unit] ?? /^$/);
    else expect(name).not.toMatch(/seconds|bytes/);
  });

  it("says of every label what stands in it, and of no other", () => {
    const used = new Set(list.flatMap(([, { labels: own }]) => own));
    expect([...used].sort()).toEqual(Object.keys(labels).sort());
  });

  it("is what the page is made of", () => {
    expect(readFileSync("bot/metrics/README.md", "utf8")).toBe(toPage());
  });
});

describe("a running bot", () => {
  it("shows exactly the figures of the list, with exactly their labels", async () => {
    await using bot = await startBotWithFigures();
    const { types, help, samples } = parseExposition(await readMetrics(bot));
    expect(types).toEqual(Object.fromEntries(list.map(([name, { type }]) => [name, type])));
    expect(help).toEqual(Object.fromEntries(list.map(([name, { means }]) => [name, means])));

    const shown: Record<string, Set<string>> = Object.fromEntries(list.map(([name]) => [name, new Set<string>()]));
    for (const sample of samples) for (const label of Object.keys(sample.labels)) shown[sample.name]?.add(label);
    const expected = list.map(([name, { labels: own }]) => [name, new Set<LabelName>(own)]);
    expect(shown).toEqual(Object.fromEntries(expected));
    const missing = list.filter(([name]) => !samples.some((sample) => sample.name === name)).map(([name]) => name);
    expect(missing).toEqual([]);
  });
});
