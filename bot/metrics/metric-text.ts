/** The labels that a metric may have, and what stands in each. */
export const labels = {
  source: "a source of the configuration; `unknown` for an address that is no source's",
  pager: "a pager of the configuration",
  channel: "a channel of the configuration",
  kind: "which trouble, or which message, by its own word in the log",
  secret: "where a secret stands in the configuration",
  value: "`first` for the new value of a secret, `second` for the one before it",
  event: "an event of [the log](../log-events/README.md)",
  answer: "the HTTP status, or `none` where the sender had hung up",
  code: "why it was not read, by Node's own word",
  result: "`sent`, or why not: `refused`, `throttled`, `unreachable` or `misconfigured`",
} as const;

export type LabelName = keyof typeof labels;

/** What a figure of `/metrics` tells whoever keeps the bot running. */
export interface MetricText {
  /** A counter grows from the start of the process; a gauge is as it is now. */
  readonly type: "gauge" | "counter";
  readonly labels: readonly LabelName[];
  /** What one of it is; a moment is in seconds since 1970 UTC. */
  readonly unit: string;
  /** One sentence. */
  readonly means: string;
  /** What to do about it; left out: nothing. */
  readonly todo?: string;
}
