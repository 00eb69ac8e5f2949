import { Reasons } from "../../../kit/reasons.ts";
import type { Log } from "../../../log.ts";

/** Watches how transactions go, and says once that they are refused or hang, and that this is over. */
export class DiskWatch {
  readonly #log: Log;
  readonly #reasons = new Reasons();
  #isFailing = false;
  /** Counts the transactions. */
  #transactions = 0;
  /** Those that have not ended, the oldest first. */
  readonly #underWay = new Set<number>();
  /** The oldest one at the last look; null: none was under way. */
  #seen: number | null = null;
  #isHanging = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Whether the last transaction was refused, so that the next one may be too. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Counts one more transaction, which is under way until the returned value is disposed of. */
  enter(): Disposable {
    this.#transactions += 1;
    const number = this.#transactions;
    this.#underWay.add(number);
    return { [Symbol.dispose]: () => void this.#underWay.delete(number) };
  }

  /**
   * Whether the disk hangs: the oldest transaction that is under way is the same as at the look before. Looks are some
   * seconds apart, and the loop turns between them. `waiting`: how many works wait.
   */
  look(waiting: number): boolean {
    const [now = null] = this.#underWay;
    const isHanging = now !== null && now === this.#seen;
    if (isHanging && !this.#isHanging) this.#log.error({ waiting }, "storage-hangs");
    if (!isHanging && this.#isHanging) this.#log.info({}, "storage-works-again");
    this.#seen = now;
    this.#isHanging = isHanging;
    return isHanging;
  }

  /**
   * Notes why a group was refused; null: it was taken. One line a reason, because with one at every press the log would
   * fill the disk that may be full already.
   */
  note(refusal: { readonly cause: unknown } | null): void {
    if (refusal !== null && this.#reasons.isNew(refusal.cause))
      this.#log.error({ err: refusal.cause }, "storage-fails");
    if (refusal === null && this.#isFailing) {
      this.#log.info({}, "storage-works-again");
      this.#reasons.forget();
    }
    this.#isFailing = refusal !== null;
  }
}
