import type { Alarm } from "../../domain/alarm.ts";
import { type LastSeen, seenKinds, toLastSeen } from "../../domain/device/last-seen.ts";
import type { Transaction } from "../../ports/store/store.ts";
import type { Kernel } from "./kernel.ts";
import { Poller } from "./poller.ts";

/** Each writing is one more sync that a press may have to wait for; what is lost by a crash is said again soon. */
const flushEveryMs = 5_000;
/** More ids than any source has buttons; a sender that makes them up must not fill the memory. */
const maxFresh = 200_000;

/**
 * When each button was last heard. Heartbeats come in by the hundreds a second and only the last one of each counts, so
 * they are gathered and written every few seconds: a crash forgets those, and the next ones say the same.
 */
export class LastSeenBuffer implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #poller: Poller;
  #fresh = new Map<string, LastSeen>();
  /** Being written: still the newest that is known, until it is on disk. */
  #writing = new Map<string, LastSeen>();
  #flushedAt = Number.NEGATIVE_INFINITY;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#poller = new Poller(kernel, async () => {
      if (kernel.clock.now() - this.#flushedAt >= flushEveryMs) await this.#flush();
      return null;
    });
  }

  /** Remembers what an alarm tells of its button; on disk within some seconds. */
  note(source: string, alarm: Alarm, at: number): void {
    for (const seen of toLastSeen(source, alarm, at)) {
      const key = toKey(seen);
      if (this.#fresh.size < maxFresh || this.#fresh.has(key)) this.#fresh.set(key, seen);
    }
  }

  /** All that is known of one button, what is not on disk yet included. */
  async of(tx: Transaction, source: string, button: string): Promise<readonly LastSeen[]> {
    const lastSeen = new Map((await tx.loadLastSeen(source, button)).map((seen) => [toKey(seen), seen]));
    for (const kind of seenKinds) {
      const key = toKey({ source, button, kind });
      const seen = this.#fresh.get(key) ?? this.#writing.get(key);
      if (seen !== undefined) lastSeen.set(key, seen);
    }
    return [...lastSeen.values()];
  }

  /** All that is known of all buttons. Rejects when the storage is down. */
  async all(): Promise<readonly LastSeen[]> {
    const stored = await this.#kernel.store.read((reader) => reader.listLastSeen());
    const lastSeen = new Map(stored.map((seen) => [toKey(seen), seen]));
    for (const [key, seen] of [...this.#writing, ...this.#fresh]) lastSeen.set(key, seen);
    return [...lastSeen.values()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#poller[Symbol.asyncDispose]();
    await this.#flush();
  }

  async #flush(): Promise<void> {
    const { store, clock, log } = this.#kernel;
    if (this.#fresh.size === 0) return;
    this.#flushedAt = clock.now();
    this.#writing = this.#fresh;
    this.#fresh = new Map();
    try {
      const lastSeen = [...this.#writing.values()];
      await store.write((tx) => tx.saveLastSeen(lastSeen));
    } catch (error) {
      // What has come in since is newer than what could not be written.
      this.#fresh = new Map([...this.#writing, ...this.#fresh]);
      log.warn({ err: error, signs: this.#fresh.size }, "signs-not-written");
    }
    this.#writing = new Map();
  }
}

function toKey({ source, button, kind }: Pick<LastSeen, "source" | "button" | "kind">): string {
  return JSON.stringify([source, button, kind]);
}
