import { z } from "zod";
import type { PagerHost } from "../../../../bot/contracts.ts";
import type { LogEvent } from "../../../../bot/log-events/log-events.ts";
import { waitForDisk } from "./disk.ts";

/** A larger offset is not learned, because one false answer must not spoil every later frame; time zones fit in. */
const maxOffsetMs = 24 * 3_600_000;
/** The first and last time we send: no receiver's clock is earlier, and a time stamp has four digits for the year. */
const minAt = Date.UTC(2000, 0, 1);
const maxAt = Date.UTC(10_000, 0, 1) - 1;
/** How far the time in a sealed answer may be from the receiver's clock as we know it. */
const maxSealMs = 60_000;

const Offset = z.number().min(-maxOffsetMs).max(maxOffsetMs);
const Offsets = z.object({
  /** Learned from a NAK: our frames carry the time shifted by it. */
  nakMs: Offset,
  /** Learned from sealed answers whose time differs (local time, say); null when none ever did. */
  sealMs: Offset.nullable(),
});
type Offsets = z.infer<typeof Offsets>;

/** How far one receiver's clock is from ours, learned from its answers. */
export class ClockOffset {
  readonly #host: PagerHost;
  readonly #receiver: string;
  #offsets: Offsets = { nakMs: 0, sealMs: null };
  #isLearned = false;
  /** The time in the sealed answer from which `sealMs` was learned: the same answer again proves nothing. */
  #learnedSealAt = Number.NEGATIVE_INFINITY;
  #isFarNoted = false;

  constructor(host: PagerHost, receiver: string) {
    this.#host = host;
    this.#receiver = receiver;
  }

  /** The time on the receiver's clock now, epoch milliseconds; always one that a time stamp can hold. */
  now(): number {
    return Math.min(maxAt, Math.max(minAt, this.#host.clock.wall() + this.#offsets.nakMs));
  }

  /**
   * Takes over the receiver's clock from a NAK, epoch milliseconds; false when it is not to be believed. A clock more
   * than a day from ours is noted and ignored, because a NAK is not encrypted.
   */
  learnFromNak(clockAt: number): boolean {
    const nakMs = clockAt - this.#host.clock.wall();
    return this.#learn({ ...this.#offsets, nakMs }, nakMs, this.#offsets.nakMs, "alarm-centre-clock-not-ours");
  }

  /**
   * Whether a sealed answer with this time in it was made now; true for null, which is of an answer that needs no seal.
   * The time is checked because DC-09 binds an answer to its frame by a number outside the encryption: anybody could
   * send an old answer again under a new number.
   */
  isTimely(sealedAt: number | null): boolean {
    if (sealedAt === null) return true;
    const { nakMs, sealMs } = this.#offsets;
    if (this.#isNear(sealedAt, nakMs)) return true;
    return sealMs !== null && this.#isNear(sealedAt, sealMs) && sealedAt > this.#learnedSealAt;
  }

  /**
   * Takes over the time of a sealed answer that is not timely. The answers of a receiver whose clock is merely wrong
   * count from the next one on, because an alarm that the alarm centre has and we call failed is better than the other
   * way round.
   */
  learnFromSeal(sealedAt: number | null): void {
    if (sealedAt === null || sealedAt === this.#learnedSealAt) return;
    const { nakMs, sealMs: beforeMs } = this.#offsets;
    const sealMs = sealedAt - this.#host.clock.wall();
    const event = "alarm-centre-answer-not-counted";
    if (this.#learn({ nakMs, sealMs }, sealMs, beforeMs, event)) this.#learnedSealAt = sealedAt;
  }

  /** Loads what was learned before the last restart. Never rejects, and gives up after a second. */
  async load(): Promise<void> {
    const text = await waitForDisk(this.#host, this.#host.memory.load(this.#name));
    const offsets = text ? parseOffsets(text) : null;
    if (!this.#isLearned && offsets !== null) this.#offsets = offsets;
  }

  get #name(): string {
    return `clock offset ${this.#receiver}`;
  }

  #isNear(sealedAt: number, offsetMs: number): boolean {
    return Math.abs(sealedAt - this.#host.clock.wall() - offsetMs) <= maxSealMs;
  }

  /**
   * Stores the offsets; false when `offsetMs` is too large to be believed. A save that fails is only noted, because the
   * receiver's answers bring the offset again.
   */
  #learn(offsets: Offsets, offsetMs: number, beforeMs: number | null, event: LogEvent<"warn">): boolean {
    const { memory, note } = this.#host;
    const facts = { receiver: this.#receiver, offsetS: Math.round(offsetMs / 1000) };
    if (Math.abs(offsetMs) > maxOffsetMs) {
      if (!this.#isFarNoted) note("alarm-centre-clock-passed-over", facts);
      this.#isFarNoted = true;
      return false;
    }
    this.#isFarNoted = false;
    this.#offsets = offsets;
    this.#isLearned = true;
    if (beforeMs !== null && Math.abs(offsetMs - beforeMs) < 1000) return true;
    note(event, facts);
    memory.save(this.#name, JSON.stringify(offsets)).catch(() => note("alarm-centre-clock-not-saved"));
    return true;
  }
}

function parseOffsets(text: string): Offsets | null {
  try {
    return Offsets.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
