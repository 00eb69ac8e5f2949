import type { InFlight } from "../../../kit/in-flight.ts";
import type { OutboxRow } from "../../../ports/store/outbox.ts";
import type { Clock } from "../../../ports/time.ts";
import { sendOverMs } from "../../../ports/timing.ts";
import type { Presses } from "./presses.ts";
import type { Turns } from "./turns.ts";

/**
 * How many rows of a lane are loaded from disk at most. Rows that were just enqueued are taken in any case, because
 * they are in memory already.
 */
const maxInMemory = 2_000;

export interface LaneOptions {
  readonly clock: Clock;
  readonly inFlight: InFlight;
  /** How many are under way at a time. */
  readonly maxAtOnce: number;
  /** How many begin in one turn of the event loop, at first and beside presses. */
  readonly fewAtOnce: number;
  /** While some of these are under way, rows begin only in the turn behind one that ends. */
  readonly presses: Presses;
  readonly turns: Turns;
  /** Whether it begins before the other lanes in each turn. */
  readonly goesFirst: boolean;
  /** Called with a row whose lease would end during the sending: it is left to the poll that leases it again. */
  readonly leave: (row: OutboxRow) => void;
  /** Sends one; never rejects. */
  readonly send: (row: OutboxRow) => Promise<void>;
}

/**
 * Sends the rows of one lane, in order of arrival. Whoever presses goes first: rows begin in turns of the event loop,
 * a few for each group of presses that is written, so that a flood is on disk before most of its cards are made, and
 * none of these waits for its end. Where a turn brings no press, the next one begins twice as many: what is sent
 * together is recorded together.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #waiting: { readonly row: OutboxRow; readonly entry: Disposable }[] = [];
  #sending = 0;
  #hasTurnSoon = false;
  #perTurn: number;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#perTurn = options.fewAtOnce;
    options.presses.subscribe(() => this.#expectTurn());
  }

  /** Takes a row that is leased to this process. */
  offer(row: OutboxRow): void {
    this.#waiting.push({ row, entry: this.#options.inFlight.enter() });
    this.#expectTurn();
  }

  /** How many more rows it can take. */
  get room(): number {
    return Math.max(0, maxInMemory - this.#waiting.length - this.#sending);
  }

  #expectTurn(): void {
    if (this.#hasTurnSoon || this.#waiting.length === 0) return;
    this.#hasTurnSoon = true;
    this.#options.turns.expect(this.#options.goesFirst, () => {
      this.#hasTurnSoon = false;
      this.#takeTurn();
    });
  }

  #takeTurn(): void {
    const { clock, maxAtOnce, fewAtOnce, presses } = this.#options;
    if (presses.areUnderWay) this.#perTurn = fewAtOnce;
    for (let begun = 0; begun < this.#perTurn && this.#sending < maxAtOnce; ) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      const { row, entry } = next;
      if (row.leasedUntil - clock.now() < sendOverMs) {
        this.#options.leave(row);
        entry[Symbol.dispose]();
        continue;
      }
      begun += 1;
      this.#send(row, entry);
    }
    this.#perTurn = this.#waiting.length === 0 ? fewAtOnce : 2 * this.#perTurn;
    this.#goOn();
  }

  #send(row: OutboxRow, entry: Disposable): void {
    this.#sending += 1;
    // `send` records the result itself and never rejects; the row stays on disk until it is settled.
    void this.#options.send(row).finally(() => {
      entry[Symbol.dispose]();
      this.#sending -= 1;
      this.#goOn();
    });
  }

  #goOn(): void {
    const { maxAtOnce, presses } = this.#options;
    if (this.#sending < maxAtOnce && !presses.areUnderWay) this.#expectTurn();
  }
}
