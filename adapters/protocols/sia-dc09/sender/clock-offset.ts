import { z } from "zod";
import type { PagerHost } from "../../../../bot/contracts.ts";
import { inTime } from "./disk.ts";

/** Nothing above this is learned: time zones fit in, and one false answer can't spoil every frame from then on. */
const mostMs = 24 * 3_600_000;
/** A time stamp has four digits for the year; no receiver has an earlier clock. */
const earliestAt = Date.UTC(2000, 0, 1);
const latestAt = Date.UTC(10_000, 0, 1) - 1;
/** How far the time in a sealed answer may be from the clock of who sealed it. */
const sealedMs = 60_000;

const Offset = z.number().min(-mostMs).max(mostMs);
const Known = z.object({
  /** By NAK: what the receiver wants to see in our frames. */
  nakMs: Offset,
  /** By sealed answers, where those say something else (local time, say); null when they never did. */
  sealMs: Offset.nullable(),
});
type Known = z.infer<typeof Known>;

/** How far the clock of one receiver is from ours, as its answers told. */
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
    return Math.min(latestAt, Math.max(earliestAt, this.#host.clock.wall() + this.#known.nakMs));
  }

  /**
   * Takes over the receiver's clock from a NAK, epoch milliseconds. Whether it is to be believed: NAK comes in clear, so
   * what is more than a day from ours is noted and passed over.
   */
  learn(clockAt: number): boolean {
    const nakMs = clockAt - this.#host.clock.wall();
    return this.#take({ ...this.#known, nakMs }, nakMs, this.#known.nakMs, "the receiver's clock is not ours");
  }

  /**
   * Whether a sealed answer with this time in it was made now; null, of one that needs no seal, always is. DC-09 binds an answer to its frame by a number outside the
   * encryption, so anybody could send an old one again under a new number. A receiver that is only wrong about the time is
   * counted from its next answer on: better an alarm that the alarm centre has and we call failed than the other way round.
   */
  isTimely(sealedAt: number | null): boolean {
    if (sealedAt === null) return true;
    const wall = this.#host.clock.wall();
    const { nakMs, sealMs } = this.#known;
    const isNear = (offsetMs: number) => Math.abs(sealedAt - wall - offsetMs) <= sealedMs;
    if (isNear(nakMs)) return true;
    if (sealMs !== null && isNear(sealMs) && sealedAt > this.#taughtBy) return true;
    if (sealedAt === this.#taughtBy) return false;
    const isTaken = this.#take(
      { nakMs, sealMs: sealedAt - wall },
      sealedAt - wall,
      sealMs,
      "an acknowledgement with another time was not counted",
    );
    if (isTaken) this.#taughtBy = sealedAt;
    return false;
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

  /** Keeps it, on disk where that works: the receiver teaches it again. */
  #take(known: Known, offsetMs: number, beforeMs: number | null, event: string): boolean {
    const { memory, note } = this.#host;
    const facts = { receiver: this.#receiver, offsetS: Math.round(offsetMs / 1000) };
    if (Math.abs(offsetMs) > mostMs) {
      if (!this.#isFarNoted) note("a time more than a day from ours was passed over", facts);
      this.#isFarNoted = true;
      return false;
    }
    this.#isFarNoted = false;
    this.#known = known;
    this.#isLearned = true;
    if (beforeMs !== null && Math.abs(offsetMs - beforeMs) < 1000) return true;
    note(event, facts);
    memory.save(this.#name, JSON.stringify(known)).catch(() => note("the clock offset is not on disk"));
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
