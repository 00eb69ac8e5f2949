import type { OutboxRow } from "../../../ports/store/outbox.ts";
import type { Transaction } from "../../../ports/store/store.ts";
import { ringingWaitsMs } from "../../../ports/timing.ts";
import type { Commit } from "../handle.ts";
import { atMost, type Sender, type SendResult } from "./sender.ts";

/**
 * Tries a message that rings somebody again when Teams refuses it, three times, because a refusal may be false; any
 * other failure as `atMost` does. How often a row was refused is in memory: a restart begins anew.
 */
export class RingingRetries {
  readonly #refusals = new Map<string, number>();
  readonly #maxAttempts: number;

  constructor(maxAttempts: number) {
    this.#maxAttempts = maxAttempts;
  }

  readonly waitMs: NonNullable<Sender["waitMs"]> = ({ key }, { reason }) => {
    return reason === "refused" ? (ringingWaitsMs[this.#refusals.get(key) ?? 0] ?? null) : null;
  };

  readonly retry: Sender["retry"] = (failed, { key }) => {
    if (failed.failure.reason !== "refused") return atMost(this.#maxAttempts)(failed);
    const count = this.#refusals.get(key) ?? 0;
    this.#refusals.set(key, count + 1);
    return count < ringingWaitsMs.length;
  };

  /** Forgets what was sent or is given up; a sender with an `after` of its own calls this there. */
  note({ key }: Pick<OutboxRow, "key">, { isRetried }: SendResult): void {
    if (!isRetried) this.#refusals.delete(key);
  }

  /** For a sender that has nothing to record. */
  readonly after = async (_tx: Transaction, row: Pick<OutboxRow, "key">, result: SendResult): Promise<Commit[]> => {
    this.note(row, result);
    return [];
  };
}
