import type { ClockTrouble } from "../../ports/status.ts";
import type { Reader } from "../../ports/store/store.ts";
import type { OwnClock } from "../../ports/time.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Poller } from "../kernel/poller.ts";

/** A machine's clock that is behind by more than this at a start is not made up for: it may be right. */
const maxAheadMs = 10 * 60_000;
/** By less than this clocks differ anyway. */
const notedMs = 2_000;
/** By so much a start may be late, when the clock was set back while the process was down. */
const noteEveryMs = 5_000;

/**
 * Brings the clock to the newest moment on disk, when the machine's is behind that. Beyond 10 minutes the machine's
 * clock counts all the same; then resolves with by how many milliseconds it is behind, else with null. Never rejects.
 */
export async function followDisk(
  { store, log }: Pick<Kernel, "store" | "log">,
  clock: OwnClock,
): Promise<number | null> {
  const newest = await store
    .read((reader) => reader.newestMoment())
    .catch((error: unknown) => {
      log.error({ err: error }, "look-failed");
      return null;
    });
  const behindMs = newest === null ? 0 : newest - clock.now();
  if (behindMs > maxAheadMs) {
    log.error({ behindMs }, "clock-behind");
    return behindMs;
  }
  if (behindMs > 0) clock.goAhead(behindMs);
  if (behindMs >= notedMs) log.warn({ behindMs }, "clock-somewhat-behind");
  return null;
}

/**
 * Notes on disk how far time has come, while something waits for a moment: by that a start knows when the machine's
 * clock was set back.
 */
export class ClockWatch implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #handler: Handler;
  readonly #poller: Poller;
  /** What was wrong with the machine's clock at the start; only another start can tell that it is right. */
  readonly troubles: readonly ClockTrouble[];

  /** `behindMs`: what `followDisk` found. */
  constructor(kernel: Kernel, handler: Handler, behindMs: number | null) {
    this.#kernel = kernel;
    this.#handler = handler;
    this.troubles = behindMs === null ? [] : [{ kind: "clock-behind", since: kernel.clock.now(), behindMs }];
    const note = () => this.#noteNow().then(() => null);
    this.#poller = new Poller(kernel, note, noteEveryMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#poller[Symbol.asyncDispose]();
    await this.#noteNow();
  }

  async #noteNow(): Promise<void> {
    const { store, clock } = this.#kernel;
    try {
      if (!(await store.read(isWaited))) return;
      await this.#handler.write(async (tx) => {
        await tx.saveSetting("clock", "now", String(clock.now()));
        return { value: null, commits: [] };
      });
    } catch {
      // What the storage does not take is a trouble of the storage, and told as that.
    }
  }
}

/** Whether something waits for a moment. */
async function isWaited(reader: Reader): Promise<boolean> {
  const next = (await reader.nextDeadline()) ?? (await reader.nextVisitAt()) ?? (await reader.nextOutboxAt());
  return next !== null || (await reader.loadRunningTest()) !== null;
}
