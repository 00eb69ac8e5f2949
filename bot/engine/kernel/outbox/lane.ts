import type { InFlight } from "../../../kit/in-flight.ts";
import type { OutboxRow } from "../../../ports/store/outbox.ts";
import type { Clock } from "../../../ports/time.ts";
import { sendOverMs } from "../../../ports/timing.ts";

/**
 * What is looked for on disk stops here; what a press has just put there is taken in any case, it is in memory already.
 */
const maxInMemory = 2_000;

/** Rows of one lane, sent by `send` (which never rejects) at most `bound` at a time, in order of arrival. */
export class Lane {
  readonly #clock: Clock;
  readonly #inFlight: InFlight;
  readonly #bound: number;
  readonly #send: (row: OutboxRow) => Promise<void>;
  readonly #waiting: { readonly row: OutboxRow; readonly entry: Disposable }[] = [];
  #sending = 0;

  constructor(clock: Clock, inFlight: InFlight, bound: number, send: (row: OutboxRow) => Promise<void>) {
    this.#clock = clock;
    this.#inFlight = inFlight;
    this.#bound = bound;
    this.#send = send;
  }

  /** Takes a row that is leased to this process. */
  offer(row: OutboxRow): void {
    this.#waiting.push({ row, entry: this.#inFlight.enter() });
    this.#pump();
  }

  /** How many more rows it can take. */
  get room(): number {
    return Math.max(0, maxInMemory - this.#waiting.length - this.#sending);
  }

  #pump(): void {
    while (this.#sending < this.#bound) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const { row, entry } = next;
      if (row.leasedUntil - this.#clock.now() < sendOverMs) {
        // A row whose lease ends before a sending would is left to the look that leases it anew.
        entry[Symbol.dispose]();
        continue;
      }
      this.#sending += 1;
      // Who sends answers for what came of it, and never rejects; the row stays on disk until it is settled.
      void this.#send(row).finally(() => {
        entry[Symbol.dispose]();
        this.#sending -= 1;
        this.#pump();
      });
    }
  }
}
