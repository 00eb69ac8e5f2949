import { z } from "zod";
import type { PagerHost } from "../../../../bot/contracts.ts";
import type { LogEvent } from "../../../../bot/log-events/log-events.ts";
import { inTime } from "./disk.ts";

/** Nothing above this is learned: time zones fit in, and one false answer can't spoil every frame from then on. */
const maxOffsetMs = 24 * 3_600_000;
/** A time stamp has four digits for the year; no receiver has an earlier clock. */
const minAt = Date.UTC(2000, 0, 1);
const maxAt = Date.UTC(10_000, 0, 1) - 1;
/** How far the time in a sealed answer may be from the clock of who sealed it. */
const maxSealMs = 60_000;

const Offset = z.number().min(-maxOffsetMs).max(maxOffsetMs);
const Known = z.object({
  /** By NAK: what the receiver wants to see in our frames. */
  nakMs: Offset,
  /** By sealed answers, where those say something else (local time, say); null when they never did. */
  sealMs: Offset.nullable(),
});
type Known = z.infer<typeof Known>;

/** The distance of one receiver's clock from ours, as its answers told. */
export class ClockOffset {
  readonly #host: PagerHost;
  readonly #receiver: string;
  #known: Known = { nakMs: 0, sealMs: null };
  #isLearned = false;
  /** The time in the sealed answer that `sealMs` comes from: it taught, and proves nothing any more. */
  #taughtBy = Number.NEGATIVE_INFINITY;
  #isFarNoted = false;

  constructor(host: PagerHost, receiver: string) {
    this.#host = host;
    this.#receiver = receiver;
  }

  /** What the receiver's clock says now, epoch milliseconds; always a time that a frame has room for. */
  now(): number {
    return Math.min(maxAt, Math.max(minAt, this.#host.clock.wall() + this.#known.nakMs));
  }

  /**
   * Takes over the receiver's clock from a NAK, epoch milliseconds, and says whether it is to be believed. More than a
   * day from ours is noted and passed over, because NAK comes in clear.
   */
  learnFromNak(clockAt: number): boolean {
    const nakMs = clockAt - this.#host.clock.wall();
    return this.#take({ ...this.#known, nakMs }, nakMs, this.#known.nakMs, "alarm-centre-clock-not-ours");
  }

  /**
   * Whether a sealed answer with this time in it was made now; null, of one that needs no seal, always is. DC-09 binds
   * an answer to its frame by a number outside the encryption, so anybody could send an old one again under a new
   * number.
   */
  isTimely(sealedAt: number | null): boolean {
    if (sealedAt === null) return true;
    const { nakMs, sealMs } = this.#known;
    if (this.#isNear(sealedAt, nakMs)) return true;
    return sealMs !== null && this.#isNear(sealedAt, sealMs) && sealedAt > this.#taughtBy;
  }

  /**
   * Takes over the time of a sealed answer that is not timely. A receiver that is only wrong about the time is counted
   * from its next answer on: better an alarm that the alarm centre has and we call failed than the other way round.
   */
  learnFromSeal(sealedAt: number | null): void {
    if (sealedAt === null || sealedAt === this.#taughtBy) return;
    const { nakMs, sealMs: beforeMs } = this.#known;
    const sealMs = sealedAt - this.#host.clock.wall();
    const event = "alarm-centre-answer-not-counted";
    if (this.#take({ nakMs, sealMs }, sealMs, beforeMs, event)) this.#taughtBy = sealedAt;
  }

  /** Reads what was learned before. Never rejects, and gives up after a second. */
  async load(): Promise<void> {
    const text = await inTime(this.#host, this.#host.memory.load(this.#name));
    const known = text ? readKnown(text) : null;
    if (!this.#isLearned && known !== null) this.#known = known;
  }

  get #name(): string {
    return `clock offset ${this.#receiver}`;
  }

  #isNear(sealedAt: number, offsetMs: number): boolean {
    return Math.abs(sealedAt - this.#host.clock.wall() - offsetMs) <= maxSealMs;
  }

  /** Keeps it, on disk where that works, and says whether it is to be believed: the receiver teaches it again. */
  #take(known: Known, offsetMs: number, beforeMs: number | null, event: LogEvent<"warn">): boolean {
    const { memory, note } = this.#host;
    const facts = { receiver: this.#receiver, offsetS: Math.round(offsetMs / 1000) };
    if (Math.abs(offsetMs) > maxOffsetMs) {
      if (!this.#isFarNoted) note("alarm-centre-clock-passed-over", facts);
      this.#isFarNoted = true;
      return false;
    }
    this.#isFarNoted = false;
    this.#known = known;
    this.#isLearned = true;
    if (beforeMs !== null && Math.abs(offsetMs - beforeMs) < 1000) return true;
    note(event, facts);
    memory.save(this.#name, JSON.stringify(known)).catch(() => note("alarm-centre-clock-not-saved"));
    return true;
  }
}

function readKnown(text: string): Known | null {
  try {
    return Known.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
