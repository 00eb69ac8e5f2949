import { findSecretTrouble, type SecretTrouble } from "../../domain/channel/client-secret.ts";
import { type LastSeen, toLastSeenOfSources } from "../../domain/device/last-seen.ts";
import { findSourceTroubles } from "../../domain/device/trouble.ts";
import { formatKey } from "../../domain/message-key.ts";
import type { Person } from "../../domain/person.ts";
import { findPeopleTroubles, findUnproven, type ProvenRoute } from "../../domain/ring-test/proven-route.ts";
import { findPagerTroubles, type PagerRecord } from "../../domain/route-test/trouble.ts";
import type { Directory } from "../../ports/directory.ts";
import type { Figures, Trouble, UnprovenPerson } from "../../ports/status.ts";
import type { NewOutboxRow } from "../../ports/store/outbox.ts";
import type { Clock } from "../../ports/time.ts";
import type { Handler } from "../kernel/handle.ts";
import type { LastSeenBuffer } from "../kernel/last-seen-buffer.ts";
import type { ClockWatch } from "./clock-watch.ts";
import type { DatabaseClock } from "./database-clock.ts";
import type { PagerHealth } from "./pager-health.ts";
import type { ReachKeeper } from "./reach-keeper.ts";
import type { StorageWatch } from "./storage-watch.ts";
import type { TeamsWatch } from "./teams/teams-watch.ts";

interface TroubleFinderOptions {
  readonly clock: Clock;
  readonly handler: Handler;
  readonly directory: Directory;
  readonly lastSeen: Pick<LastSeenBuffer, "all">;
  /** Loads what is on disk of each pager of the configuration; rejects when the storage is down. */
  readonly loadPagerRecords: () => Promise<readonly Omit<PagerRecord, "lost">[]>;
  /** Loads what is on disk of each route of each person of the configuration; rejects when the storage is down. */
  readonly loadProvenRoutes: () => Promise<readonly ProvenRoute[]>;
  readonly pagerHealth: Pick<PagerHealth, "lostOf">;
  readonly storage: Pick<StorageWatch, "troubles">;
  readonly clockWatch: Pick<ClockWatch, "troubles">;
  readonly databaseClock: Pick<DatabaseClock, "troubles">;
  readonly teamsWatch: Pick<TeamsWatch, "troubles" | "channels">;
  readonly reach: Pick<ReachKeeper, "troubles">;
  /** How many settings let somebody in who should not be. */
  readonly weakSettings: () => number;
  /** When the client secret of the bot ends, as ISO 8601 writes a date; null: nobody said. */
  readonly clientSecretEndsOn: string | null;
  /** The date of that moment, as ISO 8601 writes it. */
  readonly toDay: (at: number) => string;
}

interface Stored {
  readonly lastSeen: readonly LastSeen[];
  readonly records: readonly PagerRecord[];
  readonly unproven: readonly ProvenRoute[];
}

/**
 * Finds what is wrong with buttons, sources, the routes to external security and to people, the settings, Teams and
 * whom it can reach, the storage and the clock. When the storage can't be read, only the last three can be told.
 */
export class TroubleFinder {
  readonly #options: TroubleFinderOptions;
  readonly #sources: ReadonlySet<string>;

  constructor(options: TroubleFinderOptions) {
    this.#options = options;
    this.#sources = new Set(options.directory.expected.sources.map(({ name }) => name));
  }

  async loadTroubles(): Promise<readonly Trouble[]> {
    return (await this.loadFigures()).troubles;
  }

