import type { ListenerHost } from "../../../bot/contracts.ts";
import { type Alarm, toAlarm } from "../../../bot/domain/alarm.ts";

const minuteMs = 60_000;
/** Unsteady is what was away for more than half of this time, without being away for a minute at a stretch. */
const unsteadyWindowMs = 10 * minuteMs;

/** Tells the house and the log whether the source itself is there. */
export interface Presence extends Disposable {
  found(): void;
  /** Also for an attempt that failed. */
  lost(reason: string): void;
  /** What a bridge behind the broker says of itself, by its topic: while one is away, the source is not whole. */
  bridge(topic: string, isAway: boolean): void;
}

/**
 * A source that is there says so once a minute; one that was away for a minute is a trouble, once, until it is back. So is
 * one that comes and goes and is mostly gone, until most of the last ten minutes are good again. It begins as away. The log hears of a loss at most once a minute, and of a broker that stays away only when the reason
 * changes.
 */
export function startPresence(host: ListenerHost): Presence {
  const { clock } = host;
  let isThere = false;
  let isTrouble = false;
  let isEnded = false;
  let lostAt = clock.now();
  /** When it was away for less than a minute, in the last ten; longer ones are a trouble of their own. */
  let gaps: readonly { readonly from: number; readonly until: number }[] = [];
  const away = new Set<string>();
  let heardAt = Number.NEGATIVE_INFINITY;
  const noted = { isAway: true, reason: "", at: Number.NEGATIVE_INFINITY };
  let cancel = clock.wakeAt(clock.now() + minuteMs, look);

  function wait(): void {
    cancel();
    cancel = clock.wakeAt(clock.now() + minuteMs, look);
  }

  function look(): void {
    wait();
    if (isThere && !isUnsteady()) beat();
    else if (!isTrouble) void tell("trouble");
  }

  function isUnsteady(): boolean {
    const start = clock.now() - unsteadyWindowMs;
    gaps = gaps.filter(({ until }) => until > start);
    const awayMs = gaps.reduce((sum, { from, until }) => sum + until - Math.max(from, start), 0);
    return awayMs > unsteadyWindowMs / 2;
  }

  function beat(): void {
    if (away.size > 0) return;
    heardAt = clock.now();
    void tell("heartbeat");
  }

  /** What could not be recorded is told again at the next look. */
  async function tell(kind: Extract<Alarm["kind"], "trouble" | "heartbeat">): Promise<void> {
    isTrouble = kind === "trouble";
    try {
      await host.accept([toAlarm(kind)]);
    } catch (error) {
      isTrouble = false;
      host.note("mqtt-state-not-recorded", { kind, err: error });
    }
  }

  return {
    found() {
      if (isThere || isEnded) return;
      isThere = true;
      const now = clock.now();
      if (now - lostAt < minuteMs) gaps = [...gaps, { from: lostAt, until: now }];
      if (isUnsteady()) look();
      else {
        isTrouble = false;
        wait();
        if (now - heardAt >= minuteMs) beat();
      }
      if (noted.isAway) host.note("mqtt-connected");
      noted.isAway = false;
    },
    lost(reason) {
      if (isEnded) return;
      if (isThere) {
        wait();
        lostAt = clock.now();
      }
      isThere = false;
      const isNews = noted.isAway ? reason !== noted.reason : clock.now() - noted.at >= minuteMs;
      if (!isNews) return;
      Object.assign(noted, { isAway: true, reason, at: clock.now() });
      host.note("mqtt-lost", { reason });
    },
    bridge(topic, isAway) {
      if (isAway) away.add(topic);
      else away.delete(topic);
    },
    [Symbol.dispose]() {
      isEnded = true;
      cancel();
    },
  };
}
