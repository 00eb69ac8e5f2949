import { labels, type MetricText } from "../../bot/metrics/metric-text.ts";
import { metrics } from "../../bot/metrics/metrics.ts";

const opening = `# Figures in \`/metrics\`

\`GET /metrics\` answers who sends the \`metricsToken\` in the format of Prometheus. Draw and alert by these names and
labels: one that stands on this page stays as it is. No place, person, address or number stands in any of them.
[\`manifests/monitoring\`](../../manifests/monitoring/README.md) has rules for alerts and a dashboard that use them.
\`npm run metrics\` makes this page of the list beside it.

A counter grows from the start of the process; a gauge is as it is now. A moment is in seconds since 1970 UTC.

| figure | type | labels | unit | what it means | what to do |
| --- | --- | --- | --- | --- | --- |
`;

/** The page of all figures, in the order of their names. */
export function toPage(): string {
  const rows = Object.entries<MetricText>(metrics).map(([name, { type, labels: own, unit, means, todo = "" }]) => {
    const named = own.map((label) => `\`${label}\``).join(", ");
    return `| \`${name}\` | ${type} | ${named} | ${unit} | ${means} | ${todo} |\n`;
  });
  const glossary = Object.entries(labels).map(([label, means]) => `| \`${label}\` | ${means} |\n`);
  return `${opening}${rows.join("")}\n## Labels\n\n| label | what stands in it |\n| --- | --- |\n${glossary.join("")}`;
}