  /**
   * Loads the troubles of the buttons whose cards are posted in that channel, of their sources, and of the pagers and
   * the people that are called for them.
   */
  async loadTroublesOf(channel: string): Promise<readonly Trouble[]> {
    const stored = await this.#loadStored().catch(() => null);
    const unproven = stored?.unproven.filter(({ person }) => this.#isOf({ id: person }, channel)) ?? [];
    const troubles = stored === null ? this.#findUnread() : this.#findTroubles({ ...stored, unproven });
    return troubles.filter((trouble) => this.#channelsOf(trouble).includes(channel));
  }

  /** Loads the troubles, when each source was last seen, and when a human last answered through each pager. */
  async loadFigures(): Promise<Pick<Figures, "troubles" | "lastSeen" | "proven" | "teamsUp">> {
    const teamsUp = this.#options.teamsWatch.channels;
    const stored = await this.#loadStored().catch(() => null);
    if (stored === null) return { teamsUp, lastSeen: [], proven: [], troubles: this.#findUnread() };
    const { lastSeen, records } = stored;
    const proven = records.flatMap(({ pager, provenAt }) => (provenAt === null ? [] : [{ pager, at: provenAt }]));
    const troubles = this.#findTroubles(stored);
    return { teamsUp, lastSeen: this.#toLastSeenFigures(lastSeen), proven, troubles };
  }

  /**
   * Loads when a human last answered through each pager of the configuration, in epoch milliseconds; null: none ever
   * did. Rejects when the storage is down.
   */
  async loadProven(): Promise<Readonly<Record<string, number | null>>> {
    return Object.fromEntries((await this.#loadPagerRecords()).map(({ pager, provenAt }) => [pager, provenAt]));
  }

  /**
   * Loads who has not said for long that they hear it, of those who are rung for alarms of that channel; null: of all.
   * Rejects when the storage is down.
   */
  async loadUnproven(channel: string | null): Promise<readonly UnprovenPerson[]> {
    const { directory } = this.#options;
    const byPerson = Map.groupBy(await this.#loadUnprovenRoutes(), ({ person }) => person);
    return [...byPerson].flatMap(([id, routes]) => {
      const person = directory.personOf(id);
      return person === null || !this.#isOf(person, channel)
        ? []
        : [{ person, routes: routes.map(({ route }) => route) }];
    });
  }

  /** What is wrong with the client secret; null for nothing. */
  findSecretTrouble(): SecretTrouble | null {
    const { clock, clientSecretEndsOn, toDay } = this.#options;
    return findSecretTrouble(clientSecretEndsOn, toDay(clock.now()));
  }

  /**
   * Enqueues the day's line to each channel that has troubles and got none today, unless nothing can be posted there;
   * resolves with the number of channels. Rejects when the storage is down.
   */
  async reportTroubles(): Promise<number> {
    const { clock, handler, teamsWatch, toDay } = this.#options;
    const now = clock.now();
    const day = toDay(now);
    const channels = new Set((await this.loadTroubles()).flatMap((trouble) => this.#channelsOf(trouble)));
    for (const { channel } of teamsWatch.troubles) channels.delete(channel);
    return handler.write(async (tx) => {
      const rows: NewOutboxRow[] = [];
      for (const channel of channels) {
        if ((await tx.loadSetting("troubles-reported", channel)) === day) continue;
        // A channel has one row a day: another report joins it while it waits, and one that was given up is tried again
        // within the hour.
        const key = formatKey({ kind: "troubles", channel, day });
        rows.push({ key, lane: "message", incident: "", outgoing: { kind: "troubles", channel, day }, dueAt: now });
      }
      return { value: rows.length, commits: [await handler.enqueue(tx, rows)] };
    });
  }

  async #loadStored(): Promise<Stored> {
    const lastSeen = await this.#options.lastSeen.all();
    return { lastSeen, records: await this.#loadPagerRecords(), unproven: await this.#loadUnprovenRoutes() };
  }

  async #loadUnprovenRoutes(): Promise<readonly ProvenRoute[]> {
    const { clock, loadProvenRoutes, toDay } = this.#options;
    return findUnproven(await loadProvenRoutes(), toDay(clock.now()));
  }

  async #loadPagerRecords(): Promise<readonly PagerRecord[]> {
    const { loadPagerRecords, pagerHealth } = this.#options;
    return (await loadPagerRecords()).map((record) => ({ ...record, lost: pagerHealth.lostOf(record.pager) }));
  }

  #findTroubles({ records, lastSeen, unproven }: Stored): readonly Trouble[] {
    const { clock, directory } = this.#options;
    const weakSettings = this.#options.weakSettings();
    const now = clock.now();
    const ofSources = findSourceTroubles(directory.expected, lastSeen, now);
    const ofSettings = weakSettings === 0 ? [] : [{ kind: "settings-weak", count: weakSettings } as const];
    const ofPagers = findPagerTroubles(records, now);
    return [...this.#listKnown(), ...ofPagers, ...findPeopleTroubles(unproven), ...ofSources, ...ofSettings];
  }

  /** The troubles of a storage that can't be read, also when the last look still could. */
  #findUnread(): readonly Trouble[] {
    const known = this.#listKnown();
    if (known.some(({ kind }) => kind === "storage-unread")) return known;
    return [...known, { kind: "storage-unread", since: this.#options.clock.now() }];
  }

  /** What is known without the storage. */
  #listKnown(): readonly Trouble[] {
    const { storage, clockWatch, databaseClock, teamsWatch, reach } = this.#options;
    const ofSecret = this.findSecretTrouble();
    const ofTeams = [...teamsWatch.troubles, ...(ofSecret === null ? [] : [ofSecret]), ...reach.troubles];
    return [...storage.troubles, ...clockWatch.troubles, ...databaseClock.troubles, ...ofTeams];
  }

  /** When each source of the configuration was last seen. */
  #toLastSeenFigures(lastSeen: readonly LastSeen[]): Figures["lastSeen"] {
    const ofSources = [...toLastSeenOfSources(lastSeen)].map(([source, at]) => ({ source, at }));
    return ofSources.filter(({ source }) => this.#sources.has(source));
  }

  #isOf(person: Pick<Person, "id">, channel: string | null): boolean {
    return channel === null || this.#options.directory.channels.ofPerson(person).includes(channel);
  }

  #channelsOf(trouble: Trouble): readonly string[] {
    const { channels } = this.#options.directory;
    if ("pager" in trouble) return channels.ofPager(trouble.pager);
    if ("person" in trouble) return channels.ofPerson(trouble.person);
    if (!("source" in trouble)) return channels.all;
    if (!("button" in trouble)) return channels.ofSource(trouble.source);
    return [channels.ofButton(trouble.source, trouble.button) ?? []].flat();
  }
}
