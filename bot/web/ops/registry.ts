import { Counter, Gauge, Registry } from "prom-client";
import type { LabelName, MetricText } from "../../metrics/metric-text.ts";
import { metrics, type Samples } from "../../metrics/metrics.ts";

/** A value of whatever figure. */
interface AnySample {
  readonly labels?: Readonly<Partial<Record<LabelName, string>>>;
  readonly value: number;
}

/** Makes a registry for one answer, because two readers at once would empty a shared one. */
export function toRegistry(samples: Samples): Registry {
  const registry = new Registry();
  const known: Readonly<Record<string, readonly AnySample[]>> = samples;
  for (const [name, { type, labels: labelNames, means: help }] of Object.entries<MetricText>(metrics)) {
    const options = { name, help, labelNames, registers: [registry] };
    const metric: Pick<Gauge<LabelName>, "inc" | "remove"> = type === "counter"
      ? new Counter(options)
      : new Gauge(options);
    // One without labels begins at 0, which nobody has measured.
    if (labelNames.length === 0) metric.remove();
    for (const { labels = {}, value } of known[name] ?? []) metric.inc(labels, value);
  }
  return registry;
}
