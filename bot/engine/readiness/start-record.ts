import type { Transaction } from "../../ports/store/store.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Poller } from "../kernel/poller.ts";

/**
 * Writes what a start has to write, and tries again every second while the storage does not take it: a full disk must
 * not keep the doors shut.
 */
export class StartRecord implements AsyncDisposable {
  readonly #retries: Poller | null;
  #isWritten: boolean;

  private constructor(kernel: Kernel, write: () => Promise<void>, isWritten: boolean) {
    this.#isWritten = isWritten;
    this.#retries = isWritten
      ? null
      : new Poller(kernel, async () => {
          if (!this.#isWritten) await write();
          this.#isWritten = true;
          return null;
        });
  }

  /** Resolves once it is written, or was tried. */
  static async open(
    kernel: Kernel,
    handler: Handler,
    record: (tx: Transaction) => Promise<void>,
  ): Promise<StartRecord> {
    const write = () => handler.write(async (tx) => ({ value: await record(tx), commits: [] }));
    const isWritten = await write().then(
      () => true,
      (error: unknown) => {
        kernel.log.error({ err: error }, "start-not-recorded");
        return false;
      },
    );
    return new StartRecord(kernel, write, isWritten);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#retries?.[Symbol.asyncDispose]();
  }
}
