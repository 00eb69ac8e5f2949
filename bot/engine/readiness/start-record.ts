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

  private constructor(retries: Poller | null) {
    this.#retries = retries;
  }

  /** Resolves once it is written, or was tried. */
  static async open(
    kernel: Kernel,
    handler: Handler,
    record: (tx: Transaction) => Promise<void>,
  ): Promise<StartRecord> {
    const write = () => handler.write(async (tx) => ({ value: await record(tx), commits: [] }));
    try {
      await write();
      return new StartRecord(null);
    } catch (error) {
      kernel.log.error({ err: error }, "start-not-recorded");
    }
    let isWritten = false;
    const retries = new Poller(kernel, async () => {
      if (!isWritten) await write();
      isWritten = true;
      return null;
    });
    return new StartRecord(retries);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#retries?.[Symbol.asyncDispose]();
  }
}
