import { findTroubles, type Trouble } from "../incident/trouble.ts";
import type { Clock, Directory, Figures, NewOutboxRow } from "../ports.ts";
import { type Committed, type Handler, leaseMs } from "./handle.ts";
import type { Signs } from "./signs.ts";

export interface SupervisionOptions {
  readonly clock: Clock;
  readonly handler: Handler;
  readonly directory: Directory;
  readonly signs: Signs;
  /** IANA name. */
  readonly timezone: string;
}

/** What is wrong with buttons and sources. All reject when the storage is down. */
export interface Supervision {
  all(): Promise<readonly Trouble[]>;
  /** Those of sources whose cards stand in that channel. */
  ofChannel(channel: string): Promise<readonly Trouble[]>;
  /** Them, and when each source was last heard. */
  figures(): Promise<Pick<Figures, "troubles" | "heard">>;
  /** Puts the day's line to each channel that has troubles and got none today into the outbox; answers to how many. */
  report(): Promise<number>;
}

/** Where the store keeps on which day a channel was told last. */
export function toToldSetting(channel: string): string {
  return `troubles:${channel}`;
}

/** See `Supervision`. */
export function createSupervision(options: SupervisionOptions): Supervision {
  const { clock, handler, directory, signs, timezone } = options;
  const { watched } = directory;
  const channelOf = new Map(watched.sources.map(({ name, channel }) => [name, channel]));
  // Sweden writes dates as ISO 8601 does.
  const days = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short" });

  async function all(): Promise<readonly Trouble[]> {
    return findTroubles(watched, await signs.all(), clock.now());
  }

  return {
    all,
    async figures() {
      const known = await signs.all();
      const lastOf = new Map<string, number>();
      for (const { source, at } of known) lastOf.set(source, Math.max(at, lastOf.get(source) ?? at));
      const heard = [...lastOf].map(([source, at]) => ({ source, at })).filter(({ source }) => channelOf.has(source));
      return { heard, troubles: findTroubles(watched, known, clock.now()) };
    },
    async ofChannel(channel) {
      return (await all()).filter(({ source }) => channelOf.get(source) === channel);
    },
    async report() {
      const now = clock.now();
      const day = days.format(now);
      const channels = new Set((await all()).flatMap(({ source }) => channelOf.get(source) ?? []));
      return handler.write(async (tx) => {
        const rows: NewOutboxRow[] = [];
        for (const channel of channels) {
          if ((await tx.loadSetting(toToldSetting(channel))) === day) continue;
          // One row a day: while it waits, asking again joins it; given up, it is tried again within the hour.
          const key = `troubles:${channel}:${day}`;
          rows.push({ key, lane: "message", incident: "", outgoing: { kind: "troubles", channel, day }, dueAt: now });
        }
        const committed: Committed = { rows: await tx.enqueue(rows, now + leaseMs), nextAt: null };
        return { value: rows.length, committed: [committed] };
      });
    },
  };
}
