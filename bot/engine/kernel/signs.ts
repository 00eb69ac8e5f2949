import type { Alarm } from "../../domain/alarm.ts";
import { type Sign, signKinds, toSigns } from "../../domain/device/sign.ts";
import type { Log } from "../../log.ts";
import type { Store, Transaction } from "../../ports/store.ts";
import type { Clock } from "../../ports/time.ts";
import { startWatch } from "./watch.ts";

/** Each writing is one more sync that a press may have to wait for; what is lost by a crash is said again soon. */
const flushEveryMs = 5_000;
/** More ids than any source has buttons; a sender that makes them up must not fill the memory. */
const mostKept = 200_000;

export interface Signs extends AsyncDisposable {
  /** Remembers what an alarm tells of its button; on disk within some seconds. */
  note(source: string, alarm: Alarm, at: number): void;
  /** All that is known of one button, what is not on disk yet included. */
  of(tx: Transaction, source: string, button: string): Promise<readonly Sign[]>;
  /** All that is known of all buttons. Rejects when the storage is down. */
  all(): Promise<readonly Sign[]>;
  pending(): number;
}

/**
 * When each button was last heard. Heartbeats come in by the hundreds a second and only the last one of each counts, so
 * they are gathered and written every few seconds: a crash forgets those, and the next ones say the same.
 */
export function startSigns(store: Store, clock: Clock, log: Log): Signs {
  let fresh = new Map<string, Sign>();
  /** Being written: still the newest that is known, until it is on disk. */
  let writing = new Map<string, Sign>();
  let flushedAt = Number.NEGATIVE_INFINITY;
  const watch = startWatch(clock, log, async () => {
    if (clock.now() - flushedAt >= flushEveryMs) await flush();
    return null;
  });

  async function flush(): Promise<void> {
    if (fresh.size === 0) return;
    flushedAt = clock.now();
    writing = fresh;
    fresh = new Map();
    try {
      const signs = [...writing.values()];
      await store.write((tx) => tx.saveSigns(signs));
    } catch (error) {
      // What has come in since is newer than what could not be written.
      fresh = new Map([...writing, ...fresh]);
      log.warn({ err: error, signs: fresh.size }, "signs-not-written");
    }
    writing = new Map();
  }

  return {
    note(source, alarm, at) {
      for (const sign of toSigns(source, alarm, at)) {
        const key = toKey(sign);
        if (fresh.size < mostKept || fresh.has(key)) fresh.set(key, sign);
      }
    },
    async of(tx, source, button) {
      const signs = new Map((await tx.loadSigns(source, button)).map((sign) => [toKey(sign), sign]));
      for (const kind of signKinds) {
        const key = toKey({ source, button, kind });
        const sign = fresh.get(key) ?? writing.get(key);
        if (sign !== undefined) signs.set(key, sign);
      }
      return [...signs.values()];
    },
    async all() {
      const signs = new Map((await store.read((reader) => reader.listSigns())).map((sign) => [toKey(sign), sign]));
      for (const [key, sign] of [...writing, ...fresh]) signs.set(key, sign);
      return [...signs.values()];
    },
    pending: watch.pending,
    async [Symbol.asyncDispose]() {
      await watch[Symbol.asyncDispose]();
      await flush();
    },
  };
}

function toKey({ source, button, kind }: Pick<Sign, "source" | "button" | "kind">): string {
  return JSON.stringify([source, button, kind]);
}
