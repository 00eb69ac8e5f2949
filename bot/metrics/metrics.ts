import type { MetricText } from "./metric-text.ts";

/**
 * Every figure of `/metrics`. Operators alert and draw by these names and labels, so that they stay as they are once
 * they are here. `npm run metrics` makes the page of it.
 */
export const metrics = {
  process_start_time_seconds: {
    type: "gauge",
    labels: [],
    unit: "moment",
    means: "When the process was started.",
    todo: "When it changes by itself, look for an `error` in the log before it.",
  },
  rugdekking_alarms_broken_off_total: {
    type: "counter",
    labels: ["source"],
    unit: "messages",
    means: "Messages to a source in which a proven sender had hung up, taken as far as they came.",
    todo: "Look at the network between that source and the bot.",
  },
  rugdekking_alarms_refused_total: {
    type: "counter",
    labels: ["source", "answer"],
    unit: "messages",
    means: "Messages to a source that were not taken.",
    todo: "Look at `alarm-refused` in the log: behind what is refused may be a press.",
  },
  rugdekking_backup_last_success_timestamp_seconds: {
    type: "gauge",
    labels: [],
    unit: "moment",
    means: "When `npm run backup` last made a copy of the database; not there while none is known.",
    todo: "When it is more than two days ago, look at what starts `npm run backup`.",
  },
  rugdekking_log_lines_dropped_total: {
    type: "counter",
    labels: [],
    unit: "lines",
    means: "Lines of the log that could not be written.",
    todo: "Look at what takes the log in; the bot goes on meanwhile.",
  },
  rugdekking_open_incidents: {
    type: "gauge",
    labels: [],
    unit: "alarms",
    means: "Alarms that nobody has closed yet; not there while the storage can't be read.",
  },
  rugdekking_outbox_next_timestamp_seconds: {
    type: "gauge",
    labels: [],
    unit: "moment",
    means: "When the next message that waits is to go out; not there while none waits, or the storage can't be read.",
    todo: "When it is minutes ago nothing goes out: look after the disk, and start the bot anew.",
  },
  rugdekking_outbox_rows: {
    type: "gauge",
    labels: [],
    unit: "messages",
    means: "What has to go out and is not out yet; not there while the storage can't be read.",
    todo: "When it stays above 0 without an open alarm, look at `delivery-failed` in the log.",
  },
  rugdekking_requests_not_read_total: {
    type: "counter",
    labels: ["code"],
    unit: "requests",
    means: "Requests that could not be read as HTTP.",
    todo: "Look at `request-not-read` in the log: a source may be set up for something else than HTTP.",
  },
  rugdekking_route_proven_timestamp_seconds: {
    type: "gauge",
    labels: ["pager"],
    unit: "moment",
    means: "When a human last answered through a pager; not there where none ever did.",
    todo: "Test the routes each month: `test` in Teams, or `npm run doctor -- pagers`.",
  },
  rugdekking_secret_used_timestamp_seconds: {
    type: "gauge",
    labels: ["secret", "value"],
    unit: "moment",
    means: "When a value of a secret was last used since the start.",
    todo: "While a secret is changed, take the old value out when `second` is used no more.",
  },
  rugdekking_sendings_total: {
    type: "counter",
    labels: ["kind", "pager", "result"],
    unit: "sendings",
    means:
      "How often a message of the outbox was sent or tried in vain; `pager` is left out for what goes to Teams or a device.",
    todo: "Look at `delivery-failed` in the log when a page or a card fails.",
  },
  rugdekking_source_heard_timestamp_seconds: {
    type: "gauge",
    labels: ["source"],
    unit: "moment",
    means: "When something last came from a source.",
    todo: "Press a button of it with `npm run ring -- <source> --test` when that is long ago.",
  },
  rugdekking_source_notes_total: {
    type: "counter",
    labels: ["source", "event"],
    unit: "lines",
    means: "How often a source that holds a connection noted an event of the log.",
    todo: "Look that event up in the list of the log's events.",
  },
  rugdekking_teams_up: {
    type: "gauge",
    labels: ["channel"],
    unit: "1 for yes, 0 for no",
    means: "Whether alarms can be posted in a linked channel of Teams, as far as is known.",
    todo: "Do what `status` says of that channel.",
  },
  rugdekking_troubles: {
    type: "gauge",
    labels: ["source", "pager", "channel", "kind"],
    unit: "troubles",
    means: "What is wrong with buttons, sources, ways to security, people, Teams, settings, the storage and the clock.",
    todo: "Type `status` in Teams, or run `npm run doctor`: they say what it is and what to do.",
  },
  rugdekking_unrecorded_alarms: {
    type: "gauge",
    labels: [],
    unit: "buttons",
    means: "Buttons of which a press went out from memory within a day, and is not recorded yet.",
    todo: "Go and look at those places, and look after the disk at once.",
  },
} as const satisfies Readonly<Record<string, MetricText>>;

export type MetricName = keyof typeof metrics;

/** One value of a figure. A label that is left out is not shown. */
export interface Sample<Name extends MetricName> {
  readonly labels?: Readonly<Partial<Record<(typeof metrics)[Name]["labels"][number], string>>>;
  readonly value: number;
}

/** The values of every figure; none where it is not known. Samples with the same labels are added up. */
export type Samples = { readonly [Name in MetricName]: readonly Sample<Name>[] };
