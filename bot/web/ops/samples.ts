import type { Log } from "../../log.ts";
import type { Sample, Samples } from "../../metrics/metrics.ts";
import type { Figures, Trouble } from "../../ports/status.ts";
import type { Refusals } from "../http/refusals.ts";

/** Where figures come from. */
export interface Sources {
  readonly figures: Figures;
  readonly refusals: Pick<Refusals, "messages" | "brokenOff" | "unread">;
  readonly log: Log;
  /** When the process was started, in epoch milliseconds. */
  readonly startedAt: number;
}

/** The values of every figure of `/metrics` now. */
export function toSamples({ figures, refusals, log, startedAt }: Sources): Samples {
  const { troubles, lastSeen, proven, secretUses, teamsUp, notes, sendings, nextOutboxAt } = figures;
  return {
    process_start_time_seconds: [{ value: startedAt / 1_000 }],
    rugdekking_alarms_broken_off_total: [...refusals.brokenOff].map(([source, value]) => ({
      labels: { source },
      value,
    })),
    rugdekking_alarms_refused_total: refusals.messages.map(({ source, answer, count }) => ({
      labels: { source, answer: String(answer) },
      value: count,
    })),
    rugdekking_backup_last_success_timestamp_seconds: toSample(toSeconds(figures.lastCopyAt)),
    rugdekking_log_lines_dropped_total: toSample(log.dropped),
    rugdekking_open_incidents: toSample(figures.openIncidents),
    rugdekking_outbox_next_timestamp_seconds: toSample(toSeconds(nextOutboxAt)),
    rugdekking_outbox_rows: toSample(figures.outboxRows),
    rugdekking_requests_not_read_total: [...refusals.unread].map(([code, value]) => ({ labels: { code }, value })),
    rugdekking_route_proven_timestamp_seconds: proven.map(({ pager, at }) => ({
      labels: { pager },
      value: at / 1_000,
    })),
    rugdekking_secret_used_timestamp_seconds: secretUses.map(({ secret, value, at }) => ({
      labels: { secret, value },
      value: at / 1_000,
    })),
    rugdekking_sendings_total: sendings.map(({ kind, pager, result, count }) => ({
      labels: { kind, result, ...(pager === null ? {} : { pager }) },
      value: count,
    })),
    rugdekking_source_heard_timestamp_seconds: lastSeen.map(({ source, at }) => ({
      labels: { source },
      value: at / 1_000,
    })),
    rugdekking_source_notes_total: notes.map(({ source, event, count }) => ({
      labels: { source, event },
      value: count,
    })),
    rugdekking_teams_up: teamsUp.map(({ channel, isUp }) => ({ labels: { channel }, value: isUp ? 1 : 0 })),
    rugdekking_troubles: troubles.map((each) => ({ labels: toLabels(each), value: 1 })),
    rugdekking_unrecorded_alarms: toSample(figures.unrecordedAlarms),
  };
}

/** None where it is not known. */
function toSample(value: number | undefined): readonly { readonly value: number }[] {
  return value === undefined ? [] : [{ value }];
}

/** undefined where there is no such moment, or it is not known. */
function toSeconds(at: number | null | undefined): number | undefined {
  return at == null ? undefined : at / 1_000;
}

function toLabels(trouble: Trouble): Required<Sample<"rugdekking_troubles">>["labels"] {
  const { kind } = trouble;
  if ("channel" in trouble) return { channel: trouble.channel, kind };
  if ("pager" in trouble) return { pager: trouble.pager, kind };
  return "source" in trouble ? { source: trouble.source, kind } : { kind };
}
