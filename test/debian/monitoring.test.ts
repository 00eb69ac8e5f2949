import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { readAlerts, readQueries } from "../manifests/monitoring/files.ts";
import { metricsToken, readMetrics, startBotWithFigures } from "../metrics/bot-with-figures.ts";
import { startPrometheus } from "./prometheus.ts";

/** What promtool says; throws with what it says is wrong. */
function promtool(words: readonly string[], input = ""): string {
  return execFileSync("promtool", words, { encoding: "utf8", input, stdio: "pipe" });
}

it("Prometheus can read the example and its alerts", () => {
  const folder = mkdtempSync(join(tmpdir(), "promtool-"));
  try {
    for (const name of ["prometheus.yaml", "alerts.yaml"])
      writeFileSync(join(folder, name), readFileSync(`manifests/monitoring/${name}`));
    writeFileSync(join(folder, "metrics-token"), metricsToken);
    expect(promtool(["check", "config", join(folder, "prometheus.yaml")])).toContain(`${readAlerts().length} rules`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("each alert fires when it should, alone, and no sooner", () => {
  expect(promtool(["test", "rules", "test/debian/alerts.yaml"])).toContain("SUCCESS");
  const tested = readFileSync("test/debian/alerts.yaml", "utf8");
  expect(readAlerts().filter(({ alert }) => !tested.includes(`alertname="${alert}"`))).toEqual([]);
});

it("every query of the dashboard can be read", () => {
  const rules = readQueries().map(({ expr }, index) => ({ record: `query:${index}`, expr }));
  const folder = mkdtempSync(join(tmpdir(), "promtool-"));
  const file = join(folder, "queries.yaml");
  try {
    writeFileSync(file, stringify({ groups: [{ name: "dashboard", rules }] }));
    expect(promtool(["check", "rules", file])).toContain(`${rules.length} rules found`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("promtool has no remark on a figure", async () => {
  await using bot = await startBotWithFigures();
  expect(promtool(["check", "metrics"], await readMetrics(bot))).toBe("");
});

it("Prometheus, with the example's file, answers every query of the dashboard from a running bot", async () => {
  await using bot = await startBotWithFigures();
  await using prometheus = await startPrometheus(bot.app.port, metricsToken);
  await expect.poll(() => prometheus.query('up{job="rugdekking"} == 1'), { timeout: 30_000 }).toHaveLength(1);
  for (const { title, expr } of readQueries())
    await expect.poll(() => prometheus.query(expr), { timeout: 30_000, message: `${title}: ${expr}` }).not.toEqual([]);
});
