import { type CommonLane, isPagerLane } from "../../../ports/store/outbox.ts";
import { maxSendMs } from "../../../ports/timing.ts";
import type { OutboxOptions } from "./outbox.ts";

interface Timed {
  readonly timeoutMs: number;
}

interface LimitOptions {
  readonly pagers: Readonly<Record<string, Timed>>;
  /** By which troubles are told outside Teams; null: by none. */
  readonly troubleRoute: Timed | null;
  /** How many pages to one pager are under way at once; left out: as many as ever. */
  readonly maxPagesAtOnce?: number;
}

/**
 * How many cards, messages and calls are under way at once. Lanes do not wait for each other. How many calls Teams gets
 * is not decided here: those that wait for their turn are under way too, so there is room for all that one channel may
 * have waiting, several times over, and for every message that is to go out together with others.
 */
const maxAtOnce: Readonly<Record<CommonLane, number>> = {
  alarm: 64,
  message: 1_024,
  board: 64,
  chat: 16,
  feedback: 4,
  call: 16,
  quiet: 1,
  "ring-test": 1,
};
/**
 * How many pages to one pager are under way at once: a thousand that are due in one second all start within half a
 * second, however slow the provider answers.
 */
const defaultMaxPagesAtOnce = 1_024;
const timeoutMs = 5_000;

/** How much of the outbox is under way at once, and for how long. */
export function toLimits({
  pagers,
  troubleRoute,
  maxPagesAtOnce,
}: LimitOptions): Pick<OutboxOptions, "maxAtOnceOf" | "timeoutOf"> {
  return {
    maxAtOnceOf: (lane) => (isPagerLane(lane) ? (maxPagesAtOnce ?? defaultMaxPagesAtOnce) : maxAtOnce[lane]),
    // A pager has its own time, Teams and devices have `timeoutMs`.
    timeoutOf({ outgoing }) {
      const route = outgoing.kind === "trouble-report" ? troubleRoute : null;
      const pagerTimeoutMs = "pager" in outgoing ? pagers[outgoing.pager]?.timeoutMs : undefined;
      return Math.min(maxSendMs, route?.timeoutMs ?? pagerTimeoutMs ?? timeoutMs);
    },
  };
}
