import type { ListenerHost } from "../../../bot/contracts.ts";
import { type Alarm, toAlarm } from "../../../bot/domain/alarm.ts";

const minuteMs = 60_000;
/** Unsteady is what was away for more than half of this time, without being away for a minute at a stretch. */
const unsteadyWindowMs = 10 * minuteMs;

/**
 * Whether the source itself is there, as the house and the log hear it. A source that is there says so once a minute;
 * one that was away for a minute is a trouble, once, until it is back. So is one that comes and goes and is mostly
 * gone, until most of the last ten minutes are good again. It begins as away. The log hears of a loss at most once a
 * minute, and of a broker that stays away only when the reason changes.
 */
export class Presence implements Disposable {
  readonly #host: ListenerHost;
  #isThere = false;
  #isTrouble = false;
  #isEnded = false;
  #lostAt: number;
  /** When it was away for less than a minute, in the last ten; longer ones are a trouble of their own. */
  #gaps: readonly { readonly from: number; readonly until: number }[] = [];
  readonly #awayBridges = new Set<string>();
  #heardAt = Number.NEGATIVE_INFINITY;
  readonly #noted = { isAway: true, reason: "", at: Number.NEGATIVE_INFINITY };
  #cancel = (): void => {};

  constructor(host: ListenerHost) {
    this.#host = host;
    this.#lostAt = host.clock.now();
    this.#wait();
  }

  found(): void {
    if (this.#isThere || this.#isEnded) return;
    this.#isThere = true;
    const now = this.#host.clock.now();
    if (now - this.#lostAt < minuteMs) this.#addGap(this.#lostAt, now);
    if (this.#isUnsteady()) this.#look();
    else {
      this.#isTrouble = false;
      this.#wait();
      if (now - this.#heardAt >= minuteMs) this.#beat();
    }
    if (this.#noted.isAway) this.#host.note("mqtt-connected");
    this.#noted.isAway = false;
  }

  /** Also for an attempt that failed. */
  lost(reason: string): void {
    if (this.#isEnded) return;
    const now = this.#host.clock.now();
    if (this.#isThere) {
      this.#wait();
      this.#lostAt = now;
    }
    this.#isThere = false;
    const { isAway, reason: before, at } = this.#noted;
    const isNews = isAway ? reason !== before : now - at >= minuteMs;
    if (!isNews) return;
    Object.assign(this.#noted, { isAway: true, reason, at: now });
    this.#host.note("mqtt-lost", { reason });
  }

  /** What a bridge behind the broker says of itself, by its topic: while one is away, the source is not whole. */
  bridge(topic: string, isAway: boolean): void {
    if (isAway) this.#awayBridges.add(topic);
    else this.#awayBridges.delete(topic);
  }

  [Symbol.dispose](): void {
    this.#isEnded = true;
    this.#cancel();
  }

  #wait(): void {
    this.#cancel();
    const { clock } = this.#host;
    this.#cancel = clock.wakeAt(clock.now() + minuteMs, () => this.#look());
  }

  #look(): void {
    this.#wait();
    if (this.#isThere && !this.#isUnsteady()) this.#beat();
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

  #beat(): void {
    if (this.#awayBridges.size > 0) return;
    this.#heardAt = this.#host.clock.now();
    void this.#report("heartbeat");
  }

  /** Never rejects: what could not be recorded is told again at the next look. */
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
