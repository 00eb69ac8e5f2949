import type { Alarm } from "../../domain/alarm.ts";
import { type LastSeen, toLastSeen } from "../../domain/device/last-seen.ts";
import type { Kernel } from "./kernel.ts";
import { Poller } from "./poller.ts";

/**
 * How often the buffer is written at most, because each write is a sync that a press may have to wait for; what a crash
 * loses comes again soon.
 */
const writeEveryMs = 5_000;
/** How many are written together: they hold up a press that comes for some 2 ms, and each group costs a sync. */
const maxTogether = 250;
/** More ids than any source has buttons, because a sender that makes ids up must not fill the memory. */
const maxUnwritten = 200_000;

/**
 * Buffers when each button was last seen. Hundreds of heartbeats come in each second and only the last one of each
 * button counts, so they are written together every few seconds. A crash loses those, and the next ones replace them.
 */
export class LastSeenBuffer implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #poller: Poller;
  #unwritten = new Map<string, LastSeen>();
  /** What is being written; until it is on disk it is the newest that is known. */
  #writing = new Map<string, LastSeen>();
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#poller = new Poller(kernel, async () => {
      if (kernel.clock.now() - this.#writtenAt >= writeEveryMs) await this.#writeAll();
      return null;
    });
  }

  /** Remembers what an alarm shows of its button, unless that is older news; it is on disk within some seconds. */
  note(source: string, alarm: Alarm, at: number): void {
    for (const seen of toLastSeen(source, alarm, at)) {
      const key = toEntryKey(seen);
      const known = this.#unwritten.get(key) ?? this.#writing.get(key);
      if (known !== undefined && known.at > at) continue;
      if (this.#unwritten.size < maxUnwritten || this.#unwritten.has(key)) this.#unwritten.set(key, seen);
    }
  }

  /** Loads all that is known of all buttons, also what is not on disk yet. Rejects when the storage is down. */
  async all(): Promise<readonly LastSeen[]> {
    const stored = await this.#kernel.store.read((reader) => reader.listLastSeen());
    const lastSeen = new Map(stored.map((seen) => [toEntryKey(seen), seen]));
    for (const [key, seen] of [...this.#writing, ...this.#unwritten]) lastSeen.set(key, seen);
    return [...lastSeen.values()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#poller[Symbol.asyncDispose]();
    await this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    const { store, clock, log } = this.#kernel;
    if (this.#unwritten.size === 0) return;
    this.#writtenAt = clock.now();
    this.#writing = this.#unwritten;
    this.#unwritten = new Map();
    try {
      const lastSeen = [...this.#writing.values()];
      for (let at = 0; at < lastSeen.length; at += maxTogether) {
        const some = lastSeen.slice(at, at + maxTogether);
        await store.write((tx) => tx.saveLastSeen(some), {});
      }
    } catch (error) {
      // What came in meanwhile is newer than what could not be written.
      this.#unwritten = new Map([...this.#writing, ...this.#unwritten]);
      log.warn({ err: error, signs: this.#unwritten.size }, "signs-not-written");
    }
    this.#writing = new Map();
  }
}

function toEntryKey({ source, button, kind }: Pick<LastSeen, "source" | "button" | "kind">): string {
  return JSON.stringify([source, button, kind]);
}
