import type { Sign } from "../../domain/device/sign.ts";
import { findSourceTroubles } from "../../domain/device/trouble.ts";
import { findPagerTroubles, type WatchedRoute } from "../../domain/route-test/trouble.ts";
import type { Directory } from "../../ports/directory.ts";
import type { NewOutboxRow } from "../../ports/outbox.ts";
import type { Figures, Trouble } from "../../ports/status.ts";
import type { Store } from "../../ports/store.ts";
import type { Clock } from "../../ports/time.ts";
import { leaseMs } from "../../ports/timing.ts";
import type { Committed, Handler } from "../kernel/handle.ts";
import type { Signs } from "../kernel/signs.ts";
import { loadRoutes } from "../route-test/proof.ts";
import type { PagerWatch } from "./pager-watch.ts";

export interface SupervisionOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly handler: Handler;
  readonly directory: Directory;
  readonly signs: Signs;
  /** The names of those that are configured. */
  readonly pagers: readonly string[];
  readonly pagerWatch: Pick<PagerWatch, "lostOf">;
  /** IANA name. */
  readonly timezone: string;
}

/** What is wrong with buttons, sources and the routes to external security. All reject when the storage is down. */
export interface Supervision {
  all(): Promise<readonly Trouble[]>;
  /** Those of sources whose cards stand in that channel, and of the pagers that are called for them. */
  ofChannel(channel: string): Promise<readonly Trouble[]>;
  /** Them, when each source was last heard, and when a human last answered through each pager. */
  figures(): Promise<Pick<Figures, "troubles" | "heard" | "proven">>;
  /** When a human last answered through each pager of the configuration; null: none ever did. */
  proven(): Promise<Readonly<Record<string, number | null>>>;
  /** Puts the day's line to each channel that has troubles and got none today into the outbox; answers to how many. */
  report(): Promise<number>;
}

/** See `Supervision`. */
export function createSupervision(options: SupervisionOptions): Supervision {
  const { store, clock, handler, directory, signs, pagers, pagerWatch, timezone } = options;
  const { watched } = directory;
  const channelOf = new Map(watched.sources.map(({ name, channel }) => [name, channel]));
  // Sweden writes dates as ISO 8601 does.
  const days = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short" });

  const channelsOfPager = toChannelsOfPager(directory);

  async function routes(): Promise<readonly WatchedRoute[]> {
    const known = await store.read((reader) => loadRoutes(reader, pagers));
    return known.map((route) => ({ ...route, lost: pagerWatch.lostOf(route.pager) }));
  }

  function find(ofPagers: readonly WatchedRoute[], known: readonly Sign[]): readonly Trouble[] {
    const now = clock.now();
    return [...findPagerTroubles(ofPagers, now), ...findSourceTroubles(watched, known, now)];
  }

  async function all(): Promise<readonly Trouble[]> {
    return find(await routes(), await signs.all());
  }

  function channelsOf(trouble: Trouble): readonly string[] {
    if ("pager" in trouble) return channelsOfPager.get(trouble.pager) ?? [];
    const channel = channelOf.get(trouble.source);
    return channel === undefined ? [] : [channel];
  }

  return {
    all,
    async proven() {
      return Object.fromEntries((await routes()).map(({ pager, provenAt }) => [pager, provenAt]));
    },
    async figures() {
      const known = await signs.all();
      const lastOf = new Map<string, number>();
      for (const { source, at } of known) lastOf.set(source, Math.max(at, lastOf.get(source) ?? at));
      const heard = [...lastOf].map(([source, at]) => ({ source, at })).filter(({ source }) => channelOf.has(source));
      const ofPagers = await routes();
      const proven = ofPagers.flatMap(({ pager, provenAt }) => (provenAt === null ? [] : [{ pager, at: provenAt }]));
      return { heard, proven, troubles: find(ofPagers, known) };
    },
    async ofChannel(channel) {
      return (await all()).filter((trouble) => channelsOf(trouble).includes(channel));
    },
    async report() {
      const now = clock.now();
      const day = days.format(now);
      const channels = new Set((await all()).flatMap(channelsOf));
      return handler.write(async (tx) => {
        const rows: NewOutboxRow[] = [];
        for (const channel of channels) {
          if ((await tx.loadSetting("troubles-reported", channel)) === day) continue;
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

/** The channels of the sources for which a pager is called, by its name: whoever gets those alarms relies on it. */
function toChannelsOfPager(directory: Directory): ReadonlyMap<string, readonly string[]> {
  const called = directory.watched.sources.flatMap(({ name, channel }) => {
    return directory
      .policyOf(name)
      .policy.steps.flatMap((step) => ("pager" in step ? [{ pager: step.pager, channel }] : []));
  });
  const byPager = Map.groupBy(called, ({ pager }) => pager);
  return new Map([...byPager].map(([pager, each]) => [pager, [...new Set(each.map(({ channel }) => channel))]]));
}
