import type { ListenerHost } from "../../../bot/contracts.ts";
import { type Alarm, toAlarm } from "../../../bot/domain/alarm.ts";

const minuteMs = 60_000;
/** A source is unsteady when it was away for more than half of this time, though never for a minute at a stretch. */
const unsteadyWindowMs = 10 * minuteMs;

/**
 * Reports to the application and the log whether the source itself is there. A source that is there gives a heartbeat
 * once a minute; one that was away for a minute gives a trouble, once, until it is back. So does one that comes and
 * goes and is mostly away, until it was there for most of the last ten minutes. It begins as away. The log gets a loss
 * at most once a minute, and a broker that stays away only when the reason changes.
 */
export class Presence implements Disposable {
  readonly #host: ListenerHost;
  /** The host name of the broker, for the log. */
  readonly #broker: string;
  #isThere = false;
  #isTrouble = false;
  #isEnded = false;
  #lostAt: number;
  /** When it was away for less than a minute, in the last ten minutes; longer gaps are a trouble of their own. */
  #gaps: readonly { readonly from: number; readonly until: number }[] = [];
  readonly #awayBridges = new Set<string>();
  #heartbeatAt = Number.NEGATIVE_INFINITY;
  readonly #noted = { isAway: true, reason: "", at: Number.NEGATIVE_INFINITY };
  #cancel = (): void => {};

  constructor(host: ListenerHost, broker: string) {
    this.#host = host;
    this.#broker = broker;
    this.#lostAt = host.clock.now();
    this.#scheduleCheck();
  }

  /** Marks the source as there. */
  markFound(): void {
    if (this.#isThere || this.#isEnded) return;
    this.#isThere = true;
    const now = this.#host.clock.now();
    if (now - this.#lostAt < minuteMs) this.#addGap(this.#lostAt, now);
    if (this.#isUnsteady()) this.#check();
    else {
      this.#isTrouble = false;
      this.#scheduleCheck();
      if (now - this.#heartbeatAt >= minuteMs) this.#reportHeartbeat();
    }
    if (this.#noted.isAway) this.#host.note("mqtt-connected");
    this.#noted.isAway = false;
  }

  /** Marks the source as away; also called for each attempt to connect that fails. */
  markLost(reason: string): void {
    if (this.#isEnded) return;
    const now = this.#host.clock.now();
    if (this.#isThere) {
      this.#scheduleCheck();
      this.#lostAt = now;
    }
    this.#isThere = false;
    const { isAway, reason: before, at } = this.#noted;
    const isNoteworthy = isAway ? reason !== before : now - at >= minuteMs;
    if (!isNoteworthy) return;
    Object.assign(this.#noted, { isAway: true, reason, at: now });
    this.#host.note("mqtt-lost", { broker: this.#broker, reason });
  }

  /** Sets whether a bridge behind the broker is away, by its topic. While one is, the source gives no heartbeat. */
  setBridge(topic: string, isAway: boolean): void {
    if (isAway) this.#awayBridges.add(topic);
    else this.#awayBridges.delete(topic);
  }

  [Symbol.dispose](): void {
    this.#isEnded = true;
    this.#cancel();
  }

  #scheduleCheck(): void {
    this.#cancel();
    const { clock } = this.#host;
    this.#cancel = clock.wakeAt(clock.now() + minuteMs, () => this.#check());
  }

  #check(): void {
    this.#scheduleCheck();
    if (this.#isThere && !this.#isUnsteady()) this.#reportHeartbeat();
    else if (!this.#isTrouble) void this.#report("trouble");
  }

  #addGap(from: number, until: number): void {
    const start = until - unsteadyWindowMs;
    this.#gaps = [...this.#gaps.filter((gap) => gap.until > start), { from, until }];
  }

  #isUnsteady(): boolean {
    const start = this.#host.clock.now() - unsteadyWindowMs;
    const awayMs = this.#gaps.reduce((sum, { from, until }) => sum + Math.max(0, until - Math.max(from, start)), 0);
    return awayMs > unsteadyWindowMs / 2;
  }

  #reportHeartbeat(): void {
    if (this.#awayBridges.size > 0) return;
    this.#heartbeatAt = this.#host.clock.now();
    void this.#report("heartbeat");
  }

  /** Never rejects: a trouble that could not be recorded is reported again at the next check. */
  async #report(kind: Extract<Alarm["kind"], "trouble" | "heartbeat">): Promise<void> {
    this.#isTrouble = kind === "trouble";
    try {
      await this.#host.accept([toAlarm(kind)]);
    } catch (error) {
      this.#isTrouble = false;
      this.#host.note("mqtt-state-not-recorded", { kind, err: error });
    }
  }
}
