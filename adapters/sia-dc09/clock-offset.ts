import type { PagerHost } from "../../bot/contracts.ts";

const offsetName = "clock offset";

/** How far the receiver's clock is from ours, as its last NAK told. */
export class ClockOffset {
  readonly #host: PagerHost;
  #offsetMs = 0;
  #isLearned = false;

  constructor(host: PagerHost) {
    this.#host = host;
  }

  /** What the receiver's clock says now, epoch milliseconds. */
  now(): number {
    return this.#host.clock.wall() + this.#offsetMs;
  }

  /** Takes over the receiver's clock, epoch milliseconds. Kept on disk where that works; a NAK teaches it again. */
  learn(clockAt: number): void {
    const { clock, memory, note } = this.#host;
    const before = this.#offsetMs;
    this.#offsetMs = clockAt - clock.wall();
    this.#isLearned = true;
    if (Math.abs(this.#offsetMs - before) < 1000) return;
    note("the receiver's clock is not ours", { offsetS: Math.round(this.#offsetMs / 1000) });
    memory.save(offsetName, String(this.#offsetMs)).catch(() => note("the clock offset is not on disk"));
  }

  /** Reads what was learned before. Never rejects. */
  async load(): Promise<void> {
    const text = await this.#host.memory.load(offsetName).catch(() => null);
    const offsetMs = Number(text);
    if (!this.#isLearned && Number.isSafeInteger(offsetMs)) this.#offsetMs = offsetMs;
  }
}
