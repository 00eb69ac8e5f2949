import type { InFlight } from "../../../kit/in-flight.ts";
import type { OutboxRow } from "../../../ports/store/outbox.ts";
import type { Clock } from "../../../ports/time.ts";
import { sendOverMs } from "../../../ports/timing.ts";

/**
 * How many rows of a lane are loaded from disk at most. Rows that were just enqueued are taken in any case, because
 * they are in memory already.
 */
const maxInMemory = 2_000;

/** Sends the rows of one lane by `send` (which never rejects), at most `maxAtOnce` at a time, in order of arrival. */
export class Lane {
  readonly #clock: Clock;
  readonly #inFlight: InFlight;
  readonly #maxAtOnce: number;
  readonly #send: (row: OutboxRow) => Promise<void>;
  readonly #waiting: { readonly row: OutboxRow; readonly entry: Disposable }[] = [];
  #sending = 0;

  constructor(clock: Clock, inFlight: InFlight, maxAtOnce: number, send: (row: OutboxRow) => Promise<void>) {
    this.#clock = clock;
    this.#inFlight = inFlight;
    this.#maxAtOnce = maxAtOnce;
    this.#send = send;
  }

  /** Takes a row that is leased to this process. */
  offer(row: OutboxRow): void {
    this.#waiting.push({ row, entry: this.#inFlight.enter() });
    this.#sendNext();
  }

  /** How many more rows it can take. */
  get room(): number {
    return Math.max(0, maxInMemory - this.#waiting.length - this.#sending);
  }

  #sendNext(): void {
    while (this.#sending < this.#maxAtOnce) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const { row, entry } = next;
      if (row.leasedUntil - this.#clock.now() < sendOverMs) {
        // A row whose lease would end during the sending is left to the poll that leases it again.
        entry[Symbol.dispose]();
        continue;
      }
      this.#sending += 1;
      // `send` records the result itself and never rejects; the row stays on disk until it is settled.
      void this.#send(row).finally(() => {
        entry[Symbol.dispose]();
        this.#sending -= 1;
        this.#sendNext();
      });
    }
  }
}
