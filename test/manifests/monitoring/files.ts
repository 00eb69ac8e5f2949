import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const Alerts = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(["critical", "warning"]) }),
          annotations: z.strictObject({
            summary: z.string(),
            description: z.string(),
            summary_en: z.string(),
            description_en: z.string(),
          }),
        }),
      ),
    }),
  ),
});

const Dashboard = z.looseObject({
  panels: z.array(
    z.looseObject({
      title: z.string(),
      targets: z.array(z.looseObject({ expr: z.string(), legendFormat: z.string().optional() })),
    }),
  ),
});

/** The alerts of `manifests/monitoring/alerts.yaml`. */
export function readAlerts() {
  return Alerts.parse(parse(readText("alerts.yaml"))).groups.flatMap(({ rules }) => rules);
}

/** The queries of the dashboard, each with its panel's title and its legend. */
export function readQueries() {
  const { panels } = Dashboard.parse(JSON.parse(readText("dashboard.json")));
  return panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat = "" }) => ({ title, expr, legend: legendFormat })),
  );
}

export function readText(name: string): string {
  return readFileSync(`manifests/monitoring/${name}`, "utf8");
}
