import type { Clock, OutboxRow } from "../ports.ts";

/** Rows of one lane, sent at most `bound` at a time; in order of arrival. */
export interface Lane {
  /** Takes rows that are leased to this process; those it has already are passed over. */
  offer(rows: readonly OutboxRow[]): void;
  /** How many more rows it can take. */
  room(): number;
  /** Rows waiting in memory or being sent. */
  pending(): number;
}

/** What is looked for on disk stops here; what a press has just put there is taken in any case, it is in memory already. */
const mostInMemory = 2_000;
/** Longer than a sending takes. A row whose lease is this near its end is left to the next look. */
const marginMs = 6_000;

export function createLane(clock: Clock, bound: number, send: (row: OutboxRow) => Promise<void>): Lane {
  const waiting: OutboxRow[] = [];
  const held = new Set<number>();
  let sending = 0;

  function pump(): void {
    while (sending < bound) {
      const row = waiting.shift();
      if (row === undefined) return;
      if (row.leasedUntil - clock.now() < marginMs) {
        held.delete(row.id);
        continue;
      }
      sending += 1;
      send(row).finally(() => {
        sending -= 1;
        held.delete(row.id);
        pump();
      });
    }
  }

  return {
    offer(rows) {
      for (const row of rows) {
        if (held.has(row.id)) continue;
        held.add(row.id);
        waiting.push(row);
      }
      pump();
    },
    room: () => Math.max(0, mostInMemory - held.size),
    pending: () => held.size,
  };
}
