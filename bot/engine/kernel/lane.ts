import type { OutboxRow } from "../../ports/outbox.ts";
import type { Clock } from "../../ports/time.ts";
import { sendOverMs } from "../../ports/timing.ts";

/** Rows of one lane, sent at most `bound` at a time; in order of arrival. */
export interface Lane {
  /** Takes rows that are leased to this process. */
  offer(rows: readonly OutboxRow[]): void;
  /** How many more rows it can take. */
  room(): number;
  /** Rows waiting in memory or being sent. */
  pending(): number;
}

/** What is looked for on disk stops here; what a press has just put there is taken in any case, it is in memory already. */
const mostInMemory = 2_000;

/** A lane that sends by `send`, which never rejects. */
export function createLane(clock: Clock, bound: number, send: (row: OutboxRow) => Promise<void>): Lane {
  const waiting: OutboxRow[] = [];
  let sending = 0;
  const pending = (): number => waiting.length + sending;

  function pump(): void {
    while (sending < bound) {
      const row = waiting.shift();
      if (row === undefined) return;
      // A row whose lease ends before a sending would is left to the look that leases it anew.
      if (row.leasedUntil - clock.now() < sendOverMs) continue;
      sending += 1;
      send(row).finally(() => {
        sending -= 1;
        pump();
      });
    }
  }

  return {
    offer(rows) {
      waiting.push(...rows);
      pump();
    },
    room: () => Math.max(0, mostInMemory - pending()),
    pending,
  };
}
